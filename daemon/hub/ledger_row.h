/*
 * The rows of the ledger as bytes: keys and values drawn in daemon/hub/ledger.h. Bytes in, bytes
 * out; a value that is not what was written is -EBADMSG.
 */
#ifndef MIA_HUB_LEDGER_ROW_H
#define MIA_HUB_LEDGER_ROW_H

#include "lib/buf.h"
#include "lib/sign.h"
#include "proto/release.h"

#define LEDGER_RELEASE_KEY_BYTES 10
#define LEDGER_PERIOD_KEY_BYTES 4
#define LEDGER_TEXT_BYTES 512 /* of an audit event, with NUL; longer ones are cut */

void ledger_row_release_key(unsigned site, uint64_t n,
			    uint8_t ret_key[static LEDGER_RELEASE_KEY_BYTES]);
/* Number of the site and n of such a key. */
void ledger_row_read_release_key(const uint8_t key[static LEDGER_RELEASE_KEY_BYTES],
				 unsigned *ret_site, uint64_t *ret_n);
void ledger_row_period_key(uint32_t period, uint8_t ret_key[static LEDGER_PERIOD_KEY_BYTES]);
uint32_t ledger_row_read_period_key(const uint8_t key[static LEDGER_PERIOD_KEY_BYTES]);

void ledger_row_pack_release(const struct release *release, int64_t at_received,
			     struct buf *ret_row);
/* n is the key's. Fills all but the payload, and its hash; the payload is a view into row. */
int ledger_row_read_release(const struct buf *row, uint64_t n, struct release *ret_release,
			    const uint8_t **ret_payload, size_t *ret_payload_n,
			    int64_t *ret_at_received);

struct ledger_event {
	int64_t at;
	char text[LEDGER_TEXT_BYTES];
	uint8_t head[SIGN_HASH_BYTES];
};
/* The head after an event: H("mia/1/audit", head before, u64 at, text). */
void ledger_row_chain_event(struct ledger_event *event,
			    const uint8_t before[static SIGN_HASH_BYTES]);
void ledger_row_pack_event(const struct ledger_event *event, struct buf *ret_row);
int ledger_row_read_event(const struct buf *row, struct ledger_event *ret_event);

#endif
