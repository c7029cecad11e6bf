#include "client/programme_show.h"

#include "client/programme_sheet.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_advice.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- Advice ---- */

static void note_table(struct sheet *sheet, const struct programme_advice *advice,
		       const char *number, const char *moved)
{
	if (advice->is_coarser)
		sheet_note(
			sheet,
			N_("Table %1: about %2 persons in a cell, and the noise moves it by up to "
			   "%3. Let it come by the year (cadence = year), see `mia explain "
			   "P051`."),
			advice->id, number, moved, NULL);
	else
		sheet_note(
			sheet,
			N_("Table %1: about %2 persons in a cell, and the noise moves it by up to "
			   "%3. Give it fewer groups or a larger epsilon, see `mia explain "
			   "P051`."),
			advice->id, number, moved, NULL);
}

static void note_advice(struct sheet *sheet, const struct programme *programme)
{
	struct programme_advice advice[PROGRAMME_ADVICE_MAX];
	const size_t n = programme_advise(programme, advice);

	for (size_t i = 0; i < n; i++) {
		char number[16], moved[16];

		(void)snprintf(number, sizeof(number), "%u", advice[i].number);
		(void)snprintf(moved, sizeof(moved), "%u", advice[i].of);
		if (strcmp(advice[i].code, "P050") == 0)
			sheet_note(
				sheet,
				N_("Site %1 plans %2 entries a quarter: write small = yes in its "
				   "section, see `mia explain P050`."),
				advice[i].id, number, NULL);
		else
			note_table(sheet, &advice[i], number, moved);
	}
}

/* ---- The head ---- */

static void add_hash(struct sheet *sheet, const uint8_t hash[static PROGRAMME_HASH_BYTES])
{
	char hex[2 * PROGRAMME_HASH_BYTES + 1];

	text_hex(hash, PROGRAMME_HASH_BYTES, hex);
	sheet_add_text(sheet, hex);
}

static void add_counts(struct sheet *sheet, const struct programme *programme)
{
	sheet_add_number(sheet, (int64_t)programme->sites_n);
	sheet_add_number(sheet, (int64_t)programme->measures_n);
	sheet_add_number(sheet, (int64_t)programme->tables_n);
	sheet_add_number(sheet, (int64_t)programme->indicators_n);
	sheet_add_number(sheet, (int64_t)programme->goals_n);
	sheet_add_number(sheet, programme->policy.k);
}

static int describe(const struct programme *programme, const char *path,
		    enum programme_language language, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.programme/1", SHEET_FORM);

	sheet_title(sheet, N_("%1 can be used"), path, NULL);
	sheet_column(sheet, "id", SHEET_TEXT, N_("Programme"), false);
	sheet_column(sheet, "name", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "version", SHEET_COUNT, N_("Version"), false);
	programme_sheet_span_columns(sheet);
	sheet_column(sheet, "sites", SHEET_COUNT, N_("Sites"), false);
	sheet_column(sheet, "measures", SHEET_COUNT, N_("Measures"), false);
	sheet_column(sheet, "tables", SHEET_COUNT, N_("Tables"), false);
	sheet_column(sheet, "indicators", SHEET_COUNT, N_("Indicators"), false);
	sheet_column(sheet, "goals", SHEET_COUNT, N_("Goals"), false);
	sheet_column(sheet, "k", SHEET_COUNT, N_("Least figure shown"), false);
	sheet_column(sheet, "hash", SHEET_TEXT, N_("Hash"), false);
	sheet_add_text(sheet, programme->id);
	sheet_add_text(sheet, programme_text(programme->name, language));
	sheet_add_number(sheet, programme->version);
	programme_sheet_add_span(sheet, programme->operation);
	add_counts(sheet, programme);
	add_hash(sheet, programme->hash);
	note_advice(sheet, programme);
	return answer_add(ret_answer, &sheet);
}

int programme_show_check(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	own(programme_free) struct programme *programme = NULL;
	int status = programme_open(path, NULL, &programme, fault);

	return status == 0 ? describe(programme, path, call->language, ret_answer) : status;
}

/* ---- All of it ---- */

static const struct {
	const char *name;
	programme_sheet_fn *sheet;
} parts[] = {
	{"sites", programme_sheet_sites},         {"lists", programme_sheet_lists},
	{"variables", programme_sheet_variables}, {"measures", programme_sheet_measures},
	{"tables", programme_sheet_tables},       {"indicators", programme_sheet_indicators},
	{"checks", programme_sheet_checks},       {"goals", programme_sheet_goals},
	{"questions", programme_sheet_questions}, {"demands", programme_sheet_demands},
	{"exports", programme_sheet_exports},
};

static int check_part(const char *part, struct fault *fault)
{
	for (size_t i = 0; i < array_n(parts); i++)
		if (part == NULL || strcmp(parts[i].name, part) == 0)
			return 0;
	return fault_set(fault, "X002", "--part",
			 N_("See `mia help programme show` for the parts."),
			 N_("a programme has no part \"%s\""), part);
}

int programme_show_all(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	const char *part = options_value(call->options, "part");
	own(programme_free) struct programme *programme = NULL;
	int status = check_part(part, fault);

	if (status == 0)
		status = programme_open(path, NULL, &programme, fault);
	if (status == 0 && part == NULL)
		status = describe(programme, path, call->language, ret_answer);
	for (size_t i = 0; i < array_n(parts) && status == 0; i++) {
		struct sheet *sheet;

		if (part != NULL && strcmp(parts[i].name, part) != 0)
			continue;
		sheet = parts[i].sheet(programme, call->language);
		status = answer_add(ret_answer, &sheet);
	}
	return status;
}
