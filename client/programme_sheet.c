#include "client/programme_sheet.h"

#include "lib/own.h"
#include "proto/programme_word.h"
#include "proto/worded.h"

#include <stdio.h>

/* ---- What all sheets have ---- */

void programme_sheet_label_columns(struct sheet *sheet)
{
	sheet_column(sheet, "sv", SHEET_TEXT, N_("Swedish"), false);
	sheet_column(sheet, "en", SHEET_TEXT, N_("English"), false);
}

void programme_sheet_add_label(struct sheet *sheet, struct programme_label label)
{
	sheet_add_text(sheet, label.sv);
	sheet_add_text(sheet, label.en);
}

void programme_sheet_span_columns(struct sheet *sheet)
{
	sheet_column(sheet, "from", SHEET_DATE, N_("First day"), false);
	sheet_column(sheet, "to", SHEET_DATE, N_("Last day"), false);
}

void programme_sheet_add_span(struct sheet *sheet, struct programme_span span)
{
	if (span.from == INT32_MIN)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, span.from);
	if (span.to == INT32_MAX)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, span.to);
}

void programme_sheet_add_words(struct sheet *sheet, struct buf *words)
{
	sheet_add_text(sheet, words->n == 0 ? NULL : buf_text(words));
	buf_free(words);
}

static void add_rules(struct sheet *sheet, const struct programme *programme,
		      const struct programme_rule rules[], size_t n,
		      enum programme_language language)
{
	own(buf_free) struct buf words = {0};

	worded_rules(programme, rules, n, language, &words);
	programme_sheet_add_words(sheet, &words);
}

/* ---- Measures ---- */

struct sheet *programme_sheet_measures(const struct programme *programme,
				       enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_measures/1", SHEET_TABLE);

	sheet_title(sheet, N_("Measures, one row a cell"), NULL);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "measure", SHEET_TEXT, N_("Measure"), false);
	sheet_column(sheet, "kind", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "cadence", SHEET_TEXT, N_("How often"), false);
	programme_sheet_span_columns(sheet);
	sheet_column(sheet, "cell", SHEET_TEXT, N_("Cell"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "when", SHEET_TEXT, N_("Who counts"), false);
	for (size_t m = 0; m < programme->measures_n; m++) {
		const struct programme_measure *measure = &programme->measures[m];

		for (size_t c = 0; c < measure->cells_n; c++) {
			const struct programme_cell *cell = &measure->cells[c];

			sheet_add_number(sheet, measure->number);
			sheet_add_text(sheet, measure->id);
			sheet_add_text(sheet, programme_kind_name(measure->kind));
			sheet_add_text(sheet, programme_cadence_name(measure->cadence));
			programme_sheet_add_span(sheet, measure->span);
			sheet_add_text(sheet, cell->id);
			programme_sheet_add_label(sheet, measure->cells_n > 1 ? cell->label
									      : measure->label);
			add_rules(sheet, programme, cell->rules, cell->rules_n, language);
		}
	}
	return sheet;
}

/* ---- Tables ---- */

static void add_dims(struct sheet *sheet, const struct programme *programme,
		     const struct programme_table *table)
{
	own(buf_free) struct buf words = {0};

	for (size_t d = 0; d < table->dims_n; d++)
		buf_printf(&words, "%s%s", d > 0 ? ", " : "",
			   programme->variables[table->dims[d]].id);
	programme_sheet_add_words(sheet, &words);
}

struct sheet *programme_sheet_tables(const struct programme *programme,
				     enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_tables/1", SHEET_TABLE);

	sheet_title(sheet, N_("Tables of the sites and of the county"), NULL);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "table", SHEET_TEXT, N_("Table"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "scope", SHEET_CODE, N_("Of whom"), false);
	sheet_column(sheet, "kind", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "cadence", SHEET_TEXT, N_("How often"), false);
	sheet_column(sheet, "dims", SHEET_TEXT, N_("Split by"), false);
	sheet_column(sheet, "where", SHEET_TEXT, N_("Who counts"), false);
	sheet_column(sheet, "epsilon", SHEET_COUNT, N_("Epsilon, per mille"), false);
	programme_sheet_span_columns(sheet);
	for (size_t t = 0; t < programme->tables_n; t++) {
		const struct programme_table *table = &programme->tables[t];

		sheet_add_number(sheet, table->number);
		sheet_add_text(sheet, table->id);
		programme_sheet_add_label(sheet, table->label);
		if (table->scope == SCOPE_SITE)
			sheet_add_code(sheet, "site", N_("each site"), NULL);
		else
			sheet_add_code(sheet, "county", N_("the county"), NULL);
		sheet_add_text(sheet, programme_kind_name(table->kind));
		sheet_add_text(sheet, programme_cadence_name(table->cadence));
		add_dims(sheet, programme, table);
		add_rules(sheet, programme, table->rules, table->rules_n, language);
		if (table->scope == SCOPE_COUNTY)
			sheet_add_number(sheet, table->epsilon);
		else
			sheet_add_empty(sheet);
		programme_sheet_add_span(sheet, table->span);
	}
	return sheet;
}

/* ---- Indicators and their checks ---- */

static void add_status(struct sheet *sheet, enum programme_status status)
{
	switch (status) {
	case STATUS_COUNTED:
		sheet_add_code(sheet, "counted", N_("counted"), NULL);
		break;
	case STATUS_SAMPLED:
		sheet_add_code(sheet, "sampled", N_("by a sample"), NULL);
		break;
	case STATUS_ENTITY:
		sheet_add_code(sheet, "entity", N_("counts no persons"), NULL);
		break;
	case STATUS_LOCAL:
		sheet_add_code(sheet, "local", N_("the site's own"), NULL);
		break;
	}
}

struct sheet *programme_sheet_indicators(const struct programme *programme,
					 enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_indicators/1", SHEET_TABLE);

	sheet_title(sheet, N_("Indicators"), NULL);
	sheet_column(sheet, "pack", SHEET_TEXT, N_("Pack"), false);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "indicator", SHEET_TEXT, N_("Indicator"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "kind", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "status", SHEET_CODE, N_("Status"), false);
	sheet_column(sheet, "when", SHEET_TEXT, N_("Who counts"), false);
	programme_sheet_span_columns(sheet);
	sheet_column(sheet, "released_to", SHEET_DATE, N_("Reported until"), false);
	sheet_column(sheet, "source", SHEET_TEXT, N_("Source"), false);
	for (size_t i = 0; i < programme->indicators_n; i++) {
		const struct programme_indicator *indicator = &programme->indicators[i];

		sheet_add_text(sheet, programme->packs[indicator->pack].id);
		sheet_add_number(sheet, indicator->number);
		sheet_add_text(sheet, indicator->id);
		programme_sheet_add_label(sheet, indicator->label);
		sheet_add_text(sheet, programme_kind_name(indicator->kind));
		add_status(sheet, indicator->status);
		add_rules(sheet, programme, indicator->rules, indicator->rules_n, language);
		programme_sheet_add_span(sheet, indicator->span);
		if (indicator->released.to == INT32_MAX)
			sheet_add_empty(sheet);
		else
			sheet_add_number(sheet, indicator->released.to);
		sheet_add_text(sheet, indicator->source);
	}
	return sheet;
}

struct sheet *programme_sheet_checks(const struct programme *programme,
				     enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_checks/1", SHEET_TABLE);

	(void)language;
	sheet_title(sheet, N_("Checks of the indicators"), NULL);
	sheet_column(sheet, "pack", SHEET_TEXT, N_("Pack"), false);
	sheet_column(sheet, "check", SHEET_TEXT, N_("Check"), false);
	programme_sheet_span_columns(sheet);
	for (size_t p = 0; p < programme->packs_n; p++)
		for (size_t c = 0; c < programme->packs[p].checks_n; c++) {
			const struct programme_check *check = &programme->packs[p].checks[c];

			sheet_add_text(sheet, programme->packs[p].id);
			sheet_add_text(sheet, check->text);
			programme_sheet_add_span(sheet, check->span);
		}
	return sheet;
}

/* ---- Goals ---- */

static void add_cells(struct sheet *sheet, const struct programme_measure *measure, uint32_t bits)
{
	own(buf_free) struct buf words = {0};

	for (size_t c = 0; c < measure->cells_n; c++)
		if ((bits >> c & 1) != 0)
			buf_printf(&words, "%s%s", words.n > 0 ? ", " : "", measure->cells[c].id);
	programme_sheet_add_words(sheet, &words);
}

struct sheet *programme_sheet_goals(const struct programme *programme,
				    enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_goals/1", SHEET_TABLE);

	(void)language;
	sheet_title(sheet, N_("Goals"), NULL);
	sheet_column(sheet, "goal", SHEET_TEXT, N_("Goal"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "measure", SHEET_TEXT, N_("Measure"), false);
	sheet_column(sheet, "cells", SHEET_TEXT, N_("Cells"), false);
	sheet_column(sheet, "base", SHEET_TEXT, N_("of"), false);
	sheet_column(sheet, "second_base", SHEET_TEXT, N_("and of"), false);
	sheet_column(sheet, "goal_share", SHEET_SHARE, N_("Aim"), false);
	for (size_t g = 0; g < programme->goals_n; g++) {
		const struct programme_goal *goal = &programme->goals[g];

		sheet_add_text(sheet, goal->id);
		programme_sheet_add_label(sheet, goal->label);
		sheet_add_text(sheet, programme->measures[goal->measure].id);
		add_cells(sheet, &programme->measures[goal->measure], goal->cells);
		sheet_add_text(sheet,
			       goal->per_mille > 0 ? programme->measures[goal->base].id : NULL);
		sheet_add_text(sheet,
			       goal->has_second ? programme->measures[goal->second].id : NULL);
		if (goal->per_mille > 0)
			sheet_add_ratio(sheet, goal->per_mille, 1000, 0);
		else
			sheet_add_empty(sheet);
	}
	return sheet;
}
