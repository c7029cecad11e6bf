#include "proto/goals.h"

#include "lib/own.h"
#include "proto/coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REACHED "reached"
#define TO_GO "to_go"
#define PACE_MONTHS 12 /* how far back the pace is measured */

/* Of the states of two cells the one that their sum has. */
static enum cell_state worse(enum cell_state a, enum cell_state b)
{
	static const unsigned char rank[CELL_STATES_N] = {
		[CELL_VALUE] = 0,   [CELL_ZERO] = 0,       [CELL_NOT_COLLECTED] = 1,
		[CELL_MISSING] = 2, [CELL_SUPPRESSED] = 3,
	};

	return rank[a] >= rank[b] ? a : b;
}

/* The cells of a measure whose bits are set; no bit is all of them. */
static struct county_sum sum_of(const struct totals_table *table, struct period_range range,
				int measure, uint32_t cells)
{
	struct county_ask ask = table->coverage;
	struct county_sum sum = {0}, part;
	size_t n = table->programme->measures[measure].cells_n;

	ask.range = range;
	ask.measure = measure;
	if (cells == 0)
		county_sum(table->county, &ask, &sum);
	for (size_t c = 0; c < n; c++) {
		if ((cells >> c & 1) == 0)
			continue;
		ask.cell = (int)c;
		county_sum(table->county, &ask, &part);
		sum.state = worse(sum.state, part.state);
		sum.value += part.value;
	}
	sum.value = sum.state == CELL_VALUE ? sum.value : 0;
	return sum;
}

/* How it stands is an id for programs, which have the numbers in the cells before, and a sentence
 * for people. */
static void add_reached(struct sheet *sheet)
{
	sheet_add_code(sheet, REACHED, N_("✓ reached"), NULL);
}

static void add_unknown(struct sheet *sheet, enum cell_state state)
{
	switch (state) {
	case CELL_SUPPRESSED:
		sheet_add_code(sheet, "suppressed", N_("a part is not shown"), NULL);
		return;
	case CELL_MISSING:
		sheet_add_code(sheet, "missing", N_("not reported yet"), NULL);
		return;
	case CELL_NOT_COLLECTED:
		sheet_add_code(sheet, "not_collected", N_("not collected"), NULL);
		return;
	case CELL_VALUE:
	case CELL_ZERO:
		break;
	}
	sheet_add_code(sheet, "nothing_yet", N_("nothing to compare with yet"), NULL);
}

/* Per mille, half up: the one rounding rule (5-cli), so that share and what is to go agree. */
static int64_t per_mille_of(int64_t number, int64_t of)
{
	return (2000 * number + of) / (2 * of);
}

static void add_points_to_go(const struct totals_table *table, int64_t number, int64_t of,
			     int64_t per_mille)
{
	int64_t left = per_mille - per_mille_of(number, of);
	char points[24];

	if (number * 1000 >= per_mille * of) {
		add_reached(table->sheet);
		return;
	}
	(void)snprintf(points, sizeof(points), "%" PRId64 "%s%" PRId64, left > 0 ? left / 10 : 0,
		       table->ask->language == LANGUAGE_SV ? "," : ".", left > 0 ? left % 10 : 1);
	if (left > 0)
		sheet_add_code(table->sheet, TO_GO, N_("%1 points to go"), points, NULL);
	else
		sheet_add_code(table->sheet, TO_GO, N_("less than %1 points to go"), points, NULL);
}

/* The same number as a share of the goal's second base, where it has one. */
static void add_second(const struct totals_table *table, const struct programme_goal *goal,
		       const struct county_sum *number)
{
	struct county_sum second = {.state = CELL_NOT_COLLECTED};

	if (goal->has_second)
		second = sum_of(table, table->ask->range, goal->second, 0);
	if (number->state == CELL_VALUE && second.state == CELL_VALUE && second.value > 0)
		sheet_add_ratio(table->sheet, number->value, second.value, 0);
	else
		sheet_add_empty(table->sheet);
}

static void add_share_goal(const struct totals_table *table, const struct programme_goal *goal)
{
	struct period_range range = table->ask->range;
	struct county_sum number = sum_of(table, range, goal->measure, goal->cells);
	struct county_sum base = sum_of(table, range, goal->base, goal->base_cells);
	enum cell_state state = worse(number.state, base.state);
	bool is_known = state == CELL_VALUE && base.value > 0;

	coverage_add_sum(table->sheet, &number);
	coverage_add_sum(table->sheet, &base);
	if (is_known) {
		sheet_add_ratio(table->sheet, number.value, base.value, 0);
		sheet_add_ratio(table->sheet, number.value, base.value, goal->per_mille);
	} else {
		sheet_add_empty(table->sheet);
		sheet_add_empty(table->sheet);
	}
	sheet_add_ratio(table->sheet, goal->per_mille, 1000, 0);
	if (is_known)
		add_points_to_go(table, number.value, base.value, goal->per_mille);
	else
		add_unknown(table->sheet, state);
	add_second(table, goal, &number);
}

/* The last month there is a report of: a site that is late has not stopped taking people in. */
static uint32_t last_reported(const struct totals_table *table, struct period_range range)
{
	int site = table->ask->site;

	while (site >= 0 && range.last > range.first &&
	       county_figures(table->county, range.last, (size_t)site) == NULL)
		range.last--;
	return range.last;
}

/* When the target is reached if people go on entering as in the last twelve months. */
static void add_pace(const struct totals_table *table, const struct programme_goal *goal,
		     struct period_range range, int64_t to_go)
{
	struct period_range recent = range;
	struct county_sum entered;
	char text[PERIOD_TEXT_BYTES];
	int64_t months;

	range.last = recent.last = last_reported(table, range);
	if (recent.last - recent.first >= PACE_MONTHS)
		recent.first = recent.last - PACE_MONTHS + 1;
	entered = sum_of(table, recent, goal->measure, goal->cells);
	if (entered.state != CELL_VALUE || entered.value == 0) {
		(void)snprintf(text, sizeof(text), "%" PRId64, to_go);
		sheet_add_code(table->sheet, TO_GO, N_("%1 persons to go"), text, NULL);
		return;
	}
	months = to_go * (recent.last - recent.first + 1);
	months = (months + entered.value - 1) / entered.value;
	if (range.last + months > period_of_day(table->programme->operation.to)) {
		sheet_add_code(table->sheet, "not_at_this_pace", N_("not at this pace"), NULL);
		return;
	}
	period_format_month((uint32_t)(range.last + months), text);
	sheet_add_code(table->sheet, text, N_("on pace: %1"), text, NULL);
}

static void add_person_standing(const struct totals_table *table, const struct programme_goal *goal,
				struct period_range range, const struct county_sum *number,
				int64_t target)
{
	if (number->state != CELL_VALUE)
		add_unknown(table->sheet, number->state);
	else if (target == 0)
		sheet_add_code(table->sheet, "no_target", N_("no target"), NULL);
	else if (number->value >= target)
		add_reached(table->sheet);
	else
		add_pace(table, goal, range, target - number->value);
}

/* The months a goal in persons is counted over. */
static struct period_range whole_range(const struct totals_table *table)
{
	return (struct period_range){
		coverage_start(table->programme),
		coverage_last(&table->coverage),
	};
}

/* The target in force on the last day; 0 none. */
static uint32_t target_of(const struct totals_table *table, uint32_t period)
{
	const struct programme *programme = table->programme;
	const struct programme_target *targets = programme->targets;
	size_t targets_n = programme->targets_n;
	uint32_t target = 0;

	if (table->ask->site >= 0) {
		targets = programme->sites[table->ask->site].targets;
		targets_n = programme->sites[table->ask->site].targets_n;
	}
	(void)programme_target_on(targets, targets_n, period_last_day(period), &target);
	return target;
}

static void add_person_goal(const struct totals_table *table, const struct programme_goal *goal)
{
	struct period_range range = whole_range(table);
	struct county_sum number = sum_of(table, range, goal->measure, goal->cells);
	uint32_t target = target_of(table, range.last);
	bool is_known = number.state == CELL_VALUE && target > 0;

	coverage_add_sum(table->sheet, &number);
	if (target > 0)
		sheet_add_number(table->sheet, target);
	else
		sheet_add_empty(table->sheet);
	if (is_known) {
		sheet_add_ratio(table->sheet, number.value, target, 0);
		sheet_add_ratio(table->sheet, number.value, target, 1000);
	} else {
		sheet_add_empty(table->sheet);
		sheet_add_empty(table->sheet);
	}
	sheet_add_empty(table->sheet);
	add_person_standing(table, goal, range, &number, target);
	sheet_add_empty(table->sheet);
}

/* What the second base is called: of all who entered, unless a goal has another. */
static const char *second_heading(const struct programme *programme)
{
	for (size_t g = 0; g < programme->goals_n; g++) {
		const struct programme_goal *goal = &programme->goals[g];

		if (goal->has_second && programme->measures[goal->second].kind != KIND_ENTERED)
			return N_("Of the second base");
	}
	return N_("Of all entered");
}

static void add_head(const struct totals_table *table)
{
	const struct totals_ask *ask = table->ask;
	struct sheet *sheet = table->sheet;
	char period[PERIOD_TEXT_BYTES], expected[16], reported[16];
	unsigned expected_n, reported_n;

	coverage_count(table->county, &table->coverage, &expected_n, &reported_n);
	(void)snprintf(expected, sizeof(expected), "%u", expected_n);
	(void)snprintf(reported, sizeof(reported), "%u", reported_n);
	period_format(ask->range, period);
	if (ask->range.first == 0)
		sheet_title(sheet, N_("No month is closed yet"), NULL);
	else if (ask->site >= 0)
		sheet_title(sheet, N_("Goals, %1, %2"),
			    programme_text(table->programme->sites[ask->site].label, ask->language),
			    period, NULL);
	else
		sheet_title(sheet, N_("Goals, %1 · %2 of %3 sites"), period, reported, expected,
			    NULL);
	sheet_column(sheet, "goal", SHEET_CODE, N_("Goal"), false);
	sheet_column(sheet, "number", SHEET_COUNT, N_("Number"), false);
	sheet_column(sheet, "base", SHEET_COUNT, N_("of"), false);
	sheet_column(sheet, "share", SHEET_SHARE, N_("Share"), false);
	sheet_column(sheet, "bar", SHEET_BAR, N_("Progress"), false);
	sheet_column(sheet, "goal_share", SHEET_SHARE, N_("Aim"), false);
	sheet_column(sheet, "standing", SHEET_CODE, N_("Standing"), false);
	sheet_column(sheet, "share_admitted", SHEET_SHARE, second_heading(table->programme), false);
}

static void add_goals(const struct totals_table *table)
{
	bool is_range_whole = table->ask->range.first <= coverage_start(table->programme);

	for (size_t g = 0; g < table->programme->goals_n; g++) {
		const struct programme_goal *goal = &table->programme->goals[g];

		sheet_add_code(table->sheet, goal->id,
			       programme_text(goal->label, table->ask->language), NULL);
		if (goal->per_mille > 0)
			add_share_goal(table, goal);
		else
			add_person_goal(table, goal);
		if (goal->per_mille == 0 && !is_range_whole)
			sheet_note(table->sheet,
				   N_("%1 are counted from the programme's first month, as their "
				      "target is."),
				   programme_text(goal->label, table->ask->language), NULL);
	}
}

struct sheet *goals_sheet(const struct county *county, const struct totals_ask *ask,
			  bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.goals/1", SHEET_TABLE);
	const struct totals_table table = totals_table(county, ask, -1, sheet);

	if (sheet == NULL)
		return NULL;
	add_head(&table);
	add_goals(&table);
	*ret_is_complete = coverage_note(county, &table.coverage, ask->language, sheet);
	return take(sheet);
}

bool goals_are_reached(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->rows_n * sheet->columns_n; i++)
		if (strcmp(sheet->columns[i % sheet->columns_n].id, "standing") == 0 &&
		    strcmp(sheet->cells[i].text, REACHED) != 0)
			return false;
	return true;
}
