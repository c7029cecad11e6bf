#include "daemon/site/tally.h"

#include "daemon/site/item.h"
#include "lib/date.h"
#include "lib/file.h"
#include "proto/period.h"
#include "proto/programme_find.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct programme *mia;
static struct tally_plan *plan;

static int read_mia(void **state)
{
	struct buf text = {0};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &text), 0);
	assert_int_equal(programme_read("mia.ini", text.data, text.n, &mia, &fault), 0);
	buf_free(&text);
	assert_int_equal(tally_plan_new(mia, &plan, &fault), 0);
	return 0;
}

static int forget_mia(void **state)
{
	(void)state;
	tally_plan_free(&plan);
	programme_free(&mia);
	return 0;
}

static int32_t day(int year, int month, int of_month)
{
	return date_from_civil(year, month, of_month);
}

static uint32_t month(int year, int of_year)
{
	return period_of_day(day(year, of_year, 1));
}

static struct record nothing(void)
{
	struct record record;

	record_clear(&record);
	return record;
}

/* The number of a code by its id, so that the tests do not depend on numbers. */
static int32_t code(const char *list_id, const char *id)
{
	const struct programme_code *found =
		programme_code_by_word(programme_list(mia, list_id), id);

	assert_non_null(found);
	return found->number;
}

static const struct tally_entry *entry_of(const struct tally *tally, const char *measure)
{
	for (size_t i = 0; i < tally->n; i++) {
		if (strcmp(mia->measures[tally->entries[i].measure].id, measure) == 0)
			return &tally->entries[i];
	}
	return NULL;
}

static const char *cell_of(const struct record *record, const char *measure)
{
	struct tally tally;
	const struct tally_entry *entry;

	tally_record(plan, record, &tally);
	entry = entry_of(&tally, measure);
	assert_non_null(entry);
	return mia->measures[entry->measure].cells[entry->cell].id;
}

static void an_empty_record_contributes_nothing(void **state)
{
	struct record record = nothing();
	struct tally tally = {.n = 7};

	(void)state;
	tally_record(plan, &record, &tally);
	assert_int_equal(tally.n, 0);
	tally_answer(plan, &record, &tally);
	assert_int_equal(tally.n, 0);
}

static void each_kind_is_dated_by_its_own_field(void **state)
{
	struct record record = nothing();
	struct tally tally;

	(void)state;
	record.value[FIELD_interest_date] = day(2018, 1, 31);
	record.value[FIELD_entry_date] = day(2018, 2, 1);
	record.value[FIELD_spell_start] = day(2018, 3, 31);
	record.value[FIELD_followup_date] = day(2019, 12, 31);
	tally_record(plan, &record, &tally);
	assert_int_equal(tally.n, 4);
	assert_int_equal(entry_of(&tally, "applied")->period, month(2018, 1));
	assert_int_equal(entry_of(&tally, "entered")->period, month(2018, 2));
	assert_int_equal(entry_of(&tally, "spell_started")->period, month(2018, 3));
	assert_int_equal(entry_of(&tally, "followed_up")->period, month(2019, 12));
	assert_null(entry_of(&tally, "left"));
}

/* 3.1: persons, never events. */
static void five_spells_of_one_person_are_one_person(void **state)
{
	struct record record = nothing();
	struct tally tally;
	size_t spells = 0;

	(void)state;
	for (int i = 0; i < 5; i++) {
		record.value[FIELD_spell_start] = day(2018, 3, 1 + i);
		assert_int_equal(item_settle(&record, RECORD_SPELL), 0);
	}
	assert_int_equal(record.items_n, 5);
	tally_record(plan, &record, &tally);
	for (size_t i = 0; i < tally.n; i++)
		spells += mia->measures[tally.entries[i].measure].kind == KIND_SPELL_STARTED;
	assert_int_equal(spells, 1);
}

static void an_exit_counts_from_its_date_once_its_outcome_is_complete(void **state)
{
	struct record record = nothing();
	struct tally tally;

	(void)state;
	record.value[FIELD_exit_date] = day(2018, 1, 20);
	tally_record(plan, &record, &tally);
	assert_int_equal(entry_of(&tally, "left")->period, month(2018, 2));
	record.value[FIELD_exit_reason] = code("exit_reason", "illness");
	tally_record(plan, &record, &tally);
	assert_int_equal(entry_of(&tally, "left")->period, month(2018, 2));
	record.value[FIELD_result_date] = day(2018, 1, 25);
	tally_record(plan, &record, &tally);
	assert_int_equal(entry_of(&tally, "left")->period, month(2018, 1));
}

static void an_incomplete_exit_waits_its_28_days_and_no_longer(void **state)
{
	struct record record = nothing();
	struct tally tally;

	(void)state;
	record.value[FIELD_exit_date] = day(2018, 3, 3);
	tally_record(plan, &record, &tally);
	assert_int_equal(entry_of(&tally, "left")->period, month(2018, 3));
	record.value[FIELD_exit_date] = day(2018, 3, 4);
	tally_record(plan, &record, &tally);
	assert_int_equal(entry_of(&tally, "left")->period, month(2018, 4));
}

static void work_or_studies_come_before_af_and_the_rest_is_other(void **state)
{
	struct record record = nothing();

	(void)state;
	record.value[FIELD_exit_date] = day(2018, 5, 5);
	assert_string_equal(cell_of(&record, "left"), "other");
	record.value[FIELD_af_programme] = code("yesno", "yes");
	assert_string_equal(cell_of(&record, "left"), "af");
	record.value[FIELD_works_type] = code("works_type", "subsidised");
	assert_string_equal(cell_of(&record, "left"), "work_or_studies");
	record.value[FIELD_works_type] = code("works_type", "unknown");
	assert_string_equal(cell_of(&record, "left"), "af");
}

static void a_misregistered_record_gives_nothing(void **state)
{
	struct record record = nothing();
	struct tally tally;

	(void)state;
	record.value[FIELD_entry_date] = day(2018, 2, 1);
	record.value[FIELD_exit_date] = day(2018, 2, 2);
	record.value[FIELD_exit_reason] = code("exit_reason", "misregistered");
	tally_record(plan, &record, &tally);
	assert_int_equal(tally.n, 0);
}

static void an_answer_counts_as_an_answer_and_as_nothing_else(void **state)
{
	struct record answer = nothing();
	struct tally tally;

	(void)state;
	answer.value[FIELD_survey_date] = day(2019, 5, 6);
	answer.value[FIELD_power] = code("likert", "5");
	tally_record(plan, &answer, &tally);
	assert_int_equal(tally.n, 0);
	tally_answer(plan, &answer, &tally);
	assert_int_equal(tally.n, 1);
	assert_int_equal(tally.entries[0].period, month(2019, 5));
	assert_string_equal(mia->measures[tally.entries[0].measure].cells[tally.entries[0].cell].id,
			    "agree");
	answer.value[FIELD_power] = RECORD_MISSING;
	tally_answer(plan, &answer, &tally);
	assert_string_equal(mia->measures[tally.entries[0].measure].cells[tally.entries[0].cell].id,
			    "none");
}

/* A small programme of the test's own: one measure, split by a code that begins in 2021. */
struct small {
	struct programme_code codes[2];
	struct programme_list list;
	uint16_t numbers[1];
	struct programme_group groups[1];
	struct programme_variable variable;
	struct programme_test test;
	struct programme_rule rule;
	struct programme_cell cells[2];
	struct programme_measure measure;
	struct programme programme;
};

static void make_small(struct small *small, const char *field)
{
	struct programme_span always = {INT32_MIN, INT32_MAX};

	memset(small, 0, sizeof(*small));
	small->codes[0] =
		(struct programme_code){.number = 3, .id = "other", .span = {.to = INT32_MAX}};
	small->codes[0].span.from = day(2021, 1, 1);
	small->list = (struct programme_list){.id = "sex", .codes = small->codes, .codes_n = 1};
	small->numbers[0] = 3;
	small->groups[0] = (struct programme_group){
		.number = 3, .id = "other", .span = always, .codes = small->numbers, .codes_n = 1};
	small->variable = (struct programme_variable){.id = field,
						      .shape = SHAPE_CODE,
						      .field = field,
						      .list = "sex",
						      .groups = small->groups,
						      .groups_n = 1,
						      .span = always};
	small->test = (struct programme_test){.groups = small->numbers, .groups_n = 1};
	small->rule = (struct programme_rule){&small->test, 1};
	small->cells[0] =
		(struct programme_cell){.id = "other", .rules = &small->rule, .rules_n = 1};
	small->cells[1] = (struct programme_cell){.id = "rest"};
	small->measure = (struct programme_measure){.number = 1,
						    .id = "entered",
						    .kind = KIND_ENTERED,
						    .span = always,
						    .cells = small->cells,
						    .cells_n = 2};
	small->programme = (struct programme){.lists = &small->list,
					      .lists_n = 1,
					      .variables = &small->variable,
					      .variables_n = 1,
					      .measures = &small->measure,
					      .measures_n = 1};
}

static void a_code_counts_only_while_it_is_valid(void **state)
{
	struct small small;
	struct tally_plan *own_plan = NULL;
	struct record record = nothing();
	struct tally tally;

	(void)state;
	make_small(&small, "sex");
	assert_int_equal(tally_plan_new(&small.programme, &own_plan, NULL), 0);
	record.value[FIELD_sex] = 3;
	record.value[FIELD_entry_date] = day(2020, 12, 31);
	tally_record(own_plan, &record, &tally);
	assert_int_equal(tally.entries[0].cell, 1);
	record.value[FIELD_entry_date] = day(2021, 1, 1);
	tally_record(own_plan, &record, &tally);
	assert_int_equal(tally.entries[0].cell, 0);
	tally_plan_free(&own_plan);
}

static void a_measure_counts_only_events_within_its_span(void **state)
{
	struct small small;
	struct tally_plan *own_plan = NULL;
	struct record record = nothing();
	struct tally tally;

	(void)state;
	make_small(&small, "sex");
	small.measure.span = (struct programme_span){day(2018, 1, 1), day(2018, 12, 31)};
	assert_int_equal(tally_plan_new(&small.programme, &own_plan, NULL), 0);
	record.value[FIELD_entry_date] = day(2017, 12, 31);
	tally_record(own_plan, &record, &tally);
	assert_int_equal(tally.n, 0);
	record.value[FIELD_entry_date] = day(2018, 12, 31);
	tally_record(own_plan, &record, &tally);
	assert_int_equal(tally.n, 1);
	tally_plan_free(&own_plan);
}

static void a_condition_on_no_field_of_codes_is_refused_by_name(void **state)
{
	static const char *const fields[] = {"shoe_size", "entry_date", "name", "labour"};
	struct small small;
	struct tally_plan *own_plan = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct fault fault = {0};

		make_small(&small, fields[i]);
		assert_int_equal(tally_plan_new(&small.programme, &own_plan, &fault), -EBADMSG);
		assert_null(own_plan);
		assert_string_equal(fault.code, "S013");
		assert_string_equal(fault.place, "entered");
		assert_non_null(strstr(fault.reason, fields[i]));
	}
}

/* ---- A programme that has nothing in common with MIA but the language ---- */

struct other {
	struct programme *programme;
	struct tally_plan *plan;
};

static void open_other(struct other *ret_other)
{
	struct fault fault = {0};

	*ret_other = (struct other){0};
	assert_int_equal(programme_open("tests/data/programme/unga-vidare.ini", NULL,
					&ret_other->programme, &fault),
			 0);
	assert_int_equal(tally_plan_new(ret_other->programme, &ret_other->plan, &fault), 0);
}

static void close_other(struct other *other)
{
	tally_plan_free(&other->plan);
	programme_free(&other->programme);
}

/* A code of the other programme by its id. */
static int32_t code_in(const struct other *other, const char *list, const char *id)
{
	return programme_code_by_id(programme_list(other->programme, list), id)->number;
}

static const char *cell_in(const struct other *other, const struct record *record,
			   const char *measure)
{
	const int index = programme_measure_index(other->programme, measure);
	struct tally tally;

	tally_record(other->plan, record, &tally);
	for (size_t i = 0; i < tally.n; i++)
		if (tally.entries[i].measure == index)
			return other->programme->measures[index].cells[tally.entries[i].cell].id;
	return "";
}

static void another_programme_counts_by_its_own_codes(void **state)
{
	struct record record = nothing();
	struct other other;

	(void)state;
	open_other(&other);
	record.value[FIELD_entry_date] = day(2022, 3, 1);
	assert_string_equal(cell_in(&other, &record, "mentored"), "rest");
	record.value[FIELD_labour] = code_in(&other, "labour", "school");
	assert_string_equal(cell_in(&other, &record, "mentored"), "schooled");
	record.value[FIELD_exit_date] = day(2022, 9, 1);
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "folkhigh");
	assert_string_equal(cell_in(&other, &record, "gone"), "learning");
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "misregistered");
	assert_string_equal(cell_in(&other, &record, "gone"), "");
	close_other(&other);
}

static void all_tests_of_a_line_hold_and_not_needs_a_value(void **state)
{
	struct record record = nothing();
	struct other other;

	(void)state;
	open_other(&other);
	record.value[FIELD_entry_date] = day(2022, 3, 1);
	record.value[FIELD_labour] = code_in(&other, "labour", "neet");
	record.value[FIELD_months_unemployed] = 5;
	assert_string_equal(cell_in(&other, &record, "mentored"), "rest");
	record.value[FIELD_months_unemployed] = 6;
	assert_string_equal(cell_in(&other, &record, "mentored"), "lone");
	record.value[FIELD_exit_date] = day(2022, 9, 1);
	record.value[FIELD_works_type] = code_in(&other, "works_type", "gig");
	assert_string_equal(cell_in(&other, &record, "gone"), "lost");
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "age");
	assert_string_equal(cell_in(&other, &record, "gone"), "earning");
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "drifted");
	assert_string_equal(cell_in(&other, &record, "gone"), "lost");
	close_other(&other);
}

static bool counts(const struct other *other, const struct record *record, const char *id)
{
	const int index = programme_indicator_index(other->programme, id);
	const enum programme_kind kind = other->programme->indicators[index].kind;
	uint32_t period;
	int32_t on;

	return tally_event(other->plan, kind, record, &on, &period) &&
	       tally_indicator(other->plan, (size_t)index, record, on);
}

static struct record complete_record(const struct other *other)
{
	struct record record = nothing();

	record.value[FIELD_sex] = code_in(other, "sex", "woman");
	record.value[FIELD_labour] = code_in(other, "labour", "neet");
	record.value[FIELD_birth_date] = day(2002, 3, 2);
	record.value[FIELD_entry_date] = day(2022, 3, 1);
	return record;
}

static void an_indicator_counts_complete_records_only(void **state)
{
	struct other other;
	struct record record;

	(void)state;
	open_other(&other);
	record = complete_record(&other);
	assert_true(counts(&other, &record, "u1"));
	assert_true(counts(&other, &record, "u2"));
	assert_false(counts(&other, &record, "u3"));
	record.value[FIELD_sex] = code_in(&other, "sex", "unknown");
	assert_false(counts(&other, &record, "u2"));
	record.value[FIELD_sex] = RECORD_MISSING;
	assert_false(counts(&other, &record, "u2"));
	record = complete_record(&other);
	record.value[FIELD_birth_date] = RECORD_MISSING;
	assert_false(counts(&other, &record, "u2"));
	record = complete_record(&other);
	record.value[FIELD_labour] = code_in(&other, "labour", "work");
	assert_true(counts(&other, &record, "u3"));
	record.value[FIELD_labour] = code_in(&other, "labour", "unknown");
	assert_false(counts(&other, &record, "u3"));
	close_other(&other);
}

static void an_age_is_that_of_the_day(void **state)
{
	struct other other;
	struct record record;

	(void)state;
	open_other(&other);
	record = complete_record(&other);
	assert_true(counts(&other, &record, "u1"));
	record.value[FIELD_entry_date] = day(2022, 3, 2); /* twenty that day */
	assert_false(counts(&other, &record, "u1"));
	record.value[FIELD_birth_date] = day(2004, 2, 29);
	record.value[FIELD_entry_date] = day(2024, 2, 28);
	assert_true(counts(&other, &record, "u1"));
	record.value[FIELD_entry_date] = day(2024, 2, 29);
	assert_false(counts(&other, &record, "u1"));
	close_other(&other);
}

static void a_set_holds_several_codes_and_what_is_no_figure_is_never_counted(void **state)
{
	struct other other;
	struct record record;

	(void)state;
	open_other(&other);
	record = complete_record(&other);
	record.value[FIELD_barrier] = 1 << (code_in(&other, "barrier", "anxiety") - 1);
	assert_false(counts(&other, &record, "u5"));
	record.value[FIELD_barrier] |= 1 << (code_in(&other, "barrier", "home") - 1);
	assert_true(counts(&other, &record, "u5"));
	assert_false(counts(&other, &record, "u6"));
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "misregistered");
	assert_false(counts(&other, &record, "u5"));
	close_other(&other);
}

static uint16_t group_in(const struct other *other, const struct record *record, const char *id)
{
	return tally_group(other->plan, (size_t)programme_variable_index(other->programme, id),
			   record, day(2022, 9, 1));
}

static void a_record_falls_in_one_group_of_a_variable(void **state)
{
	struct other other;
	struct record record;

	(void)state;
	open_other(&other);
	record = complete_record(&other);
	assert_int_equal(group_in(&other, &record, "sex"), 1);
	assert_int_equal(group_in(&other, &record, "age"), 1);
	assert_int_equal(group_in(&other, &record, "months"), 0);
	record.value[FIELD_exit_date] = day(2022, 8, 31);
	assert_int_equal(group_in(&other, &record, "months"), 1);
	record.value[FIELD_exit_date] = day(2022, 9, 1);
	assert_int_equal(group_in(&other, &record, "months"), 2);
	assert_int_equal(group_in(&other, &record, "where_to"), 3);
	record.value[FIELD_exit_reason] = code_in(&other, "exit_reason", "job");
	assert_int_equal(group_in(&other, &record, "where_to"), 2);
	record.value[FIELD_municipality] = 1281;
	assert_int_equal(group_in(&other, &record, "municipality"), 1281);
	record.value[FIELD_municipality] = 1256; /* ended in 2023: still held on that day */
	assert_int_equal(group_in(&other, &record, "municipality"), 1256);
	record.value[FIELD_municipality] = 1230; /* joins in 2023 */
	assert_int_equal(group_in(&other, &record, "municipality"), 0);
	assert_int_equal(group_in(&other, &record, "home"), 0);
	close_other(&other);
}

/* The design's own words for the indicators (2-domain), on one record each. */
static void the_indicators_of_mia_follow_the_regulation(void **state)
{
	struct other other = {mia, plan};
	struct record record = nothing();

	(void)state;
	record.value[FIELD_sex] = code("sex", "woman");
	record.value[FIELD_birth_date] = day(1963, 5, 5);
	record.value[FIELD_education] = code("education", "upper3");
	record.value[FIELD_labour] = code("labour", "longterm");
	record.value[FIELD_entry_date] = day(2018, 5, 5); /* fifty-five that day */
	assert_true(counts(&other, &record, "co01"));
	assert_true(counts(&other, &record, "co02"));
	assert_false(counts(&other, &record, "co03"));
	assert_true(counts(&other, &record, "co07"));
	assert_true(counts(&other, &record, "co08"));
	assert_true(counts(&other, &record, "co10"));
	assert_false(counts(&other, &record, "co06"));
	assert_false(counts(&other, &record, "co20"));
	assert_false(counts(&other, &record, "eeco01")); /* ESF+ begins in 2021 */
	record.value[FIELD_entry_date] = day(2018, 5, 4);
	assert_false(counts(&other, &record, "co07"));
	record.value[FIELD_exit_date] = day(2018, 12, 1);
	record.value[FIELD_disability] = code("tri", "yes");
	record.value[FIELD_works_type] = code("works_type", "subsidised");
	assert_true(counts(&other, &record, "cr04"));
	assert_true(counts(&other, &record, "cr05"));
	assert_false(counts(&other, &record, "cr01"));
	record.value[FIELD_disability] = code("tri", "declined");
	assert_false(counts(&other, &record, "cr05"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_record_contributes_nothing),
		cmocka_unit_test(each_kind_is_dated_by_its_own_field),
		cmocka_unit_test(five_spells_of_one_person_are_one_person),
		cmocka_unit_test(an_exit_counts_from_its_date_once_its_outcome_is_complete),
		cmocka_unit_test(an_incomplete_exit_waits_its_28_days_and_no_longer),
		cmocka_unit_test(work_or_studies_come_before_af_and_the_rest_is_other),
		cmocka_unit_test(a_misregistered_record_gives_nothing),
		cmocka_unit_test(an_answer_counts_as_an_answer_and_as_nothing_else),
		cmocka_unit_test(a_code_counts_only_while_it_is_valid),
		cmocka_unit_test(a_measure_counts_only_events_within_its_span),
		cmocka_unit_test(a_condition_on_no_field_of_codes_is_refused_by_name),
		cmocka_unit_test(another_programme_counts_by_its_own_codes),
		cmocka_unit_test(all_tests_of_a_line_hold_and_not_needs_a_value),
		cmocka_unit_test(an_indicator_counts_complete_records_only),
		cmocka_unit_test(an_age_is_that_of_the_day),
		cmocka_unit_test(a_set_holds_several_codes_and_what_is_no_figure_is_never_counted),
		cmocka_unit_test(a_record_falls_in_one_group_of_a_variable),
		cmocka_unit_test(the_indicators_of_mia_follow_the_regulation),
	};

	return cmocka_run_group_tests(tests, read_mia, forget_mia);
}
