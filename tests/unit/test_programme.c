/* The facts of 2-domain as proto/programme/mia.ini states them, through the look-ups. */
#include "proto/programme.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/period.h"
#include "proto/programme_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MIA "proto/programme/mia.ini"

static struct programme *mia;

static int open_mia(void **state)
{
	struct fault fault = {0};
	int error = programme_open(MIA, NULL, &mia, &fault);

	(void)state;
	if (error != 0)
		print_error("%s: %s %s\n", fault.place, fault.code, fault.reason);
	return error;
}

static int close_mia(void **state)
{
	(void)state;
	programme_free(&mia);
	return 0;
}

static uint32_t month(uint32_t year, uint32_t number)
{
	return year * 12 + number - 1;
}

static const struct programme_site *site(const char *id)
{
	int index = programme_site_index(mia, id);

	assert_true(index >= 0);
	return &mia->sites[index];
}

static size_t sites_in(uint32_t period)
{
	size_t n = 0;

	for (size_t i = 0; i < mia->sites_n; i++)
		n += programme_site_takes_part(&mia->sites[i], period);
	return n;
}

static void the_head_is_that_of_mia(void **state)
{
	(void)state;
	assert_string_equal(mia->id, "mia");
	assert_string_equal(mia->case_number, "2016/00403");
	assert_int_equal(mia->age_min, 16);
	assert_int_equal(mia->age_max, 64);
	assert_int_equal(mia->operation.from, date_from_civil(2017, 4, 1));
	assert_int_equal(mia->operation.to, date_from_civil(2020, 12, 31));
	assert_int_equal(mia->policy.k, 5);
	assert_int_equal(mia->policy.cutoff_days, 10);
	assert_int_equal(mia->policy.on_time_days, 28);
	assert_int_equal(mia->policy.outcome_days, 28);
	assert_int_equal(mia->policy.send_spread_s, 600);
}

static void six_sites_in_2017_and_eight_from_june_2020(void **state)
{
	(void)state;
	assert_int_equal(sites_in(month(2017, 3)), 0);
	assert_int_equal(sites_in(month(2017, 4)), 6);
	assert_int_equal(sites_in(month(2020, 5)), 6);
	assert_int_equal(sites_in(month(2020, 6)), 8);
	assert_int_equal(sites_in(month(2021, 8)), 8);
	assert_int_equal(sites_in(month(2021, 9)), 0);
	assert_int_equal(programme_site_index(mia, "hub"), -1);
}

static void ostra_sodertorns_target_steps_from_700_to_650_in_july_2018(void **state)
{
	const struct programme_site *ostra = site("ostra-sodertorn");
	uint32_t persons = 0;

	(void)state;
	assert_true(programme_target_on(ostra->targets, ostra->targets_n,
					date_from_civil(2018, 6, 30), &persons));
	assert_int_equal(persons, 700);
	assert_true(programme_target_on(ostra->targets, ostra->targets_n,
					date_from_civil(2018, 7, 1), &persons));
	assert_int_equal(persons, 650);
	assert_false(programme_target_on(ostra->targets, ostra->targets_n,
					 date_from_civil(2017, 3, 31), &persons));
	assert_int_equal(persons, 650);
}

static void the_county_has_its_own_target_and_the_last_two_sites_none(void **state)
{
	static const struct {
		const char *id;
		uint32_t persons;
	} targets[] = {{"sodertalje", 533},
		       {"hbs", 480},
		       {"varna", 180},
		       {"stockholms-stad", 400},
		       {"sodra-roslagen", 207}};
	uint32_t persons = 0;

	(void)state;
	assert_true(programme_target_on(mia->targets, mia->targets_n, date_from_civil(2019, 1, 1),
					&persons));
	assert_int_equal(persons, 2500);
	for (size_t i = 0; i < array_n(targets); i++) {
		const struct programme_site *one = site(targets[i].id);

		assert_true(programme_target_on(one->targets, one->targets_n,
						date_from_civil(2019, 1, 1), &persons));
		assert_int_equal(persons, targets[i].persons);
	}
	assert_int_equal(site("suv")->targets_n, 0);
	assert_int_equal(site("samsund")->targets_n, 0);
}

static size_t municipalities_on(const struct programme_site *one, int32_t day)
{
	size_t n = 0;

	for (size_t i = 0; i < one->municipalities_n; i++)
		n += programme_holds(one->municipalities[i].span, day);
	return n;
}

static void sodra_roslagen_gains_four_municipalities_in_october_2019(void **state)
{
	const struct programme_site *one = site("sodra-roslagen");

	(void)state;
	assert_int_equal(municipalities_on(one, date_from_civil(2019, 9, 30)), 2);
	assert_int_equal(municipalities_on(one, date_from_civil(2019, 10, 1)), 6);
}

static void hbs_alone_has_an_age_rule_of_its_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < mia->sites_n; i++) {
		bool is_hbs = strcmp(mia->sites[i].id, "hbs") == 0;

		assert_int_equal(mia->sites[i].age_min, is_hbs ? 18 : 16);
		assert_int_equal(mia->sites[i].age_max, is_hbs ? 55 : 64);
	}
}

static void the_municipalities_make_a_list_that_knows_the_lost_zero(void **state)
{
	const struct programme_list *list = programme_list(mia, "municipality");

	(void)state;
	assert_non_null(list);
	assert_int_equal(list->codes_n, 21);
	assert_string_equal(programme_code(list, 136)->id, "0136");
	assert_int_equal(programme_code_by_word(list, "0136")->number, 136);
	assert_int_equal(programme_code_by_word(list, "136")->number, 136);
	assert_int_equal(programme_code_by_word(list, " haninge ")->number, 136);
	assert_null(programme_code_by_word(list, "1480"));
}

static void every_list_of_the_design_is_there_with_all_its_codes(void **state)
{
	static const struct {
		const char *id;
		size_t codes_n;
	} lists[] = {
		{"sex", 4},
		{"education", 10},
		{"labour", 8},
		{"income", 13},
		{"support_time", 8},
		{"referrer", 8},
		{"priority", 7},
		{"barrier", 8},
		{"activity", 17},
		{"exit_reason", 16},
		{"works_type", 4},
		{"works_extent", 6},
		{"studies_kind", 6},
		{"tri", 4},
		{"yesno", 2},
		{"step", 5},
		{"followup_outcome", 5},
		{"likert", 7},
		{"consent", 3},
		{"deviation", 11},
		{"household", 4},
	};

	(void)state;
	for (size_t i = 0; i < array_n(lists); i++) {
		const struct programme_list *list = programme_list(mia, lists[i].id);

		assert_non_null(list);
		assert_int_equal(list->codes_n, lists[i].codes_n);
	}
	assert_int_equal(mia->lists_n, array_n(lists) + 1);
	assert_null(programme_list(mia, "colour"));
}

static void a_code_is_found_by_its_number_and_by_any_of_its_words(void **state)
{
	const struct programme_list *sex = programme_list(mia, "sex");
	const struct programme_list *likert = programme_list(mia, "likert");
	static const char *const words[] = {"woman", "Kvinna", "KVINNA", " kvinna", "K", "Woman"};

	(void)state;
	for (size_t i = 0; i < array_n(words); i++)
		assert_ptr_equal(programme_code_by_word(sex, words[i]), programme_code(sex, 1));
	assert_null(programme_code_by_word(sex, "kvina"));
	assert_null(programme_code_by_word(sex, ""));
	assert_null(programme_code_by_word(sex, "\xff"));
	assert_null(programme_code(sex, 0));
	for (uint16_t digit = 1; digit <= 9; digit++) {
		char word[2] = {(char)('0' + digit), '\0'};

		assert_ptr_equal(programme_code_by_word(likert, word),
				 programme_code(likert, digit));
	}
	assert_null(programme_code(likert, 6));
}

static void other_sex_is_not_valid_before_the_next_pack(void **state)
{
	const struct programme_code *other =
		programme_code_by_word(programme_list(mia, "sex"), "other");

	(void)state;
	assert_false(programme_holds(other->span, date_from_civil(2020, 12, 31)));
	assert_true(programme_holds(other->span, date_from_civil(2021, 1, 1)));
	assert_true(programme_list(mia, "sex")->has_spans);
	assert_true(programme_list(mia, "municipality")->has_spans);
	assert_false(programme_list(mia, "education")->has_spans);
}

static void headlines_are_monthly_and_survey_answers_quarterly(void **state)
{
	static const char *const monthly[] = {"applied",        "entered",         "left",
					      "transferred_in", "transferred_out", "followed_up",
					      "spell_started"};
	const struct programme_measure *answered;

	(void)state;
	assert_int_equal(mia->measures_n, array_n(monthly) + 1);
	for (size_t i = 0; i < array_n(monthly); i++) {
		int index = programme_measure_index(mia, monthly[i]);

		assert_true(index >= 0);
		assert_int_equal(mia->measures[index].unit, UNIT_PERSON);
		assert_string_equal(programme_kind_name(mia->measures[index].kind), monthly[i]);
		for (uint32_t number = 1; number <= 12; number++)
			assert_true(programme_is_due(&mia->measures[index], month(2018, number)));
	}
	answered = &mia->measures[programme_measure_index(mia, "answered")];
	for (uint32_t number = 1; number <= 12; number++)
		assert_int_equal(programme_is_due(answered, month(2018, number)), number % 3 == 0);
	assert_int_equal(programme_measure_index(mia, "answerd"), -1);
	assert_int_equal(programme_measure_by_number(mia, answered->number),
			 programme_measure_index(mia, "answered"));
	assert_int_equal(programme_measure_by_number(mia, 999), -1);
}

static void left_is_a_partition_by_destination_with_the_rest_last(void **state)
{
	const struct programme_measure *left = &mia->measures[programme_measure_index(mia, "left")];
	const struct programme_test *test;

	(void)state;
	assert_int_equal(left->cells_n, 3);
	assert_string_equal(left->cells[0].id, "work_or_studies");
	assert_int_equal(left->cells[0].rules_n, 3);
	test = &left->cells[0].rules[0].tests[0];
	assert_string_equal(mia->variables[test->variable].id, "exit_reason");
	assert_int_equal(test->groups_n, 2);
	assert_int_equal(test->groups[0], 1);
	assert_int_equal(test->groups[1], 2);
	test = &left->cells[0].rules[1].tests[0];
	assert_string_equal(mia->variables[test->variable].id, "works_type");
	assert_int_equal(test->groups_n, 3);
	assert_string_equal(left->cells[1].id, "af");
	assert_int_equal(left->cells[1].rules_n, 2);
	assert_string_equal(left->cells[2].id, "other");
	assert_int_equal(left->cells[2].rules_n, 0);
}

static void the_four_goals_point_at_their_cells(void **state)
{
	static const struct {
		const char *id, *measure;
		uint32_t cells, base_cells;
		uint16_t per_mille;
	} goals[] = {
		{"work_or_studies", "left", 1, 7, 300},
		{"af", "left", 2, 7, 400},
		{"power", "answered", 1, 7, 600},
		{"participants", "entered", 1, 1, 0},
	};

	(void)state;
	assert_int_equal(mia->goals_n, array_n(goals));
	for (size_t i = 0; i < array_n(goals); i++) {
		const struct programme_goal *goal = &mia->goals[i];

		assert_string_equal(goal->id, goals[i].id);
		assert_string_equal(mia->measures[goal->measure].id, goals[i].measure);
		assert_int_equal(goal->base, goal->measure);
		assert_int_equal(goal->cells, goals[i].cells);
		assert_int_equal(goal->base_cells, goals[i].base_cells);
		assert_int_equal(goal->per_mille, goals[i].per_mille);
	}
}

static void labels_come_in_both_languages(void **state)
{
	const struct programme_label label = programme_code(programme_list(mia, "sex"), 2)->label;

	(void)state;
	assert_string_equal(programme_text(label, LANGUAGE_SV), "Man");
	assert_string_equal(programme_text(programme_list(mia, "sex")->label, LANGUAGE_SV),
			    "K\xc3\xb6n");
	assert_string_equal(programme_text(programme_list(mia, "sex")->label, LANGUAGE_EN), "Sex");
}

/* Every field of daemon/site/record.def, in its order, with the code list it has there; the places
 * of the sites' own questions are not the programme's. */
static void the_fields_are_those_of_a_record(void **state)
{
	static const struct {
		const char *id, *type, *list;
	} fields[] = {
#define FIELD(id, type, list, part) {#id, #type, list},
#include "daemon/site/record.def"
#undef FIELD
	};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < array_n(fields); i++) {
		const struct programme_field *field = &mia->fields[n];

		if (fields[i].list != NULL && fields[i].list[0] == '\0')
			continue;
		assert_in_range(n, 0, mia->fields_n - 1);
		assert_string_equal(field->id, fields[i].id);
		if (fields[i].list != NULL)
			assert_string_equal(field->list, fields[i].list);
		assert_int_equal(field->is_set, strcmp(fields[i].type, "SET") == 0);
		assert_true(field->aliases_n >= 2);
		n++;
	}
	assert_int_equal(mia->fields_n, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_is_that_of_mia),
		cmocka_unit_test(six_sites_in_2017_and_eight_from_june_2020),
		cmocka_unit_test(ostra_sodertorns_target_steps_from_700_to_650_in_july_2018),
		cmocka_unit_test(the_county_has_its_own_target_and_the_last_two_sites_none),
		cmocka_unit_test(sodra_roslagen_gains_four_municipalities_in_october_2019),
		cmocka_unit_test(hbs_alone_has_an_age_rule_of_its_own),
		cmocka_unit_test(the_municipalities_make_a_list_that_knows_the_lost_zero),
		cmocka_unit_test(every_list_of_the_design_is_there_with_all_its_codes),
		cmocka_unit_test(a_code_is_found_by_its_number_and_by_any_of_its_words),
		cmocka_unit_test(other_sex_is_not_valid_before_the_next_pack),
		cmocka_unit_test(headlines_are_monthly_and_survey_answers_quarterly),
		cmocka_unit_test(left_is_a_partition_by_destination_with_the_rest_last),
		cmocka_unit_test(the_four_goals_point_at_their_cells),
		cmocka_unit_test(labels_come_in_both_languages),
		cmocka_unit_test(the_fields_are_those_of_a_record),
	};

	return cmocka_run_group_tests(tests, open_mia, close_mia);
}
