#include "daemon/hub/ledger_state.h"

#include "daemon/hub/ledger_row.h"
#include "lib/fail.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

int ledger_state_find(const struct ledger_state *state, const char *site)
{
	for (size_t i = 0; i < state->sites_n; i++)
		if (strcmp(state->sites[i].name, site) == 0)
			return (int)i;
	return -1;
}

int ledger_state_add(struct ledger_state *state, const char *site)
{
	struct ledger_entry *entry;

	if (state->sites_n == LEDGER_SITES_MAX)
		return -1;
	entry = &state->sites[state->sites_n];
	*entry = (struct ledger_entry){0};
	text_copy(entry->name, sizeof(entry->name), site);
	sign_chain_start(site, entry->hash);
	return (int)state->sites_n++;
}

void ledger_state_pack_sites(const struct ledger_state *state, struct buf *ret_row)
{
	pack_array(ret_row, (uint32_t)state->sites_n);
	for (size_t i = 0; i < state->sites_n; i++)
		pack_str(ret_row, state->sites[i].name);
}

static int read_sites(struct ledger_state *state, struct safe_txn *txn)
{
	own(buf_free) struct buf row = {0};
	char name[PROGRAMME_ID_BYTES];
	struct unpack in;
	size_t n;
	int status =
		safe_get(txn, LEDGER_META, LEDGER_SITES_ROW, strlen(LEDGER_SITES_ROW), NULL, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	in = unpack_start(row.data, row.n);
	n = unpack_array(&in, LEDGER_SITES_MAX);
	for (size_t i = 0; i < n; i++) {
		unpack_str(&in, name, sizeof(name));
		(void)ledger_state_add(state, name);
	}
	unpack_leave(&in);
	return unpack_end(&in) == 0 ? 0 : fail(-EBADMSG);
}

/* The next link must be the next number and hang on the last hash. */
static int follow(struct ledger_state *state, struct safe_cursor *cursor)
{
	own(buf_free) struct buf row = {0};
	struct release release;
	const uint8_t *payload;
	size_t payload_n;
	int64_t at_received;
	unsigned number;
	uint64_t n;
	struct ledger_entry *site;
	int status = safe_cursor_value(cursor, NULL, &row);

	if (status != 0)
		return status;
	ledger_row_read_release_key(cursor->kv.key.data, &number, &n);
	status = ledger_row_read_release(&row, n, &release, &payload, &payload_n, &at_received);
	if (status != 0)
		return status;
	if (number >= state->sites_n)
		return fail(-EBADMSG);
	site = &state->sites[number];
	if (n != site->n + 1 || memcmp(release.prev, site->hash, SIGN_HASH_BYTES) != 0)
		return fail(-EBADMSG);
	site->n = n;
	memcpy(site->hash, release.hash, SIGN_HASH_BYTES);
	return 0;
}

static int read_chains(struct ledger_state *state, struct safe_txn *txn)
{
	struct safe_cursor cursor = {0};
	int status = 0;
	bool is_there = safe_seek(txn, LEDGER_RELEASE, NULL, 0, &cursor);

	for (; status == 0 && is_there; is_there = safe_next(&cursor))
		status = cursor.kv.key.n == LEDGER_RELEASE_KEY_BYTES ? follow(state, &cursor)
								     : fail(-EBADMSG);
	safe_cursor_close(&cursor);
	return status == 0 ? txn->kv.error : status;
}

static int read_audit(struct ledger_state *state, struct safe_txn *txn)
{
	own(buf_free) struct buf row = {0};
	struct safe_cursor cursor = {0};
	struct ledger_event event = {0};
	int status = 0;

	state->events_n = safe_count(txn, LEDGER_EVENT);
	state->quarantined_n = safe_count(txn, LEDGER_QUARANTINE);
	if (safe_last(txn, LEDGER_EVENT, &cursor))
		status = safe_key_number(cursor.kv.key.data) == state->events_n
				 ? safe_cursor_value(&cursor, NULL, &row)
				 : fail(-EBADMSG); /* one before it is gone */
	if (status == 0 && state->events_n > 0)
		status = ledger_row_read_event(&row, &event);
	safe_cursor_close(&cursor);
	memcpy(state->audit_head, event.head, sizeof(state->audit_head));
	return status == 0 ? txn->kv.error : status;
}

int ledger_state_read(struct safe_txn *txn, struct ledger_state *ret_state)
{
	int status;

	*ret_state = (struct ledger_state){0};
	status = read_sites(ret_state, txn);
	if (status == 0)
		status = read_chains(ret_state, txn);
	if (status == 0)
		status = read_audit(ret_state, txn);
	return status;
}
