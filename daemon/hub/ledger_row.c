#include "daemon/hub/ledger_row.h"

#include "lib/fail.h"
#include "lib/pack.h"

#include <errno.h>
#include <string.h>

static void put_be(uint64_t number, size_t n, uint8_t ret_bytes[])
{
	for (size_t i = 0; i < n; i++)
		ret_bytes[i] = (uint8_t)(number >> (8 * (n - 1 - i)));
}

static uint64_t get_be(const uint8_t bytes[], size_t n)
{
	uint64_t number = 0;

	for (size_t i = 0; i < n; i++)
		number = number << 8 | bytes[i];
	return number;
}

void ledger_row_release_key(unsigned site, uint64_t n,
			    uint8_t ret_key[static LEDGER_RELEASE_KEY_BYTES])
{
	put_be(site, 2, ret_key);
	put_be(n, 8, ret_key + 2);
}

void ledger_row_read_release_key(const uint8_t key[static LEDGER_RELEASE_KEY_BYTES],
				 unsigned *ret_site, uint64_t *ret_n)
{
	*ret_site = (unsigned)get_be(key, 2);
	*ret_n = get_be(key + 2, 8);
}

void ledger_row_period_key(uint32_t period, uint8_t ret_key[static LEDGER_PERIOD_KEY_BYTES])
{
	put_be(period, LEDGER_PERIOD_KEY_BYTES, ret_key);
}

uint32_t ledger_row_read_period_key(const uint8_t key[static LEDGER_PERIOD_KEY_BYTES])
{
	return (uint32_t)get_be(key, LEDGER_PERIOD_KEY_BYTES);
}

/* ---- releases ---- */

void ledger_row_pack_release(const struct release *release, int64_t at_received,
			     struct buf *ret_row)
{
	pack_array(ret_row, 4);
	pack_bin(ret_row, release->prev, sizeof(release->prev));
	pack_bin(ret_row, release->payload.data, release->payload.n);
	pack_bin(ret_row, release->signature, sizeof(release->signature));
	pack_i64(ret_row, at_received);
}

int ledger_row_read_release(const struct buf *row, uint64_t n, struct release *ret_release,
			    const uint8_t **ret_payload, size_t *ret_payload_n,
			    int64_t *ret_at_received)
{
	struct unpack in = unpack_start(row->data, row->n);
	struct release release = {.n = n};
	const uint8_t *payload;
	size_t payload_n;
	int64_t at_received;

	unpack_array_of(&in, 4);
	unpack_bin_of(&in, release.prev, sizeof(release.prev));
	payload = unpack_bin(&in, RELEASE_PAYLOAD_MAX, &payload_n);
	unpack_bin_of(&in, release.signature, sizeof(release.signature));
	at_received = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	sign_chain_next(release.prev, n, payload, payload_n, release.hash);
	*ret_release = release;
	*ret_payload = payload;
	*ret_payload_n = payload_n;
	*ret_at_received = at_received;
	return 0;
}

/* ---- events ---- */

void ledger_row_chain_event(struct ledger_event *event,
			    const uint8_t before[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/audit");
	sign_hash_part(&hash, before, SIGN_HASH_BYTES);
	sign_hash_part_u64(&hash, (uint64_t)event->at);
	sign_hash_part(&hash, event->text, strlen(event->text));
	sign_hash_end(&hash, event->head);
}

void ledger_row_pack_event(const struct ledger_event *event, struct buf *ret_row)
{
	pack_array(ret_row, 3);
	pack_i64(ret_row, event->at);
	pack_str(ret_row, event->text);
	pack_bin(ret_row, event->head, sizeof(event->head));
}

int ledger_row_read_event(const struct buf *row, struct ledger_event *ret_event)
{
	struct unpack in = unpack_start(row->data, row->n);
	struct ledger_event event = {0};

	unpack_array_of(&in, 3);
	event.at = unpack_i64(&in, INT64_MIN, INT64_MAX);
	unpack_str(&in, event.text, sizeof(event.text));
	unpack_bin_of(&in, event.head, sizeof(event.head));
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	*ret_event = event;
	return 0;
}
