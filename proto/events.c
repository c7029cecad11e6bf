#include "proto/events.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

#define LAST_UNLESS_TOLD 50
#define LAST_MAX 10000
#define HEAD_SHOWN 16 /* of its hexadecimal digits */
#define VALUES_MAX 3

/* What an event is called, and which of its values make the sentence of its details. */
struct event_row {
	const char *event, *called, *details;
	const char *keys[VALUES_MAX];
};

static const struct event_row rows[] = {
	{"released", N_("month closed, report made"), N_("report %1 for %2"), {"n", "period"}},
	{"received", N_("report received by the hub"), N_("report %1"), {"n"}},
	{"refused", N_("report refused by the hub"), N_("report %1: %2"), {"n", "code"}},
	{"hub_went_back",
	 N_("the hub has lost reports; they are sent again"),
	 N_("all after report %1"),
	 {"n"}},
	{"adopted",
	 N_("the hub's copy of our reports taken over"),
	 N_("reports %1 to %2"),
	 {"first", "last"}},
	{"forked",
	 N_("the hub's other reports taken over"),
	 N_("reports %1 to %2"),
	 {"first", "last"}},
	{"confirmed", N_("our reports are all there were"), N_("up to report %1"), {"n"}},
	{"reconciled",
	 N_("reports that came back acknowledged"),
	 N_("reports %1 to %2, by %3"),
	 {"first", "last", "operator"}},
	{"chain_fetched",
	 N_("a site took its reports back from us"),
	 N_("%1: it had %2 of %3"),
	 {"site", "own", "last"}},
	{"site_reconciled",
	 N_("a site goes on with the reports it took back"),
	 N_("%1: after report %2"),
	 {"site", "n"}},
	{"check_failed",
	 N_("figures contradict one another"),
	 N_("%1: check %2 of %3"),
	 {"period", "check", "pack"}},
	{"batch_stored", N_("import stored"), N_("batch %1"), {"batch"}},
	{"batch_undone", N_("import taken back"), N_("batch %1, by batch %2"), {"batch", "by"}},
	{"esf_exported",
	 N_("sheet about persons handed out"),
	 N_("%1: %2 persons, by %3"),
	 {"period", "rows", "operator"}},
	{"invitations_given", N_("invitations to the survey made"), N_("by %1"), {"operator"}},
	{"store_damaged",
	 N_("damage found in the store"),
	 N_("flaws: %1, asked by %2"),
	 {"flaws", "operator"}},
	{"release_accepted",
	 N_("report received"),
	 N_("%1: report %2 for %3"),
	 {"site", "n", "period"}},
	{"release_refused",
	 N_("report refused"),
	 N_("%1: report %2, code %3"),
	 {"site", "n", "code"}},
	{"session_refused", N_("connection refused"), N_("%1: code %2"), {"site", "code"}},
	{"figures_doubtful",
	 N_("a site's figures do not hold together"),
	 N_("%1: check %2"),
	 {"site", "check"}},
	{"ledger_made", N_("ledger made"), NULL, {NULL}},
	{"invited", N_("site invited"), N_("%1, by %2"), {"site", "operator"}},
	{"invitation_revoked", N_("invitation taken back"), N_("%1, by %2"), {"site", "operator"}},
	{"accepted", N_("card accepted"), N_("%1, by %2"), {"site", "operator"}},
	{"key_revoked", N_("key revoked"), N_("%1, by %2"), {"site", "operator"}},
	{"verified", N_("key verified"), N_("%1, by %2 (%3)"), {"member", "operator", "how"}},
	{"fingerprint_wrong",
	 N_("a wrong fingerprint typed"),
	 N_("%1, by %2, try %3"),
	 {"member", "operator", "tries"}},
	{"fingerprint_locked",
	 N_("a wrong fingerprint typed three times: key locked for an hour"),
	 N_("%1, by %2"),
	 {"member", "operator"}},
	{"hub_pinned", N_("key of the hub pinned"), N_("%1"), {"fingerprint"}},
	{"roster_signed", N_("roster signed"), N_("epoch %1, by %2"), {"epoch", "operator"}},
	{"roster_pinned", N_("new roster in force"), N_("epoch %1"), {"epoch"}},
	{"key_used_twice",
	 N_("a site's key is in use at two connections"),
	 N_("%1: %2 and %3"),
	 {"site", "first", "second"}},
	{"site_suspended",
	 N_("site suspended: two machines have its keys"),
	 N_("%1: %2 and %3"),
	 {"site", "first", "second"}},
	{"site_suspended", N_("site suspended"), N_("%1, by %2"), {"site", "operator"}},
	{"site_resumed", N_("site let in again"), N_("%1, by %2"), {"site", "operator"}},
	{"site_retired", N_("site has left"), N_("%1, by %2"), {"site", "operator"}},
	{"programme_approved",
	 N_("new version of the programme approved"),
	 N_("version %1, by %2"),
	 {"version", "operator"}},
	{"programme_kept",
	 N_("earlier version of the programme kept"),
	 N_("version %1, by %2"),
	 {"version", "operator"}},
	{"programme_in_force", N_("programme in force"), N_("version %1"), {"version"}},
};

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

bool events_value(const char *text, const char *key, char ret_value[static EVENTS_VALUE_BYTES])
{
	size_t key_n = strlen(key);

	while (*text != '\0') {
		size_t name_n = strcspn(text, "= ");
		bool is_quoted = text[name_n] == '=' && text[name_n + 1] == '"';
		const char *value = text + name_n + (text[name_n] == '=') + is_quoted;
		size_t n = strcspn(value, is_quoted ? "\"" : " ");

		if (name_n == key_n && memcmp(text, key, key_n) == 0) {
			(void)snprintf(ret_value, EVENTS_VALUE_BYTES, "%.*s", (int)n, value);
			return true;
		}
		n += (size_t)(value - text);
		n += is_quoted && text[n] == '"';
		text += n + strspn(text + n, " ");
	}
	ret_value[0] = '\0';
	return false;
}

/* The values a row's sentence is made of; whether all are there. */
static bool find_values(const struct event_row *row, const char *details,
			char ret_values[VALUES_MAX][EVENTS_VALUE_BYTES])
{
	bool is_whole = row->details != NULL;

	for (size_t i = 0; is_whole && i < VALUES_MAX && row->keys[i] != NULL; i++)
		is_whole = events_value(details, row->keys[i], ret_values[i]);
	return is_whole;
}

/* Of several rows of an event the first whose values are all there, else the last. */
static const struct event_row *row_of(const char *event, const char *details)
{
	char values[VALUES_MAX][EVENTS_VALUE_BYTES];
	const struct event_row *row = NULL;

	for (size_t i = 0; i < array_n(rows); i++) {
		if (strcmp(rows[i].event, event) != 0)
			continue;
		row = &rows[i];
		if (find_values(row, details, values))
			break;
	}
	return row;
}

/* As a sentence where every value of it is there, else as it is. */
static void add_details(struct sheet *sheet, const struct event_row *row, const char *details)
{
	char values[VALUES_MAX][EVENTS_VALUE_BYTES] = {"", "", ""};

	if (row != NULL && find_values(row, details, values))
		sheet_add_code(sheet, details, row->details, values[0], values[1], values[2], NULL);
	else
		sheet_add_code(sheet, details, details, NULL);
}

struct sheet *events_sheet(void)
{
	struct sheet *sheet = sheet_new("mia.events/1", SHEET_TABLE);

	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "event", SHEET_CODE, N_("Event"), false);
	sheet_column(sheet, "details", SHEET_CODE, N_("Details"), false);
	return sheet;
}

void events_add(struct sheet *sheet, const struct events_ask *ask, uint64_t number, int64_t at,
		const char *text)
{
	char event[EVENTS_VALUE_BYTES];
	size_t n = strcspn(text, " ");
	const struct event_row *row;

	if (at < ask->since)
		return;
	(void)snprintf(event, sizeof(event), "%.*s", (int)n, text);
	row = row_of(event, text + n);
	sheet_add_number(sheet, (int64_t)number);
	sheet_add_number(sheet, at);
	sheet_add_code(sheet, event, row != NULL ? row->called : event, NULL);
	if (text[n] == '\0')
		sheet_add_empty(sheet);
	else
		add_details(sheet, row, text + n + 1);
}

void events_add_verdict(struct sheet *sheet, uint64_t events_n, uint64_t broken,
			const uint8_t head[static SIGN_HASH_BYTES])
{
	char number[24], hex[2 * SIGN_HASH_BYTES + 1];

	text_hex(head, SIGN_HASH_BYTES, hex);
	hex[HEAD_SHOWN] = '\0';
	(void)snprintf(number, sizeof(number), "%llu",
		       (unsigned long long)(broken != 0 ? broken : events_n));
	if (broken == 0)
		sheet_add_phrase(sheet,
				 N_("All %1 events are as they were written; the head of the chain "
				    "is %2 ..."),
				 number, hex, NULL);
	else
		sheet_add_phrase(
			sheet,
			N_("The chain does not hold: event %1, or one before it, is not as "
			   "it was written."),
			number, NULL);
}
