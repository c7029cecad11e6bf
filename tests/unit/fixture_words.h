/* A programme with a list, variables and a partition, for what is said in words. */
#ifndef MIA_TESTS_FIXTURE_WORDS_H
#define MIA_TESTS_FIXTURE_WORDS_H

#include "tests/unit/fixture_county.h"

enum { REASON, AGE };
enum { WORK_CODE = 1, STUDIES_CODE = 2, OTHER_CODE = 9 };

static const struct programme_code reason_codes[] = {
	{WORK_CODE, "work", {"Arbete", "Work"}, {INT32_MIN, INT32_MAX}},
	{STUDIES_CODE, "studies", {"Studier", "Studies"}, {INT32_MIN, DAY_2018 + 30}},
	{OTHER_CODE, "other", {"Annat", "Other"}, {INT32_MIN, INT32_MAX}},
};
static const struct programme_list word_lists[] = {
	{.id = "reason",
	 .label = {"Orsak", "Reason"},
	 .codes = reason_codes,
	 .codes_n = array_n(reason_codes)},
};
static const uint16_t work_codes[] = {WORK_CODE, STUDIES_CODE};
static const struct programme_group reason_groups[] = {
	{1, "out", {"Ut i arbete", "Out to work"}, {INT32_MIN, INT32_MAX}, work_codes, 2, 0, 0},
};
static const struct programme_group age_groups[] = {
	{1, "young", {"Ung", "Young"}, {INT32_MIN, INT32_MAX}, NULL, 0, 16, 24},
	{2, "older", {"Äldre", "Older"}, {INT32_MIN, INT32_MAX}, NULL, 0, 25, INT32_MAX},
};
static const struct programme_variable word_variables[] = {
	[REASON] = {.id = "destination",
		    .label = {"Mål", "Destination"},
		    .shape = SHAPE_CODE,
		    .field = "exit_reason",
		    .list = "reason",
		    .groups = reason_groups,
		    .groups_n = 1,
		    .has_groups = true,
		    .span = {INT32_MIN, INT32_MAX}},
	[AGE] = {.id = "age",
		 .label = {"Ålder", "Age"},
		 .shape = SHAPE_LAPSE,
		 .field = "birth_date",
		 .until = "entry_date",
		 .unit = LAPSE_YEARS,
		 .groups = age_groups,
		 .groups_n = 2,
		 .has_groups = true,
		 .span = {DAY_2018, INT32_MAX}},
};
static const uint16_t first_group[] = {1}, both_groups[] = {1, 2};
static const struct programme_test out_test[] = {{REASON, false, first_group, 1}};
static const struct programme_test young_tests[] = {{AGE, true, both_groups, 2},
						    {REASON, false, first_group, 1}};
static const struct programme_rule out_rules[] = {{out_test, 1}, {young_tests, 2}};
static const struct programme_cell word_cells[] = {
	{.id = "work", .label = {"Arbete", "Work"}, .rules = out_rules, .rules_n = 2},
	{.id = "rest", .label = {"Övriga", "Others"}},
};
static const struct programme_measure word_measures[] = {
	{.number = 3,
	 .id = "left",
	 .label = {"Avslutade", "Left"},
	 .kind = KIND_LEFT,
	 .cadence = CADENCE_MONTH,
	 .span = {DAY_2018, INT32_MAX},
	 .cells = word_cells,
	 .cells_n = 2},
	{.number = 2,
	 .id = "entered",
	 .label = {"Inskrivna", "Entered"},
	 .kind = KIND_ENTERED,
	 .cadence = CADENCE_MONTH,
	 .span = {INT32_MIN, INT32_MAX},
	 .cells = total_cell,
	 .cells_n = 1},
};
static const struct programme_goal word_goals[] = {
	{.id = "work",
	 .label = {"Till arbete", "To work"},
	 .measure = 0,
	 .cells = 1,
	 .base = 0,
	 .per_mille = 305},
};

static inline struct programme words_programme(void)
{
	struct programme programme = fixture_programme;

	programme.lists = word_lists;
	programme.lists_n = array_n(word_lists);
	programme.variables = word_variables;
	programme.variables_n = array_n(word_variables);
	programme.measures = word_measures;
	programme.measures_n = array_n(word_measures);
	programme.goals = word_goals;
	programme.goals_n = array_n(word_goals);
	return programme;
}

#endif
