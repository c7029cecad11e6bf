#include "proto/compare.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"

#include <inttypes.h>
#include <stdio.h>

struct table {
	const struct programme *programme;
	const struct compare_side *sides; /* 2 */
	const struct totals_ask *ask;
	struct sheet *sheet;
};

static struct county_ask coverage_of(const struct table *table, size_t side)
{
	const struct compare_side *one = &table->sides[side];

	return (struct county_ask){one->range, table->ask->site, table->ask->measure, -1,
				   one->until};
}

static struct county_sum sum_of(const struct table *table, size_t side, size_t measure, int cell)
{
	struct county_ask ask = coverage_of(table, side);
	struct county_sum sum;

	ask.measure = (int)measure;
	ask.cell = cell;
	county_sum(table->sides[side].county, &ask, &sum);
	return sum;
}

static bool is_shown(const struct table *table, size_t measure)
{
	if (table->ask->measure >= 0)
		return (size_t)table->ask->measure == measure;
	return sum_of(table, 0, measure, -1).expected > 0 ||
	       sum_of(table, 1, measure, -1).expected > 0;
}

/* ---- columns and title ---- */

/* "2018q2", or "2018q2 (2018-08-01)" as it was known by the end of that day. */
#define SIDE_BYTES (PERIOD_TEXT_BYTES + DATE_MOMENT_BYTES + 4)
static void name_side(const struct compare_side *side, char ret_name[static SIDE_BYTES])
{
	char period[PERIOD_TEXT_BYTES], day[DATE_TEXT_BYTES];

	period_format(side->range, period);
	date_format(date_of_moment(side->at - 1), day);
	if (side->at == 0)
		(void)snprintf(ret_name, SIDE_BYTES, "%s", period);
	else
		(void)snprintf(ret_name, SIDE_BYTES, "%s (%s)", period, day);
}

static void add_head(const struct table *table)
{
	struct sheet *sheet = table->sheet;
	char first[SIDE_BYTES], second[SIDE_BYTES];

	name_side(&table->sides[0], first);
	name_side(&table->sides[1], second);
	if (table->ask->site >= 0)
		sheet_title(sheet, N_("%1: %2 and %3"),
			    programme_text(table->programme->sites[table->ask->site].label,
					   table->ask->language),
			    first, second, NULL);
	else
		sheet_title(sheet, N_("The county's figures: %1 and %2"), first, second, NULL);
	sheet_column(sheet, "measure", SHEET_CODE, N_("Figure"), false);
	sheet_column(sheet, "cell", SHEET_CODE, N_("Of which"), false);
	sheet_column(sheet, "first", SHEET_COUNT, first, true);
	sheet_column(sheet, "second", SHEET_COUNT, second, true);
	sheet_column(sheet, "difference", SHEET_COUNT, N_("Difference"), false);
	sheet_column(sheet, "ratio", SHEET_SHARE, N_("Of the first"), false);
	sheet_column(sheet, "first_sites", SHEET_SHARE, N_("Sites, first"), false);
	sheet_column(sheet, "second_sites", SHEET_SHARE, N_("Sites, second"), false);
}

/* ---- rows ---- */

static void add_coverage(struct sheet *sheet, const struct county_sum *sum)
{
	if (sum->sites_expected > 0)
		sheet_add_ratio(sheet, sum->sites_reported, sum->sites_expected, 0);
	else
		sheet_add_empty(sheet);
}

static void add_row(const struct table *table, size_t measure, int cell)
{
	const struct programme_measure *row = &table->programme->measures[measure];
	struct county_sum first = sum_of(table, 0, measure, cell);
	struct county_sum second = sum_of(table, 1, measure, cell);
	struct county_sum difference = figure_difference(&second, &first);
	struct sheet *sheet = table->sheet;

	sheet_add_code(sheet, row->id, programme_text(row->label, table->ask->language), NULL);
	if (cell < 0)
		sheet_add_empty(sheet);
	else
		sheet_add_code(sheet, row->cells[cell].id,
			       programme_text(row->cells[cell].label, table->ask->language), NULL);
	coverage_add_sum(sheet, &first);
	coverage_add_sum(sheet, &second);
	coverage_add_sum(sheet, &difference);
	if (difference.state == CELL_VALUE && first.value > 0)
		sheet_add_ratio(sheet, second.value, first.value, 0);
	else
		sheet_add_empty(sheet);
	add_coverage(sheet, &first);
	add_coverage(sheet, &second);
}

static void add_rows(const struct table *table)
{
	for (size_t m = 0; m < table->programme->measures_n; m++) {
		size_t cells_n = table->programme->measures[m].cells_n;

		if (!is_shown(table, m))
			continue;
		add_row(table, m, -1);
		for (size_t c = 0; c < cells_n && cells_n > 1; c++)
			add_row(table, m, (int)c);
	}
}

/* ---- notes ---- */

static void note_lengths(const struct table *table)
{
	char first[16], second[16];
	uint32_t months[2];

	for (size_t i = 0; i < 2; i++)
		months[i] = table->sides[i].range.last - table->sides[i].range.first + 1;
	if (months[0] == months[1])
		return;
	(void)snprintf(first, sizeof(first), "%" PRIu32, months[0]);
	(void)snprintf(second, sizeof(second), "%" PRIu32, months[1]);
	sheet_note(table->sheet,
		   N_("The periods differ in length: %1 and %2 months, not adjusted for."), first,
		   second, NULL);
}

/* What the figures hold beside the period's own events, and what of it can be known where. */
static void note_corrections(struct sheet *sheet)
{
	sheet_note(sheet,
		   N_("A closed month never changes. What is recorded late, and corrections of "
		      "closed months, are booked in the month they are recorded in: a figure holds "
		      "its own month's events and those."),
		   NULL);
	sheet_note(sheet,
		   N_("Reports carry sums alone, so the county cannot know how much of a figure "
		      "is corrections; the site knows (`mia why` there)."),
		   NULL);
}

static bool is_same_period(const struct table *table)
{
	return table->sides[0].range.first == table->sides[1].range.first &&
	       table->sides[0].range.last == table->sides[1].range.last;
}

static bool add_notes(const struct table *table)
{
	bool is_complete = true;

	for (size_t i = 0; i < 2; i++) {
		struct county_ask coverage = coverage_of(table, i);
		unsigned expected, reported;
		char name[SIDE_BYTES];

		name_side(&table->sides[i], name);
		coverage_count(table->sides[i].county, &coverage, &expected, &reported);
		if (expected == reported && coverage.range.last <= coverage.until)
			continue;
		sheet_note(table->sheet, N_("Missing in %1:"), name, NULL);
		if (!coverage_note_missing(table->sides[i].county, &coverage, table->ask->language,
					   table->sheet))
			is_complete = false;
	}
	note_lengths(table);
	if (is_same_period(table))
		sheet_note(table->sheet,
			   N_("What differs is reports that came later: what was shown once does "
			      "not change."),
			   NULL);
	else
		note_corrections(table->sheet);
	return is_complete;
}

struct sheet *compare_sheet(const struct compare_side sides[static 2], const struct totals_ask *ask,
			    bool *ret_is_complete)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.compare/1", SHEET_TABLE);
	const struct table table = {
		.programme = county_programme(sides[0].county),
		.sides = sides,
		.ask = ask,
		.sheet = sheet,
	};

	if (sheet == NULL)
		return NULL;
	add_head(&table);
	add_rows(&table);
	*ret_is_complete = add_notes(&table);
	return take(sheet);
}
