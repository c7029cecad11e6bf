#include "daemon/site/outbox.h"

#include "daemon/site/outbox_row.h"
#include "lib/date.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct outbox {
	struct store *store; /* borrowed */
	const struct programme *programme;
	const struct outbox_signer *signer; /* borrowed */
	struct outbox_position position;
	uint8_t root[SIGN_HASH_BYTES]; /* h0 */
};

/* ---- life ---- */

static const char *owner_of(const struct outbox *outbox)
{
	return safe_identity(store_safe(outbox->store))->owner;
}

/* Whether one of our keys signed it: the present one, or a former one that is good for release n.
 * Of our own store every former key is believed (n 0), as it is sealed. */
static bool is_signed(const struct outbox *outbox, struct release *release, uint64_t n)
{
	const struct outbox_signer *signer = outbox->signer;
	const uint8_t *keys[ROSTER_KEYS_MAX];
	size_t keys_n = 0;

	if (release_verify(release, sign_key_public(signer->key)))
		return true;
	if (signer->roster != NULL)
		keys_n = roster_keys(signer->roster, owner_of(outbox), n, keys);
	return keys_n > 0 &&
	       release_verify_any(release, keys + 1, keys_n - 1); /* the former ones */
}

/* The chain from its root to the head that the position names. */
static int follow(const struct outbox *outbox, struct safe_txn *txn)
{
	uint8_t at[SIGN_HASH_BYTES];
	int error = 0;

	memcpy(at, outbox->root, sizeof(at));
	for (uint64_t n = 1; n <= outbox->position.last; n++) {
		own(release_free) struct release release = {0};
		int64_t at_send;

		error = outbox_row_load(txn, n, &release, &at_send);
		if (error != 0)
			return error == -ENOENT ? fail(-EBADMSG) : error;
		if (memcmp(release.prev, at, sizeof(at)) != 0 || !is_signed(outbox, &release, 0))
			return fail(-EBADMSG);
		memcpy(at, release.hash, sizeof(at));
	}
	return memcmp(at, outbox->position.head, sizeof(at)) == 0 ? 0 : fail(-EBADMSG);
}

static int read_chain(struct outbox *outbox)
{
	own(safe_abort) struct safe_txn txn = {0};
	int error;

	safe_read(store_safe(outbox->store), &txn);
	error = outbox_row_position(&txn, &outbox->position);
	if (error == -ENOENT) {
		memcpy(outbox->position.head, outbox->root, sizeof(outbox->root));
		return 0;
	}
	return error != 0 ? error : follow(outbox, &txn);
}

int outbox_new(struct store *store, const struct programme *programme,
	       const struct outbox_signer *signer, struct outbox **ret_outbox)
{
	own(outbox_free) struct outbox *outbox = calloc(1, sizeof(*outbox));
	int error;

	if (outbox == NULL)
		return fail(-ENOMEM);
	outbox->store = store;
	outbox->programme = programme;
	outbox->signer = signer;
	sign_chain_start(owner_of(outbox), outbox->root);
	error = read_chain(outbox);
	if (error != 0)
		return error;
	*ret_outbox = take(outbox);
	return 0;
}

void outbox_free(struct outbox **outbox)
{
	free(*outbox);
	*outbox = NULL;
}

/* ---- making ---- */

/* What a release tells of its closing: the cut-off day, or that of a sign-off before it. The second
 * would tell that an import held the closing up, or when somebody is at work. */
static int64_t told_closed(const struct programme *programme, uint32_t period, int64_t at_now)
{
	int32_t cutoff = period_last_day(period) + (int32_t)programme->policy.cutoff_days;
	int32_t day = date_of_moment(at_now);

	return date_to_moment(day < cutoff ? day : cutoff);
}

static int make_payload(const struct outbox *outbox, const char *site, uint32_t period,
			const struct release_figures *figures, int64_t at_now,
			struct buf *ret_payload)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));

	if (body == NULL)
		return fail(-ENOMEM);
	(void)snprintf(body->site, sizeof(body->site), "%s", site);
	body->n = outbox->position.last + 1;
	body->period = period;
	memcpy(body->programme, outbox->programme->hash, sizeof(body->programme));
	store_audit_head(outbox->store, body->audit_head);
	body->is_rehearsal = safe_identity(store_safe(outbox->store))->is_rehearsal;
	body->at_closed = told_closed(outbox->programme, period, at_now);
	body->figures = *figures;
	return release_pack(body, outbox->programme, ret_payload);
}

static int commit_release(struct outbox *outbox, const struct release *release,
			  const struct outbox_position *after, int64_t at_now, int64_t at_send)
{
	own(safe_abort) struct safe_txn txn = {0};
	char month[PERIOD_TEXT_BYTES];
	char text[96];
	int error;

	period_format_month(after->period, month);
	(void)snprintf(text, sizeof(text), "released n=%llu period=%s",
		       (unsigned long long)release->n, month);
	safe_write(store_safe(outbox->store), &txn);
	outbox_row_put(&txn, release, at_send);
	outbox_row_put_position(&txn, after);
	store_audit(outbox->store, &txn, at_now, text);
	error = store_keep_book(outbox->store, &txn);
	return error != 0 ? error : safe_commit(&txn);
}

static int release_chained(struct outbox *outbox, uint32_t period, struct buf *payload,
			   int64_t at_now, int64_t at_send)
{
	own(release_free) struct release release = {0};
	struct outbox_position after = outbox->position;
	int error;

	release_sign(&release, outbox->position.last + 1, outbox->position.head, payload,
		     outbox->signer->key);
	after.last = release.n;
	after.period = period;
	memcpy(after.head, release.hash, sizeof(after.head));
	error = commit_release(outbox, &release, &after, at_now, at_send);
	if (error != 0)
		return error;
	book_kept(store_book(outbox->store));
	outbox->position = after;
	return 0;
}

int outbox_release(struct outbox *outbox, const char *site, uint32_t period,
		   const struct release_figures *figures, int64_t at_now, uint32_t random)
{
	own(buf_free) struct buf payload = {0};
	uint64_t spread = (uint64_t)outbox->programme->policy.send_spread_s + 1;
	int64_t at_send = at_now + (int64_t)(spread * random >> 32); /* 0..spread - 1, evenly */
	int error = make_payload(outbox, site, period, figures, at_now, &payload);

	if (error == 0)
		error = release_chained(outbox, period, &payload, at_now, at_send);
	if (error != 0)
		store_revert(outbox->store);
	return error;
}

/* ---- asking ---- */

uint64_t outbox_last(const struct outbox *outbox)
{
	return outbox->position.last;
}

uint64_t outbox_received(const struct outbox *outbox)
{
	return outbox->position.received;
}

uint32_t outbox_last_period(const struct outbox *outbox)
{
	return outbox->position.period;
}

const char *outbox_halt(const struct outbox *outbox)
{
	return outbox->position.halt;
}

int outbox_load(struct outbox *outbox, uint64_t n, struct release *ret_release,
		int64_t *ret_at_send)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(release_free) struct release release = {0};
	int64_t at_send = 0;
	int error;

	if (n > outbox->position.last)
		return -ENOENT;
	safe_read(store_safe(outbox->store), &txn);
	error = outbox_row_load(&txn, n, &release, &at_send);
	if (error != 0)
		return error;
	if (outbox->signer->roster != NULL && outbox->signer->roster->formers_n > 0 &&
	    !is_signed(outbox, &release, n))
		release_sign_anew(&release, outbox->signer->key);
	release_free(ret_release);
	*ret_release = release;
	release = (struct release){0};
	*ret_at_send = at_send;
	return 0;
}

int outbox_hash(struct outbox *outbox, uint64_t n, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	own(release_free) struct release release = {0};
	const uint8_t *hash = release.hash;
	int64_t at_send = 0;
	int error = 0;

	if (n == 0)
		hash = outbox->root;
	else if (n == outbox->position.last)
		hash = outbox->position.head;
	else
		error = outbox_load(outbox, n, &release, &at_send);
	if (error == 0)
		memcpy(ret_hash, hash, SIGN_HASH_BYTES);
	return error;
}

/* ---- what the hub says ---- */

/* The position and what is to be said of it, durable; then ours. */
static int move(struct outbox *outbox, struct safe_txn *txn, const struct outbox_position *after,
		int64_t at_now, const char *text)
{
	int error;

	outbox_row_put_position(txn, after);
	store_audit(outbox->store, txn, at_now, text);
	error = safe_commit(txn);
	if (error != 0)
		return error;
	outbox->position = *after;
	return 0;
}

int outbox_receipt(struct outbox *outbox, uint64_t n, const uint8_t hash[static SIGN_HASH_BYTES],
		   int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position after = outbox->position;
	uint8_t own_hash[SIGN_HASH_BYTES];
	char text[64];
	int error = outbox_hash(outbox, n, own_hash);

	if (error == -ENOENT || (error == 0 && memcmp(own_hash, hash, sizeof(own_hash)) != 0))
		return fail(-EBADMSG);
	if (error != 0 || n == after.received)
		return error;
	(void)snprintf(text, sizeof(text), "%s n=%llu",
		       n > after.received ? "received" : "hub_went_back", (unsigned long long)n);
	after.received = n;
	safe_write(store_safe(outbox->store), &txn);
	return move(outbox, &txn, &after, at_now, text);
}

/* How many of the fetched ones we have as they are. */
static size_t common(struct outbox *outbox, const struct release releases[], size_t releases_n)
{
	uint8_t own_hash[SIGN_HASH_BYTES];
	size_t same = 0;

	while (same < releases_n && outbox_hash(outbox, releases[same].n, own_hash) == 0 &&
	       memcmp(own_hash, releases[same].hash, sizeof(own_hash)) == 0)
		same++;
	return same;
}

/* Ours from number first on go to the archive, theirs take the place. */
static int replace(struct safe_txn *txn, const struct release releases[], size_t releases_n,
		   uint64_t first, struct outbox_position *position)
{
	int error = 0;

	for (uint64_t n = first; error == 0 && n <= position->last; n++)
		error = outbox_row_archive(txn, n, ++position->archived);
	for (size_t i = 0; i < releases_n; i++) {
		if (releases[i].n >= first)
			outbox_row_put(txn, &releases[i], 0);
	}
	return error;
}

/* What a fetched release says of itself, whatever version of the programme it was made by. That one
 * of our keys signed it is not all: a rehearsal may have had the same keys. */
static int read_own(const struct outbox *outbox, const struct release *release,
		    struct release_body *ret_body)
{
	const struct safe_identity *identity = safe_identity(store_safe(outbox->store));

	if (release_unpack_head(release->payload.data, release->payload.n, ret_body) !=
		    RELEASE_FINE ||
	    strcmp(ret_body->site, identity->owner) != 0 || ret_body->n != release->n ||
	    ret_body->is_rehearsal != identity->is_rehearsal)
		return fail(-EBADMSG);
	return 0;
}

/* They go on from our chain, and each is a report of ours; the month of the last. */
static int read_all(struct outbox *outbox, const struct release releases[], size_t releases_n,
		    uint32_t *ret_period)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	uint8_t prev[SIGN_HASH_BYTES];
	int error = body == NULL ? fail(-ENOMEM) : outbox_hash(outbox, releases[0].n - 1, prev);

	if (error == 0 && memcmp(prev, releases[0].prev, sizeof(prev)) != 0)
		error = fail(-EBADMSG);
	for (size_t i = 0; error == 0 && i < releases_n; i++)
		error = read_own(outbox, &releases[i], body);
	if (error == 0)
		*ret_period = body->period;
	return error;
}

int outbox_adopt(struct outbox *outbox, const struct release releases[], size_t releases_n,
		 bool is_fork, int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	const struct release *last = &releases[releases_n - 1];
	uint64_t first = releases[0].n + common(outbox, releases, releases_n);
	struct outbox_position after = outbox->position;
	char text[96];
	int error = read_all(outbox, releases, releases_n, &after.period);

	if (error != 0)
		return error;
	assert(releases[0].n <= outbox->position.last + 1);
	safe_write(store_safe(outbox->store), &txn);
	error = replace(&txn, releases, releases_n, first, &after);
	if (error != 0)
		return error;
	after.last = after.received = last->n;
	memcpy(after.head, last->hash, sizeof(after.head));
	after.returned = (struct outbox_return){first, last->n, at_now};
	(void)snprintf(after.halt, sizeof(after.halt), "%s",
		       is_fork ? OUTBOX_FORKED : OUTBOX_RESTORED);
	(void)snprintf(text, sizeof(text), "%s first=%llu last=%llu",
		       is_fork ? "forked" : "adopted", (unsigned long long)first,
		       (unsigned long long)last->n);
	return move(outbox, &txn, &after, at_now, text);
}

int outbox_resume(struct outbox *outbox, const char *operator_name, int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct outbox_position after = outbox->position;
	char text[160];
	int error;

	after.halt[0] = '\0';
	(void)snprintf(text, sizeof(text), "reconciled first=%llu last=%llu operator=%s",
		       (unsigned long long)after.returned.first,
		       (unsigned long long)after.returned.last, operator_name);
	safe_write(store_safe(outbox->store), &txn);
	error = store_keep_book(outbox->store, &txn);
	if (error == 0)
		error = move(outbox, &txn, &after, at_now, text);
	if (error == 0)
		book_kept(store_book(outbox->store));
	else
		store_revert(outbox->store);
	return error;
}
