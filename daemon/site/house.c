#include "daemon/site/house.h"

#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define HOUSE_KEY "x.house"
#define HUB_KEY "x.hub"
#define BYTES_OF(text) (text), sizeof(text) - 1

static int get(struct store *store, const char *key, struct buf *ret_row)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(store_safe(store), &txn);
	return safe_get(&txn, STORE_META, key, strlen(key), NULL, ret_row);
}

/* With an event to tell of it, unless text is NULL. */
static int put(struct store *store, const char *key, const struct buf *row, int64_t at_now,
	       const char *text)
{
	own(safe_abort) struct safe_txn txn = {0};

	if (row->error != 0)
		return row->error;
	safe_write(store_safe(store), &txn);
	safe_put(&txn, STORE_META, key, strlen(key), NULL, row->data, row->n);
	if (text != NULL)
		store_audit(store, &txn, at_now, text);
	return safe_commit(&txn);
}

int house_read(struct store *store, struct house *ret_house)
{
	own(buf_free) struct buf row = {0};
	struct house house;
	struct unpack in;
	int error = get(store, HOUSE_KEY, &row);

	if (error != 0)
		return error == -ENOENT ? fail(-EBADMSG) : error;
	in = unpack_start(row.data, row.n);
	unpack_array_of(&in, 2);
	house.at_made = unpack_i64(&in, INT64_MIN, INT64_MAX);
	house.clock_offset_s = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_leave(&in);
	error = unpack_end(&in);
	if (error == 0)
		*ret_house = house;
	return error;
}

int house_keep(struct store *store, const struct house *house)
{
	own(buf_free) struct buf row = {0};

	pack_array(&row, 2);
	pack_i64(&row, house->at_made);
	pack_i64(&row, house->clock_offset_s);
	return put(store, HOUSE_KEY, &row, 0, NULL);
}

int house_set_clock(struct store *store, int64_t offset_s, struct house *house)
{
	struct house next = *house;
	int error;

	next.clock_offset_s = offset_s;
	error = house_keep(store, &next);
	if (error == 0)
		*house = next;
	return error;
}

/* ---- the hub ---- */

static void pack_hub(const struct roster_member *hub, struct buf *ret_row)
{
	pack_array(ret_row, 2);
	pack_bin(ret_row, hub->sign, sizeof(hub->sign));
	pack_bin(ret_row, hub->link, sizeof(hub->link));
}

void house_put_hub(struct safe_txn *txn, const struct roster_member *hub)
{
	own(buf_free) struct buf row = {0};

	pack_hub(hub, &row);
	if (row.error != 0 && txn->kv.error == 0)
		txn->kv.error = row.error;
	safe_put(txn, STORE_META, HUB_KEY, strlen(HUB_KEY), NULL, row.data, row.n);
}

static int pin(struct store *store, const struct roster_member *hub, int64_t at_now)
{
	own(buf_free) struct buf row = {0};
	char fingerprint[SIGN_FINGERPRINT_BYTES];
	char text[96];

	sign_fingerprint(hub->sign, fingerprint);
	(void)snprintf(text, sizeof(text), "hub_pinned fingerprint=\"%s\"", fingerprint);
	pack_hub(hub, &row);
	return put(store, HUB_KEY, &row, at_now, text);
}

static int unpack_hub(const struct buf *row, struct roster_member *ret_hub)
{
	struct unpack in = unpack_start(row->data, row->n);

	unpack_array_of(&in, 2);
	unpack_bin_of(&in, ret_hub->sign, sizeof(ret_hub->sign));
	unpack_bin_of(&in, ret_hub->link, sizeof(ret_hub->link));
	unpack_leave(&in);
	return unpack_end(&in);
}

int house_known_hub(struct store *store, struct roster_member *ret_hub)
{
	own(buf_free) struct buf row = {0};
	int error = get(store, HUB_KEY, &row);

	return error != 0 ? error : unpack_hub(&row, ret_hub);
}

static int compare(const struct roster_member *pinned, const struct roster_member *hub,
		   struct fault *fault)
{
	char known[SIGN_FINGERPRINT_BYTES];
	char named[SIGN_FINGERPRINT_BYTES];

	if (memcmp(pinned->sign, hub->sign, sizeof(pinned->sign)) == 0 &&
	    memcmp(pinned->link, hub->link, sizeof(pinned->link)) == 0)
		return 0;
	sign_fingerprint(pinned->sign, known);
	sign_fingerprint(hub->sign, named);
	return fault_set(
		fault, "R040", "[hub]",
		"Use the roster you had, or telephone the hub and compare fingerprints.",
		"this site knows a hub with fingerprint %s; the roster names one with %s%s", known,
		named, strcmp(known, named) == 0 ? " (and another link key)" : "");
}

int house_pin(struct store *store, const struct roster *roster, int64_t at_now, struct fault *fault)
{
	const struct roster_member *hub = roster_find(roster, ROSTER_HUB);
	struct roster_member known;
	int error;

	if (hub == NULL)
		return fault_set(fault, "R007", "[hub]", "Add the card that mia init hub wrote.",
				 "the roster has no hub");
	error = house_known_hub(store, &known);
	if (error == -ENOENT)
		return pin(store, hub, at_now);
	return error != 0 ? error : compare(&known, hub, fault);
}
