#include "daemon/site/audit_verify.h"

#include "daemon/site/outbox_row.h"
#include "daemon/site/store.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ADOPTED "adopted " /* the event that tells of releases that came back */

/* What a release told of the log. */
struct witness {
	uint8_t head[SIGN_HASH_BYTES];
	bool is_met; /* the log had this head */
	bool is_returned; /* by the hub, after a restore */
};

struct witnesses {
	struct witness *of; /* of release i + 1 */
	uint64_t n, met_n; /* all before met_n are met */
};

static int read_witness(struct safe_txn *txn, uint64_t n, struct witness *ret_witness)
{
	own(release_free) struct release release = {0};
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	int64_t at_send;
	int error = body == NULL ? fail(-ENOMEM) : outbox_row_load(txn, n, &release, &at_send);

	if (error != 0)
		return error == -ENOENT ? fail(-EBADMSG) : error;
	if (release_unpack_head(release.payload.data, release.payload.n, body) != RELEASE_FINE)
		return fail(-EBADMSG);
	memcpy(ret_witness->head, body->audit_head, sizeof(ret_witness->head));
	return 0;
}

static int read_witnesses(struct store *store, struct witnesses *ret_witnesses)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position position = {0};
	int error;

	safe_read(store_safe(store), &txn);
	error = outbox_row_position(&txn, &position);
	if (error != 0)
		return error == -ENOENT ? 0 : error; /* nothing was ever released */
	ret_witnesses->of = calloc(position.last + 1, sizeof(*ret_witnesses->of));
	if (ret_witnesses->of == NULL)
		return fail(-ENOMEM);
	ret_witnesses->n = position.last;
	for (uint64_t i = 0; error == 0 && i < position.last; i++)
		error = read_witness(&txn, i + 1, &ret_witnesses->of[i]);
	return error;
}

static void meet(struct witnesses *all, const uint8_t head[static SIGN_HASH_BYTES])
{
	for (uint64_t i = all->met_n; i < all->n; i++)
		if (memcmp(all->of[i].head, head, SIGN_HASH_BYTES) == 0)
			all->of[i].is_met = true;
	while (all->met_n < all->n && all->of[all->met_n].is_met)
		all->met_n++;
}

/* "adopted first=5 last=7": those releases came back from the hub. After a fork our log is still
 * here, and what the hub's reports tell is another. */
static void note_return(struct witnesses *all, const char *text)
{
	char first[EVENTS_VALUE_BYTES], last[EVENTS_VALUE_BYTES];
	uint64_t from, to;

	if (strncmp(text, ADOPTED, sizeof(ADOPTED) - 1) != 0 ||
	    !events_value(text, "first", first) || !events_value(text, "last", last) ||
	    text_to_u64(first, UINT64_MAX, &from) != 0 || text_to_u64(last, UINT64_MAX, &to) != 0)
		return;
	for (uint64_t n = from < 1 ? 1 : from; n <= to && n <= all->n; n++)
		all->of[n - 1].is_returned = true;
}

/* The chain from its root; the witnesses meet every head of it. */
static int follow(struct store *store, struct witnesses *all, struct audit_verdict *verdict)
{
	uint8_t head[SIGN_HASH_BYTES] = {0};

	meet(all, head);
	for (uint64_t n = 1; n <= verdict->events_n; n++) {
		own(buf_free) struct buf text = {0};
		struct store_event event;
		int error = store_audit_read(store, n, &event, &text);

		if (error == -EBADMSG || error == -ENOENT) {
			verdict->broken = n;
			return 0;
		}
		if (error == 0 && buf_text(&text) == NULL)
			error = fail(-ENOMEM);
		if (error != 0)
			return error;
		store_audit_next(head, &event, buf_text(&text));
		meet(all, head);
		note_return(all, buf_text(&text));
	}
	if (memcmp(head, verdict->head, sizeof(head)) != 0)
		verdict->broken = verdict->events_n;
	return 0;
}

static void judge(const struct witnesses *all, struct audit_verdict *verdict)
{
	for (uint64_t i = 0; i < all->n; i++) {
		const struct witness *witness = &all->of[i];

		verdict->told_n += witness->is_met;
		verdict->lost_n += !witness->is_met && witness->is_returned;
		if (!witness->is_met && !witness->is_returned && verdict->untold == 0)
			verdict->untold = i + 1;
	}
}

int audit_verify(struct store *store, struct audit_verdict *ret_verdict)
{
	struct audit_verdict verdict = {.events_n = store_audit_count(store)};
	struct witnesses all = {0};
	int error = read_witnesses(store, &all);

	store_audit_head(store, verdict.head);
	if (error == 0)
		error = follow(store, &all, &verdict);
	if (error == 0) {
		judge(&all, &verdict);
		*ret_verdict = verdict;
	}
	free(all.of);
	return error;
}
