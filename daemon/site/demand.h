/*
 * The programme's own demands on a record (proto/programme/README.md, [demand ID]): rules as data,
 * which name codes that this programme alone has. Asked by validate beside the rules of all
 * programmes, whose plan is kept here too: what judging records needs, made once.
 */
#ifndef MIA_SITE_DEMAND_H
#define MIA_SITE_DEMAND_H

#include "daemon/site/rules_plan.h"

struct demands;
/* Resolved once. -EBADMSG with fault S013 when one is about a field that records do not have;
 * -ENOMEM. Borrows the programme. */
int demands_new(const struct programme *programme, struct demands **ret_demands,
		struct fault *fault);
void demands_free(struct demands **demands);
const struct rules_plan *demands_plan(const struct demands *demands);

struct demands_breach {
	const struct programme_demand *demand;
	enum record_field field; /* to be mended */
};
size_t demands_n(const struct demands *demands);
/* Whether demand i is broken, by the definitions of the day its field is coded on, else of today.
 */
bool demands_is_broken(const struct demands *demands, size_t i, const struct record *record,
		       int32_t today, struct demands_breach *ret_breach);

#endif
