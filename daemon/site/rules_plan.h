/*
 * What the rules need of a programme, looked up once: the numbers of the codes they name, and which
 * fields are dates, counts, or coded with codes that do not hold for ever. An import asks the rules
 * of a million rows.
 */
#ifndef MIA_SITE_RULES_PLAN_H
#define MIA_SITE_RULES_PLAN_H

#include "daemon/site/record.h"

enum rules_code {
#define CODE(name, list, id) RULES_##name,
#include "daemon/site/rules_code.def"
#undef CODE
	RULES_CODES_N,
};

struct rules_fields {
	uint8_t field[FIELD_N]; /* enum record_field */
	size_t n;
};

/* complete[i] makes a record complete for pack i of the programme (2-domain): each of the fields is
 * there, and holds none of the codes that mean "not known" (bit n of unknown: code n). */
struct rules_plan {
	uint16_t number[RULES_CODES_N]; /* 0: the programme has no such code */
	const struct programme_list *list[FIELD_N]; /* of coded fields, else NULL */
	struct rules_fields dates, counts, spanned;
	struct rules_fields complete[PROGRAMME_PACKS_MAX];
	uint64_t unknown[FIELD_N];
};

/* Borrows the programme. */
void rules_plan_make(const struct programme *programme, struct rules_plan *ret_plan);

#endif
