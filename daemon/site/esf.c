#include "daemon/site/esf.h"

#include "daemon/site/access.h"
#include "lib/own.h"
#include "lib/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int esf_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	struct esf_months *esf = NULL;
	int error = esf_months_new(ask, &esf, fault);

	if (error == 0)
		*ret_context = take(esf);
	return error;
}

int esf_visit(void *context, const struct store_person *person)
{
	return esf_months_add(context, person);
}

void esf_drop(void **context)
{
	struct esf_months *esf = *context;

	esf_months_free(&esf);
	*context = NULL;
}

/* ---- The sheets handed out ---- */

static void name_file(const struct esf_months *esf, uint32_t period, char ret_name[static 96])
{
	char month[PERIOD_TEXT_BYTES];

	period_format_month(period, month);
	(void)snprintf(ret_name, 96, "%s-%s-%s.csv", ESF_EXPORT, esf->site, month);
}

static int attach(const struct esf_months *esf, struct answer *ret_answer)
{
	char name[96];

	pack_array(&ret_answer->attachment, (uint32_t)esf->months_n);
	for (size_t i = 0; i < esf->months_n; i++) {
		const struct buf *content = &esf->months[i].content;

		name_file(esf, esf->first + (uint32_t)i, name);
		pack_array(&ret_answer->attachment, 2);
		pack_str(&ret_answer->attachment, name);
		pack_bin(&ret_answer->attachment, content->data, content->n);
	}
	return ret_answer->attachment.error;
}

static struct sheet *export_sheet(const struct esf_months *esf)
{
	struct sheet *sheet = sheet_new("mia.esf/1", SHEET_TABLE);
	char name[96];

	sheet_title(sheet, N_("Sheets about persons, one a month"), NULL);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Month"), false);
	sheet_column(sheet, "rows", SHEET_COUNT, N_("Persons"), false);
	sheet_column(sheet, "file", SHEET_TEXT, N_("File"), false);
	sheet_column(sheet, "again", SHEET_PHRASE, N_("Handed out before"), false);
	for (size_t i = 0; i < esf->months_n; i++) {
		const struct esf_month *month = &esf->months[i];
		uint32_t period = esf->first + (uint32_t)i;

		name_file(esf, period, name);
		sheet_add_ratio(sheet, period, period, 0);
		sheet_add_number(sheet, (int64_t)month->rows);
		sheet_add_text(sheet, name);
		sheet_add_phrase(sheet, month->was_sent ? N_("yes") : N_("no"), NULL);
	}
	if (esf->is_dry)
		sheet_note(sheet, N_("Nothing was written, and nothing is counted as handed out."),
			   NULL);
	else
		sheet_note(sheet,
			   N_("They hold personal data: hand them over by a safe way, and delete "
			      "the files."),
			   NULL);
	return sheet;
}

/* What is handed out is an event before it leaves. */
static int keep(struct esf_months *esf)
{
	own(mem_free) struct esf_sent *sents = calloc(esf->months_n, sizeof(*sents));

	if (sents == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < esf->months_n; i++) {
		sents[i] = (struct esf_sent){
			.at = esf->at,
			.rows = esf->months[i].rows,
			.head_seq = esf->head_seq,
		};
		text_copy(sents[i].operator_name, sizeof(sents[i].operator_name),
			  esf->operator_name);
		memcpy(sents[i].hash, esf->months[i].today, sizeof(sents[i].hash));
	}
	return esf_sent_put(esf->store, esf->first, sents, esf->months_n);
}

static int finish_export(struct esf_months *esf, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int error = 0;

	if (!esf->is_dry)
		error = attach(esf, ret_answer);
	if (error == 0 && !esf->is_dry)
		error = keep(esf);
	if (error < 0)
		return error;
	sheet = export_sheet(esf);
	return answer_add(ret_answer, &sheet);
}

/* ---- The plan ---- */

static bool is_same(const struct esf_month *month)
{
	return month->was_sent && memcmp(month->today, month->sent.hash, sizeof(month->today)) == 0;
}

static void add_plan(const struct esf_months *esf, size_t i, struct sheet *sheet)
{
	const struct esf_month *month = &esf->months[i];
	uint32_t period = esf->first + (uint32_t)i;

	sheet_add_ratio(sheet, period, period, 0);
	if (month->was_sent)
		sheet_add_code(sheet, "again", N_("to be handed out again"), NULL);
	else
		sheet_add_code(sheet, "new", N_("not yet handed out"), NULL);
	sheet_add_number(sheet, (int64_t)month->rows);
	if (month->was_sent) {
		sheet_add_number(sheet, (int64_t)month->sent.rows);
		sheet_add_number(sheet, month->sent.at);
	} else {
		sheet_add_empty(sheet);
		sheet_add_empty(sheet);
	}
	if (month->since != 0)
		sheet_add_number(sheet, month->since);
	else
		sheet_add_empty(sheet);
	sheet_add_number(sheet, (int64_t)month->cases);
}

static struct sheet *plan_sheet(const struct esf_months *esf)
{
	struct sheet *sheet = sheet_new("mia.esf.plan/1", SHEET_TABLE);
	size_t n = 0;

	sheet_title(sheet, N_("Sheets about persons that are to be handed out"), NULL);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Month"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(sheet, "rows", SHEET_COUNT, N_("Persons"), false);
	sheet_column(sheet, "before", SHEET_COUNT, N_("Then"), false);
	sheet_column(sheet, "sent", SHEET_MOMENT, N_("Handed out"), false);
	sheet_column(sheet, "since", SHEET_MOMENT, N_("Changed since"), false);
	sheet_column(sheet, "cases", SHEET_COUNT, N_("Cases"), false);
	for (size_t i = 0; i < esf->months_n; i++) {
		const struct esf_month *month = &esf->months[i];

		if (is_same(month) || (!month->was_sent && month->rows == 0))
			continue;
		add_plan(esf, i, sheet);
		n++;
	}
	if (n == 0)
		sheet_note(sheet, N_("None: what was handed out is still so."), NULL);
	else
		sheet_note(sheet,
			   N_("Hand a month out with mia esf export --period 2018-06 --out "
			      "DIR."),
			   NULL);
	return sheet;
}

static struct sheet *cases_sheet(const struct esf_months *esf)
{
	struct sheet *sheet = sheet_new("mia.esf.cases/1", SHEET_TABLE);

	sheet_title(sheet, N_("Whose line in a sheet is another now"), NULL);
	sheet_column(sheet, "period", SHEET_PERIOD, N_("Month"), false);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "what", SHEET_CODE, N_("What"), false);
	for (size_t i = 0; i < esf->cases_n; i++) {
		uint32_t period = esf->cases[i].period;

		sheet_add_ratio(sheet, period, period, 0);
		sheet_add_number(sheet, (int64_t)esf->cases[i].id);
		switch (esf->cases[i].what) {
		case ESF_NEW:
			sheet_add_code(sheet, "new", N_("was not in it"), NULL);
			break;
		case ESF_CHANGED:
			sheet_add_code(sheet, "changed", N_("changed"), NULL);
			break;
		case ESF_GONE:
			sheet_add_code(sheet, "gone", N_("is not in it any more"), NULL);
			break;
		}
	}
	if (esf->cases_n == ESF_CASES_MAX)
		sheet_note(sheet, N_("There are more: these are the first."), NULL);
	return sheet;
}

static int note_access(const struct esf_months *esf)
{
	char more[48];
	const struct access access = {
		.event = "person_listed",
		.more = more,
		.operator_name = esf->operator_name,
		.at = esf->at,
	};

	(void)snprintf(more, sizeof(more), "sheet=esf cases=%zu", esf->cases_n);
	return access_note(esf->store, &access);
}

static int finish_plan(const struct esf_months *esf, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int error = esf->cases_n > 0 ? note_access(esf) : 0;

	if (error < 0)
		return error;
	sheet = plan_sheet(esf);
	error = answer_add(ret_answer, &sheet);
	if (error < 0 || esf->cases_n == 0)
		return error;
	sheet = cases_sheet(esf);
	return answer_add(ret_answer, &sheet);
}

int esf_finish(void *context, struct answer *ret_answer)
{
	struct esf_months *esf = context;

	esf_months_end(esf);
	return esf->is_export ? finish_export(esf, ret_answer) : finish_plan(esf, ret_answer);
}
