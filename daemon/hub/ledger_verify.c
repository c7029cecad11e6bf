#include "daemon/hub/ledger_verify.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ACCEPTED "release_accepted " /* the event that tells of a report */

struct check {
	const struct ledger_state *state;
	const struct roster *roster;
	struct ledger_verdict verdict;
	uint64_t told[LEDGER_SITES_MAX]; /* reports that events told of, by site */
	uint8_t head[SIGN_HASH_BYTES];
};

static void note_link(struct ledger_link *link, const char *site, uint64_t n)
{
	if (link->n != 0)
		return;
	text_copy(link->site, sizeof(link->site), site);
	link->n = n;
}

/* ---- events ---- */

/* "release_accepted site=ID n=N ...": the next of its site. */
static void note_accepted(struct check *check, const char *text)
{
	char site[EVENTS_VALUE_BYTES], text_n[EVENTS_VALUE_BYTES];
	uint64_t n;
	int number;

	if (strncmp(text, ACCEPTED, sizeof(ACCEPTED) - 1) != 0 ||
	    !events_value(text, "site", site) || !events_value(text, "n", text_n) ||
	    text_to_u64(text_n, UINT64_MAX, &n) != 0)
		return;
	number = ledger_state_find(check->state, site);
	if (number < 0 || n != check->told[number] + 1)
		note_link(&check->verdict.untold, site, n);
	else
		check->told[number]++;
}

/* One event, and whether its head follows from the one before. */
static int follow_event(struct check *check, struct safe_cursor *cursor, uint64_t number)
{
	own(buf_free) struct buf row = {0};
	struct ledger_event event = {0}, again;
	int status = safe_cursor_value(cursor, NULL, &row);

	if (status == 0)
		status = ledger_row_read_event(&row, &event);
	if (status == -EBADMSG || cursor->kv.key.n != 8 ||
	    safe_key_number(cursor->kv.key.data) != number) {
		check->verdict.broken = number;
		return 0;
	}
	if (status != 0)
		return status;
	again = event;
	ledger_row_chain_event(&again, check->head);
	if (memcmp(again.head, event.head, sizeof(again.head)) != 0)
		check->verdict.broken = number;
	memcpy(check->head, event.head, sizeof(check->head));
	note_accepted(check, event.text);
	return 0;
}

static int follow_events(struct check *check, struct ledger *ledger)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct safe_cursor cursor = {0};
	uint64_t number = 0;
	int status = 0;
	bool is_there;

	safe_read(ledger_safe(ledger), &txn);
	is_there = safe_seek(&txn, LEDGER_EVENT, NULL, 0, &cursor);
	for (; status == 0 && is_there && check->verdict.broken == 0; is_there = safe_next(&cursor))
		status = follow_event(check, &cursor, ++number);
	safe_cursor_close(&cursor);
	if (status == 0)
		status = txn.kv.error;
	if (status == 0 && check->verdict.broken == 0 && number != check->verdict.events_n)
		check->verdict.broken = number + 1;
	return status;
}

/* ---- reports ---- */

static int check_release(void *context, const char *site, const struct release *release,
			 int64_t at_received)
{
	struct check *check = context;
	const uint8_t *keys[ROSTER_KEYS_MAX];
	size_t keys_n = roster_keys(check->roster, site, release->n, keys);
	struct release again = *release; /* the payload stays the ledger's */

	(void)at_received;
	check->verdict.releases_n++;
	if (keys_n > 0 && !release_verify_any(&again, keys, keys_n))
		note_link(&check->verdict.unsigned_one, site, release->n);
	return 0;
}

/* Each that is there has its event. */
static void compare_told(struct check *check)
{
	for (size_t i = 0; i < check->state->sites_n; i++)
		if (check->told[i] != check->state->sites[i].n)
			note_link(&check->verdict.untold, check->state->sites[i].name,
				  check->told[i] + 1);
}

int ledger_verify(struct ledger *ledger, const struct roster *roster,
		  struct ledger_verdict *ret_verdict)
{
	own(mem_free) struct check *check = calloc(1, sizeof(*check));
	struct ledger_about about;
	int status;

	if (check == NULL)
		return fail(-ENOMEM);
	ledger_about(ledger, &about);
	check->state = about.state;
	check->roster = roster;
	check->verdict.events_n = about.state->events_n;
	status = follow_events(check, ledger);
	if (status == 0)
		status = ledger_walk(ledger, check_release, check);
	if (status != 0)
		return status;
	if (check->verdict.broken == 0)
		compare_told(check);
	*ret_verdict = check->verdict;
	return 0;
}

/* ---- the answer ---- */

static void add_link(struct sheet *sheet, const char *phrase, const struct ledger_link *link)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)link->n);
	sheet_add_phrase(sheet, phrase, number, link->site, NULL);
}

static void add_reports(struct sheet *sheet, const struct ledger_verdict *verdict)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)verdict->releases_n);
	if (verdict->unsigned_one.n != 0)
		add_link(sheet, N_("Report %1 of %2 is not as its site signed it."),
			 &verdict->unsigned_one);
	else
		sheet_add_phrase(sheet, N_("All %1 reports are as their sites signed them."),
				 number, NULL);
	if (verdict->untold.n != 0)
		add_link(sheet, N_("The events and the reports do not agree: report %1 of %2."),
			 &verdict->untold);
	else if (verdict->broken == 0)
		sheet_add_phrase(sheet,
				 N_("The events tell of every report that is here, and of no "
				    "other."),
				 NULL);
}

int ledger_verify_answer(struct ledger *ledger, const struct roster *roster,
			 struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.verify/1", SHEET_LINES);
	struct ledger_verdict verdict = {0};
	struct ledger_about about;
	int status = ledger_verify(ledger, roster, &verdict);
	bool does_hold;

	if (status != 0)
		return status;
	does_hold = verdict.broken == 0 && verdict.unsigned_one.n == 0 && verdict.untold.n == 0;
	ledger_about(ledger, &about);
	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	events_add_verdict(sheet, verdict.events_n, verdict.broken, about.state->audit_head);
	add_reports(sheet, &verdict);
	ret_answer->exit = does_hold ? EXIT_GOOD : EXIT_CHECK_FAILED;
	return answer_add(ret_answer, &sheet);
}
