/*
 * The rules a record must keep, as a table (2-domain, Validation): code, how grave, the field to
 * mend, and the question whether it is broken. validate asks them all; a new rule is a row here and
 * a row in proto/errors.def.
 */
#ifndef MIA_SITE_RULES_H
#define MIA_SITE_RULES_H

#include "daemon/site/record.h"

#define RULES_DETAIL_BYTES 64

/* What a rule sees. known is NULL for someone new; age is in whole years on the entry day, -1 when
 * it cannot be told. */
struct rules_case {
	const struct programme *programme;
	const struct programme_site *site;
	int32_t today;
	const struct record *record, *known;
	int age;
};

/* Whether the rule is broken. Then *ret_field may name another field than the row's own, and
 * ret_detail a coded value or date; never a number or a name. */
typedef bool rules_fn(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES]);

struct rules_row {
	const char *code;
	char severity; /* 'E' refuses, 'W' warns, 'I' informs */
	enum record_field field;
	rules_fn *is_broken;
};

/* Everybody's: identity, consent, and the codes' validity. */
const struct rules_row *rules_of_everyone(size_t *ret_n);
/* Of a survey answer. */
const struct rules_row *rules_of_answer(size_t *ret_n);

/* For the rules themselves: whether a field has a value, whether a CODE or SET field holds the code
 * of that id, and a date as detail. */
bool rules_is_given(const struct rules_case *of, enum record_field field);
bool rules_has(const struct rules_case *of, enum record_field field, const char *code);
void rules_put_date(char detail[static RULES_DETAIL_BYTES], int32_t day);
/* Nothing for a number of five digits and more: it may be a personnummer in the wrong column. */
void rules_put_number(char detail[static RULES_DETAIL_BYTES], int32_t number);
/* Whether both dates are given and the later one comes first; the earlier is the detail. */
bool rules_is_turned(const struct rules_case *of, enum record_field earlier,
		     enum record_field later, char ret_detail[static RULES_DETAIL_BYTES]);

#endif
