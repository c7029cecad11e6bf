#include "proto/events.h"

#include "lib/date.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

#define LAST_UNLESS_TOLD 50
#define LAST_MAX 10000
#define EVENT_BYTES 64

int events_read(const struct request *request, struct events_ask *ret_ask, struct fault *fault)
{
	const char *since = request_option(request, "since");
	const char *last = request_option(request, "last");
	struct events_ask ask = {.since = INT64_MIN,
				 .last = since == NULL ? LAST_UNLESS_TOLD : LAST_MAX};

	if (since != NULL && date_parse_moment(since, &ask.since) != 0)
		return fault_set(fault, "X002", "--since",
				 "Write it as 2018-07-01 or 2018-07-01T06:00:00Z.",
				 "\"%s\" is no day", since);
	if (last != NULL && (text_to_u64(last, LAST_MAX, &ask.last) != 0 || ask.last == 0))
		return fault_set(fault, "X002", "--last", "Give a number from 1 to 10000.",
				 "\"%s\" is no such number", last);
	*ret_ask = ask;
	return 0;
}

uint64_t events_first(const struct events_ask *ask, uint64_t events_n)
{
	return events_n > ask->last ? events_n - ask->last + 1 : 1;
}

struct sheet *events_sheet(void)
{
	struct sheet *sheet = sheet_new("mia.events/1", SHEET_TABLE);

	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "event", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "details", SHEET_TEXT, N_("Details"), false);
	return sheet;
}

void events_add(struct sheet *sheet, const struct events_ask *ask, uint64_t number, int64_t at,
		const char *text)
{
	char event[EVENT_BYTES];
	size_t n = strcspn(text, " ");

	if (at < ask->since)
		return;
	(void)snprintf(event, sizeof(event), "%.*s", (int)n, text);
	sheet_add_number(sheet, (int64_t)number);
	sheet_add_number(sheet, at);
	sheet_add_text(sheet, event);
	sheet_add_text(sheet, text[n] == '\0' ? NULL : text + n + 1);
}
