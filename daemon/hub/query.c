#include "daemon/hub/query.h"

#include "daemon/hub/dump.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LAST_UNLESS_TOLD 50
#define LAST_MAX 10000

/* ---- events ---- */

struct events_ask {
	int64_t since;
	uint64_t last;
	struct sheet *sheet;
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
static int add_event(void *context, uint64_t number, int64_t at, const char *text)
{
	const struct events_ask *ask = context;
	char event[LEDGER_TEXT_BYTES];
	size_t n = strcspn(text, " ");

	if (at < ask->since)
		return 0;
	(void)snprintf(event, sizeof(event), "%.*s", (int)n, text);
	sheet_add_number(ask->sheet, (int64_t)number);
	sheet_add_number(ask->sheet, at);
	sheet_add_text(ask->sheet, event);
	sheet_add_text(ask->sheet, text[n] == '\0' ? NULL : text + n + 1);
	return 0;
}

static int answer_events(const struct query_hub *hub, const struct request *request,
			 struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct events_ask ask;
	struct ledger_about about;
	struct fault fault = {0};
	uint64_t from;
	int status;

	if (read_events_ask(request, &ask, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	sheet = sheet_new("mia.events/1", SHEET_TABLE);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "event", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "details", SHEET_TEXT, N_("Details"), false);
	ask.sheet = sheet;
	ledger_about(hub->ledger, &about);
	from = about.state->events_n > ask.last ? about.state->events_n - ask.last + 1 : 1;
	status = ledger_events(hub->ledger, from, add_event, &ask);
	return status != 0 ? status : answer_add(ret_answer, &sheet);
}

/* ---- the dump ---- */

static int answer_dump(const struct query_hub *hub, struct answer *ret_answer)
{
	struct fault fault = {0};
	int status = dump_ledger(hub->ledger, ANSWER_BYTES_MAX - 65536, &ret_answer->attachment);

	if (status != -EMSGSIZE)
		return status;
	(void)fault_set(&fault, "H004", "dump", "Take a backup of the ledger instead.",
			"it would be larger than an answer can be (%d MiB)",
			ANSWER_BYTES_MAX / 1048576);
	return answer_fault(ret_answer, &fault);
}

int query_hub(const struct query_hub *hub, const struct room_time *now,
	      const struct request *request, struct answer *ret_answer)
{
	int status = ask_figures(hub->county, request, now->at, ret_answer);

	if (status != -ENOENT)
		return status;
	if (request->command == COMMAND_STATUS)
		return status_answer(hub, now, request, ret_answer);
	if (request->command == COMMAND_EVENTS)
		return answer_events(hub, request, ret_answer);
	if (request->command == COMMAND_DUMP)
		return answer_dump(hub, ret_answer);
	return -ENOENT;
}
