#include "client/programme_sheet.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/programme_find.h"
#include "proto/worded.h"

#include <stdio.h>

/* ---- Sites ---- */

static void add_municipalities(struct sheet *sheet, const struct programme_site *site,
			       enum programme_language language)
{
	own(buf_free) struct buf words = {0};

	for (size_t i = 0; i < site->municipalities_n; i++) {
		const struct programme_municipality *municipality = &site->municipalities[i];
		const char *join = i > 0 ? ", " : "";

		buf_printf(&words, "%s%s %s", join, municipality->code,
			   programme_text(municipality->label, language));
		if (municipality->span.from != INT32_MIN || municipality->span.to != INT32_MAX)
			buf_add_text(&words, " ");
		worded_span(municipality->span, &words);
	}
	programme_sheet_add_words(sheet, &words);
}

/* "700 2017-04-01.., 650 2018-07-01..": a step function. */
static void add_targets(struct sheet *sheet, const struct programme_target targets[], size_t n)
{
	own(buf_free) struct buf words = {0};

	for (size_t i = 0; i < n; i++) {
		char day[DATE_TEXT_BYTES];

		date_format(targets[i].from, day);
		buf_printf(&words, "%s%u %s..", i > 0 ? ", " : "", targets[i].persons, day);
	}
	programme_sheet_add_words(sheet, &words);
}

struct sheet *programme_sheet_sites(const struct programme *programme,
				    enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_sites/1", SHEET_TABLE);

	sheet_title(sheet, N_("Sites and targets"), NULL);
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	programme_sheet_label_columns(sheet);
	programme_sheet_span_columns(sheet);
	sheet_column(sheet, "ages", SHEET_TEXT, N_("Ages"), false);
	sheet_column(sheet, "target", SHEET_TEXT, N_("Target"), false);
	sheet_column(sheet, "municipalities", SHEET_TEXT, N_("Municipalities"), false);
	for (size_t i = 0; i < programme->sites_n; i++) {
		const struct programme_site *site = &programme->sites[i];
		char ages[16];

		(void)snprintf(ages, sizeof(ages), "%u-%u", site->age_min, site->age_max);
		sheet_add_text(sheet, site->id);
		programme_sheet_add_label(sheet, site->label);
		programme_sheet_add_span(sheet, site->span);
		sheet_add_text(sheet, ages);
		add_targets(sheet, site->targets, site->targets_n);
		add_municipalities(sheet, site, language);
	}
	return sheet;
}

/* ---- Lists ---- */

struct sheet *programme_sheet_lists(const struct programme *programme,
				    enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_lists/1", SHEET_TABLE);

	(void)language;
	sheet_title(sheet, N_("Code lists, one row a code"), NULL);
	sheet_column(sheet, "list", SHEET_TEXT, N_("List"), false);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	programme_sheet_label_columns(sheet);
	programme_sheet_span_columns(sheet);
	for (size_t l = 0; l < programme->lists_n; l++) {
		const struct programme_list *list = &programme->lists[l];

		for (size_t c = 0; c < list->codes_n; c++) {
			sheet_add_text(sheet, list->id);
			sheet_add_number(sheet, list->codes[c].number);
			sheet_add_text(sheet, list->codes[c].id);
			programme_sheet_add_label(sheet, list->codes[c].label);
			programme_sheet_add_span(sheet, list->codes[c].span);
		}
	}
	return sheet;
}

/* ---- Variables ---- */

static void add_of(struct sheet *sheet, const struct programme_variable *variable)
{
	static const char *const units[] = {
		[LAPSE_YEARS] = "years",
		[LAPSE_MONTHS] = "months",
		[LAPSE_DAYS] = "days",
	};
	own(buf_free) struct buf words = {0};

	if (variable->shape == SHAPE_CELLS)
		buf_printf(&words, "cells of %s", variable->measure);
	else if (variable->shape == SHAPE_LAPSE)
		buf_printf(&words, "%s to %s in %s", variable->field, variable->until,
			   units[variable->unit]);
	else
		buf_add_text(&words, variable->field);
	programme_sheet_add_words(sheet, &words);
}

static void add_group(struct sheet *sheet, const struct programme *programme,
		      const struct programme_variable *variable,
		      const struct programme_group *group, enum programme_language language)
{
	own(buf_free) struct buf words = {0};

	sheet_add_text(sheet, variable->id);
	add_of(sheet, variable);
	sheet_add_number(sheet, group->number);
	sheet_add_text(sheet, group->id);
	programme_sheet_add_label(sheet, group->label);
	if (variable->shape != SHAPE_CELLS)
		worded_group(programme, variable, group, language, &words);
	programme_sheet_add_words(sheet, &words);
	programme_sheet_add_span(sheet, group->span);
}

struct sheet *programme_sheet_variables(const struct programme *programme,
					enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_variables/1", SHEET_TABLE);

	sheet_title(sheet, N_("Variables with groups of their own, one row a group"), NULL);
	sheet_column(sheet, "variable", SHEET_TEXT, N_("Variable"), false);
	sheet_column(sheet, "of", SHEET_TEXT, N_("of"), false);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "group", SHEET_TEXT, N_("Group"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "holds", SHEET_TEXT, N_("Holds"), false);
	programme_sheet_span_columns(sheet);
	for (size_t v = 0; v < programme->variables_n; v++) {
		const struct programme_variable *variable = &programme->variables[v];

		for (size_t g = 0; g < variable->groups_n; g++)
			if (variable->has_groups || variable->shape == SHAPE_CELLS)
				add_group(sheet, programme, variable, &variable->groups[g],
					  language);
	}
	sheet_note(sheet,
		   N_("Every coded field is a variable too, with its list's codes as groups."),
		   NULL);
	return sheet;
}

/* ---- The sites' own questions ---- */

struct sheet *programme_sheet_questions(const struct programme *programme,
					enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_questions/1", SHEET_TABLE);

	(void)language;
	sheet_title(sheet, N_("The sites' own questions, which are never reported"), NULL);
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	sheet_column(sheet, "slot", SHEET_COUNT, N_("Slot"), false);
	sheet_column(sheet, "question", SHEET_TEXT, N_("Question"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "list", SHEET_TEXT, N_("List"), false);
	programme_sheet_span_columns(sheet);
	for (size_t q = 0; q < programme->questions_n; q++) {
		const struct programme_question *question = &programme->questions[q];

		sheet_add_text(sheet, programme->sites[question->site].id);
		sheet_add_number(sheet, question->slot);
		sheet_add_text(sheet, question->id);
		programme_sheet_add_label(sheet, question->label);
		sheet_add_text(sheet, question->list);
		programme_sheet_add_span(sheet, question->span);
	}
	return sheet;
}

/* ---- What a record must keep ---- */

static void add_severity(struct sheet *sheet, enum programme_severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		sheet_add_code(sheet, "error", N_("error"), NULL);
		break;
	case SEVERITY_WARN:
		sheet_add_code(sheet, "warn", N_("warning"), NULL);
		break;
	case SEVERITY_INFORM:
		sheet_add_code(sheet, "inform", N_("note"), NULL);
		break;
	}
}

struct sheet *programme_sheet_demands(const struct programme *programme,
				      enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_demands/1", SHEET_TABLE);

	sheet_title(sheet, N_("What a record must keep"), NULL);
	sheet_column(sheet, "demand", SHEET_TEXT, N_("Demand"), false);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Rule"), false);
	sheet_column(sheet, "severity", SHEET_CODE, N_("Weight"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "field", SHEET_TEXT, N_("Field"), false);
	sheet_column(sheet, "when", SHEET_TEXT, N_("Broken when"), false);
	sheet_column(sheet, "needs", SHEET_TEXT, N_("and missing is"), false);
	for (size_t d = 0; d < programme->demands_n; d++) {
		const struct programme_demand *demand = &programme->demands[d];
		own(buf_free) struct buf words = {0};

		worded_rules(programme, demand->rules, demand->rules_n, language, &words);
		sheet_add_text(sheet, demand->id);
		sheet_add_text(sheet, demand->code);
		add_severity(sheet, demand->severity);
		programme_sheet_add_label(sheet, demand->label);
		sheet_add_text(sheet, demand->field);
		programme_sheet_add_words(sheet, &words);
		sheet_add_text(sheet, demand->needs);
	}
	return sheet;
}

/* ---- Sheets about persons that leave by hand ---- */

struct sheet *programme_sheet_exports(const struct programme *programme,
				      enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.programme_exports/1", SHEET_TABLE);

	(void)language;
	sheet_title(sheet, N_("Sheets about persons that are handed out, one row a column"), NULL);
	sheet_column(sheet, "export", SHEET_TEXT, N_("Sheet"), false);
	programme_sheet_label_columns(sheet);
	sheet_column(sheet, "field", SHEET_TEXT, N_("Field"), false);
	sheet_column(sheet, "heading", SHEET_TEXT, N_("Heading"), false);
	for (size_t e = 0; e < programme->exports_n; e++) {
		const struct programme_export *export = &programme->exports[e];

		for (size_t c = 0; c < export->columns_n; c++) {
			sheet_add_text(sheet, export->id);
			programme_sheet_add_label(sheet, export->label);
			sheet_add_text(sheet, export->columns[c].field);
			sheet_add_text(sheet, export->columns[c].heading);
		}
	}
	return sheet;
}
