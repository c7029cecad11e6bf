#include "daemon/hub/ledger_read.h"

#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <string.h>

#define QUARANTINED_BYTES_MAX MSG_BYTES_MAX

static const struct ledger_state *state_of(const struct ledger *ledger)
{
	struct ledger_about about;

	ledger_about(ledger, &about);
	return about.state;
}

/* ---- releases ---- */

int ledger_load(struct ledger *ledger, const char *site, uint64_t n, struct release *ret_release,
		int64_t *ret_at_received)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0}, payload = {0};
	uint8_t key[LEDGER_RELEASE_KEY_BYTES];
	struct release release = {0};
	const uint8_t *view = NULL;
	size_t view_n = 0;
	int number = ledger_state_find(state_of(ledger), site);
	int status;

	if (number < 0)
		return -ENOENT;
	ledger_row_release_key((unsigned)number, n, key);
	safe_read(ledger_safe(ledger), &txn);
	status = safe_get(&txn, LEDGER_RELEASE, key, sizeof(key), NULL, &row);
	if (status == 0)
		status =
			ledger_row_read_release(&row, n, &release, &view, &view_n, ret_at_received);
	if (status != 0)
		return status;
	buf_add(&payload, view, view_n);
	if (payload.error != 0)
		return payload.error;
	release.payload = payload;
	payload = (struct buf){0};
	*ret_release = release;
	return 0;
}

/* The rows of a table in order, each opened; step takes one. */
typedef int step_fn(void *context, const struct kv_bytes *key, const struct buf *row);

static int walk(struct ledger *ledger, enum ledger_table table, const struct kv_bytes *from,
		step_fn *step, void *context)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	struct safe_cursor cursor = {0};
	bool is_there;
	int status = 0;

	safe_read(ledger_safe(ledger), &txn);
	is_there = safe_seek(&txn, table, from->data, from->n, &cursor);
	for (; status == 0 && is_there; is_there = status == 0 && safe_next(&cursor)) {
		buf_clear(&row);
		status = safe_cursor_value(&cursor, NULL, &row);
		if (status == 0)
			status = step(context, &cursor.kv.key, &row);
	}
	safe_cursor_close(&cursor);
	return status == 0 ? txn.kv.error : status;
}

static int walk_all(struct ledger *ledger, enum ledger_table table, step_fn *step, void *context)
{
	return walk(ledger, table, &(struct kv_bytes){NULL, 0}, step, context);
}

struct release_walk {
	const struct ledger_state *state;
	ledger_visit_fn *visit;
	void *context;
	struct buf payload;
};

static int step_release(void *context, const struct kv_bytes *key, const struct buf *row)
{
	struct release_walk *about = context;
	struct release release = {0};
	const uint8_t *payload = NULL;
	size_t payload_n = 0;
	int64_t at_received = 0;
	unsigned number;
	uint64_t n;
	int status;

	ledger_row_read_release_key(key->data, &number, &n);
	status = ledger_row_read_release(row, n, &release, &payload, &payload_n, &at_received);
	if (status != 0)
		return status;
	if (number >= about->state->sites_n)
		return fail(-EBADMSG);
	buf_clear(&about->payload);
	buf_add(&about->payload, payload, payload_n);
	release.payload = about->payload;
	if (release.payload.error != 0)
		return release.payload.error;
	return about->visit(about->context, about->state->sites[number].name, &release,
			    at_received);
}

int ledger_walk(struct ledger *ledger, ledger_visit_fn *visit, void *context)
{
	struct release_walk about = {.state = state_of(ledger), .visit = visit, .context = context};
	int status = walk_all(ledger, LEDGER_RELEASE, step_release, &about);

	buf_free(&about.payload);
	return status;
}

/* ---- results ---- */

struct result_walk {
	ledger_result_fn *visit;
	void *context;
};

static int step_result(void *context, const struct kv_bytes *key, const struct buf *row)
{
	const struct result_walk *about = context;
	struct unpack in = unpack_start(row->data, row->n);
	struct ledger_result result = {.period = ledger_row_read_period_key(key->data)};
	uint8_t signature[SIGN_BYTES];

	unpack_array_of(&in, 3);
	result.at_made = unpack_i64(&in, INT64_MIN, INT64_MAX);
	result.body = unpack_bin(&in, MSG_BYTES_MAX, &result.body_n);
	unpack_bin_of(&in, signature, sizeof(signature));
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	result.signature = signature;
	return about->visit(about->context, &result);
}

int ledger_result(struct ledger *ledger, uint32_t period, ledger_result_fn *visit, void *context)
{
	struct result_walk about = {.visit = visit, .context = context};
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	uint8_t key[LEDGER_PERIOD_KEY_BYTES];
	int status;

	ledger_row_period_key(period, key);
	safe_read(ledger_safe(ledger), &txn);
	status = safe_get(&txn, LEDGER_RESULT, key, sizeof(key), NULL, &row);
	if (status != 0)
		return status;
	return step_result(&about, &(struct kv_bytes){key, sizeof(key)}, &row);
}

int ledger_walk_results(struct ledger *ledger, ledger_result_fn *visit, void *context)
{
	struct result_walk about = {.visit = visit, .context = context};

	return walk_all(ledger, LEDGER_RESULT, step_result, &about);
}

/* ---- events and quarantine ---- */

struct event_walk {
	ledger_event_fn *visit;
	void *context;
};

static int step_event(void *context, const struct kv_bytes *key, const struct buf *row)
{
	const struct event_walk *about = context;
	struct ledger_event event;
	int status = ledger_row_read_event(row, &event);

	return status != 0 ? status
			   : about->visit(about->context, safe_key_number(key->data), event.at,
					  event.text);
}

int ledger_events(struct ledger *ledger, uint64_t from, ledger_event_fn *visit, void *context)
{
	struct event_walk about = {.visit = visit, .context = context};
	uint8_t key[8];

	safe_key_u64(from, key);
	return walk(ledger, LEDGER_EVENT, &(struct kv_bytes){key, sizeof(key)}, step_event, &about);
}

struct quarantine_walk {
	ledger_quarantine_fn *visit;
	void *context;
};

static int step_quarantine(void *context, const struct kv_bytes *key, const struct buf *row)
{
	const struct quarantine_walk *about = context;
	struct unpack in = unpack_start(row->data, row->n);
	char site[PROGRAMME_ID_BYTES], code[8];
	const uint8_t *message;
	size_t message_n;
	int64_t at;

	(void)key;
	unpack_array_of(&in, 4);
	unpack_str(&in, site, sizeof(site));
	unpack_str(&in, code, sizeof(code));
	at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	message = unpack_bin(&in, QUARANTINED_BYTES_MAX, &message_n);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	return about->visit(about->context, site, code, at, message, message_n);
}

int ledger_walk_quarantine(struct ledger *ledger, ledger_quarantine_fn *visit, void *context)
{
	struct quarantine_walk about = {.visit = visit, .context = context};

	return walk_all(ledger, LEDGER_QUARANTINE, step_quarantine, &about);
}

int ledger_row(struct ledger *ledger, const char *name, struct buf *ret_value)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(ledger_safe(ledger), &txn);
	return safe_get(&txn, LEDGER_META, name, strlen(name), NULL, ret_value);
}

int ledger_list(struct ledger *ledger, const char *name, uint32_t most, ledger_item_fn *visit,
		void *context, size_t *ret_n)
{
	own(buf_free) struct buf row = {0};
	struct unpack in;
	size_t n = 0;
	int status = ledger_row(ledger, name, &row);

	if (status != 0 && status != -ENOENT)
		return status;
	if (status == 0) {
		in = unpack_start(row.data, row.n);
		n = unpack_array(&in, most);
		for (size_t i = 0; i < n; i++)
			visit(context, i, &in);
		unpack_leave(&in);
		if (unpack_end(&in) != 0)
			return fail(-EBADMSG);
	}
	*ret_n = n;
	return 0;
}
