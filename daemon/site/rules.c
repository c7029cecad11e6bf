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

bool rules_has(const struct rules_case *of, enum record_field field, const char *code)
{
	const struct programme_list *list;

	if (!rules_is_given(of, field) || record_row(field)->list == NULL)
		return false;
	list = programme_list(of->programme, record_row(field)->list);
	for (size_t i = 0; list != NULL && i < list->codes_n; i++)
		if (strcmp(list->codes[i].id, code) == 0)
			return record_has_code(of->record, field, list->codes[i].number);
	return false;
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

static bool is_anonymous_with_more(const struct rules_case *of, enum record_field *ret_field,
				   char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field may[] = {FIELD_sex, FIELD_entry_date, FIELD_consent,
						FIELD_consent_date, FIELD_protected};

	(void)ret_detail;
	if (of->record->identity.type != ID_ANONYMOUS)
		return false;
	for (int field = 0; field < FIELD_N; field++) {
		bool is_allowed = false;

		for (size_t i = 0; i < array_n(may); i++)
			is_allowed = is_allowed || may[i] == (enum record_field)field;
		if (!is_allowed && rules_is_given(of, (enum record_field)field)) {
			*ret_field = (enum record_field)field;
			return true;
		}
	}
	return false;
}

static bool is_withdrawn(const struct rules_case *of, enum record_field *ret_field,
			 char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return record_has_code(of->record, FIELD_consent, RECORD_CONSENT_WITHDRAWN);
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
	return rules_has(of, FIELD_sex, number.is_woman ? "man" : "woman");
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

static bool is_future(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES])
{
	for (int field = 0; field < FIELD_N; field++) {
		const struct record_row *row = record_row((enum record_field)field);

		/* The end of an activity may be a plan. */
		if (row->type != RECORD_DATE || field == FIELD_spell_end ||
		    of->record->value[field] <= of->today)
			continue;
		*ret_field = (enum record_field)field;
		rules_put_date(ret_detail, of->record->value[field]);
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

/* The day whose definitions a part of the record is coded with; RECORD_MISSING when it is not
 * known. */
static int32_t coding_day(const struct record *record, enum record_part part)
{
	static const enum record_field days[] = {
		[RECORD_IDENTITY] = FIELD_entry_date,    [RECORD_CONSENT] = FIELD_entry_date,
		[RECORD_INTEREST] = FIELD_interest_date, [RECORD_ENTRY] = FIELD_entry_date,
		[RECORD_EXIT] = FIELD_exit_date,         [RECORD_FOLLOWUP] = FIELD_followup_date,
		[RECORD_SURVEY] = FIELD_survey_date,     [RECORD_SPELL] = FIELD_spell_start,
	};

	return record->value[days[part]];
}

static bool is_used_out_of_time(const struct rules_case *of, const struct programme_list *list,
				const struct programme_code *code, enum record_field *ret_field)
{
	if (code->span.from == INT32_MIN && code->span.to == INT32_MAX)
		return false;
	for (int field = 0; field < FIELD_N; field++) {
		const struct record_row *row = record_row((enum record_field)field);
		int32_t day;

		if (row->list == NULL ||
		    !record_has_code(of->record, (enum record_field)field, code->number) ||
		    strcmp(row->list, list->id) != 0)
			continue;
		day = coding_day(of->record, row->part);
		if (day == RECORD_MISSING || programme_holds(code->span, day))
			continue;
		*ret_field = (enum record_field)field;
		return true;
	}
	return false;
}

/* Asked from the side of the codes: few have a span, and most records none of those. */
static bool is_code_out_of_time(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	for (size_t i = 0; i < of->programme->lists_n; i++) {
		const struct programme_list *list = &of->programme->lists[i];

		if (!list->has_spans || strcmp(list->id, "municipality") == 0) /* V013 asks */
			continue;
		for (size_t j = 0; j < list->codes_n; j++) {
			const struct programme_code *code = &list->codes[j];

			if (!is_used_out_of_time(of, list, code, ret_field))
				continue;
			(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%s", code->id);
			return true;
		}
	}
	return false;
}

/* ---- A survey answer ---- */

static bool is_without_invitation(const struct rules_case *of, enum record_field *ret_field,
				  char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return of->record->invitation[0] == '\0';
}

static bool is_without_day(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return !rules_is_given(of, FIELD_survey_date);
}

static bool is_answered_before(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!rules_is_given(of, FIELD_survey_date) ||
	    of->record->value[FIELD_survey_date] >= of->programme->operation.from)
		return false;
	rules_put_date(ret_detail, of->record->value[FIELD_survey_date]);
	return true;
}

static bool is_blank(const struct rules_case *of, enum record_field *ret_field,
		     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == RECORD_SURVEY &&
		    field != FIELD_survey_date && rules_is_given(of, (enum record_field)field))
			return false;
	return true;
}

static bool is_answer_of_someone(const struct rules_case *of, enum record_field *ret_field,
				 char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (of->record->identity.type == ID_NONE && !is_named(of))
		return false;
	*ret_field = has_number(of) ? FIELD_person_number : FIELD_local_id;
	return true;
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
		{"V009", 'W', FIELD_N, is_future},
		{"V012", 'E', FIELD_entry_date, is_outside_operation},
		{"V014", 'E', FIELD_N, is_code_out_of_time},
	};

	*ret_n = array_n(rows);
	return rows;
}

const struct rules_row *rules_of_answer(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V050", 'E', FIELD_invitation_code, is_without_invitation},
		{"V051", 'E', FIELD_survey_date, is_without_day},
		{"V052", 'E', FIELD_survey_date, is_answered_before},
		{"V053", 'W', FIELD_power, is_blank},
		{"V054", 'E', FIELD_person_number, is_answer_of_someone},
		{"V009", 'W', FIELD_N, is_future},
		{"V014", 'E', FIELD_N, is_code_out_of_time},
	};

	*ret_n = array_n(rows);
	return rows;
}
