/*
 * The rules a record must keep, as a table (2-domain, Validation): code, how grave, the field to
 * mend, and the question whether it is broken. validate asks them all; a new rule is a row here and
 * a row in proto/errors.def.
 */
#ifndef MIA_SITE_RULES_H
#define MIA_SITE_RULES_H

#include "daemon/site/item.h"
#include "daemon/site/rules_plan.h"

#define RULES_DETAIL_BYTES 64

/* What a rule sees. known is the person as stored, NULL for someone new; age is in whole years on
 * the entry day, -1 when it cannot be told. When part is an item part, value[] tells one of its
 * items, and the case is about that. */
struct rules_case {
	const struct programme *programme;
	const struct programme_site *site;
	const struct rules_plan *plan;
	int32_t today;
	const struct record *record, *known;
	int age;
	bool is_new; /* they are to be registered as someone new, whatever is known */
	bool is_correction; /* what was wrong from the start is put right */
	enum record_part part; /* RECORD_PART_N: the record as a whole */
};

/* Whether the rule is broken. Then *ret_field may name another field than the row's own, and
 * ret_detail a coded value or date; never a number or a name. */
typedef bool rules_fn(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES]);

/* Every row is asked of the record as a whole; those whose field is of an item part, or FIELD_N,
 * also of each item of that part. */
struct rules_row {
	const char *code;
	char severity; /* 'E' refuses, 'W' warns, 'I' informs */
	enum record_field field;
	rules_fn *is_broken;
};

/* A set of rules: its rows. */
typedef const struct rules_row *rules_set(size_t *ret_n);
/* Everybody's: identity, consent, and the codes' validity. */
rules_set rules_of_everyone;

/* For the rules themselves: whether a field has a value, whether a CODE or SET field holds the
 * code, and a date as detail. */
bool rules_is_given(const struct rules_case *of, enum record_field field);
bool rules_has(const struct rules_case *of, enum record_field field, enum rules_code code);
/* Whether the case is about a field: the record as a whole is about all. */
bool rules_is_about(const struct rules_case *of, enum record_field field);
void rules_put_date(char detail[static RULES_DETAIL_BYTES], int32_t day);
/* Nothing for a number of five digits and more: it may be a personnummer in the wrong column. */
void rules_put_number(char detail[static RULES_DETAIL_BYTES], int32_t number);
/* Whether both dates are given and the later one comes first; the earlier is the detail. */
bool rules_is_turned(const struct rules_case *of, enum record_field earlier,
		     enum record_field later, char ret_detail[static RULES_DETAIL_BYTES]);
/* The day whose definitions a part of the record is coded with; RECORD_MISSING when it is not
 * known. */
int32_t rules_coding_day(const struct record *record, enum record_part part);
/* Asked of whatever has dates, codes and numbers: V009, V014, V037. */
rules_fn rules_is_future, rules_is_out_of_time, rules_is_negative;

#endif
