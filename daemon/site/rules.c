#include "daemon/site/rules.h"

#include "daemon/site/person.h"
#include "lib/date.h"
#include "lib/own.h"

#include <stdio.h>
#include <string.h>

#define TELLING 10000 /* such numbers tell of nobody */

bool rules_is_given(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field] != RECORD_MISSING;
}

bool rules_has(const struct rules_case *of, enum record_field field, enum rules_code code)
{
	return of->plan->number[code] != 0 &&
	       record_has_code(of->record, field, of->plan->number[code]);
}

bool rules_is_about(const struct rules_case *of, enum record_field field)
{
	return of->part == RECORD_PART_N || of->part == record_row(field)->part;
}

static bool has_number(const struct rules_case *of)
{
	return of->record->identity.number[0] != '\0';
}

static bool is_named(const struct rules_case *of)
{
	return has_number(of) || of->record->identity.name[0] != '\0';
}

void rules_put_date(char detail[static RULES_DETAIL_BYTES], int32_t day)
{
	char text[DATE_TEXT_BYTES];

	date_format(day, text);
	(void)snprintf(detail, RULES_DETAIL_BYTES, "%s", text);
}

void rules_put_number(char detail[static RULES_DETAIL_BYTES], int32_t number)
{
	if (number > -TELLING && number < TELLING)
		(void)snprintf(detail, RULES_DETAIL_BYTES, "%d", number);
}

bool rules_is_turned(const struct rules_case *of, enum record_field earlier,
		     enum record_field later, char ret_detail[static RULES_DETAIL_BYTES])
{
	if (!rules_is_given(of, earlier) || !rules_is_given(of, later) ||
	    of->record->value[earlier] <= of->record->value[later])
		return false;
	rules_put_date(ret_detail, of->record->value[earlier]);
	return true;
}

/* ---- Identity and consent ---- */

static bool is_nobody(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return of->record->identity.type == ID_NONE;
}

static bool is_without_consent(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (!is_named(of) || record_has_code(of->record, FIELD_consent, RECORD_CONSENT_GIVEN) ||
	    record_has_code(of->record, FIELD_consent, RECORD_CONSENT_WITHDRAWN))
		return false;
	if (rules_is_given(of, FIELD_consent))
		*ret_field = has_number(of) ? FIELD_person_number : FIELD_name;
	return true;
}

static bool is_protected_and_named(const struct rules_case *of, enum record_field *ret_field,
				   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (!has_number(of))
		*ret_field = FIELD_name;
	return of->record->value[FIELD_protected] == 1 && is_named(of);
}

/* Who withdrew consent has left, and that was counted. */
static bool may_be_kept(const struct rules_case *of, enum record_field field)
{
	static const enum record_field always[] = {FIELD_sex,       FIELD_entry_date,
						   FIELD_consent,   FIELD_consent_date,
						   FIELD_protected, FIELD_consent_withdrawn_date};
	static const enum record_field of_withdrawn[] = {FIELD_exit_date, FIELD_exit_reason};

	for (size_t i = 0; i < array_n(always); i++)
		if (always[i] == field)
			return true;
	for (size_t i = 0; i < array_n(of_withdrawn); i++)
		if (of_withdrawn[i] == field)
			return record_has_code(of->record, FIELD_consent, RECORD_CONSENT_WITHDRAWN);
	return false;
}

static bool is_anonymous_with_more(const struct rules_case *of, enum record_field *ret_field,
				   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (of->record->identity.type != ID_ANONYMOUS || of->part != RECORD_PART_N)
		return false;
	if (of->record->items_n > 0) {
		*ret_field = item_day_field(of->record->items[0].part);
		return true;
	}
	for (int field = 0; field < FIELD_N; field++) {
		if (!rules_is_given(of, (enum record_field)field) ||
		    may_be_kept(of, (enum record_field)field))
			continue;
		*ret_field = (enum record_field)field;
		return true;
	}
	return false;
}

static bool is_withdrawn(const struct rules_case *of, enum record_field *ret_field,
			 char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return record_has_code(of->record, FIELD_consent, RECORD_CONSENT_WITHDRAWN) && is_named(of);
}

static bool is_withdrawn_too_early(const struct rules_case *of, enum record_field *ret_field,
				   char ret_detail[static RULES_DETAIL_BYTES])
{
	const int32_t *value = of->record->value;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_consent_withdrawn_date) ||
	    !rules_is_given(of, FIELD_consent_date) ||
	    value[FIELD_consent_withdrawn_date] >= value[FIELD_consent_date])
		return false;
	rules_put_date(ret_detail, value[FIELD_consent_date]);
	return true;
}

/* What the number itself says, when there is one. */
static bool read_number(const struct rules_case *of, struct person_number *ret_number)
{
	return has_number(of) &&
	       person_parse(of->record->identity.number, of->today, ret_number) == PERSON_FINE;
}

/* Of a coordination number the ninth digit promises nothing. */
static bool is_sex_another(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	struct person_number number;

	(void)ret_field;
	(void)ret_detail;
	if (!rules_is_given(of, FIELD_sex) || !read_number(of, &number) || number.is_coordination)
		return false;
	return rules_has(of, FIELD_sex, number.is_woman ? RULES_MAN : RULES_WOMAN);
}

static bool is_birth_another(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	struct person_number number;

	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_birth_date) && read_number(of, &number) &&
	       number.birth_date != DATE_NONE &&
	       number.birth_date != of->record->value[FIELD_birth_date];
}

/* ---- Dates and codes ---- */

/* The end of an activity or a pause may be a plan, and so may that of its month. */
static bool may_be_ahead(enum record_field field)
{
	return field == FIELD_spell_end || field == FIELD_pause_end;
}

bool rules_is_future(const struct rules_case *of, enum record_field *ret_field,
		     char ret_detail[static RULES_DETAIL_BYTES])
{
	for (size_t i = 0; i < of->plan->dates.n; i++) {
		enum record_field field = (enum record_field)of->plan->dates.field[i];

		if (of->record->value[field] <= of->today || !rules_is_about(of, field) ||
		    may_be_ahead(field))
			continue;
		*ret_field = field;
		rules_put_date(ret_detail, of->record->value[field]);
		return true;
	}
	return false;
}

bool rules_is_negative(const struct rules_case *of, enum record_field *ret_field,
		       char ret_detail[static RULES_DETAIL_BYTES])
{
	for (size_t i = 0; i < of->plan->counts.n; i++) {
		enum record_field field = (enum record_field)of->plan->counts.field[i];

		if (of->record->value[field] >= 0 || !rules_is_given(of, field) ||
		    !rules_is_about(of, field))
			continue;
		*ret_field = field;
		rules_put_number(ret_detail, of->record->value[field]);
		return true;
	}
	return false;
}

static bool is_outside_operation(const struct rules_case *of, enum record_field *ret_field,
				 char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!rules_is_given(of, FIELD_entry_date) ||
	    programme_holds(of->programme->operation, of->record->value[FIELD_entry_date]))
		return false;
	rules_put_date(ret_detail, of->record->value[FIELD_entry_date]);
	return true;
}

int32_t rules_coding_day(const struct record *record, enum record_part part)
{
	static const enum record_field days[RECORD_PART_N] = {
		[RECORD_IDENTITY] = FIELD_entry_date,      [RECORD_CONSENT] = FIELD_entry_date,
		[RECORD_INTEREST] = FIELD_interest_date,   [RECORD_ENTRY] = FIELD_entry_date,
		[RECORD_EXIT] = FIELD_exit_date,           [RECORD_FOLLOWUP] = FIELD_followup_date,
		[RECORD_SURVEY] = FIELD_survey_date,       [RECORD_SPELL] = FIELD_spell_start,
		[RECORD_TRANSFER] = FIELD_entry_date,      [RECORD_HOURS] = FIELD_hours_month,
		[RECORD_PAUSE] = FIELD_pause_start,        [RECORD_RETURN] = FIELD_returned_from,
		[RECORD_DEVIATION] = FIELD_deviation_date, [RECORD_QUESTION] = FIELD_entry_date,
	};

	return record->value[days[part]];
}

/* The first code of a field that does not hold on a day, or NULL. */
static const struct programme_code *code_out_of_time(const struct rules_case *of,
						     enum record_field field, int32_t day)
{
	const struct programme_list *list = of->plan->list[field];

	for (size_t i = 0; i < list->codes_n; i++)
		if (!programme_holds(list->codes[i].span, day) &&
		    record_has_code(of->record, field, list->codes[i].number))
			return &list->codes[i];
	return NULL;
}

/* Few lists have codes with a span, and most records none of those. */
bool rules_is_out_of_time(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	for (size_t i = 0; i < of->plan->spanned.n; i++) {
		enum record_field field = (enum record_field)of->plan->spanned.field[i];
		int32_t day = rules_coding_day(of->record, record_row(field)->part);
		const struct programme_code *code;

		if (day == RECORD_MISSING || !rules_is_given(of, field) ||
		    !rules_is_about(of, field))
			continue;
		code = code_out_of_time(of, field, day);
		if (code == NULL)
			continue;
		*ret_field = field;
		(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%s", code->id);
		return true;
	}
	return false;
}

const struct rules_row *rules_of_everyone(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V001", 'E', FIELD_person_number, is_nobody},
		{"V002", 'E', FIELD_consent, is_without_consent},
		{"V003", 'E', FIELD_person_number, is_protected_and_named},
		{"V004", 'E', FIELD_N, is_anonymous_with_more},
		{"V005", 'W', FIELD_sex, is_sex_another},
		{"V006", 'E', FIELD_birth_date, is_birth_another},
		{"V007", 'W', FIELD_consent, is_withdrawn},
		{"V008", 'E', FIELD_consent_withdrawn_date, is_withdrawn_too_early},
		{"V009", 'W', FIELD_N, rules_is_future},
		{"V012", 'E', FIELD_entry_date, is_outside_operation},
		{"V014", 'E', FIELD_N, rules_is_out_of_time},
		{"V037", 'E', FIELD_N, rules_is_negative},
	};

	*ret_n = array_n(rows);
	return rows;
}
