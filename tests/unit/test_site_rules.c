/* The rules of the whole life of a person: what they have many of, coming and going, and what is
 * nobody's. Beside test_site_validate.c, which has the rest. */
#include "daemon/site/item.h"
#include "daemon/site/token.h"
#include "daemon/site/validate.h"

#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/vault.h"
#include "proto/errors.h"
#include "proto/programme_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct programme *programme;
static struct demands *demands;

static int load(void **state)
{
	struct buf bytes = {0};
	struct fault fault;

	(void)state;
	assert_int_equal(vault_start(), 0);
	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &bytes), 0);
	assert_int_equal(programme_read("mia.ini", bytes.data, bytes.n, &programme, &fault), 0);
	buf_free(&bytes);
	assert_int_equal(demands_new(programme, &demands, &fault), 0);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	demands_free(&demands);
	programme_free(&programme);
	return 0;
}

static int32_t day(const char *text)
{
	int32_t value = RECORD_MISSING;

	if (text != NULL)
		assert_int_equal(date_parse_iso(text, &value), 0);
	return value;
}

static int32_t code(enum record_field field, const char *id)
{
	const struct programme_list *list = programme_list(programme, record_row(field)->list);
	const struct programme_code *found = programme_code_by_word(list, id);

	assert_non_null(found);
	return found->number;
}

/* Someone who entered on 2018-04-01 and is active. */
static struct record active(void)
{
	struct record record;

	record_clear(&record);
	record.identity = (struct record_identity){.type = ID_LOCAL, .local_id = "17"};
	record.value[FIELD_sex] = code(FIELD_sex, "woman");
	record.value[FIELD_birth_date] = day("1976-03-12");
	record.value[FIELD_interest_date] = day("2018-03-01");
	record.value[FIELD_entry_date] = day("2018-04-01");
	record.value[FIELD_education] = code(FIELD_education, "upper3");
	record.value[FIELD_labour] = code(FIELD_labour, "unemployed");
	return record;
}

/* The same, who left on 2018-10-01. */
static struct record gone(void)
{
	struct record record = active();

	record.value[FIELD_exit_date] = day("2018-10-01");
	record.value[FIELD_exit_reason] = code(FIELD_exit_reason, "rehab");
	return record;
}

static void add_spell(struct record *record, const char *activity, const char *start,
		      const char *end)
{
	record->value[FIELD_activity] = code(FIELD_activity, activity);
	record->value[FIELD_spell_start] = day(start);
	record->value[FIELD_spell_end] = day(end);
	assert_int_equal(item_settle(record, RECORD_SPELL), 0);
}

static void add_hours(struct record *record, const char *month, int32_t hours)
{
	record->value[FIELD_hours_month] = day(month);
	record->value[FIELD_hours] = hours;
	assert_int_equal(item_settle(record, RECORD_HOURS), 0);
}

static void add_pause(struct record *record, const char *start, const char *end)
{
	record->value[FIELD_pause_start] = day(start);
	record->value[FIELD_pause_end] = day(end);
	assert_int_equal(item_settle(record, RECORD_PAUSE), 0);
}

static void add_return(struct record *record, const char *from, const char *back)
{
	record->value[FIELD_returned_from] = day(from);
	record->value[FIELD_return_date] = day(back);
	assert_int_equal(item_settle(record, RECORD_RETURN), 0);
}

static struct validate_context context_of(const struct record *known)
{
	return (struct validate_context){
		.programme = programme,
		.site = &programme->sites[programme_site_index(programme, "sodertalje")],
		.demands = demands,
		.today = day("2019-06-01"),
		.known = known,
	};
}

static struct validate_result judged(const struct record *record, const struct record *known)
{
	struct validate_context context = context_of(known);
	struct validate_result result;

	validate_record(record, &context, &result);
	return result;
}

/* Nothing but this rule is broken, and once; "" nothing is. */
static void assert_found(const struct validate_result *result, const char *rule,
			 enum validate_severity severity)
{
	size_t wanted_n = rule[0] == '\0' ? 0 : 1;

	for (size_t i = 0; i < result->findings_n; i++)
		if (strcmp(result->findings[i].code, rule) != 0)
			print_error("%s beside \"%s\"\n", result->findings[i].code, rule);
	assert_int_equal(result->findings_n, wanted_n);
	if (wanted_n == 0)
		return;
	assert_string_equal(result->findings[0].code, rule);
	assert_int_equal(result->findings[0].severity, severity);
	assert_non_null(error_find(rule));
}

static void assert_only(const struct record *record, const char *rule,
			enum validate_severity severity)
{
	struct validate_result result = judged(record, NULL);

	assert_found(&result, rule, severity);
}

static void assert_good(const struct record *record)
{
	assert_only(record, "", VALIDATE_INFORM);
}

/* ---- before the entry ---- */

static void what_leads_to_an_entry_stands_in_order(void **state)
{
	static const struct {
		enum record_field field;
		const char *day, *rule;
	} cases[] = {
		{FIELD_mapping_date, "2018-03-01", ""},
		{FIELD_mapping_date, "2018-04-01", ""},
		{FIELD_mapping_date, "2018-02-28", "V060"},
		{FIELD_mapping_date, "2018-04-02", "V061"},
		{FIELD_queued_date, "2018-03-01", ""},
		{FIELD_queued_date, "2018-02-28", "V062"},
		{FIELD_queued_date, "2018-04-02", "V063"},
		{FIELD_declined_date, "2018-02-28", "V062"},
		{FIELD_declined_date, "2018-04-02", "V063"},
		{FIELD_declined_date, "2018-03-02", ""},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		struct record record = active();

		record.value[cases[i].field] = day(cases[i].day);
		assert_only(&record, cases[i].rule, VALIDATE_ERROR);
	}
}

/* ---- activities ---- */

static void two_open_activities_of_one_kind_are_refused(void **state)
{
	struct record record = active();

	(void)state;
	add_spell(&record, "ips", "2018-04-01", NULL);
	add_spell(&record, "course", "2018-05-01", NULL);
	assert_good(&record);
	add_spell(&record, "ips", "2018-06-01", NULL);
	assert_only(&record, "V064", VALIDATE_ERROR);
	add_spell(&record, "ips", "2018-04-01", "2018-05-31");
	assert_good(&record);
}

static void every_activity_is_asked_not_only_the_last(void **state)
{
	struct record record = gone();

	(void)state;
	add_spell(&record, "course", "2018-04-10", "2018-04-20");
	add_spell(&record, "ips", "2018-05-01", "2018-10-02");
	add_spell(&record, "study", "2018-06-01", "2018-06-02");
	assert_only(&record, "V017", VALIDATE_ERROR);
	record = gone();
	add_spell(&record, "course", "2018-03-31", "2018-04-20");
	add_spell(&record, "ips", "2018-05-01", "2018-09-30");
	assert_only(&record, "V016", VALIDATE_ERROR);
	record = gone();
	add_spell(&record, "ips", "2018-05-01", "2018-04-20");
	assert_only(&record, "I031", VALIDATE_ERROR);
}

static void between_an_exit_and_the_re_entry_there_is_no_activity(void **state)
{
	struct record record = active();

	(void)state;
	add_return(&record, "2018-06-01", "2018-09-01");
	add_spell(&record, "ips", "2018-04-01", "2018-06-01");
	add_spell(&record, "ips", "2018-09-01", "2018-10-01");
	assert_good(&record);
	add_spell(&record, "course", "2018-06-02", "2018-06-10");
	assert_only(&record, "V065", VALIDATE_ERROR);
}

/* ---- hours and pauses ---- */

static void hours_are_of_a_month_and_at_most_eight_a_day(void **state)
{
	struct record record = active();

	(void)state;
	add_hours(&record, "2018-04-01", 240);
	add_hours(&record, "2018-05-01", 248);
	assert_good(&record);
	add_hours(&record, "2018-06-01", 241);
	assert_only(&record, "V038", VALIDATE_WARN);
	add_hours(&record, "2018-06-01", -1);
	assert_only(&record, "V037", VALIDATE_ERROR);
	add_hours(&record, "2018-06-01", 0);
	assert_good(&record);
	add_hours(&record, "2018-03-01", 5);
	assert_only(&record, "V069", VALIDATE_WARN);
}

static void hours_outside_the_participation_are_asked_about(void **state)
{
	struct record record = gone();

	(void)state;
	add_hours(&record, "2018-10-01", 5);
	assert_good(&record);
	add_hours(&record, "2018-11-01", 5);
	assert_only(&record, "V069", VALIDATE_WARN);
}

static void a_month_needs_its_hours(void **state)
{
	struct record record = active();

	(void)state;
	record.value[FIELD_hours] = 7;
	assert_only(&record, "V080", VALIDATE_ERROR);
	record.value[FIELD_hours_month] = day("2018-05-01");
	assert_good(&record);
}

static void a_pause_lies_within_the_participation(void **state)
{
	struct record record = active();

	(void)state;
	add_pause(&record, "2018-05-01", "2018-05-31");
	add_pause(&record, "2018-07-01", NULL);
	assert_good(&record);
	add_pause(&record, "2018-03-31", "2018-04-02");
	assert_only(&record, "V066", VALIDATE_ERROR);
	record = gone();
	add_pause(&record, "2018-09-01", "2018-10-02");
	assert_only(&record, "V066", VALIDATE_ERROR);
	record = active();
	add_pause(&record, "2018-09-01", "2018-08-31");
	assert_only(&record, "I031", VALIDATE_ERROR);
	record = active();
	record.value[FIELD_pause_end] = day("2018-09-01");
	assert_only(&record, "V068", VALIDATE_ERROR);
}

static void pauses_do_not_overlap(void **state)
{
	struct record record = active();

	(void)state;
	add_pause(&record, "2018-05-01", "2018-05-31");
	add_pause(&record, "2018-05-31", "2018-06-05");
	assert_only(&record, "V067", VALIDATE_ERROR);
	record = active();
	add_pause(&record, "2018-05-01", NULL);
	add_pause(&record, "2018-08-01", "2018-08-02");
	assert_only(&record, "V067", VALIDATE_ERROR);
}

/* ---- coming back ---- */

static void a_re_entry_lies_between_two_exits(void **state)
{
	struct record record = gone();

	(void)state;
	add_return(&record, "2018-06-01", "2018-08-01");
	assert_good(&record);
	record = gone();
	add_return(&record, "2018-06-01", "2018-05-31");
	assert_only(&record, "V078", VALIDATE_ERROR);
	record = gone();
	add_return(&record, "2018-06-01", "2018-10-02");
	assert_only(&record, "V078", VALIDATE_ERROR);
	record = gone();
	add_return(&record, NULL, "2018-08-01");
	assert_only(&record, "V079", VALIDATE_ERROR);
}

static void entry_data_stand_after_a_re_entry_unless_corrected(void **state)
{
	struct record known = active();
	struct record changed;
	struct validate_context context = context_of(&known);
	struct validate_result result;

	(void)state;
	add_return(&known, "2018-06-01", "2018-08-01");
	changed = known;
	assert_int_equal(judged(&changed, &known).findings_n, 0);
	changed.value[FIELD_education] = code(FIELD_education, "tertiary3");
	result = judged(&changed, &known);
	assert_found(&result, "V035", VALIDATE_ERROR);
	context.is_correction = true;
	validate_record(&changed, &context, &result);
	assert_found(&result, "", VALIDATE_INFORM);
}

static void a_re_entry_with_its_date_is_no_surprise(void **state)
{
	struct record known = gone();
	struct record back = active();
	struct validate_result result;

	(void)state;
	result = judged(&back, &known);
	assert_found(&result, "V036", VALIDATE_WARN);
	add_return(&back, "2018-10-01", "2019-01-01");
	result = judged(&back, &known);
	assert_found(&result, "", VALIDATE_INFORM);
}

static void two_years_count_from_the_re_entry(void **state)
{
	struct record record = active();
	struct validate_context context = context_of(NULL);
	struct validate_result result;

	(void)state;
	context.today = day("2020-04-02");
	validate_record(&record, &context, &result);
	assert_found(&result, "V039", VALIDATE_WARN);
	add_return(&record, "2018-06-01", "2018-08-01");
	validate_record(&record, &context, &result);
	assert_found(&result, "", VALIDATE_INFORM);
}

static void nobody_is_registered_twice(void **state)
{
	struct record here = active();
	struct record left = gone();
	struct record other = active();
	struct validate_context context = context_of(&here);
	struct validate_result result;

	(void)state;
	context.is_new = true;
	validate_record(&other, &context, &result);
	assert_found(&result, "V043", VALIDATE_ERROR);
	context.known = &left;
	validate_record(&left, &context, &result);
	assert_found(&result, "V044", VALIDATE_WARN);
	context.is_new = false;
	validate_record(&left, &context, &result);
	assert_found(&result, "", VALIDATE_INFORM);
}

/* ---- transfers ---- */

static void a_token_checks_every_digit_and_every_swap(void **state)
{
	char token[RECORD_TOKEN_BYTES];

	(void)state;
	for (int round = 0; round < 20; round++) {
		token_new(token);
		assert_true(token_is_good(token));
		for (size_t i = 0; i + 1 < sizeof(token) - 1; i++) {
			char kept = token[i];

			token[i] = kept == '9' ? '0' : (char)(kept + 1);
			assert_false(token_is_good(token));
			token[i] = token[i + 1];
			token[i + 1] = kept;
			assert_true(token[i] == kept || !token_is_good(token));
			token[i + 1] = token[i];
			token[i] = kept;
		}
		assert_true(token_is_good(token));
	}
	assert_false(token_is_good(""));
	assert_false(token_is_good("1"));
	assert_false(token_is_good("0000000000000000000x"));
}

static void who_comes_by_a_transfer_brings_a_token(void **state)
{
	struct record record = active();

	(void)state;
	record.value[FIELD_transfer_in_date] = day("2018-06-01");
	assert_only(&record, "V071", VALIDATE_WARN);
	token_new(record.token_in);
	assert_good(&record);
	record.token_in[0] = record.token_in[0] == '9' ? '0' : (char)(record.token_in[0] + 1);
	assert_only(&record, "V070", VALIDATE_ERROR);
	token_new(record.token_in);
	record.value[FIELD_transfer_in_date] = day("2018-03-31");
	assert_only(&record, "V076", VALIDATE_ERROR);
}

static void who_was_transferred_does_nothing_more_here(void **state)
{
	struct record record = active();

	(void)state;
	record.value[FIELD_transfer_out_date] = day("2018-06-01");
	token_new(record.token_out);
	add_spell(&record, "ips", "2018-05-01", "2018-06-01");
	assert_good(&record);
	add_spell(&record, "course", "2018-05-20", "2018-06-02");
	assert_only(&record, "V072", VALIDATE_ERROR);
	record = gone();
	record.value[FIELD_transfer_out_date] = day("2018-10-01");
	assert_only(&record, "V077", VALIDATE_ERROR);
	record = active();
	record.value[FIELD_transfer_out_date] = day("2018-03-31");
	assert_only(&record, "V076", VALIDATE_ERROR);
}

/* ---- the rest ---- */

static void nothing_is_done_with_someone_who_never_entered(void **state)
{
	struct record record = active();

	(void)state;
	record.value[FIELD_entry_date] = RECORD_MISSING;
	assert_good(&record);
	add_pause(&record, "2018-05-01", "2018-05-31");
	assert_only(&record, "V020", VALIDATE_ERROR);
}

static void the_anonymous_have_no_activities(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.identity.type = ID_ANONYMOUS;
	record.value[FIELD_sex] = code(FIELD_sex, "man");
	record.value[FIELD_consent] = code(FIELD_consent, "refused");
	record.value[FIELD_entry_date] = day("2018-04-01");
	assert_good(&record);
	add_spell(&record, "ips", "2018-04-01", NULL);
	assert_only(&record, "V004", VALIDATE_ERROR);
}

static void who_withdrew_consent_left_and_that_is_kept(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.identity.type = ID_ANONYMOUS;
	record.value[FIELD_sex] = code(FIELD_sex, "man");
	record.value[FIELD_consent] = code(FIELD_consent, "withdrawn");
	record.value[FIELD_consent_withdrawn_date] = day("2018-05-02");
	record.value[FIELD_entry_date] = day("2018-04-01");
	record.value[FIELD_exit_date] = day("2018-05-02");
	record.value[FIELD_exit_reason] = code(FIELD_exit_reason, "consent_withdrawn");
	assert_good(&record);
	record.value[FIELD_consent] = code(FIELD_consent, "refused");
	assert_only(&record, "V004", VALIDATE_ERROR);
}

static void a_local_question_has_its_own_answers(void **state)
{
	struct record record = active();

	(void)state;
	record.value[FIELD_question_8] = 60000;
	assert_only(&record, "V081", VALIDATE_ERROR);
}

static void a_deviation_is_dated_typed_and_nobodys(void **state)
{
	struct validate_context context = context_of(NULL);
	struct validate_result result;
	struct record report;

	(void)state;
	record_clear(&report);
	(void)strcpy(report.identity.local_id, "AV-1");
	report.identity.type = ID_LOCAL;
	report.value[FIELD_deviation_date] = day("2018-05-02");
	report.value[FIELD_deviation] = code(FIELD_deviation, "waiting");
	validate_stored(&report, true, &context, &result);
	assert_found(&result, "", VALIDATE_INFORM);
	report.value[FIELD_sex] = 1;
	validate_deviation(&report, &context, &result);
	assert_found(&result, "V075", VALIDATE_ERROR);
	report.value[FIELD_sex] = RECORD_MISSING;
	report.value[FIELD_deviation_date] = day("2016-05-02");
	validate_deviation(&report, &context, &result);
	assert_found(&result, "V074", VALIDATE_ERROR);
	report.value[FIELD_deviation_date] = RECORD_MISSING;
	validate_deviation(&report, &context, &result);
	assert_found(&result, "V073", VALIDATE_ERROR);
}

static void what_was_made_once_says_what_is_made_each_time(void **state)
{
	struct record record = gone();
	struct validate_context context = context_of(NULL);
	struct validate_result with, without;

	(void)state;
	add_spell(&record, "ips", "2018-05-01", "2018-10-02");
	record.value[FIELD_sex] = RECORD_MISSING;
	validate_record(&record, &context, &with);
	context.demands = NULL;
	validate_record(&record, &context, &without);
	assert_int_equal(with.findings_n, 2);
	assert_int_equal(with.findings_n, without.findings_n);
	for (size_t i = 0; i < with.findings_n; i++)
		assert_string_equal(with.findings[i].code, without.findings[i].code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_to_an_entry_stands_in_order),
		cmocka_unit_test(two_open_activities_of_one_kind_are_refused),
		cmocka_unit_test(every_activity_is_asked_not_only_the_last),
		cmocka_unit_test(between_an_exit_and_the_re_entry_there_is_no_activity),
		cmocka_unit_test(hours_are_of_a_month_and_at_most_eight_a_day),
		cmocka_unit_test(hours_outside_the_participation_are_asked_about),
		cmocka_unit_test(a_month_needs_its_hours),
		cmocka_unit_test(a_pause_lies_within_the_participation),
		cmocka_unit_test(pauses_do_not_overlap),
		cmocka_unit_test(a_re_entry_lies_between_two_exits),
		cmocka_unit_test(entry_data_stand_after_a_re_entry_unless_corrected),
		cmocka_unit_test(a_re_entry_with_its_date_is_no_surprise),
		cmocka_unit_test(two_years_count_from_the_re_entry),
		cmocka_unit_test(nobody_is_registered_twice),
		cmocka_unit_test(a_token_checks_every_digit_and_every_swap),
		cmocka_unit_test(who_comes_by_a_transfer_brings_a_token),
		cmocka_unit_test(who_was_transferred_does_nothing_more_here),
		cmocka_unit_test(nothing_is_done_with_someone_who_never_entered),
		cmocka_unit_test(the_anonymous_have_no_activities),
		cmocka_unit_test(who_withdrew_consent_left_and_that_is_kept),
		cmocka_unit_test(a_local_question_has_its_own_answers),
		cmocka_unit_test(a_deviation_is_dated_typed_and_nobodys),
		cmocka_unit_test(what_was_made_once_says_what_is_made_each_time),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
