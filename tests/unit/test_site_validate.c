/* Every rule, against the programme as it is: a record that keeps them all, spoilt in one place. */
#include "daemon/site/validate.h"

#include "lib/date.h"
#include "lib/file.h"
#include "proto/errors.h"
#include "proto/programme_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct programme *programme;

static int load(void **state)
{
	struct buf bytes = {0};
	struct fault fault;

	(void)state;
	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &bytes), 0);
	assert_int_equal(programme_read("mia.ini", bytes.data, bytes.n, &programme, &fault), 0);
	buf_free(&bytes);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	programme_free(&programme);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t value = 0;

	assert_int_equal(date_parse_iso(text, &value), 0);
	return value;
}

static int32_t code(enum record_field field, const char *id)
{
	const struct programme_list *list = programme_list(programme, record_row(field)->list);
	const struct programme_code *found = programme_code_by_word(list, id);

	assert_non_null(found);
	return record_row(field)->type == RECORD_SET ? 1 << (found->number - 1) : found->number;
}

/* Someone of 42 who entered in 2018 and left to work. */
static struct record good_record(void)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_PERSONNUMMER;
	(void)strcpy(record.identity.number, "197603122388");
	record.value[FIELD_sex] = code(FIELD_sex, "woman");
	record.value[FIELD_birth_date] = day("1976-03-12");
	record.value[FIELD_municipality] = 181;
	record.value[FIELD_consent] = code(FIELD_consent, "given");
	record.value[FIELD_consent_date] = day("2018-03-01");
	record.value[FIELD_interest_date] = day("2018-03-01");
	record.value[FIELD_entry_date] = day("2018-04-01");
	record.value[FIELD_education] = code(FIELD_education, "upper3");
	record.value[FIELD_labour] = code(FIELD_labour, "longterm");
	record.value[FIELD_months_unemployed] = 13;
	record.value[FIELD_income] = code(FIELD_income, "assistance");
	record.value[FIELD_income_main] = code(FIELD_income_main, "assistance");
	record.value[FIELD_exit_date] = day("2018-10-01");
	record.value[FIELD_exit_reason] = code(FIELD_exit_reason, "work");
	record.value[FIELD_works_type] = code(FIELD_works_type, "open");
	record.value[FIELD_result_date] = day("2018-10-29");
	record.value[FIELD_followup_date] = day("2019-04-01");
	record.value[FIELD_activity] = code(FIELD_activity, "ips");
	record.value[FIELD_spell_start] = day("2018-04-01");
	record.value[FIELD_spell_end] = day("2018-10-01");
	record.value[FIELD_spell_hours] = 60;
	return record;
}

static struct record anonymous_record(void)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_ANONYMOUS;
	(void)strcpy(record.identity.local_id, "A-1");
	record.value[FIELD_sex] = code(FIELD_sex, "man");
	record.value[FIELD_consent] = code(FIELD_consent, "refused");
	record.value[FIELD_entry_date] = day("2018-04-01");
	return record;
}

static struct record good_answer(void)
{
	struct record record;

	record_clear(&record);
	(void)strcpy(record.invitation, "kod-17");
	record.value[FIELD_survey_date] = day("2018-04-01");
	record.value[FIELD_power] = 4;
	return record;
}

static struct validate_result judged(const struct record *record, const struct record *known)
{
	struct validate_context context = {
		.programme = programme,
		.site = &programme->sites[programme_site_index(programme, "sodertalje")],
		.today = day("2019-06-01"),
		.known = known,
	};
	struct validate_result result;

	if (record->invitation[0] != '\0')
		validate_answer(record, &context, &result);
	else
		validate_record(record, &context, &result);
	return result;
}

static const struct validate_finding *find(const struct validate_result *result, const char *rule)
{
	for (size_t i = 0; i < result->findings_n; i++)
		if (strcmp(result->findings[i].code, rule) == 0)
			return &result->findings[i];
	return NULL;
}

static void assert_only(const struct record *record, const struct record *known, const char *rule,
			enum validate_severity severity)
{
	struct validate_result result = judged(record, known);

	if (find(&result, rule) == NULL)
		print_error("%s is not found\n", rule);
	for (size_t i = 0; i < result.findings_n; i++)
		if (strcmp(result.findings[i].code, rule) != 0)
			print_error("%s beside %s\n", result.findings[i].code, rule);
	assert_int_equal(result.findings_n, 1);
	assert_string_equal(result.findings[0].code, rule);
	assert_int_equal(result.findings[0].severity, severity);
	assert_int_equal(result.has_error, severity == VALIDATE_ERROR);
	assert_non_null(error_find(rule));
}

static void a_good_record_has_no_findings(void **state)
{
	struct record record = good_record();
	struct record anonymous = anonymous_record();
	struct record answer = good_answer();

	(void)state;
	assert_int_equal(judged(&record, NULL).findings_n, 0);
	assert_int_equal(judged(&record, &record).findings_n, 0);
	assert_int_equal(judged(&anonymous, NULL).findings_n, 0);
	assert_int_equal(judged(&answer, NULL).findings_n, 0);
}

/* One value put in place of a good one breaks one rule. */
struct spoilt {
	const char *rule;
	enum validate_severity severity;
	enum record_field field;
	const char *value; /* a date, a number, a code; NULL: missing */
};

static int32_t value_of(enum record_field field, const char *text)
{
	int32_t value = 0;

	if (text == NULL)
		return RECORD_MISSING;
	if (date_parse_iso(text, &value) == 0)
		return value;
	if (record_row(field)->list != NULL)
		return code(field, text);
	return (int32_t)strtol(text, NULL, 10);
}

static void each_rule_refuses_what_it_is_about(void **state)
{
	static const struct spoilt spoilt[] = {
		{"V002", VALIDATE_ERROR, FIELD_consent, NULL},
		{"V005", VALIDATE_WARN, FIELD_sex, "man"},
		{"V006", VALIDATE_ERROR, FIELD_birth_date, "1976-03-13"},
		{"V007", VALIDATE_WARN, FIELD_consent, "withdrawn"},
		{"V008", VALIDATE_ERROR, FIELD_consent_withdrawn_date, "2018-02-01"},
		{"V009", VALIDATE_WARN, FIELD_consent_date, "2019-06-02"},
		{"V013", VALIDATE_WARN, FIELD_municipality, "1480"},
		{"V015", VALIDATE_ERROR, FIELD_interest_date, "2018-04-02"},
		{"V016", VALIDATE_ERROR, FIELD_spell_start, "2018-03-31"},
		{"V017", VALIDATE_ERROR, FIELD_spell_end, "2018-10-02"},
		{"V023", VALIDATE_ERROR, FIELD_income_main, "sickness"},
		{"V027", VALIDATE_WARN, FIELD_exit_reason, NULL},
		{"V028", VALIDATE_ERROR, FIELD_months_unemployed, "12"},
		{"V029", VALIDATE_ERROR, FIELD_works_type, NULL},
		{"V030", VALIDATE_ERROR, FIELD_exit_reason, "studies"},
		{"V031", VALIDATE_ERROR, FIELD_exit_reason, "af"},
		{"V032", VALIDATE_ERROR, FIELD_result_date, "2018-10-30"},
		{"V033", VALIDATE_ERROR, FIELD_followup_date, "2019-02-28"},
		{"V037", VALIDATE_ERROR, FIELD_spell_hours, "-1"},
		{"V038", VALIDATE_WARN, FIELD_spell_hours, "249"},
		{"V041", VALIDATE_INFORM, FIELD_sex, NULL},
		{"V041", VALIDATE_INFORM, FIELD_education, "unknown"},
		{"V042", VALIDATE_WARN, FIELD_activity, NULL},
		{"I031", VALIDATE_ERROR, FIELD_spell_end, "2018-03-31"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		struct record record = good_record();

		record.value[spoilt[i].field] = value_of(spoilt[i].field, spoilt[i].value);
		assert_only(&record, NULL, spoilt[i].rule, spoilt[i].severity);
	}
}

static void someone_must_be_named(void **state)
{
	struct record record = good_record();

	(void)state;
	record.identity = (struct record_identity){.type = ID_NONE};
	assert_only(&record, NULL, "V001", VALIDATE_ERROR);
}

static void a_name_needs_consent_like_a_number(void **state)
{
	struct record record = good_record();

	(void)state;
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_consent] = RECORD_MISSING;
	assert_int_equal(judged(&record, NULL).findings_n, 0);
	(void)strcpy(record.identity.name, "Prov Provsson");
	assert_only(&record, NULL, "V002", VALIDATE_ERROR);
}

static void a_protected_person_is_never_named(void **state)
{
	struct record record = anonymous_record();

	(void)state;
	record.value[FIELD_consent] = code(FIELD_consent, "given");
	record.value[FIELD_protected] = 1;
	assert_int_equal(judged(&record, NULL).findings_n, 0);
	(void)strcpy(record.identity.number, "197603122388");
	record.value[FIELD_sex] = code(FIELD_sex, "woman");
	assert_only(&record, NULL, "V003", VALIDATE_ERROR);
}

static void the_anonymous_have_sex_and_entry_only(void **state)
{
	struct record record = anonymous_record();

	(void)state;
	record.value[FIELD_birth_date] = day("1976-03-12");
	assert_only(&record, NULL, "V004", VALIDATE_ERROR);
}

static void the_ninth_digit_of_a_coordination_number_says_nothing(void **state)
{
	struct record record = good_record();

	(void)state;
	record.identity.type = ID_COORDINATION;
	(void)strcpy(record.identity.number, "197603722385");
	record.value[FIELD_sex] = code(FIELD_sex, "man");
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

/* Of someone born so, by a local id, entered 2018-04-01. */
static struct record born(const char *birth)
{
	struct record record = good_record();

	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_birth_date] = day(birth);
	return record;
}

static void ages_count_on_the_day_of_entry(void **state)
{
	struct record fifteen = born("2002-04-02");
	struct record sixteen = born("2002-04-01");
	struct record sixtyfour = born("1953-04-02");
	struct record sixtyfive = born("1953-04-01");

	(void)state;
	assert_only(&fifteen, NULL, "V010", VALIDATE_ERROR);
	assert_int_equal(judged(&sixteen, NULL).findings_n, 0);
	assert_int_equal(judged(&sixtyfour, NULL).findings_n, 0);
	assert_only(&sixtyfive, NULL, "V010", VALIDATE_ERROR);
}

static void a_site_may_be_narrower_and_only_warns(void **state)
{
	struct record record = born("1962-04-01");
	struct validate_context context = {
		.programme = programme,
		.site = &programme->sites[programme_site_index(programme, "hbs")],
		.today = day("2019-06-01"),
	};
	struct validate_result result;

	(void)state;
	record.value[FIELD_municipality] = 126;
	validate_record(&record, &context, &result);
	assert_int_equal(result.findings_n, 1);
	assert_string_equal(result.findings[0].code, "V011");
	assert_int_equal(result.findings[0].severity, VALIDATE_WARN);
}

static void a_municipality_joins_on_a_day(void **state)
{
	struct record record = good_record();
	struct validate_context context = {
		.programme = programme,
		.site = &programme->sites[programme_site_index(programme, "sodra-roslagen")],
		.today = day("2020-06-01"),
	};
	struct validate_result result;

	(void)state;
	record_clear(&record);
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_municipality] = 162;
	record.value[FIELD_entry_date] = day("2019-09-30");
	validate_record(&record, &context, &result);
	assert_non_null(find(&result, "V013"));
	record.value[FIELD_entry_date] = day("2019-10-01");
	validate_record(&record, &context, &result);
	assert_null(find(&result, "V013"));
}

static void an_entry_lies_within_the_operation(void **state)
{
	struct record record = good_record();
	struct validate_result result;

	(void)state;
	record.value[FIELD_entry_date] = day("2017-03-31");
	record.value[FIELD_interest_date] = RECORD_MISSING;
	assert_only(&record, NULL, "V012", VALIDATE_ERROR);
	record.value[FIELD_entry_date] = day("2017-04-01");
	result = judged(&record, NULL);
	assert_int_equal(result.findings_n, 0);
}

static void a_code_out_of_its_time_is_refused(void **state)
{
	struct record record = good_record();

	(void)state;
	record.value[FIELD_sex] = code(FIELD_sex, "other");
	assert_only(&record, NULL, "V014", VALIDATE_ERROR);
}

static void no_income_excludes_income(void **state)
{
	struct record record = good_record();

	(void)state;
	record.value[FIELD_income] |= code(FIELD_income, "none");
	assert_only(&record, NULL, "V022", VALIDATE_ERROR);
	record.value[FIELD_income] = code(FIELD_income, "none");
	record.value[FIELD_income_main] = RECORD_MISSING;
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

static void an_empty_income_is_refused_and_a_missing_column_is_not(void **state)
{
	struct record record = good_record();

	(void)state;
	record.value[FIELD_income_main] = RECORD_MISSING;
	record.value[FIELD_income] = 0;
	assert_only(&record, NULL, "V024", VALIDATE_ERROR);
	record.value[FIELD_income] = RECORD_MISSING;
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

static void activity_compensation_has_its_ages(void **state)
{
	struct record thirty = born("1988-04-01");
	struct record nineteen = born("1999-04-01");
	int32_t income = code(FIELD_income, "activitycomp");

	(void)state;
	thirty.value[FIELD_income] = nineteen.value[FIELD_income] = income;
	thirty.value[FIELD_income_main] = nineteen.value[FIELD_income_main] = RECORD_MISSING;
	assert_only(&thirty, NULL, "V025", VALIDATE_WARN);
	assert_int_equal(judged(&nineteen, NULL).findings_n, 0);
}

static void the_group_25_29_needs_age_and_benefit(void **state)
{
	struct record right = born("1990-04-01");
	struct record young = born("1995-04-01");
	struct record other = born("1990-04-01");

	(void)state;
	right.value[FIELD_priority] = young.value[FIELD_priority] = other.value[FIELD_priority] =
		code(FIELD_priority, "activitycomp2529");
	right.value[FIELD_income] = young.value[FIELD_income] = code(FIELD_income, "activitycomp");
	right.value[FIELD_income_main] = young.value[FIELD_income_main] = RECORD_MISSING;
	assert_int_equal(judged(&right, NULL).findings_n, 0);
	assert_only(&young, NULL, "V026", VALIDATE_ERROR);
	assert_only(&other, NULL, "V026", VALIDATE_ERROR);
}

static void long_term_is_shorter_for_the_young(void **state)
{
	struct record young = born("1994-04-01");

	(void)state;
	young.value[FIELD_months_unemployed] = 7;
	young.value[FIELD_birth_date] = day("1993-04-02");
	assert_int_equal(judged(&young, NULL).findings_n, 0);
	young.value[FIELD_birth_date] = day("1993-04-01"); /* 25 on the day */
	assert_only(&young, NULL, "V028", VALIDATE_ERROR);
}

static void dates_of_a_life_stand_in_order(void **state)
{
	struct record record = good_record();
	struct validate_result result;

	(void)state;
	record.value[FIELD_exit_date] = day("2018-03-31");
	result = judged(&record, NULL);
	assert_non_null(find(&result, "I031"));
	assert_true(result.has_error);
	record = good_record();
	record.value[FIELD_birth_date] = day("2018-04-02");
	result = judged(&record, NULL);
	assert_non_null(find(&result, "V018"));
}

static void nothing_follows_without_what_it_follows(void **state)
{
	struct record record = good_record();
	struct validate_result result;

	(void)state;
	record.value[FIELD_exit_date] = RECORD_MISSING;
	result = judged(&record, NULL);
	assert_non_null(find(&result, "V019"));
	assert_non_null(find(&result, "V021"));
	record = good_record();
	record.value[FIELD_entry_date] = RECORD_MISSING;
	assert_only(&record, NULL, "V020", VALIDATE_ERROR);
	record_clear(&record);
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	assert_only(&record, NULL, "V040", VALIDATE_ERROR);
}

static void an_interest_alone_is_a_record(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_interest_date] = day("2018-03-01");
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

static void a_follow_up_is_due_six_months_on(void **state)
{
	struct record record = good_record();

	(void)state;
	record.value[FIELD_exit_date] = day("2018-08-31");
	record.value[FIELD_result_date] = RECORD_MISSING;
	record.value[FIELD_spell_end] = day("2018-08-31");
	record.value[FIELD_followup_date] = day("2019-01-31");
	assert_int_equal(judged(&record, NULL).findings_n, 0);
	record.value[FIELD_followup_date] = day("2019-05-01");
	assert_only(&record, NULL, "V034", VALIDATE_WARN);
}

static void two_years_without_an_exit_are_asked_about(void **state)
{
	struct record record;

	(void)state;
	record = born("1976-03-12");
	record.value[FIELD_exit_date] = record.value[FIELD_exit_reason] =
		record.value[FIELD_works_type] = record.value[FIELD_followup_date] =
			record.value[FIELD_result_date] = record.value[FIELD_interest_date] =
				RECORD_MISSING;
	record.value[FIELD_entry_date] = day("2017-05-31");
	assert_only(&record, NULL, "V039", VALIDATE_WARN);
	record.value[FIELD_entry_date] = day("2017-06-01");
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

static void a_re_entry_keeps_the_first_entry(void **state)
{
	struct record known = good_record();
	struct record back = known;
	struct validate_result result;

	(void)state;
	back.value[FIELD_exit_date] = back.value[FIELD_exit_reason] = back.value[FIELD_works_type] =
		back.value[FIELD_followup_date] = back.value[FIELD_result_date] = RECORD_MISSING;
	assert_only(&back, &known, "V036", VALIDATE_WARN);
	back.value[FIELD_education] = code(FIELD_education, "tertiary3");
	result = judged(&back, &known);
	assert_non_null(find(&result, "V035"));
}

static void a_correction_of_the_entry_is_no_re_entry(void **state)
{
	struct record known = good_record();
	struct record corrected = known;

	(void)state;
	corrected.value[FIELD_education] = code(FIELD_education, "tertiary3");
	corrected.value[FIELD_exit_date] = day("2018-10-02");
	assert_int_equal(judged(&corrected, &known).findings_n, 0);
}

static void what_is_registered_by_mistake_is_not_asked_much(void **state)
{
	struct record record = good_record();

	(void)state;
	record.value[FIELD_entry_date] = RECORD_MISSING;
	record.value[FIELD_exit_reason] = code(FIELD_exit_reason, "misregistered");
	assert_int_equal(judged(&record, NULL).findings_n, 0);
}

static void an_answer_is_dated_and_invited_and_nobodys(void **state)
{
	struct validate_context context = {.programme = programme, .today = day("2019-06-01")};
	struct validate_result result;
	struct record record = good_answer();

	(void)state;
	record.value[FIELD_survey_date] = RECORD_MISSING;
	assert_only(&record, NULL, "V051", VALIDATE_ERROR);
	record.value[FIELD_survey_date] = day("2016-04-01");
	assert_only(&record, NULL, "V052", VALIDATE_ERROR);
	record = good_answer();
	record.value[FIELD_power] = RECORD_MISSING;
	assert_only(&record, NULL, "V053", VALIDATE_WARN);
	record = good_answer();
	record.identity.type = ID_PERSONNUMMER;
	(void)strcpy(record.identity.number, "197603122388");
	assert_only(&record, NULL, "V054", VALIDATE_ERROR);
	record = good_answer();
	record.invitation[0] = '\0';
	validate_answer(&record, &context, &result);
	assert_non_null(find(&result, "V050"));
}

static void no_finding_repeats_a_number(void **state)
{
	struct record record = good_record();
	struct validate_result result;

	(void)state;
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->type == RECORD_DATE)
			record.value[field] = day("2050-01-01") - field;
	record.value[FIELD_consent] = RECORD_MISSING;
	(void)strcpy(record.identity.name, "Prov Provsson");
	result = judged(&record, NULL);
	assert_true(result.findings_n > 3);
	for (size_t i = 0; i < result.findings_n; i++) {
		assert_null(strstr(result.findings[i].detail, "2388"));
		assert_null(strstr(result.findings[i].detail, "Prov"));
	}
}

static void an_error_finds_a_place_among_warnings(void **state)
{
	struct validate_result result = {0};

	(void)state;
	for (int i = 0; i < VALIDATE_FINDINGS_MAX; i++)
		validate_add(&result, "V009", VALIDATE_WARN, FIELD_sex, "");
	validate_add(&result, "V009", VALIDATE_WARN, FIELD_sex, "");
	assert_false(result.has_error);
	validate_add(&result, "V001", VALIDATE_ERROR, FIELD_sex, "");
	assert_int_equal(result.findings_n, VALIDATE_FINDINGS_MAX);
	assert_true(result.has_error);
	assert_non_null(find(&result, "V001"));
}

static void the_numbers_rules_of_ours_name_are_the_programmes(void **state)
{
	(void)state;
	assert_int_equal(code(FIELD_consent, "given"), RECORD_CONSENT_GIVEN);
	assert_int_equal(code(FIELD_consent, "refused"), RECORD_CONSENT_REFUSED);
	assert_int_equal(code(FIELD_consent, "withdrawn"), RECORD_CONSENT_WITHDRAWN);
	assert_int_equal(code(FIELD_sex, "woman"), RECORD_SEX_WOMAN);
	assert_int_equal(code(FIELD_sex, "man"), RECORD_SEX_MAN);
	assert_int_equal(code(FIELD_af_programme, "no"), 1);
	assert_int_equal(code(FIELD_af_programme, "yes"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_record_has_no_findings),
		cmocka_unit_test(each_rule_refuses_what_it_is_about),
		cmocka_unit_test(someone_must_be_named),
		cmocka_unit_test(a_name_needs_consent_like_a_number),
		cmocka_unit_test(a_protected_person_is_never_named),
		cmocka_unit_test(the_anonymous_have_sex_and_entry_only),
		cmocka_unit_test(the_ninth_digit_of_a_coordination_number_says_nothing),
		cmocka_unit_test(ages_count_on_the_day_of_entry),
		cmocka_unit_test(a_site_may_be_narrower_and_only_warns),
		cmocka_unit_test(a_municipality_joins_on_a_day),
		cmocka_unit_test(an_entry_lies_within_the_operation),
		cmocka_unit_test(a_code_out_of_its_time_is_refused),
		cmocka_unit_test(no_income_excludes_income),
		cmocka_unit_test(an_empty_income_is_refused_and_a_missing_column_is_not),
		cmocka_unit_test(activity_compensation_has_its_ages),
		cmocka_unit_test(the_group_25_29_needs_age_and_benefit),
		cmocka_unit_test(long_term_is_shorter_for_the_young),
		cmocka_unit_test(dates_of_a_life_stand_in_order),
		cmocka_unit_test(nothing_follows_without_what_it_follows),
		cmocka_unit_test(an_interest_alone_is_a_record),
		cmocka_unit_test(a_follow_up_is_due_six_months_on),
		cmocka_unit_test(two_years_without_an_exit_are_asked_about),
		cmocka_unit_test(a_re_entry_keeps_the_first_entry),
		cmocka_unit_test(a_correction_of_the_entry_is_no_re_entry),
		cmocka_unit_test(what_is_registered_by_mistake_is_not_asked_much),
		cmocka_unit_test(an_answer_is_dated_and_invited_and_nobodys),
		cmocka_unit_test(no_finding_repeats_a_number),
		cmocka_unit_test(an_error_finds_a_place_among_warnings),
		cmocka_unit_test(the_numbers_rules_of_ours_name_are_the_programmes),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
