#include "daemon/site/access.h"

#include "daemon/site/audit_verify.h"
#include "daemon/site/store.h"
#include "daemon/site/store_verify.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define EVENT "person_"
#define TEXT_BYTES 256

/* What the events are called. */
static const struct {
	const char *event, *called;
} names[] = {
	{"person_found", N_("found")},
	{"person_sought", N_("looked for, nobody found")},
	{"person_shown", N_("shown")},
	{"person_history", N_("shown with history")},
	{"person_number", N_("shown with the whole number")},
	{"person_asked", N_("opened to be changed")},
	{"person_added", N_("registered")},
	{"person_event", N_("event recorded")},
	{"person_corrected", N_("corrected")},
	{"person_moved", N_("handed over")},
	{"person_received", N_("received")},
	{"person_compared", N_("compared with another case")},
	{"person_merged", N_("joined with another case")},
	{"person_erased", N_("erased")},
	{"person_listed", N_("listed")},
};

int access_note(struct store *store, const struct access *access)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[TEXT_BYTES];
	int n = snprintf(text, sizeof(text), "%s case=%llu operator=%s%s%s", access->event,
			 (unsigned long long)access->number, access->operator_name,
			 access->more[0] == '\0' ? "" : " ", access->more);

	if (n < 0 || (size_t)n >= sizeof(text))
		return fail(-ENAMETOOLONG);
	(void)kv_grow(safe_kv(store_safe(store)));
	safe_write(store_safe(store), &txn);
	store_audit(store, &txn, access->at, text);
	return safe_commit(&txn);
}

/* Whether an event of the chain is an access, and so no event of the house. */
static bool is_access(const char *text)
{
	return strncmp(text, EVENT, sizeof(EVENT) - 1) == 0;
}

/* ---- the list ---- */

struct listing {
	struct events_ask ask;
	uint64_t number; /* case, 0: all */
	const char *operator_name; /* or NULL */
	bool is_of_house; /* everything but accesses */
};

static int read_listing(const struct request *request, struct listing *ret_listing,
			struct fault *fault)
{
	const char *number = request_option(request, "case");
	int error = events_read(request, &ret_listing->ask, fault);

	ret_listing->operator_name = request_option(request, "operator");
	if (error != 0 || number == NULL)
		return error;
	if (text_to_u64(number, UINT64_MAX, &ret_listing->number) != 0)
		return fault_set(fault, "X002", "--case", "Give the number of a case, as 17.",
				 "that is no number of a case");
	return 0;
}

static bool is_asked_for(const struct listing *listing, const struct store_event *event,
			 const char *text)
{
	char word[EVENTS_VALUE_BYTES];

	if (is_access(text) == listing->is_of_house || event->at < listing->ask.since)
		return false;
	if (listing->operator_name != NULL) {
		(void)events_value(text, "operator", word);
		if (strcmp(word, listing->operator_name) != 0)
			return false;
	}
	if (listing->number == 0)
		return true;
	(void)events_value(text, "case", word);
	return strtoull(word, NULL, 10) == listing->number;
}

/* From the youngest back: how many were asked for and the first of them. */
static int find_first(struct store *store, const struct listing *listing, uint64_t *ret_first)
{
	uint64_t left = listing->ask.last;
	uint64_t n = store_audit_count(store);

	while (n > 0 && left > 0) {
		own(buf_free) struct buf text = {0};
		struct store_event event;
		int error = store_audit_read(store, n, &event, &text);

		if (error == 0 && buf_text(&text) == NULL)
			error = fail(-ENOMEM);
		if (error != 0)
			return error;
		left -= is_asked_for(listing, &event, buf_text(&text));
		n--;
	}
	*ret_first = n + 1;
	return 0;
}

static void add_done(struct sheet *sheet, const char *text)
{
	char event[EVENTS_VALUE_BYTES];

	(void)snprintf(event, sizeof(event), "%.*s", (int)strcspn(text, " "), text);
	for (size_t i = 0; i < array_n(names); i++) {
		if (strcmp(names[i].event, event) != 0)
			continue;
		sheet_add_code(sheet, event, names[i].called, NULL);
		return;
	}
	sheet_add_code(sheet, event, event, NULL);
}

/* What stands behind operator=NAME. */
static const char *more_of(const char *text)
{
	const char *operator_name = strstr(text, " operator=");
	const char *blank = operator_name == NULL ? NULL : strchr(operator_name + 1, ' ');

	return blank == NULL ? NULL : blank + 1;
}

static void add_access(struct sheet *sheet, uint64_t n, int64_t at, const char *text)
{
	char word[EVENTS_VALUE_BYTES];

	sheet_add_number(sheet, (int64_t)n);
	sheet_add_number(sheet, at);
	(void)events_value(text, "operator", word);
	sheet_add_text(sheet, word);
	add_done(sheet, text);
	(void)events_value(text, "case", word);
	if (strcmp(word, "0") == 0 || word[0] == '\0')
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, strtoll(word, NULL, 10));
	sheet_add_text(sheet, more_of(text));
}

static struct sheet *new_list(void)
{
	struct sheet *sheet = sheet_new("mia.audit/1", SHEET_TABLE);

	sheet_title(sheet, N_("Who looked at whom"), NULL);
	sheet_column(sheet, "number", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "operator", SHEET_TEXT, N_("Who"), false);
	sheet_column(sheet, "done", SHEET_CODE, N_("What"), false);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "details", SHEET_TEXT, N_("Details"), false);
	return sheet;
}

static void add_one(const struct listing *listing, uint64_t n, int64_t at, const char *text,
		    struct sheet *sheet)
{
	if (listing->is_of_house)
		events_add(sheet, &listing->ask, n, at, text);
	else
		add_access(sheet, n, at, text);
}

static int add_all(struct store *store, const struct listing *listing, struct sheet *sheet)
{
	uint64_t events_n = store_audit_count(store);
	uint64_t n = 0;
	int error = find_first(store, listing, &n);

	for (; error == 0 && n <= events_n; n++) {
		own(buf_free) struct buf text = {0};
		struct store_event event;

		error = store_audit_read(store, n, &event, &text);
		if (error == 0 && buf_text(&text) == NULL)
			error = fail(-ENOMEM);
		if (error == 0 && is_asked_for(listing, &event, buf_text(&text)))
			add_one(listing, n, event.at, buf_text(&text), sheet);
	}
	return error;
}

int access_house(struct store *store, const struct events_ask *ask, struct sheet *sheet)
{
	const struct listing listing = {.ask = *ask, .is_of_house = true};

	return add_all(store, &listing, sheet);
}

int access_show(struct store *store, const struct request *request, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct listing listing = {0};
	struct fault fault = {0};
	int error;

	if (read_listing(request, &listing, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	sheet = new_list();
	error = add_all(store, &listing, sheet);
	return error != 0 ? error : answer_add(ret_answer, &sheet);
}

/* ---- the chain ---- */

/* The hub holds every report as it was sent, and with it the head of the log of that day. */
static void add_witnesses(struct sheet *sheet, const struct audit_verdict *verdict)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu",
		       (unsigned long long)(verdict->untold != 0 ? verdict->untold
								 : verdict->told_n));
	if (verdict->untold == 0)
		sheet_add_phrase(sheet, N_("Reports that tell of this log: %1."), number, NULL);
	else
		sheet_add_phrase(sheet,
				 N_("Report %1 tells of another log: something before it was "
				    "altered or taken away. The hub holds the report as proof."),
				 number, NULL);
	if (verdict->lost_n == 0)
		return;
	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)verdict->lost_n);
	sheet_add_phrase(sheet,
			 N_("Reports that the hub gave back after a restore: %1. The events of "
			    "their time are lost."),
			 number, NULL);
}

static void add_log(struct sheet *sheet, struct store *store, bool does_hold)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)store_head(store));
	sheet_add_phrase(
		sheet,
		does_hold ? N_("All %1 entries of the log of persons are as they were sealed.")
			  : N_("The log of persons does not hold: one of its %1 entries is not as "
			       "it was sealed. Restore the latest backup."),
		number, NULL);
}

static void add_sound(struct sheet *sheet, struct store *store, const struct store_sound *sound)
{
	char number[24], entries[24];

	(void)snprintf(number, sizeof(number), "%llu",
		       (unsigned long long)(sound->flaws_n == 0 ? store_persons(store)
								: sound->flaws_n));
	(void)snprintf(entries, sizeof(entries), "%llu", (unsigned long long)sound->entries_n);
	if (sound->flaws_n == 0)
		sheet_add_phrase(sheet,
				 N_("All %1 persons are there with their keys, and found by each "
				    "of the index's %2 entries that is theirs."),
				 number, entries, NULL);
	else
		sheet_add_phrase(sheet,
				 N_("The store does not hang together. Flaws found: %1. Nothing "
				    "was changed."),
				 number, NULL);
}

int access_verify(struct store *store, const struct store_sound *sound, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.verify/1", SHEET_LINES);
	struct audit_verdict verdict = {0};
	bool does_log_hold = false;
	int error = audit_verify(store, &verdict);

	if (error == 0)
		error = store_verify(store, &does_log_hold);
	if (error != 0)
		return error;
	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	events_add_verdict(sheet, verdict.events_n, verdict.broken, verdict.head);
	if (verdict.broken == 0)
		add_witnesses(sheet, &verdict);
	add_log(sheet, store, does_log_hold);
	add_sound(sheet, store, sound);
	ret_answer->exit =
		verdict.broken == 0 && verdict.untold == 0 && does_log_hold && sound->flaws_n == 0
			? EXIT_GOOD
			: EXIT_CHECK_FAILED;
	return answer_add(ret_answer, &sheet);
}
