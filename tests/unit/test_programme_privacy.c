#include "proto/programme_privacy.h"

#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

#define refused(slips) fixture_refused(SECOND_PROGRAMME, (slips), array_n(slips))
#define taken(slips) fixture_taken(SECOND_PROGRAMME, (slips), array_n(slips))
#define LANE_B_TABLE                                                                               \
	"[table added]\nnumber = 90\nsv = t\nen = t\nscope = site\ncadence = year\nkind = "

static void a_table_of_a_site_is_no_finer_than_a_quarter_and_of_two_variables_a_year(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table mentored_age]", "quarter", "month", "P027", "every quarter"},
		{"[table mentored_sex_age]", "year", "quarter", "P027", "once a year"},
		{"[table hard]", "year", "month", "P027", "every quarter"},
		{"[pack region]", "cadence = quarter", "cadence = month", "P027", "every quarter"},
		{"[table mentored_age]", "quarter", "week", "P018", "finer than a month"},
		{"[table mentored_age]", "dims", "small = month\ndims", "P027",
		 "at small sites than at others"},
	};

	(void)state;
	refused(slips);
}

static void a_variable_of_a_sites_table_has_at_most_six_rows(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table mentored_age]", "kind = entered", "kind = left", "", ""},
	};
	static const struct fixture_slip seven[] = {
		{"[variable age]", "group = 2 | twenties | 20-29 år | 20-29 | 20..",
		 "group = 2 | a | a | a | 20\ngroup = 3 | b | b | b | 21\ngroup = 4 | c | c | c | "
		 "22\ngroup = 5 | d | d | d | 23\ngroup = 6 | e | e | e | 24\ngroup = 7 | f | f | "
		 "f | 25..",
		 "P028", "7 rows"},
		{"[table mentored_age]", "dims = age", "dims = municipality", "", ""},
	};

	(void)state;
	fixture_taken(SECOND_PROGRAMME, slips, 1);
	fixture_refused(SECOND_PROGRAMME, seven, 1);
	/* Nine municipalities in all, but at most three at one site. */
	fixture_taken(SECOND_PROGRAMME, seven + 1, 1);
}

static void a_site_shows_the_main_code_of_a_set_only(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table mentored_age]", "dims = age", "dims = barrier", "P035", "several codes"},
		{"[table hard]", "max_codes = 3\n", "", "P036", "how many codes"},
		{"[table new_in_sweden]", "epsilon", "max_codes = 2\nepsilon", "P006",
		 "no variable of several codes"},
	};

	(void)state;
	refused(slips);
}

static void tables_of_two_variables_make_a_star_or_none(void **state)
{
	static const struct fixture_slip slips[] = {
		/* sex-age, age-education: a path, and with sex-labour of u2 a longer one */
		{"[table gone_where]", "[table gone_where]",
		 LANE_B_TABLE "entered\ndims = age, education\n[table gone_where]", "P030",
		 "one variable in common"},
		/* a ring with sex-age and, by the indicators, sex-labour */
		{"[table gone_where]", "[table gone_where]",
		 LANE_B_TABLE "entered\ndims = labour, age\n[table gone_where]", "P030",
		 "one variable in common"},
	};
	/* what the cells of gone test is cut by sex already */
	static const struct fixture_slip cells[] = {
		{"[table hard]", "[table hard]",
		 "[variable reason2]\nsv = r\nen = r\nof = exit_reason\nunknown = "
		 "misregistered\ngroup = 1 | a | a | a | backtoschool, folkhigh, job, "
		 "service\ngroup = 2 | b | b | b | drifted, age\n" LANE_B_TABLE
		 "left\ndims = reason2, months\n[table hard]",
		 "P030", "one variable in common"},
	};
	static const struct fixture_slip fine[] = {
		{"[table gone_where]", "[table gone_where]",
		 LANE_B_TABLE "entered\ndims = sex, education\n[table gone_where]", "", ""},
		/* other variables altogether */
		{"[table gone_where]", "[table gone_where]",
		 LANE_B_TABLE "entered\ndims = home, education\n[table gone_where]", "", ""},
		/* another kind is another family */
		{"[table gone_where]", "[table gone_where]",
		 LANE_B_TABLE "followed_up\ndims = home, education\n[table gone_where]", "", ""},
		/* another year too */
		{"[table gone_where]", "kind = left\n",
		 "kind = left\nvalid = ..2022-12-31\n" /* sex, where_to */, "", ""},
	};

	(void)state;
	refused(slips);
	refused(cells);
	taken(fine);
}

static void two_variables_are_in_one_lane_of_a_year(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table new_in_sweden]", "dims = migrant, education", "dims = age, sex", "P031",
		 "mentored_sex_age"},
		/* a filter is a dimension */
		{"[table new_in_sweden]", "dims = migrant, education",
		 "where = sex is woman\ndims = age", "P031", "mentored_sex_age"},
		/* another cut of the same fields is the same people */
		{"[table new_in_sweden]", "dims = migrant, education", "dims = labour, sex", "P031",
		 "show the same two variables"},
		{"[table new_in_sweden]",
		 "kind = entered\nscope = county\ncadence = year\ndims = "
		 "migrant, education",
		 "kind = left\nscope = county\ncadence = year\ndims = where_to, sex", "P031",
		 "gone_where"},
	};
	static const struct fixture_slip fine[] = {
		{"[table new_in_sweden]",
		 "kind = entered\nscope = county\ncadence = year\ndims = "
		 "migrant, education",
		 "kind = left\nscope = county\ncadence = year\ndims = age, sex", "", ""},
	};

	(void)state;
	refused(slips);
	taken(fine);
}

static void indicators_are_cut_by_a_variable_once_a_year(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[pack region]", "by = sex | year", "by = sex | quarter", "P032", "once a year"},
		{"[pack region]", "by = sex | year", "by = sex | month", "P032", "once a year"},
	};

	(void)state;
	refused(slips);
}

static void cuts_change_at_a_years_start(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table mentored_age]", "dims", "valid = 2023-02-01..\ndims", "P033",
		 "within a year"},
		{"[table mentored_age]", "dims", "valid = ..2023-11-30\ndims", "P033",
		 "within a year"},
		{"[list education]", "upper_done | Klar med gymnasium | Finished upper secondary",
		 "upper_done | Klar | Finished | 2023-08-01..", "P033", "upper_done"},
		{"[variable age]", "of =", "valid = 2022-07-01..\nof =", "P033", "age"},
		{"[indicator u1]", "source", "valid = 2023-07-01..\nsource", "P033", "u1"},
	};
	static const struct fixture_slip fine[] = {
		{"[table mentored_age]", "dims", "valid = 2023-01-01..2024-12-31\ndims", "", ""},
		{"[table mentored_age]", "dims", "valid = 2022-01-01..2025-06-30\ndims", "", ""},
		/* not collected from then on */
		{"[indicator u1]", "source", "released = ..2023-07-15\nsource", "", ""},
		/* a site that gains a municipality has nobody of it before */
		{"[table mentored_age]", "dims = age", "dims = municipality", "", ""},
	};

	(void)state;
	refused(slips);
	taken(fine);
}

static void a_county_table_has_an_epsilon_and_the_year_has_an_end_of_it(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table hard]", "epsilon = 1500\n", "", "P034", "no epsilon"},
		{"[table hard]", "epsilon = 1500", "epsilon = 3001", "P034", "3001"},
		{"[table hard]", "epsilon = 1500", "epsilon = 1501", "P034", "add up to 3001"},
		{"[policy]", "epsilon_year = 3000\n", "", "P034", "of 0"},
		/* a person can begin an activity every quarter */
		{"[table hard]",
		 "kind = entered\nscope = county\ncadence = year\ndims = barrier\nmax_codes = 3\n"
		 "epsilon = 1500",
		 "kind = spell_started\nscope = county\ncadence = quarter\ndims = activity\n"
		 "epsilon = 376",
		 "P034", "add up to 3004"},
		{"[table mentored_age]", "dims = age", "dims = age\nepsilon = 1", "P006",
		 "no noise"},
	};

	(void)state;
	refused(slips);
}

static void a_county_table_needs_enough_sites(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[policy]", "collude = 1", "collude = 3", "P043", "5 sites"},
		{"[site kristianstad]", "valid = 2022-01-01..2025-12-31",
		 "valid = 2023-01-01..2025-12-31", "", ""},
	};

	(void)state;
	fixture_refused(SECOND_PROGRAMME, slips, 1);
	fixture_taken(SECOND_PROGRAMME, slips + 1, 1);
}

static void hours_and_spells_leave_as_persons(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[measure begun]", "kind = spell_started", "kind = hours", "P037", "no headline"},
		{"[measure begun]", "unit = person", "unit = event", "P038", "five spells"},
	};

	(void)state;
	refused(slips);
}

static void a_filter_is_a_dimension_when_the_whole_is_shown(void **state)
{
	static const struct fixture_slip slips[] = {
		{"[table mentored_age]", "dims = age", "dims = age\nwhere = labour is neet", "P039",
		 "mentored is not"},
		{"[table mentored_age]", "dims = age",
		 "dims = age\nwhere = age is teens and sex is woman", "P039", "filtered by sex"},
	};
	static const struct fixture_slip fine[] = {
		{"[table mentored_age]", "dims = age", "dims = age\nwhere = age is teens", "", ""},
		/* nothing else is shown of those who declined */
		{"[table mentored_age]",
		 "kind = entered\nscope = site\ncadence = quarter\ndims = age",
		 "kind = declined\nscope = site\ncadence = quarter\ndims = age\nwhere = labour is "
		 "neet",
		 "", ""},
		/* noise guards the county's */
		{"[table new_in_sweden]", "dims", "where = labour is neet\ndims", "", ""},
	};

	(void)state;
	refused(slips);
	taken(fine);
}

static void what_is_confidential_says_so_and_names_the_rule(void **state)
{
	static const char *const codes[] = {"P027", "P028", "P030", "P031", "P032", "P033", "P034",
					    "P035", "P036", "P037", "P038", "P039", "P043"};

	(void)state;
	for (size_t i = 0; i < array_n(codes); i++) {
		const struct error_row *row = error_find(codes[i]);

		assert_int_equal(row->exit, EXIT_CONFIDENTIAL);
		assert_non_null(strstr(row->remedy_en, "3-privacy 3."));
		assert_non_null(strstr(row->remedy_sv, "3-privacy 3."));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_table_of_a_site_is_no_finer_than_a_quarter_and_of_two_variables_a_year),
		cmocka_unit_test(a_variable_of_a_sites_table_has_at_most_six_rows),
		cmocka_unit_test(a_site_shows_the_main_code_of_a_set_only),
		cmocka_unit_test(tables_of_two_variables_make_a_star_or_none),
		cmocka_unit_test(two_variables_are_in_one_lane_of_a_year),
		cmocka_unit_test(indicators_are_cut_by_a_variable_once_a_year),
		cmocka_unit_test(cuts_change_at_a_years_start),
		cmocka_unit_test(a_county_table_has_an_epsilon_and_the_year_has_an_end_of_it),
		cmocka_unit_test(a_county_table_needs_enough_sites),
		cmocka_unit_test(hours_and_spells_leave_as_persons),
		cmocka_unit_test(a_filter_is_a_dimension_when_the_whole_is_shown),
		cmocka_unit_test(what_is_confidential_says_so_and_names_the_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
