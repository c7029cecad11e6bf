/*
 * Whether a record falls under the programme's rules: its variables and conditions, resolved once
 * to fields and numbers of codes. Only codes and groups that hold on the event's day count; one
 * that does not is as one missing. Of what a person has many of, one that falls under a test is
 * enough.
 */
#ifndef MIA_SITE_MATCH_H
#define MIA_SITE_MATCH_H

#include "daemon/site/record.h"

struct match;

/* Rules that were added: any of them is enough. */
struct match_rules {
	uint32_t first, n;
};

/* Borrows the programme. 0, or as match_add(). */
int match_new(const struct programme *programme, struct match **ret_match, struct fault *fault);
void match_free(struct match **match);
/* Rules of the programme's. -ENOMEM; -EBADMSG with fault (S013, at where) when they are about
 * a field that records do not have, or have in another shape. */
int match_add(struct match *match, const struct programme_rule rules[], size_t n, const char *where,
	      struct match_rules *ret_rules, struct fault *fault);

/* No rules hold for nobody. */
bool match_holds(const struct match *match, struct match_rules rules, const struct record *record,
		 int32_t day);
/* The number of the variable's first group that the record falls in on the day; 0 none. */
uint16_t match_group(const struct match *match, size_t variable, const struct record *record,
		     int32_t day);
/* Whether a variable is known: in a group, of another code than the unknown ones. */
bool match_is_known(const struct match *match, size_t variable, const struct record *record,
		    int32_t day);

#endif
