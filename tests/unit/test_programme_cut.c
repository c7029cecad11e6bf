#include "proto/programme_cut.h"

#include "lib/own.h"
#include "proto/programme_find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

static struct programme *second;

static int read_second(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_int_equal(programme_open(SECOND_PROGRAMME, NULL, &second, &fault), 0);
	return 0;
}

static int forget_second(void **state)
{
	(void)state;
	programme_free(&second);
	return 0;
}

#define refused(slips) fixture_refused(SECOND_PROGRAMME, (slips), array_n(slips))
#define taken(slips) fixture_taken(SECOND_PROGRAMME, (slips), array_n(slips))

static const struct programme_variable *variable_of(const char *id)
{
	const int index = programme_variable_index(second, id);

	assert_true(index >= 0);
	return &second->variables[index];
}

static void every_coded_field_is_a_variable_of_its_codes(void **state)
{
	const struct programme_variable *sex = variable_of("sex"), *hard = variable_of("barrier");

	(void)state;
	assert_int_equal(sex->shape, SHAPE_CODE);
	assert_int_equal(sex->groups_n, 4);
	assert_false(sex->has_groups);
	assert_int_equal(programme_group_by_id(sex, "nonbinary")->number, 7);
	assert_int_equal(programme_group(sex, 7)->codes[0], 7);
	assert_int_equal(sex->unknown_n, 1);
	assert_int_equal(sex->unknown[0], 9);
	assert_int_equal(hard->shape, SHAPE_SET);
	assert_int_equal(hard->unknown_n, 0);
	assert_string_equal(hard->label.sv, "Svårt");
	assert_int_equal(programme_variable_index(second, "entry_date"), -1);
	assert_true(variable_of("migrant")->is_sensitive);
}

static void time_between_dates_and_numbers_are_cut_into_ranges(void **state)
{
	const struct programme_variable *age = variable_of("age"), *home = variable_of("home");

	(void)state;
	assert_int_equal(age->shape, SHAPE_LAPSE);
	assert_int_equal(age->unit, LAPSE_YEARS);
	assert_string_equal(age->field, "birth_date");
	assert_string_equal(age->until, "entry_date");
	assert_int_equal(age->groups[0].high, 19);
	assert_int_equal(age->groups[0].low, INT32_MIN + 1);
	assert_int_equal(age->groups[1].low, 20);
	assert_int_equal(age->groups[1].high, INT32_MAX);
	assert_int_equal(home->shape, SHAPE_NUMBER);
	assert_int_equal(home->groups[0].low, 0);
	assert_int_equal(home->groups[0].high, 0);
	assert_int_equal(home->groups[1].high, 5);
}

static void the_cells_of_a_measure_are_a_variable_too(void **state)
{
	const struct programme_variable *where = variable_of("where_to");

	(void)state;
	assert_int_equal(where->shape, SHAPE_CELLS);
	assert_string_equal(where->measure, "gone");
	assert_int_equal(where->groups_n, 3);
	assert_string_equal(where->groups[1].id, "earning");
}

static void a_rule_joins_tests_and_says_not(void **state)
{
	const struct programme_measure *gone =
		&second->measures[programme_measure_index(second, "gone")];
	const struct programme_rule *rule = &gone->cells[1].rules[1];

	(void)state;
	assert_int_equal(gone->cells[1].rules_n, 2);
	assert_int_equal(rule->tests_n, 2);
	assert_string_equal(second->variables[rule->tests[0].variable].id, "works_type");
	assert_int_equal(rule->tests[0].groups_n, 2);
	assert_false(rule->tests[0].is_not);
	assert_true(rule->tests[1].is_not);
	assert_int_equal(rule->tests[1].groups[0], 55);
}

static void packs_indicators_and_checks_are_read(void **state)
{
	const struct programme_pack *pack = &second->packs[0];
	const struct programme_indicator *u3 =
		&second->indicators[programme_indicator_index(second, "u3")];

	(void)state;
	assert_int_equal(programme_pack_index(second, "region"), 0);
	assert_int_equal(pack->complete_n, 3);
	assert_string_equal(second->variables[pack->by].id, "sex");
	assert_int_equal(pack->cadence, CADENCE_QUARTER);
	assert_int_equal(pack->checks_n, 4);
	assert_false(pack->checks[0].is_equal);
	assert_true(pack->checks[1].is_equal);
	assert_string_equal(pack->checks[1].text, "u2 + u3 = complete");
	assert_int_equal(pack->checks[1].left_n, 2);
	assert_int_equal(pack->checks[1].right[0].type, TERM_COMPLETE);
	assert_int_equal(pack->checks[3].right[0].type, TERM_TOTAL);
	assert_int_equal(second->indicators[pack->checks[1].left[1].indicator].number, 3);
	assert_int_equal(u3->status, STATUS_COUNTED);
	assert_true(u3->rules[0].tests[0].is_not);
	assert_int_equal(second->indicators[5].status, STATUS_ENTITY);
	assert_string_equal(u3->source, "Region Skåne 2021/88");
}

static void tables_questions_goals_and_policy_are_read(void **state)
{
	const struct programme_table *age =
		&second->tables[programme_table_index(second, "mentored_age")];
	const struct programme_table *hard = &second->tables[programme_table_index(second, "hard")];
	const struct programme_question *pets =
		programme_question(second, programme_site_index(second, "lund"), 1);

	(void)state;
	assert_int_equal(age->scope, SCOPE_SITE);
	assert_int_equal(age->small, CADENCE_YEAR);
	assert_int_equal(age->dims_n, 1);
	assert_int_equal(hard->scope, SCOPE_COUNTY);
	assert_int_equal(hard->max_codes, 3);
	assert_int_equal(hard->epsilon, 1500);
	assert_string_equal(pets->list, "pet");
	assert_string_equal(pets->aliases[0], "djur");
	assert_null(programme_question(second, 0, 1));
	assert_true(second->goals[0].has_second);
	assert_string_equal(second->measures[second->goals[0].second].id, "mentored");
	assert_false(second->goals[1].has_second);
	assert_int_equal(second->policy.epsilon_year, 3000);
	assert_int_equal(second->policy.collude, 1);
	assert_true(second->sites[1].is_small);
	assert_false(second->sites[0].is_small);
}

static void slips_in_variables_are_named(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[variable age]", "birth_date to", "birthdate to", "P014",
		 "did you mean \"birth_date\""},
		{"[variable age]", "in years", "in year", "P014", "did you mean \"years\""},
		{"[variable age]", "birth_date to entry_date in years", "birth_date to entry_date",
		 "P006", "is not like"},
		{"[variable age]", "birth_date to", "sex to", "P014", "is no date"},
		{"[variable age]", "| ..19", "| ..", "P007", "is not a range"},
		{"[variable age]", "| ..19", "| 19..15", "P009", "ends before"},
		{"[variable age]", "| ..19", "| ..20", "P029", "in common"},
		{"[variable age]", "2 | twenties", "1 | twenties", "P013", "1 teens"},
		{"[variable age]", "2 | twenties", "2 | teens", "P012", "teens"},
		{"[variable age]", "| ..19", "| ..18", "P029", "leaves out what comes after 18"},
		{"[variable age]",
		 "group = 1 | teens | 15-19 år | 15-19 | ..19\ngroup = 2 | "
		 "twenties | 20-29 år | 20-29 | 20..\n",
		 "", "P004", "needs its groups"},
		{"[variable home]", "of = months_unemployed",
		 "of = months_unemployed\nunknown = no", "P006", "no codes"},
		{"[variable sex]", "unknown = unknown", "unknown = unknwn", "P014", "unknwn"},
		{"[variable sex]", "of = sex", "of = sex\ngroup = 1 | girls | a | b | woman",
		 "P012", "without groups"},
		{"[variable sex]", "of = sex", "of = education", "P012", "without groups"},
		{"[variable migrant]", "sensitive = yes", "sensitive = maybe", "P014", "maybe"},
		{"[variable where_to]", "cells of gone", "cells of gon", "P014",
		 "did you mean \"gone\""},
		{"[field months_unemployed]", "en = Months at home",
		 "en = Months at home\nset = yes", "P004", "of no list"},
	};

	(void)state;
	refused(slips);
}

static void slips_in_rules_are_named(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[measure gone]", "exit_reason is not drifted", "exit_reason is not drftd", "P014",
		 "did you mean \"drifted\""},
		{"[measure gone]", "and exit_reason", "and exitreason", "P014",
		 "did you mean \"exit_reason\""},
		{"[measure gone]", "and exit_reason is", "and exit_reason =", "P006",
		 "is not like"},
		{"[measure gone]", "is not drifted", "is not drifted, drifted", "P003", "twice"},
		{"[measure mentored]", "home is long", "home is 7", "P014", "group of home"},
		{"[measure mentored]", "home is long", "entry_date is long", "P014",
		 "make a variable of it"},
		{"[indicator u1]", "age is teens", "where_to is lost", "P006",
		 "write what they test"},
		{"[table mentored_age]",
		 "kind = entered\nscope = site\ncadence = quarter\ndims = age",
		 "kind = entered\nscope = site\ncadence = quarter\ndims = where_to", "P006",
		 "divides left, and not entered"},
	};

	(void)state;
	refused(slips);
}

static void slips_in_packs_are_named(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[pack region]", "u1 <= u2", "u1 < u2", "P041", "neither"},
		{"[pack region]", "u1 <= u2", "u1 <= u9", "P014", "indicator of this pack"},
		{"[pack region]", "u1 <= u2", "complete <= total", "P041", "what indicators"},
		{"[pack region]", "u2 + u3 = complete", "u2 + u4 = complete", "P041",
		 "what event complete"},
		{"[pack region]", "sex, labour, age", "sex, sex", "P003", "twice"},
		{"[pack region]", "by = sex", "by = sexx", "P014", "did you mean \"sex\""},
		{"[indicator u2]", "number = 2", "number = 1", "P013", "u1"},
		{"[indicator u2]", "pack = region", "pack = regions", "P014",
		 "did you mean \"region\""},
		{"[indicator u2]", "status = counted", "status = sampled", "P006", "no when"},
		{"[table mentored_age]", "number = 31", "number = 21", "P013", "found"},
		{"[table hard]", "number = 41", "number = 31", "P013", "mentored_age"},
		{"[goal learning]", "second_base = mentored", "second_base = mentor", "P014",
		 "did you mean"},
		{"[goal young]", "per_mille = 0", "per_mille = 0\nsecond_base = gone", "P022",
		 "no base"},
	};

	(void)state;
	refused(slips);
}

static void a_question_keeps_its_slot_and_its_words_to_itself(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[question plays]", "site = malmo\nlist = yesno\nslot = 3",
		 "site = lund\nlist = yesno\nslot = 1", "P042", "pets's for ever"},
		{"[question pets]", "slot = 1", "slot = 9", "P007", "1 to 8"},
		{"[question pets]", "list = pet", "list = pets", "P014", "did you mean \"pet\""},
		{"[question pets]", "site = lund", "site = lunds", "P014", "did you mean \"lund\""},
		{"[question pets]", "alias = djur", "alias = kön", "P015", "kön"},
		{"[field months_unemployed]", "[field",
		 "[field question_2]\nsv = a\nen = b\n[field", "P042", "own questions"},
	};
	static const struct fixture_slip fine[] = {
		/* at another site the same slot and words are free */
		{"[question plays]", "slot = 3", "slot = 1", "", ""},
		{"[question plays]", "slot = 3", "slot = 3\nalias = djur", "", ""},
	};

	(void)state;
	refused(slips);
	taken(fine);
}

static void codes_that_rules_name_are_there_with_their_numbers(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[list consent]", "2 | refused", "2 | declined", "P040", "code refused"},
		{"[list consent]", "3 | withdrawn", "4 | withdrawn", "P040", "number 3"},
		{"[list sex]", "1 | woman", "3 | woman", "P040", "number 1"},
		{"[list exit_reason]", "77 | misregistered", "77 | wrong", "P040", "misregistered"},
		{"[field protected]", "list = yesno\n", "", "P040", "a list with the code no"},
	};

	(void)state;
	refused(slips);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_coded_field_is_a_variable_of_its_codes),
		cmocka_unit_test(time_between_dates_and_numbers_are_cut_into_ranges),
		cmocka_unit_test(the_cells_of_a_measure_are_a_variable_too),
		cmocka_unit_test(a_rule_joins_tests_and_says_not),
		cmocka_unit_test(packs_indicators_and_checks_are_read),
		cmocka_unit_test(tables_questions_goals_and_policy_are_read),
		cmocka_unit_test(slips_in_variables_are_named),
		cmocka_unit_test(slips_in_rules_are_named),
		cmocka_unit_test(slips_in_packs_are_named),
		cmocka_unit_test(a_question_keeps_its_slot_and_its_words_to_itself),
		cmocka_unit_test(codes_that_rules_name_are_there_with_their_numbers),
	};

	return cmocka_run_group_tests(tests, read_second, forget_second);
}
