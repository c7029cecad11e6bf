#include "daemon/site/rules_answer.h"

#include "lib/own.h"

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

static bool is_before_operation(const struct rules_case *of, enum record_field field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	if (!rules_is_given(of, field) || of->record->value[field] >= of->programme->operation.from)
		return false;
	rules_put_date(ret_detail, of->record->value[field]);
	return true;
}

static bool is_answered_before(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return is_before_operation(of, FIELD_survey_date, ret_detail);
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

static bool is_named(const struct record_identity *identity)
{
	return identity->number[0] != '\0' || identity->name[0] != '\0';
}

static bool is_answer_of_someone(const struct rules_case *of, enum record_field *ret_field,
				 char ret_detail[static RULES_DETAIL_BYTES])
{
	const struct record_identity *identity = &of->record->identity;

	(void)ret_detail;
	if (identity->type == ID_NONE && !is_named(identity))
		return false;
	*ret_field = identity->number[0] != '\0' ? FIELD_person_number : FIELD_local_id;
	return true;
}

/* ---- A deviation ---- */

static bool is_report_half(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (rules_is_given(of, FIELD_deviation) && rules_is_given(of, FIELD_deviation_date))
		return false;
	*ret_field = rules_is_given(of, FIELD_deviation) ? FIELD_deviation_date : FIELD_deviation;
	return true;
}

static bool is_reported_before(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return is_before_operation(of, FIELD_deviation_date, ret_detail);
}

/* A report has a number of its own (a local id) and nothing else of anybody. */
static bool is_report_of_someone(const struct rules_case *of, enum record_field *ret_field,
				 char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_detail;
	if (is_named(&of->record->identity)) {
		*ret_field =
			of->record->identity.number[0] != '\0' ? FIELD_person_number : FIELD_name;
		return true;
	}
	for (int field = 0; field < FIELD_N; field++) {
		if (!rules_is_given(of, (enum record_field)field) ||
		    record_row((enum record_field)field)->part == RECORD_DEVIATION)
			continue;
		*ret_field = (enum record_field)field;
		return true;
	}
	return false;
}

const struct rules_row *rules_of_answer(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V050", 'E', FIELD_invitation_code, is_without_invitation},
		{"V051", 'E', FIELD_survey_date, is_without_day},
		{"V052", 'E', FIELD_survey_date, is_answered_before},
		{"V053", 'W', FIELD_power, is_blank},
		{"V054", 'E', FIELD_person_number, is_answer_of_someone},
		{"V009", 'W', FIELD_N, rules_is_future},
		{"V014", 'E', FIELD_N, rules_is_out_of_time},
	};

	*ret_n = array_n(rows);
	return rows;
}

const struct rules_row *rules_of_deviation(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V073", 'E', FIELD_deviation_date, is_report_half},
		{"V074", 'E', FIELD_deviation_date, is_reported_before},
		{"V075", 'E', FIELD_person_number, is_report_of_someone},
		{"V009", 'W', FIELD_N, rules_is_future},
		{"V014", 'E', FIELD_N, rules_is_out_of_time},
	};

	*ret_n = array_n(rows);
	return rows;
}
