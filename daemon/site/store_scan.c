#include "daemon/site/store_scan.h"

#include "daemon/site/store_fold.h"
#include "lib/own.h"

#include <errno.h>

struct scan {
	struct store_fold fold;
	struct safe_cursor rows; /* of the persons */
	struct buf plain; /* of one row */
	struct store_person person;
	store_scan_fn *visit;
	void *context;
	bool is_out; /* the misregistered, instead of everybody else */
};

static void scan_end(struct scan *scan)
{
	safe_cursor_close(&scan->rows);
	buf_free(&scan->plain);
	store_person_wipe(&scan->person);
	store_fold_close(&scan->fold);
}

/* Stands on the first person over after; false when there is none, or an error. */
static bool begin(struct store *store, uint64_t after, struct scan *scan)
{
	uint8_t key[8];

	store_person_clear(&scan->person);
	store_fold_open(store, &scan->fold);
	safe_key_u64(after + 1, key);
	return safe_seek(&scan->fold.records, STORE_PERSON, key, sizeof(key), &scan->rows);
}

static int show(struct scan *scan, const struct store_person_row *row)
{
	int error = store_fold_person(&scan->fold, row->id, row->last_seq, &scan->person);

	/* The next one takes their place; the last of a slice is wiped with it. */
	return error == 0 ? scan->visit(scan->context, &scan->person) : error;
}

static int pass(struct scan *scan, uint64_t *after)
{
	struct store_person_row row = {0};
	int error;

	buf_clear(&scan->plain);
	error = safe_cursor_value(&scan->rows, NULL, &scan->plain);
	if (error == 0)
		error = store_core_read_person(&scan->rows.kv.key, &scan->plain, &row);
	if (error < 0)
		return error;
	*after = row.id;
	if ((row.flags & STORE_ERASED) != 0 ||
	    scan->is_out != ((row.flags & STORE_MISREGISTERED) != 0))
		return 0;
	return show(scan, &row);
}

static int go(struct store *store, struct scan *scan, uint64_t *after, size_t most,
	      bool *ret_is_done)
{
	bool more = begin(store, *after, scan);
	uint64_t at = *after;
	int error = 0;

	/* What a batch under way has written lies beyond the head and is nobody yet. */
	for (size_t n = 0; more && n < most && at + 1 < store->head.next_person; n++) {
		error = pass(scan, &at);
		if (error != 0)
			break;
		more = safe_next(&scan->rows);
	}
	*after = at;
	if (error == 0)
		error = scan->fold.records.kv.error;
	if (error == 0)
		*ret_is_done = !more || at + 1 >= store->head.next_person;
	return error;
}

int store_scan(struct store *store, uint64_t *after, size_t most, store_scan_fn *visit,
	       void *context, bool *ret_is_done)
{
	own(scan_end) struct scan scan = {.visit = visit, .context = context};

	return go(store, &scan, after, most, ret_is_done);
}

int store_scan_out(struct store *store, store_scan_fn *visit, void *context)
{
	own(scan_end) struct scan scan = {.visit = visit, .context = context, .is_out = true};
	bool is_done = false;
	uint64_t after = 0;

	return go(store, &scan, &after, SIZE_MAX, &is_done);
}
