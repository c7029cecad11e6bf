#include "proto/why.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/coverage.h"
#include "proto/worded.h"

#include <inttypes.h>
#include <stdio.h>

#define HASH_SHOWN 8 /* bytes, as two digits each */

struct table {
	const struct county *county;
	const struct programme *programme;
	const struct why *why;
	const struct programme_measure *measure;
	struct county_ask coverage;
	struct sheet *sheet;
};

static const char *text_in(const struct table *table, struct programme_label label)
{
	return programme_text(label, table->why->ask.language);
}

static struct county_sum sum_of(const struct table *table, struct period_range range, int site)
{
	struct county_ask ask = table->coverage;
	struct county_sum sum;

	ask.range = range;
	ask.site = site;
	ask.cell = table->why->cell;
	county_sum(table->county, &ask, &sum);
	return sum;
}

/* ---- the figure ---- */

static void fill_figure(const struct table *table)
{
	const struct totals_ask *ask = &table->why->ask;
	struct county_sum sum = sum_of(table, ask->range, ask->site);
	struct sheet *sheet = table->sheet;

	sheet_title(sheet, N_("Why this figure"), NULL);
	sheet_column(sheet, "measure", SHEET_CODE, N_("Figure"), false);
	sheet_column(sheet, "cell", SHEET_CODE, N_("Of which"), false);
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Period"), false);
	sheet_column(sheet, "value", SHEET_COUNT, N_("Number"), false);
	sheet_column(sheet, "months_expected", SHEET_COUNT, N_("Reports due"), false);
	sheet_column(sheet, "months_reported", SHEET_COUNT, N_("Of them received"), false);
	sheet_add_code(sheet, table->measure->id, text_in(table, table->measure->label), NULL);
	if (table->why->cell >= 0)
		sheet_add_code(sheet, table->measure->cells[table->why->cell].id,
			       text_in(table, table->measure->cells[table->why->cell].label), NULL);
	else
		sheet_add_empty(sheet);
	coverage_add_site(sheet, table->programme, ask->site, ask->language);
	if (ask->range.first != 0)
		sheet_add_ratio(sheet, ask->range.first, ask->range.last, 0);
	else
		sheet_add_empty(sheet);
	coverage_add_sum(sheet, &sum);
	sheet_add_number(sheet, sum.expected);
	sheet_add_number(sheet, sum.reported);
	(void)coverage_note(table->county, &table->coverage, ask->language, sheet);
}

/* ---- definition and rules, a line each ---- */

static void add_cell_line(const struct table *table, size_t cell)
{
	const struct programme_cell *row = &table->measure->cells[cell];
	own(buf_free) struct buf words = {0};

	if (table->measure->cells_n == 1)
		return;
	if (table->why->cell >= 0 && (size_t)table->why->cell != cell)
		return;
	worded_rules(table->programme, row->rules, row->rules_n, table->why->ask.language, &words);
	if (row->rules_n == 0)
		sheet_add_phrase(table->sheet, N_("Of them %1: all who are in no other part."),
				 text_in(table, row->label), NULL);
	else if (buf_text(&words) != NULL)
		sheet_add_phrase(table->sheet,
				 N_("Of them %1: the first part that fits, here by %2."),
				 text_in(table, row->label), buf_text(&words), NULL);
}

static void add_definition(const struct table *table)
{
	own(buf_free) struct buf span = {0};

	sheet_add_phrase(table->sheet, worded_kind(table->measure->kind),
			 text_in(table, table->measure->label), NULL);
	for (size_t c = 0; c < table->measure->cells_n; c++)
		add_cell_line(table, c);
	sheet_add_phrase(table->sheet,
			 N_("Codes are those valid on the event's own day, by the programme "
			    "in force."),
			 NULL);
	worded_span(table->measure->span, &span);
	if (span.n > 0 && buf_text(&span) != NULL)
		sheet_add_phrase(table->sheet, N_("It is counted %1."), buf_text(&span), NULL);
	sheet_add_phrase(table->sheet, worded_cadence(table->measure->cadence), NULL);
}

static void add_hold_rule(const struct table *table)
{
	char k[16];

	if (table->programme->policy.k < 2)
		return;
	(void)snprintf(k, sizeof(k), "%" PRIu32, table->programme->policy.k);
	sheet_add_phrase(table->sheet,
			 N_("When a month closes, a site books a part when at least %1 persons "
			    "wait in it, and then all of them; else none, and they wait for a "
			    "later month. So each part of a report is 0 or at least %1."),
			 k, NULL);
}

static void add_rules(const struct table *table)
{
	const struct programme_policy *policy = &table->programme->policy;
	char cutoff[16], outcome[16];

	(void)snprintf(cutoff, sizeof(cutoff), "%" PRIu32, policy->cutoff_days);
	(void)snprintf(outcome, sizeof(outcome), "%" PRIu32, policy->outcome_days);
	add_hold_rule(table);
	sheet_add_phrase(table->sheet,
			 N_("A month closes %1 days after its end, or when the site signs it off "
			    "before; it never changes after."),
			 cutoff, NULL);
	if (table->measure->kind == KIND_LEFT)
		sheet_add_phrase(table->sheet,
				 N_("Who left is counted once the outcome is complete, at the "
				    "latest %1 days after leaving."),
				 outcome, NULL);
	sheet_add_phrase(table->sheet,
			 N_("What was recorded late, and corrections of closed months, count in "
			    "the month in which they were booked; a correction takes away and "
			    "adds, whole or not at all."),
			 NULL);
	sheet_add_phrase(table->sheet,
			 N_("Reports carry sums alone: which part of a sum is corrections, or who "
			    "stands behind it, is known at the site alone."),
			 NULL);
}

/* Site by site as many as k - 1 in each part. */
static void add_waiting(const struct table *table)
{
	size_t parts = table->why->cell >= 0 ? 1 : table->measure->cells_n;
	unsigned sites, reported;
	char most[32], each[16];

	coverage_count(table->county, &table->coverage, &sites, &reported);
	if (table->programme->policy.k < 2 || sites == 0)
		return;
	(void)snprintf(each, sizeof(each), "%" PRIu32, table->programme->policy.k - 1);
	(void)snprintf(most, sizeof(most), "%zu", sites * parts * (table->programme->policy.k - 1));
	sheet_add_phrase(table->sheet,
			 N_("Beside corrections, at most %1 persons waited when the last reports "
			    "were made: %2 in each part at each site."),
			 most, each, NULL);
}

static void fill_rules(const struct table *table)
{
	sheet_title(table->sheet, N_("What it counts, and by which rules"), NULL);
	sheet_column(table->sheet, "rule", SHEET_PHRASE, N_("Rule"), false);
	add_definition(table);
	add_rules(table);
	add_waiting(table);
}

/* ---- the reports ---- */

/* Which of the site's reports it is: they follow month by month without a gap (4-sync). */
static uint64_t number_of(const struct table *table, uint32_t period, size_t site)
{
	const struct county_head *head = county_head(table->county, site);

	if (period > head->period || head->period - period >= head->n)
		return 0;
	return head->n - (head->period - period);
}

static void add_hash(const struct table *table, uint32_t period, size_t site)
{
	const struct county_head *link = county_link(table->county, period, site);
	char hex[2 * HASH_SHOWN + 1];

	if (link == NULL) {
		sheet_add_empty(table->sheet);
		return;
	}
	text_hex(link->hash, HASH_SHOWN, hex);
	sheet_add_text(table->sheet, hex);
}

static void add_report(const struct table *table, uint32_t period, size_t site)
{
	const struct programme *programme = table->programme;
	int64_t at_received = county_received(table->county, period, site);
	int32_t by = period_last_day(period) + (int32_t)programme->policy.on_time_days;
	struct county_sum sum = sum_of(table, (struct period_range){period, period}, (int)site);
	uint64_t n = number_of(table, period, site);

	sheet_add_number(table->sheet, period);
	coverage_add_site(table->sheet, programme, (int)site, table->why->ask.language);
	if (at_received != 0 && n > 0)
		sheet_add_number(table->sheet, (int64_t)n);
	else
		sheet_add_empty(table->sheet);
	add_hash(table, period, site);
	if (at_received != 0)
		sheet_add_number(table->sheet, at_received);
	else
		sheet_add_state(table->sheet, CELL_MISSING);
	if (at_received == 0)
		sheet_add_state(table->sheet, CELL_MISSING);
	else if (at_received < date_to_moment(by + 1))
		sheet_add_phrase(table->sheet, N_("in time"), NULL);
	else
		sheet_add_phrase(table->sheet, N_("late"), NULL);
	coverage_add_sum(table->sheet, &sum);
}

static void fill_reports(const struct table *table)
{
	struct sheet *sheet = table->sheet;
	struct period_range range = table->why->ask.range;

	sheet_title(sheet, N_("The reports that make it up"), NULL);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Period"), false);
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "report", SHEET_COUNT, N_("Report"), false);
	sheet_column(sheet, "hash", SHEET_TEXT, N_("Hash"), false);
	sheet_column(sheet, "received", SHEET_MOMENT, N_("Received"), false);
	sheet_column(sheet, "in_time", SHEET_PHRASE, N_("In time"), false);
	sheet_column(sheet, "value", SHEET_COUNT, N_("Number"), false);
	for (uint32_t p = range.first; p <= coverage_last(&table->coverage) && p != 0; p++)
		for (size_t site = 0; site < table->programme->sites_n; site++)
			if (coverage_is_due(table->county, &table->coverage, p, site))
				add_report(table, p, site);
	sheet_note(sheet,
		   N_("The hub took each of them when the site's signature held and it followed "
		      "the one before; every site is shown the last of every chain."),
		   NULL);
}

int why_answer(const struct county *county, const struct why *why, struct answer *answer)
{
	static const struct {
		const char *schema;
		enum sheet_layout layout;
		void (*fill)(const struct table *table);
	} parts[] = {
		{"mia.why/1", SHEET_FORM, fill_figure},
		{"mia.why.rules/1", SHEET_LINES, fill_rules},
		{"mia.why.reports/1", SHEET_TABLE, fill_reports},
	};
	struct table table = {
		.county = county,
		.programme = county_programme(county),
		.why = why,
		.coverage = {why->ask.range, why->ask.site, why->ask.measure, -1, why->ask.until},
	};
	int status = 0;

	table.measure = &table.programme->measures[why->ask.measure];
	for (size_t i = 0; i < array_n(parts) && status == 0; i++) {
		own(sheet_free) struct sheet *sheet = sheet_new(parts[i].schema, parts[i].layout);

		table.sheet = sheet;
		if (sheet != NULL)
			parts[i].fill(&table);
		status = answer_add(answer, &sheet);
	}
	return status;
}
