#include "daemon/site/published.h"

#include "lib/own.h"
#include "proto/ask.h"
#include "proto/county_result.h"
#include "proto/coverage.h"
#include "proto/wire.h"

#include <errno.h>
#include <string.h>

#define UNKNOWN_KEY (UINT64_C(1) << 32)

struct kept {
	int64_t at_made;
	const uint8_t *message; /* a view */
	size_t n;
};

static int read_kept(const struct buf *row, struct kept *ret_kept)
{
	struct unpack in = unpack_start(row->data, row->n);
	struct kept kept = {0};

	unpack_array_of(&in, 2);
	kept.at_made = unpack_i64(&in, INT64_MIN, INT64_MAX);
	kept.message = unpack_bin(&in, MSG_BYTES_MAX, &kept.n);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	*ret_kept = kept;
	return 0;
}

/* Whether what is kept of the period is newer, or the same. Of two made in one second the hub sends
 * the later one later. */
static int is_stale(struct safe_txn *txn, uint64_t place, const struct kept *come,
		    bool *ret_is_stale)
{
	own(buf_free) struct buf row = {0};
	struct kept kept = {0};
	uint8_t key[8];
	int error;

	safe_key_u64(place, key);
	error = safe_get(txn, STORE_RESULT, key, sizeof(key), NULL, &row);
	if (error == 0)
		error = read_kept(&row, &kept);
	if (error != 0 && error != -ENOENT)
		return error;
	*ret_is_stale = error == 0 && (kept.at_made > come->at_made ||
				       (kept.n == come->n && kept.n > 0 &&
					memcmp(kept.message, come->message, kept.n) == 0));
	return 0;
}

static void put_kept(struct safe_txn *txn, uint64_t place, const struct kept *kept)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[8];

	safe_key_u64(place, key);
	pack_array(&row, 2);
	pack_i64(&row, kept->at_made);
	pack_bin(&row, kept->message, kept->n);
	if (row.error != 0 && txn->kv.error == 0)
		txn->kv.error = row.error;
	safe_put(txn, STORE_RESULT, key, sizeof(key), NULL, row.data, row.n);
}

static int keep(struct store *store, uint64_t place, const struct kept *kept, bool *ret_is_stale)
{
	own(safe_abort) struct safe_txn txn = {0};
	int error;

	safe_write(store_safe(store), &txn);
	error = is_stale(&txn, place, kept, ret_is_stale);
	if (error != 0 || *ret_is_stale)
		return error;
	put_kept(&txn, place, kept);
	return safe_commit(&txn);
}

int published_take(struct store *store, const struct versions *versions, struct county *county,
		   const uint8_t hub[static SIGN_PUBLIC_BYTES], const void *bytes, size_t n)
{
	own(county_free) struct county *trial = NULL;
	struct kept kept = {.message = bytes, .n = n};
	const struct msg_RESULT *result;
	struct msg msg = {0};
	uint32_t period = 0;
	bool is_old = false;
	int error = msg_unpack(bytes, n, FROM_HUB, &msg);

	if (error != 0)
		return error;
	result = &msg.RESULT;
	if (msg.type != MSG_RESULT ||
	    !wire_check_result(result->body, result->body_n, hub, result->signature))
		return fail(-EBADMSG);
	/* Read into a county of its own first: it is on disk before it counts. */
	error = county_new(county_programme(county), &trial);
	if (error == 0)
		error = county_take_result_of(trial, versions, result->body, result->body_n,
					      &period, &kept.at_made);
	if (error == -EPROTONOSUPPORT)
		return keep(store, UNKNOWN_KEY + period, &kept, &is_old);
	if (error == 0)
		error = keep(store, period, &kept, &is_old);
	if (error == 0 && !is_old)
		error = county_take_result_of(county, versions, result->body, result->body_n,
					      &period, &kept.at_made);
	return error;
}

static int walk_from(struct store *store, uint64_t place, published_visit_fn *visit, void *context)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	own(buf_free) struct buf row = {0};
	struct kept kept = {0};
	uint8_t key[8];
	int error = 0;

	safe_key_u64(place, key);
	safe_read(store_safe(store), &txn);
	for (bool more = safe_seek(&txn, STORE_RESULT, key, sizeof(key), &cursor);
	     more && error == 0; more = safe_next(&cursor)) {
		buf_clear(&row);
		error = safe_cursor_value(&cursor, NULL, &row);
		if (error == 0)
			error = read_kept(&row, &kept);
		if (error == 0)
			error = visit(context, kept.message, kept.n);
	}
	return error != 0 ? error : txn.kv.error;
}

int published_walk(struct store *store, published_visit_fn *visit, void *context)
{
	return walk_from(store, 0, visit, context);
}

struct loading {
	const struct versions *versions;
	struct county *county;
};

static int load_one(void *context, const void *bytes, size_t n)
{
	const struct loading *loading = context;
	struct msg msg = {0};
	uint32_t period;
	int64_t at_made;
	int error = msg_unpack(bytes, n, FROM_HUB, &msg);

	if (error == 0 && msg.type != MSG_RESULT)
		error = fail(-EBADMSG);
	if (error == 0)
		error = county_take_result_of(loading->county, loading->versions, msg.RESULT.body,
					      msg.RESULT.body_n, &period, &at_made);
	return error == -EPROTONOSUPPORT ? 0 : error;
}

int published_load(struct store *store, const struct versions *versions, struct county *county)
{
	struct loading loading = {versions, county};

	return published_walk(store, load_one, &loading);
}

/* Whether a kept message cannot be read by any version: -ECANCELED stops the walk. */
static int find_unknown(void *context, const void *bytes, size_t n)
{
	const struct loading *loading = context;
	own(county_free) struct county *trial = NULL;
	struct msg msg = {0};
	uint32_t period;
	int64_t at_made;
	int error = msg_unpack(bytes, n, FROM_HUB, &msg);

	if (error == 0)
		error = county_new(loading->versions->now, &trial);
	if (error == 0)
		error = county_take_result_of(trial, loading->versions, msg.RESULT.body,
					      msg.RESULT.body_n, &period, &at_made);
	return error == -EPROTONOSUPPORT ? -ECANCELED : 0;
}

bool published_is_ahead(struct store *store, const struct versions *versions)
{
	struct loading loading = {.versions = versions};

	return walk_from(store, UNKNOWN_KEY, find_unknown, &loading) == -ECANCELED;
}

bool published_is_complete(const struct county *county, int64_t at_now)
{
	const struct programme *programme = county_programme(county);
	uint32_t until = ask_until(programme, at_now);
	const struct county_ask ask = {{coverage_start(programme), until}, -1, -1, -1, until};
	unsigned missing = 0;

	for (size_t site = 0; site < programme->sites_n; site++)
		missing += coverage_missing(county, &ask, site, NULL);
	return missing == 0;
}
