#include "daemon/site/query.h"

#include "daemon/site/preview.h"
#include "daemon/site/transcript.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LAST_UNLESS_TOLD 50
#define LAST_MAX 10000
#define EVENT_BYTES 64

/* ---- status and preview ---- */

static int answer_status(const struct query_site *site, const struct room_time *now,
			 const struct request *request, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct fault fault = {0};

	if (request->arguments_n > 0 && strcmp(request->arguments[0], site->parts->site->id) != 0) {
		(void)fault_set(&fault, "X009", request->arguments[0],
				"Ask the hub, or `mia sites`.", "this is %s",
				site->parts->site->id);
		return answer_fault(ret_answer, &fault);
	}
	sheet = condition_sheet(site, now, request->language);
	return answer_add(ret_answer, &sheet);
}

static int answer_preview(const struct query_site *site, const struct request *request,
			  struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int error = preview_sheet(site->parts, request->language, &sheet);

	return error != 0 ? error : answer_add(ret_answer, &sheet);
}

/* ---- events ---- */

struct events_ask {
	int64_t since;
	uint64_t last;
};

static int read_events_ask(const struct request *request, struct events_ask *ask,
			   struct fault *fault)
{
	const char *since = request_option(request, "since");
	const char *last = request_option(request, "last");

	ask->since = INT64_MIN;
	ask->last = since == NULL ? LAST_UNLESS_TOLD : LAST_MAX;
	if (since != NULL && date_parse_moment(since, &ask->since) != 0)
		return fault_set(fault, "X002", "--since",
				 "Write it as 2018-07-01 or 2018-07-01T06:00:00Z.",
				 "\"%s\" is no day", since);
	if (last != NULL && (text_to_u64(last, LAST_MAX, &ask->last) != 0 || ask->last == 0))
		return fault_set(fault, "X002", "--last", "Give a number from 1 to 10000.",
				 "\"%s\" is no such number", last);
	return 0;
}

/* "event key=value ..." */
static void add_event(struct sheet *sheet, uint64_t number, int64_t at, const char *text)
{
	char event[EVENT_BYTES];
	size_t n = strcspn(text, " ");

	(void)snprintf(event, sizeof(event), "%.*s", (int)n, text);
	sheet_add_number(sheet, (int64_t)number);
	sheet_add_number(sheet, at);
	sheet_add_text(sheet, event);
	sheet_add_text(sheet, text[n] == '\0' ? NULL : text + n + 1);
}

static int add_events(struct store *store, const struct events_ask *ask, struct sheet *sheet)
{
	uint64_t events_n = store_audit_count(store);
	int error = 0;

	for (uint64_t n = events_n > ask->last ? events_n - ask->last + 1 : 1;
	     error == 0 && n <= events_n; n++) {
		own(buf_free) struct buf text = {0};
		int64_t at = 0;

		error = store_audit_read(store, n, &at, &text);
		if (error == 0 && buf_text(&text) == NULL)
			error = fail(-ENOMEM);
		if (error == 0 && at >= ask->since)
			add_event(sheet, n, at, buf_text(&text));
	}
	return error;
}

static int answer_events(const struct query_site *site, const struct request *request,
			 struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct fault fault = {0};
	struct events_ask ask;
	int error;

	if (read_events_ask(request, &ask, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	sheet = sheet_new("mia.events/1", SHEET_TABLE);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "event", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "details", SHEET_TEXT, N_("Details"), false);
	error = add_events(site->parts->store, &ask, sheet);
	return error != 0 ? error : answer_add(ret_answer, &sheet);
}

/* ---- the dump ---- */

static int answer_dump(const struct query_site *site, struct answer *ret_answer)
{
	struct fault fault = {0};
	int error =
		transcript_write(site->parts, ANSWER_BYTES_MAX - 65536, &ret_answer->attachment);

	if (error != -EMSGSIZE)
		return error;
	(void)fault_set(&fault, "H004", "dump", "Take a backup of the store instead.",
			"it would be larger than an answer can be (%d MiB)",
			ANSWER_BYTES_MAX / 1048576);
	return answer_fault(ret_answer, &fault);
}

int query_site(const struct query_site *site, const struct room_time *now,
	       const struct request *request, struct answer *ret_answer)
{
	int error = ask_figures(site->parts->county, request, now->at, ret_answer);

	if (error != -ENOENT)
		return error;
	if (request->command == COMMAND_STATUS)
		return answer_status(site, now, request, ret_answer);
	if (request->command == COMMAND_PREVIEW)
		return answer_preview(site, request, ret_answer);
	if (request->command == COMMAND_EVENTS)
		return answer_events(site, request, ret_answer);
	if (request->command == COMMAND_DUMP)
		return answer_dump(site, ret_answer);
	return -ENOENT;
}
