#include "daemon/site/courier.h"

#include "daemon/site/letter.h"
#include "daemon/site/recovery.h"
#include "daemon/site/refusal.h"
#include "daemon/site/published.h"
#include "lib/own.h"
#include "lib/vault.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DIAL_MS 25000 /* a look-up that fails gives no event: our own patience, over libzmq's */

struct courier {
	struct courier_settings settings;
	struct courier_view view;
	const struct roster_member *hub;
	struct msg_HELLO hello; /* but for the chain, which moves; its nonce is the connection's */
	uint8_t token[MSG_TOKEN_BYTES];
	bool has_greeted; /* HELLO left */
	bool is_probed; /* and the answer has not left */
	struct msg_PROBE probe;
	uint64_t sent; /* last release the socket took, on this connection */
	struct recovery recovery;
	int64_t greeted_ms, heard_ms, due_ms, backoff_ms;
};

/* ---- life ---- */

static void hold_to(struct courier *courier, const struct roster *roster)
{
	const struct courier_settings *settings = &courier->settings;

	courier->settings.roster = roster;
	courier->hub = roster_find(roster, ROSTER_HUB);
	assert(courier->hub != NULL && roster_find(roster, settings->site) != NULL);
	letter_start(settings->site, settings->programme, roster, &courier->hello);
	courier->hello.is_rehearsal = settings->is_rehearsal;
}

int courier_new(const struct courier_settings *settings, struct courier **ret_courier)
{
	struct courier *courier = calloc(1, sizeof(*courier));
	const char *halt = outbox_halt(settings->outbox);

	if (courier == NULL)
		return fail(-ENOMEM);
	courier->settings = *settings;
	hold_to(courier, settings->roster);
	if (halt[0] != '\0') {
		courier->view.state = COURIER_HALTED;
		(void)snprintf(courier->view.refusal, sizeof(courier->view.refusal), "%s", halt);
	}
	*ret_courier = courier;
	return 0;
}

void courier_free(struct courier **courier)
{
	if (*courier == NULL)
		return;
	recovery_free(&(*courier)->recovery);
	free(*courier);
	*courier = NULL;
}

/* ---- connection ---- */

static enum courier_want happen(struct courier *courier, enum courier_event event)
{
	return courier_states_step(&courier->view.state, event);
}

/* What belonged to a connection goes with it. */
static void forget_connection(struct courier *courier)
{
	courier->view.under_way = 0;
	courier->has_greeted = courier->is_probed = false;
	recovery_free(&courier->recovery);
}

void courier_take_roster(struct courier *courier, const struct roster *roster)
{
	hold_to(courier, roster);
	forget_connection(courier);
	courier->backoff_ms = courier->due_ms = 0;
	if (outbox_halt(courier->settings.outbox)[0] == '\0') {
		courier->view.state = COURIER_AWAY;
		courier->view.refusal[0] = '\0';
	}
}

static enum courier_want hang_up(struct courier *courier, const struct courier_moment *moment)
{
	enum courier_want want = happen(courier, COURIER_LOST);

	if (want != COURIER_HANG_UP)
		return want;
	courier->backoff_ms = wire_backoff(courier->backoff_ms, moment->random);
	courier->due_ms = moment->mono_ms + courier->backoff_ms;
	forget_connection(courier);
	return want;
}

/* Something of ours is at the hub and nothing has come back. */
static bool is_owed(const struct courier *courier)
{
	enum courier_state state = courier->view.state;

	return state == COURIER_GREETING || state == COURIER_FETCHING ||
	       (state == COURIER_STREAMING && courier->view.under_way > 0);
}

enum courier_want courier_tick(struct courier *courier, const struct courier_moment *moment)
{
	if (moment->mono_ms < courier_due_ms(courier))
		return COURIER_NOTHING;
	if (courier->view.state != COURIER_AWAY)
		return hang_up(courier, moment);
	courier->due_ms = moment->mono_ms + DIAL_MS;
	return happen(courier, COURIER_DUE);
}

void courier_connected(struct courier *courier, const struct courier_moment *moment)
{
	if (courier->view.state != COURIER_DIALLING)
		return;
	(void)happen(courier, COURIER_CONNECTED);
	courier->heard_ms = moment->mono_ms;
	courier->has_greeted = false;
	secret_random(courier->hello.nonce, sizeof(courier->hello.nonce));
}

enum courier_want courier_lost(struct courier *courier, const struct courier_moment *moment,
			       bool is_refused)
{
	if (is_refused && courier->view.state == COURIER_DIALLING)
		memcpy(courier->view.refusal, "W012", sizeof("W012"));
	return hang_up(courier, moment);
}

int64_t courier_due_ms(const struct courier *courier)
{
	if (courier->view.state == COURIER_AWAY || courier->view.state == COURIER_DIALLING)
		return courier->due_ms;
	return is_owed(courier) ? courier->heard_ms + WIRE_SILENCE_MS : INT64_MAX;
}

/* Whether the next release may go but for its moment. */
static bool has_next(const struct courier *courier)
{
	return courier->view.state == COURIER_STREAMING && courier->view.under_way < WIRE_WINDOW &&
	       courier->sent < outbox_last(courier->settings.outbox);
}

int64_t courier_due_at(const struct courier *courier)
{
	return has_next(courier) ? letter_due(courier->settings.outbox, courier->sent + 1)
				 : INT64_MAX;
}

void courier_view(const struct courier *courier, struct courier_view *ret_view)
{
	*ret_view = courier->view;
}

/* ---- what came: greeting and receipts ---- */

static int take_welcome(struct courier *courier, const struct msg_WELCOME *welcome, int64_t at_now,
			int64_t mono_ms)
{
	enum wire_decision decision = WIRE_STREAM;
	int error;

	if (courier->view.state != COURIER_GREETING || !courier->has_greeted ||
	    memcmp(welcome->nonce, courier->hello.nonce, sizeof(courier->hello.nonce)) != 0)
		return fail(-EBADMSG);
	error = recovery_decide(courier->settings.outbox, welcome, &decision);
	if (error == 0 && decision == WIRE_STREAM)
		error = outbox_receipt(courier->settings.outbox, welcome->n, welcome->hash, at_now);
	if (error != 0)
		return error;
	memcpy(courier->token, welcome->token, sizeof(courier->token));
	courier->view.round_trip_ms = mono_ms - courier->greeted_ms;
	courier->sent = welcome->n;
	if (decision != WIRE_STREAM) {
		recovery_begin(&courier->recovery, courier->settings.outbox, welcome, decision);
		(void)happen(courier, COURIER_STRANGE);
		return 0;
	}
	if (welcome->n == outbox_last(courier->settings.outbox)) {
		courier->view.refusal[0] = '\0';
		courier->backoff_ms = 0;
	}
	(void)happen(courier, COURIER_WELCOMED);
	return 0;
}

static int take_receipt(struct courier *courier, const struct msg_RECEIPT *receipt, int64_t at_now)
{
	struct outbox *outbox = courier->settings.outbox;
	int error;

	if (courier->view.state != COURIER_STREAMING ||
	    memcmp(receipt->token, courier->token, sizeof(courier->token)) != 0 ||
	    receipt->n > courier->sent || !wire_check_receipt(receipt, courier->hub->sign))
		return fail(-EBADMSG);
	if (receipt->n < outbox_received(outbox))
		return 0; /* an earlier one, overtaken on the way */
	error = outbox_receipt(outbox, receipt->n, receipt->hash, at_now);
	if (error != 0)
		return error;
	courier->view.under_way = courier->sent - receipt->n;
	if (courier->view.under_way == 0) {
		courier->view.refusal[0] = '\0';
		courier->backoff_ms = 0;
	}
	return 0;
}

/* ---- what came: refusals ---- */

static int take_refusal(struct courier *courier, const struct msg_REFUSAL *refusal,
			const struct courier_moment *moment, enum courier_want *ret_want)
{
	int error;

	if (!courier->has_greeted || !refusal_is_code(refusal->code) ||
	    memcmp(refusal->nonce, courier->hello.nonce, sizeof(courier->hello.nonce)) != 0)
		return fail(-EBADMSG);
	error = refusal_note(courier->settings.store, refusal, courier->view.refusal, moment->at);
	*ret_want = refusal_heals(refusal->code) ? hang_up(courier, moment)
						 : happen(courier, COURIER_HALT);
	forget_connection(courier);
	return error;
}

/* ---- what came: our own chain ---- */

/* The whole is there: it becomes our chain, and everything stops until an operator has looked. */
static int settle(struct courier *courier, int64_t at_now, enum courier_want *ret_want)
{
	const struct recovery *recovery = &courier->recovery;
	struct outbox *outbox = courier->settings.outbox;
	enum wire_decision decision = WIRE_FORK;
	int error = recovery_judge(recovery, outbox, &decision);

	if (error != 0)
		return error;
	if (decision == WIRE_STREAM) {
		recovery_start(&courier->recovery, 1, recovery->last, recovery->head);
		return 0;
	}
	error = outbox_adopt(outbox, recovery->releases, recovery->n, decision == WIRE_FORK,
			     at_now);
	if (error != 0)
		return error;
	(void)snprintf(courier->view.refusal, sizeof(courier->view.refusal), "%s",
		       outbox_halt(outbox));
	*ret_want = happen(courier, COURIER_HALT);
	forget_connection(courier);
	return 0;
}

static int take_chain(struct courier *courier, const struct msg_CHAIN *chain, int64_t at_now,
		      enum courier_want *ret_want)
{
	const uint8_t *keys[ROSTER_KEYS_MAX];
	int error;

	if (courier->view.state != COURIER_FETCHING ||
	    memcmp(chain->token, courier->token, sizeof(courier->token)) != 0)
		return fail(-EBADMSG);
	error = recovery_take(&courier->recovery, chain, keys,
			      roster_keys(courier->settings.roster, courier->settings.site,
					  chain->n, keys));
	if (error == 0 && recovery_is_whole(&courier->recovery))
		error = settle(courier, at_now, ret_want);
	return error;
}

static int take_message(struct courier *courier, const void *bytes, size_t n,
			const struct courier_moment *moment, enum courier_want *ret_want)
{
	struct msg msg = {0};
	int error = msg_unpack(bytes, n, FROM_HUB, &msg);

	if (error != 0)
		return error;
	switch (msg.type) {
	case MSG_WELCOME:
		return take_welcome(courier, &msg.WELCOME, moment->at, moment->mono_ms);
	case MSG_RECEIPT:
		return take_receipt(courier, &msg.RECEIPT, moment->at);
	case MSG_REFUSAL:
		return take_refusal(courier, &msg.REFUSAL, moment, ret_want);
	case MSG_RESULT:
		return published_take(courier->settings.store, courier->settings.versions,
				      courier->settings.county, courier->hub->sign, bytes, n);
	case MSG_CHAIN:
		return take_chain(courier, &msg.CHAIN, moment->at, ret_want);
	case MSG_PROBE: /* another connection has greeted with our key: is this one alive? */
		courier->probe = msg.PROBE;
		courier->is_probed = courier->has_greeted;
		return courier->has_greeted ? 0 : fail(-EBADMSG);
	case MSG_HELLO:
	case MSG_FETCH:
	case MSG_RELEASE:
	case MSG_ALIVE:
		break;
	}
	return fail(-EBADMSG);
}

int courier_receive(struct courier *courier, const void *bytes, size_t n,
		    const struct courier_moment *moment, enum courier_want *ret_want)
{
	enum courier_want want = COURIER_NOTHING;
	int error = take_message(courier, bytes, n, moment, &want);

	*ret_want = want;
	if (error == -EBADMSG || error == -EMSGSIZE || error == -ENODATA) {
		courier->view.dropped++;
		return fail(-EBADMSG);
	}
	if (error == 0) {
		courier->heard_ms = moment->mono_ms;
		courier->view.at_contact = moment->at;
	}
	return error;
}

/* ---- what goes ---- */

bool courier_next(struct courier *courier, int64_t at_now, struct buf *ret_message)
{
	struct outbox *outbox = courier->settings.outbox;

	if (courier->is_probed)
		return letter_alive(courier->probe.nonce, ret_message);
	switch (courier->view.state) {
	case COURIER_GREETING:
		return !courier->has_greeted && letter_hello(outbox, &courier->hello, ret_message);
	case COURIER_FETCHING:
		return letter_fetch(courier->token, &courier->recovery, ret_message);
	case COURIER_STREAMING:
		return has_next(courier) && letter_release(outbox, courier->token,
							   courier->sent + 1, at_now, ret_message);
	case COURIER_AWAY:
	case COURIER_DIALLING:
	case COURIER_HALTED:
	case COURIER_STATES_N:
		break;
	}
	return false;
}

void courier_sent(struct courier *courier, int64_t mono_ms)
{
	if (!is_owed(courier))
		courier->heard_ms = mono_ms; /* silence counts from the first that waits */
	if (courier->is_probed) {
		courier->is_probed = false;
	} else if (courier->view.state == COURIER_GREETING) {
		courier->has_greeted = true;
		courier->greeted_ms = mono_ms;
	} else if (courier->view.state == COURIER_FETCHING) {
		recovery_asked(&courier->recovery);
	} else if (courier->view.state == COURIER_STREAMING) {
		courier->sent++;
		courier->view.under_way++;
	}
}
