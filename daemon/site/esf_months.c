#include "daemon/site/esf_months.h"

#include "daemon/site/esf_row.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"
#define MONTHS_MAX 600

void esf_months_free(struct esf_months **esf)
{
	if (*esf == NULL)
		return;
	for (size_t i = 0; i < (*esf)->months_n; i++)
		buf_wipe(&(*esf)->months[i].content);
	free((*esf)->months);
	mem_free(esf);
}

/* ---- Which months ---- */

static uint32_t last_over(const struct esf_months *esf)
{
	uint32_t over = period_of_day(date_of_moment(esf->at)) - 1;
	uint32_t end = period_of_day(esf->programme->operation.to);

	return over < end ? over : end;
}

static int refuse_period(struct fault *fault, const char *given, const char *reason)
{
	return fault_set(fault, "X002", "--period", "Give a month that is over, as 2018-06.",
			 "\"%s\" %s", given, reason);
}

static int read_period(const struct request *request, const struct esf_months *esf,
		       struct period_range *ret_months, struct fault *fault)
{
	const char *given = request_option(request, "period");
	uint32_t begin = period_of_day(esf->programme->operation.from);
	struct period_range months = {begin, last_over(esf)};

	if (given == NULL && esf->is_export)
		months.first = months.last;
	if (given != NULL && period_parse(given, &months) != 0)
		return refuse_period(fault, given, "is no period");
	if (given != NULL && (months.first < begin || months.last > last_over(esf)))
		return refuse_period(fault, given, "is not over, or outside the operation");
	if (months.last < months.first)
		return refuse_period(fault, "", "no month of the operation is over");
	if (months.last - months.first >= MONTHS_MAX)
		return refuse_period(fault, given, "is too long");
	*ret_months = months;
	return 0;
}

static int begin_month(struct esf_months *esf, uint32_t period, struct esf_month *month)
{
	own(buf_free) struct buf headings = {0};
	int error = esf_sent_get(esf->store, period, &month->sent);

	if (error < 0 && error != -ENOENT)
		return error;
	month->was_sent = error == 0;
	esf_row_headings(esf->export, &headings);
	sign_hash_start(&month->hash, "mia/1/esf");
	sign_hash_part(&month->hash, headings.data, headings.n);
	if (esf->is_export) {
		buf_add(&month->content, BOM, sizeof(BOM) - 1);
		buf_add(&month->content, headings.data, headings.n);
	}
	return headings.error;
}

static int begin_months(struct esf_months *esf, struct period_range months)
{
	size_t n = months.last - months.first + 1;
	int error = 0;

	esf->first = months.first;
	esf->months = calloc(n, sizeof(*esf->months));
	if (esf->months == NULL)
		return fail(-ENOMEM);
	esf->months_n = n;
	for (size_t i = 0; i < n && error == 0; i++)
		error = begin_month(esf, months.first + (uint32_t)i, &esf->months[i]);
	return error;
}

static int read_ask(const struct sweep_ask *ask, struct esf_months *esf, struct fault *fault)
{
	struct period_range months = {0};
	int error;

	esf->export = programme_export(esf->programme, ESF_EXPORT);
	if (esf->export == NULL)
		return fault_set(fault, "X026", "[export " ESF_EXPORT "]",
				 "Describe it in the programme file.",
				 "the programme has no such sheet");
	error = esf_row_check(esf->export, fault);
	if (error == 0)
		error = read_period(ask->request, esf, &months, fault);
	return error < 0 ? error : begin_months(esf, months);
}

int esf_months_new(const struct sweep_ask *ask, struct esf_months **ret_esf, struct fault *fault)
{
	own(esf_months_free) struct esf_months *esf = calloc(1, sizeof(*esf));
	const struct parts *parts = ask->site->parts;
	int error;

	if (esf == NULL)
		return fail(-ENOMEM);
	esf->store = parts->store;
	esf->programme = parts->closing.programme;
	esf->site = parts->site->id;
	esf->is_export = ask->request->command == COMMAND_ESF_EXPORT;
	esf->is_dry = request_option(ask->request, "dry-run") != NULL;
	esf->at = ask->now->at;
	esf->head_seq = store_head(esf->store);
	text_copy(esf->operator_name, sizeof(esf->operator_name), ask->who->name);
	error = read_ask(ask, esf, fault);
	if (error == 0)
		*ret_esf = take(esf);
	return error;
}

/* ---- Looking ---- */

/* The person as at a log entry, and the moment of their first act after it. NULL (id 0) when that
 * can be known no more. */
static int load_then(struct store *store, const struct store_person *now, uint64_t head_seq,
		     struct store_person *ret_then, int64_t *ret_since)
{
	uint64_t seq = now->last_seq;
	struct act act = {0};
	int error = 0;

	while (seq > head_seq && error == 0) {
		error = store_load_act(store, seq, &act);
		if (error == 0)
			seq = act.prev;
	}
	if (error < 0)
		return error;
	*ret_since = act.at;
	return seq == 0 ? 0 : store_load_at(store, now->id, seq, ret_then);
}

static void note_case(struct esf_months *esf, struct esf_month *month, uint64_t id,
		      enum esf_what what)
{
	size_t at = esf->cases_n;

	month->cases++;
	if (at == ESF_CASES_MAX)
		return;
	esf->cases[at].period = esf->first + (uint32_t)(month - esf->months);
	esf->cases[at].id = id;
	esf->cases[at].what = what;
	esf->cases_n++;
}

/* Whether the line of somebody who was changed since the sheet was handed out is another one. */
static int compare_line(struct esf_months *esf, struct esf_month *month,
			const struct store_person *now, const struct buf *line)
{
	own(store_person_wipe) struct store_person then;
	own(buf_wipe) struct buf before = {0};
	uint32_t period = esf->first + (uint32_t)(month - esf->months);
	int64_t since = 0;
	bool was_in, is_in = line->n > 0;
	int error;

	store_person_clear(&then);
	error = load_then(esf->store, now, month->sent.head_seq, &then, &since);
	if (error < 0)
		return error;
	was_in = esf_row_add(esf->programme, esf->export, &then.record, period, &before);
	if (before.error < 0)
		return before.error;
	if (was_in == is_in && before.n == line->n &&
	    (line->n == 0 || memcmp(before.data, line->data, line->n) == 0))
		return 0;
	note_case(esf, month, now->id, !was_in ? ESF_NEW : is_in ? ESF_CHANGED : ESF_GONE);
	if (month->since == 0 || since < month->since)
		month->since = since;
	return 0;
}

static int add_line(struct esf_months *esf, struct esf_month *month,
		    const struct store_person *person)
{
	own(buf_wipe) struct buf line = {0};
	uint32_t period = esf->first + (uint32_t)(month - esf->months);

	if (esf_row_add(esf->programme, esf->export, &person->record, period, &line)) {
		month->rows++;
		sign_hash_part(&month->hash, line.data, line.n);
		if (esf->is_export)
			buf_add(&month->content, line.data, line.n);
	}
	if (line.error < 0 || month->content.error < 0)
		return line.error < 0 ? line.error : month->content.error;
	if (esf->is_export || !month->was_sent || person->last_seq <= month->sent.head_seq)
		return 0;
	return compare_line(esf, month, person, &line);
}

int esf_months_add(struct esf_months *esf, const struct store_person *person)
{
	int error = 0;

	if (person->is_answer)
		return 0;
	for (size_t i = 0; i < esf->months_n && error == 0; i++)
		error = add_line(esf, &esf->months[i], person);
	return error;
}

void esf_months_end(struct esf_months *esf)
{
	for (size_t i = 0; i < esf->months_n; i++)
		sign_hash_end(&esf->months[i].hash, esf->months[i].today);
}
