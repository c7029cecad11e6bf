#include "daemon/site/condition.h"

#include "daemon/site/chore.h"
#include "daemon/site/published.h"
#include "daemon/site/reconcile.h"
#include "daemon/site/store_batch_row.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/memory.h"
#include "lib/own.h"
#include "proto/errors.h"

#include <stdio.h>
#include <string.h>

#define DAY_S 86400

/* What the columns are filled from, read once. */
struct condition {
	struct courier_view courier;
	uint64_t sent, received; /* reports made, and those the hub has */
	int64_t closes; /* moment; INT64_MAX never */
	size_t map_bytes, used_bytes;
	bool has_import;
	struct store_batch_row import;
	bool has_chores; /* counted for who asks */
	uint64_t chores[CHORE_N];
};

/* The last import that still stands. */
static bool find_import(struct store *store, struct store_batch_row *ret_import)
{
	for (uint64_t batch = store_batch_row_last(store); batch > 0; batch--) {
		if (store_batch_row_get(store, batch, ret_import) != 0)
			return false;
		if (ret_import->undoes == 0 && ret_import->undone_by == 0)
			return true;
	}
	return false;
}

static void read_condition(const struct parts *parts, struct condition *ret_condition)
{
	*ret_condition = (struct condition){
		.sent = outbox_last(parts->outbox),
		.received = outbox_received(parts->outbox),
		.closes = closing_due(&parts->closing),
	};
	courier_view(parts->courier, &ret_condition->courier);
	kv_size(safe_kv(store_safe(parts->store)), &ret_condition->map_bytes,
		&ret_condition->used_bytes);
	ret_condition->has_import = find_import(parts->store, &ret_condition->import);
}

/* What persons wait for, of a store that is small enough to be looked through at once. The counts
 * are for all staff, as those of `mia todo`. */
static void count_chores(const struct query_site *site, int64_t at_now, struct condition *condition)
{
	const struct parts *parts = site->parts;
	own(chore_context_free) struct chore_context context = {0};
	struct fault fault;

	condition->has_chores = site->is_staff &&
				chore_context_make(parts->closing.programme, parts->site,
						   date_of_moment(at_now), &context, &fault) == 0 &&
				chore_count(parts->store, &context, condition->chores) == 0;
}

/* ---- the form ---- */

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "role", SHEET_TEXT, N_("Role"), false);
	sheet_column(sheet, "version", SHEET_TEXT, N_("Version"), false);
	sheet_column(sheet, "up", SHEET_MILLISECONDS, N_("Up for"), false);
	sheet_column(sheet, "now", SHEET_MOMENT, N_("Clock"), false);
	sheet_column(sheet, "memory", SHEET_BYTES, N_("Memory"), false);
	sheet_column(sheet, "store", SHEET_BYTES, N_("Store"), false);
	sheet_column(sheet, "store_share", SHEET_SHARE, N_("Of its room"), false);
	sheet_column(sheet, "endpoint", SHEET_TEXT, N_("Hub at"), false);
	sheet_column(sheet, "contact", SHEET_PHRASE, N_("Contact"), false);
	sheet_column(sheet, "round_trip", SHEET_MILLISECONDS, N_("Round trip"), false);
	sheet_column(sheet, "last_contact", SHEET_MOMENT, N_("Last heard"), false);
	sheet_column(sheet, "last_period", SHEET_PERIOD, N_("Last report"), false);
	sheet_column(sheet, "sent", SHEET_COUNT, N_("Reports made"), false);
	sheet_column(sheet, "received", SHEET_COUNT, N_("Received by the hub"), false);
	sheet_column(sheet, "waiting", SHEET_COUNT, N_("Waiting to be sent"), false);
	sheet_column(sheet, "next_period", SHEET_PERIOD, N_("Next report"), false);
	sheet_column(sheet, "closes", SHEET_MOMENT, N_("Closes"), false);
	sheet_column(sheet, "participants", SHEET_COUNT, N_("Participants recorded"), false);
	sheet_column(sheet, "last_import", SHEET_MOMENT, N_("Last import"), false);
	sheet_column(sheet, "last_import_file", SHEET_TEXT, N_("Its file"), false);
	sheet_column(sheet, "to_do", SHEET_COUNT, N_("Cases to look at"), false);
}

static const char *contact_phrase(const struct courier_view *view)
{
	static const char *const phrases[COURIER_STATES_N] = {
		[COURIER_AWAY] = N_("no contact"),
		[COURIER_DIALLING] = N_("dialling"),
		[COURIER_GREETING] = N_("greeting"),
		[COURIER_FETCHING] = N_("fetching our own reports"),
		[COURIER_STREAMING] = N_("in contact"),
		[COURIER_HALTED] = N_("halted: an operator must look"),
	};

	return phrases[view->state];
}

static void add_positive(struct sheet *sheet, int64_t number)
{
	if (number > 0 && number != INT64_MAX)
		sheet_add_number(sheet, number);
	else
		sheet_add_empty(sheet);
}

static void add_daemon(struct sheet *sheet, const struct query_site *site,
		       const struct room_time *now, const struct condition *condition)
{
	sheet_add_text(sheet, "site");
	sheet_add_text(sheet, MIA_VERSION);
	sheet_add_number(sheet, now->mono_ms - site->mono_started_ms);
	sheet_add_number(sheet, now->at);
	sheet_add_number(sheet, memory_own_bytes());
	sheet_add_number(sheet, (int64_t)condition->used_bytes);
	sheet_add_ratio(sheet, (int64_t)condition->used_bytes, (int64_t)condition->map_bytes, 0);
}

static void add_hub(struct sheet *sheet, const struct query_site *site,
		    const struct condition *condition)
{
	bool has_contact = condition->courier.state == COURIER_STREAMING;

	sheet_add_text(sheet, site->endpoint);
	sheet_add_phrase(sheet, contact_phrase(&condition->courier), NULL);
	if (has_contact)
		sheet_add_number(sheet, condition->courier.round_trip_ms);
	else
		sheet_add_empty(sheet);
	add_positive(sheet, condition->courier.at_contact);
}

static void add_reports(struct sheet *sheet, const struct parts *parts,
			const struct condition *condition)
{
	add_positive(sheet, outbox_last_period(parts->outbox));
	sheet_add_number(sheet, (int64_t)condition->sent);
	sheet_add_number(sheet, (int64_t)condition->received);
	sheet_add_number(sheet, (int64_t)(condition->sent - condition->received));
	sheet_add_number(sheet, book_next(store_book(parts->store)));
	add_positive(sheet, condition->closes);
}

/* From one day to the next the number of persons tells what the books hold back, and a file's name
 * may tell more. */
static void add_records(struct sheet *sheet, const struct query_site *site,
			const struct condition *condition)
{
	if (site->is_staff)
		sheet_add_number(sheet, (int64_t)store_persons(site->parts->store));
	else
		sheet_add_empty(sheet);
	add_positive(sheet, site->is_staff && condition->has_import ? condition->import.at : 0);
	sheet_add_text(sheet, site->is_staff && condition->has_import ? condition->import.file_name
								      : NULL);
}

/* Empty where nobody counted: it is not nothing then. */
static void add_chores(struct sheet *sheet, const struct condition *condition)
{
	uint64_t count = 0;

	for (size_t i = 0; i < CHORE_N; i++)
		count += condition->chores[i];
	if (condition->has_chores)
		sheet_add_number(sheet, (int64_t)count);
	else
		sheet_add_empty(sheet);
}

/* ---- what is to be done ---- */

/* What was made under it waits, and the county's figures stand as they were known before. */
static void note_version(struct sheet *sheet, const struct parts *parts)
{
	char version[16];

	(void)snprintf(version, sizeof(version), "%u", parts->versions.now->version);
	if (published_is_ahead(parts->store, &parts->versions))
		sheet_note(sheet,
			   N_("The county runs a newer programme than version %1, which is in "
			      "force here; what it says of the county waits. Approve the new "
			      "one: mia programme approve FILE."),
			   version, NULL);
}

static void note_refusal(struct sheet *sheet, const char *code)
{
	if (code[0] != '\0')
		sheet_note(sheet, N_("The hub refused us: %1. See `mia explain %1`."), code, NULL);
}

/* A line may be down for weeks: nobody need do anything about the first day. */
static void note_silence(struct sheet *sheet, const struct room_time *now,
			 const struct courier_view *view)
{
	char day[DATE_TEXT_BYTES];

	if (view->state == COURIER_STREAMING || view->state == COURIER_HALTED ||
	    view->at_contact <= 0 || now->at - view->at_contact < DAY_S)
		return;
	date_format(date_of_moment(view->at_contact), day);
	sheet_note(sheet,
		   N_("The hub has not been heard since %1. Work as usual, reports wait; have the "
		      "line looked at, or telephone the hub."),
		   day, NULL);
}

/* A month that is over and not closed yet. */
static void note_month(struct sheet *sheet, const struct parts *parts, const struct room_time *now,
		       const struct condition *condition)
{
	uint32_t period = book_next(store_book(parts->store));
	char month[PERIOD_TEXT_BYTES], day[DATE_TEXT_BYTES];

	if (condition->closes == INT64_MAX || condition->closes <= now->at ||
	    date_of_moment(now->at) <= period_last_day(period))
		return;
	period_format_month(period, month);
	date_format(date_of_moment(condition->closes), day);
	sheet_note(sheet,
		   N_("%1 is over and closes by itself on %2: import what remains, see `mia "
		      "preview`; `mia close %1` closes it now."),
		   month, day, NULL);
}

static void note_count(struct sheet *sheet, const char *msgid, uint64_t count)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)count);
	if (count > 0)
		sheet_note(sheet, msgid, text, NULL);
}

static void note_chores(struct sheet *sheet, const struct query_site *site,
			const struct condition *condition)
{
	const uint64_t *counts = condition->chores;
	uint64_t others = 0;

	if (!condition->has_chores) {
		if (site->is_staff)
			sheet_note(sheet, N_("What persons wait for is counted by `mia todo`."),
				   NULL);
		return;
	}
	for (int i = 0; i < CHORE_N; i++)
		others += i == CHORE_OUTCOME || i == CHORE_FOLLOWUP ? 0 : counts[i];
	note_count(sheet, N_("Exits without outcome: %1. See `mia quality --rule V027`."),
		   counts[CHORE_OUTCOME]);
	note_count(sheet, N_("Follow-ups due: %1. See `mia todo`."), counts[CHORE_FOLLOWUP]);
	note_count(sheet, N_("Other cases to look at: %1. See `mia todo`."), others);
}

/* Reports that came back, and those of which nobody here knows whether they are all. */
static void note_return(struct sheet *sheet, const struct query_site *site)
{
	const struct parts *parts = site->parts;
	bool is_halted = outbox_halt(parts->outbox)[0] != '\0';

	if (is_halted)
		sheet_note(sheet,
			   N_("Nothing is closed or sent until an operator has looked: see `mia "
			      "reconcile` and `mia explain %1`."),
			   outbox_halt(parts->outbox), NULL);
	else if (parts->closing.mark == MARK_LOST)
		sheet_note(
			sheet,
			N_("The store may have been put back from a backup: no month closes until "
			   "you have asked another association and said `mia confirm N` (`mia "
			   "explain W015`)."),
			NULL);
	else if (parts->closing.mark == MARK_OTHER)
		sheet_note(sheet,
			   N_("This store has fewer reports than were made, and no month closes: "
			      "see `mia reconcile` and `mia explain W015`."),
			   NULL);
	if (!is_halted && site->is_staff) /* as the number of persons: from day to day it tells */
		note_count(sheet,
			   N_("Events in figures that came back, without a record here: %1. Enter "
			      "what was lost again, see `mia reconcile`."),
			   reconcile_missing(store_book(parts->store), parts->closing.programme));
}

static void note_to_do(struct sheet *sheet, const struct query_site *site,
		       const struct room_time *now, const struct condition *condition)
{
	struct store *store = site->parts->store;

	if (outbox_halt(site->parts->outbox)[0] == '\0')
		note_refusal(sheet, condition->courier.refusal);
	note_return(sheet, site);
	note_version(sheet, site->parts);
	note_silence(sheet, now, &condition->courier);
	note_month(sheet, site->parts, now, condition);
	note_chores(sheet, site, condition);
	if (site->parts->closing.is_clock_doubtful)
		sheet_note(sheet,
			   N_("No month closes by itself: by this machine's clock the next one is "
			      "half a year late. Look at the clock; when it is right, close the "
			      "months that are over with `mia close`."),
			   NULL);
	if (site->parts->closing.is_stopped)
		sheet_note(sheet,
			   N_("No month closes by itself: figures contradict one another (%1). "
			      "See `mia totals --own`; `mia close` closes it as it is."),
			   site->parts->closing.breach->text, NULL);
	if (site->parts->closing.mark == MARK_HELD && condition->closes == INT64_MAX &&
	    store_head(store) == 0)
		sheet_note(sheet,
			   N_("No month closes before something is recorded: import the history "
			      "first, or sign months off with `mia close`."),
			   NULL);
	if (condition->used_bytes > condition->map_bytes / 4 * 3)
		sheet_note(
			sheet,
			N_("The store is nearly full and could not grow: make room on the disk."),
			NULL);
	if (store_is_rehearsal(store))
		sheet_note(sheet, N_("This is a rehearsal: no figure of it is real."), NULL);
}

struct sheet *condition_sheet(const struct query_site *site, const struct room_time *now,
			      enum programme_language language)
{
	struct sheet *sheet = sheet_new("mia.status/1", SHEET_FORM);
	struct condition condition;

	read_condition(site->parts, &condition);
	count_chores(site, now->at, &condition);
	sheet_title(sheet, N_("%1 (site)"), programme_text(site->parts->site->label, language),
		    NULL);
	add_columns(sheet);
	add_daemon(sheet, site, now, &condition);
	add_hub(sheet, site, &condition);
	add_reports(sheet, site->parts, &condition);
	add_records(sheet, site, &condition);
	add_chores(sheet, &condition);
	note_to_do(sheet, site, now, &condition);
	return sheet;
}
