#include "daemon/site/letter.h"

#include "lib/own.h"
#include "lib/text.h"

#include <string.h>

static bool write_letter(const struct msg *msg, struct buf *ret_message)
{
	buf_clear(ret_message);
	msg_pack(msg, ret_message);
	return ret_message->error == 0;
}

void letter_start(const char *site, const struct programme *programme, const struct roster *roster,
		  struct msg_HELLO *ret_greeting)
{
	*ret_greeting = (struct msg_HELLO){.protocol = WIRE_PROTOCOL, .epoch = roster->epoch};
	text_copy(ret_greeting->site, sizeof(ret_greeting->site), site);
	memcpy(ret_greeting->programme, programme->hash, sizeof(ret_greeting->programme));
	memcpy(ret_greeting->roster, roster->hash, sizeof(ret_greeting->roster));
}

bool letter_hello(struct outbox *outbox, const struct msg_HELLO *greeting, struct buf *ret_message)
{
	struct msg msg = {.type = MSG_HELLO, .HELLO = *greeting};

	msg.HELLO.n = outbox_last(outbox);
	return outbox_hash(outbox, msg.HELLO.n, msg.HELLO.hash) == 0 &&
	       write_letter(&msg, ret_message);
}

bool letter_fetch(const uint8_t token[static MSG_TOKEN_BYTES], const struct recovery *recovery,
		  struct buf *ret_message)
{
	struct msg msg = {.type = MSG_FETCH};

	memcpy(msg.FETCH.token, token, sizeof(msg.FETCH.token));
	return recovery_next(recovery, &msg.FETCH.first, &msg.FETCH.last) &&
	       write_letter(&msg, ret_message);
}

bool letter_alive(const uint8_t nonce[static MSG_NONCE_BYTES], struct buf *ret_message)
{
	struct msg msg = {.type = MSG_ALIVE};

	memcpy(msg.ALIVE.nonce, nonce, sizeof(msg.ALIVE.nonce));
	return write_letter(&msg, ret_message);
}

bool letter_release(struct outbox *outbox, const uint8_t token[static MSG_TOKEN_BYTES], uint64_t n,
		    int64_t at_now, struct buf *ret_message)
{
	own(release_free) struct release release = {0};
	struct msg msg = {.type = MSG_RELEASE, .RELEASE = {.n = n}};
	int64_t at_send = INT64_MAX;

	if (outbox_load(outbox, n, &release, &at_send) != 0 || at_send > at_now)
		return false;
	memcpy(msg.RELEASE.token, token, sizeof(msg.RELEASE.token));
	memcpy(msg.RELEASE.prev, release.prev, sizeof(msg.RELEASE.prev));
	memcpy(msg.RELEASE.signature, release.signature, sizeof(msg.RELEASE.signature));
	msg.RELEASE.payload = release.payload.data;
	msg.RELEASE.payload_n = release.payload.n;
	return write_letter(&msg, ret_message);
}

int64_t letter_due(struct outbox *outbox, uint64_t n)
{
	own(release_free) struct release release = {0};
	int64_t at_send = INT64_MAX;

	(void)outbox_load(outbox, n, &release, &at_send);
	return at_send;
}
