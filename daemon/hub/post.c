#include "daemon/hub/post.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/wire.h"

#include <string.h>

static int pack_welcome(const struct post *post, const struct session *session, const char *id,
			struct buf *message)
{
	struct msg msg = {.type = MSG_WELCOME};
	struct ledger_about about;

	ledger_about(post->ledger, &about);
	memcpy(msg.WELCOME.nonce, session->nonce, sizeof(session->nonce));
	memcpy(msg.WELCOME.token, session->token, sizeof(session->token));
	memcpy(msg.WELCOME.instance, about.instance, MSG_INSTANCE_BYTES);
	ledger_head(post->ledger, id, &msg.WELCOME.n, msg.WELCOME.hash);
	msg_pack(&msg, message);
	return message->error;
}

static int pack_receipt(const struct post *post, const struct session *session, const char *id,
			struct buf *message)
{
	struct msg msg = {.type = MSG_RECEIPT};

	memcpy(msg.RECEIPT.token, session->token, sizeof(session->token));
	ledger_head(post->ledger, id, &msg.RECEIPT.n, msg.RECEIPT.hash);
	wire_sign_receipt(&msg.RECEIPT, post->key);
	msg_pack(&msg, message);
	return message->error;
}

static int pack_chain(const struct post *post, const struct session *session, const char *id,
		      struct buf *message)
{
	own(release_free) struct release release = {0};
	struct msg msg = {.type = MSG_CHAIN};
	int64_t at_received;
	int status = ledger_load(post->ledger, id, session->fetch_next, &release, &at_received);

	if (status != 0)
		return status;
	memcpy(msg.CHAIN.token, session->token, sizeof(session->token));
	msg.CHAIN.n = release.n;
	memcpy(msg.CHAIN.prev, release.prev, sizeof(release.prev));
	msg.CHAIN.payload = release.payload.data;
	msg.CHAIN.payload_n = release.payload.n;
	memcpy(msg.CHAIN.signature, release.signature, sizeof(release.signature));
	msg_pack(&msg, message);
	return message->error;
}

static int pack_refusal(const struct post *post, const struct session *session, const char *id,
			struct buf *message)
{
	struct msg msg = {.type = MSG_REFUSAL};

	(void)post;
	(void)id;
	memcpy(msg.REFUSAL.nonce, session->nonce, sizeof(session->nonce));
	msg.REFUSAL.n = session->refused_n;
	text_copy(msg.REFUSAL.code, sizeof(msg.REFUSAL.code), session->refusal);
	msg_pack(&msg, message);
	return message->error;
}

static int pack_probe(const struct post *post, const struct session *session, const char *id,
		      struct buf *message)
{
	struct msg msg = {.type = MSG_PROBE};

	(void)post;
	(void)id;
	memcpy(msg.PROBE.nonce, session->probe, sizeof(msg.PROBE.nonce));
	msg_pack(&msg, message);
	return message->error;
}

/* In the order in which they are sent. */
static const struct row {
	enum session_mail mail;
	int (*pack)(const struct post *post, const struct session *session, const char *id,
		    struct buf *message);
} rows[] = {
	{MAIL_WELCOME, pack_welcome}, {MAIL_PROBE, pack_probe},     {MAIL_RECEIPT, pack_receipt},
	{MAIL_CHAIN, pack_chain},     {MAIL_REFUSAL, pack_refusal},
};

unsigned post_first(const struct session *session)
{
	for (size_t i = 0; i < array_n(rows); i++)
		if ((session->mail & (unsigned)rows[i].mail) != 0)
			return (unsigned)rows[i].mail;
	return 0;
}

int post_pack(const struct post *post, const struct session *session, const char *id, unsigned mail,
	      struct buf *ret_message)
{
	int status = 0;

	for (size_t i = 0; i < array_n(rows); i++)
		if ((unsigned)rows[i].mail == mail)
			status = rows[i].pack(post, session, id, ret_message);
	return status;
}

void post_done(struct session *session, unsigned mail)
{
	if (mail == MAIL_CHAIN && session->fetch_next < session->fetch_last)
		session->fetch_next++;
	else
		session->mail &= ~mail;
}
