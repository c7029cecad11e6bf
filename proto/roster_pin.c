#include "proto/roster_pin.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES_MAX ((uint32_t)1024 * 1024)

void roster_pin_pack(struct buf *buf, const struct roster *roster)
{
	own(buf_free) struct buf text = {0};

	roster_add_all(&text, roster);
	if (text.error != 0 && buf->error == 0)
		buf->error = text.error;
	pack_array(buf, 3);
	pack_u64(buf, roster->epoch);
	pack_bin(buf, roster->hash, sizeof(roster->hash));
	pack_bin(buf, text.data, text.n);
}

int roster_pin_unpack(const struct buf *row, struct roster *ret_roster)
{
	struct unpack in = unpack_start(row->data, row->n);
	uint8_t hash[SIGN_HASH_BYTES];
	const uint8_t *text;
	struct roster roster;
	uint64_t epoch;
	size_t n = 0;
	int error;

	unpack_array_of(&in, 3);
	epoch = unpack_u64(&in, UINT32_MAX);
	unpack_bin_of(&in, hash, sizeof(hash));
	text = unpack_bin(&in, TEXT_BYTES_MAX, &n);
	unpack_leave(&in);
	error = unpack_end(&in);
	if (error == 0)
		error = roster_read("roster in force", text, n, &roster, NULL);
	if (error != 0)
		return error;
	if (roster.epoch != epoch || memcmp(roster.hash, hash, sizeof(hash)) != 0)
		return fail(-EBADMSG);
	*ret_roster = roster;
	return 0;
}

void roster_pin_event(const struct roster *roster, char ret_text[static ROSTER_PIN_EVENT_BYTES])
{
	char hex[2 * SIGN_HASH_BYTES + 1];

	text_hex(roster->hash, sizeof(roster->hash), hex);
	(void)snprintf(ret_text, ROSTER_PIN_EVENT_BYTES, "roster_pinned epoch=%u hash=%s",
		       roster->epoch, hex);
}
