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

/* A row taken apart; text lies in it. */
struct pin {
	uint32_t epoch;
	uint8_t hash[SIGN_HASH_BYTES];
	const uint8_t *text;
	size_t text_n;
};

static int take_apart(const struct buf *row, struct pin *ret_pin)
{
	struct unpack in = unpack_start(row->data, row->n);

	unpack_array_of(&in, 3);
	ret_pin->epoch = (uint32_t)unpack_u64(&in, UINT32_MAX);
	unpack_bin_of(&in, ret_pin->hash, sizeof(ret_pin->hash));
	ret_pin->text = unpack_bin(&in, TEXT_BYTES_MAX, &ret_pin->text_n);
	unpack_leave(&in);
	return unpack_end(&in) == 0 ? 0 : fail(-EBADMSG);
}

int roster_pin_is(const struct buf *row, const struct roster *roster, bool *ret_is_same)
{
	struct pin pin = {0};
	int error = take_apart(row, &pin);

	if (error == 0)
		*ret_is_same = pin.epoch == roster->epoch &&
			       memcmp(pin.hash, roster->hash, sizeof(pin.hash)) == 0;
	return error;
}

int roster_pin_unpack(const struct buf *row, struct roster *ret_roster)
{
	struct pin pin = {0};
	struct roster roster;
	int error = take_apart(row, &pin);

	if (error == 0)
		error = roster_read("roster in force", pin.text, pin.text_n, &roster, NULL);
	if (error != 0)
		return error;
	if (roster.epoch != pin.epoch || memcmp(roster.hash, pin.hash, sizeof(pin.hash)) != 0)
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
