#include "daemon/hub/clone.h"

#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define WAITED_MAX 1500 /* flushes a full queue is waited for: half a minute */

static const struct row {
	enum clone_state state;
	enum clone_event event;
	enum clone_state next;
} rows[] = {
	{CLONE_NONE, CLONE_GREETED, CLONE_FORMER_ASKED},
	{CLONE_FORMER_ASKED, CLONE_GREETED, CLONE_FORMER_ASKED},
	{CLONE_FORMER_ASKED, CLONE_ANSWERED, CLONE_LATTER_ASKED},
	{CLONE_FORMER_ASKED, CLONE_GONE, CLONE_NONE},
	{CLONE_LATTER_ASKED, CLONE_GREETED, CLONE_FORMER_ASKED},
	{CLONE_LATTER_ASKED, CLONE_ANSWERED, CLONE_FOUND},
	{CLONE_LATTER_ASKED, CLONE_GONE, CLONE_NONE},
	{CLONE_FOUND, CLONE_SUSPENDED, CLONE_NONE},
};

/* An event without a row changes nothing. */
static bool step(struct clone *clone, enum clone_event event)
{
	for (size_t i = 0; i < array_n(rows); i++) {
		if (rows[i].state != clone->state || rows[i].event != event)
			continue;
		clone->state = rows[i].next;
		return true;
	}
	return false;
}

static bool is_route(const uint8_t *left, size_t left_n, const uint8_t *right, size_t right_n)
{
	return left_n == right_n && memcmp(left, right, left_n) == 0;
}

static struct clone_side side_of(const struct session *session)
{
	struct clone_side side = {.route_n = session->route_n};

	memcpy(side.route, session->route, session->route_n);
	memcpy(side.greeting, session->nonce, sizeof(side.greeting));
	text_copy(side.address, sizeof(side.address), session->address);
	return side;
}

static void ask(struct clone *clone, int64_t mono_ms)
{
	secret_random(clone->nonce, sizeof(clone->nonce));
	clone->mono_asked_ms = mono_ms;
}

void clone_greet(struct clone *clone, const struct session *before, const struct session *now,
		 int64_t mono_ms)
{
	if (!session_has_token(before) ||
	    is_route(before->route, before->route_n, now->route, now->route_n) ||
	    !step(clone, CLONE_GREETED))
		return;
	clone->former = side_of(before);
	clone->latter = side_of(now);
	clone->mail = MAIL_PROBE;
	clone->is_waiting = false;
	clone->waited_n = 0;
	ask(clone, mono_ms);
}

bool clone_answer(struct clone *clone, const uint8_t *route, size_t route_n,
		  const uint8_t nonce[static MSG_NONCE_BYTES], int64_t mono_ms)
{
	bool is_former = clone->state == CLONE_FORMER_ASKED;
	const struct clone_side *asked = is_former ? &clone->former : &clone->latter;

	if ((!is_former && clone->state != CLONE_LATTER_ASKED) ||
	    !is_route(route, route_n, asked->route, asked->route_n) ||
	    memcmp(nonce, clone->nonce, MSG_NONCE_BYTES) != 0 ||
	    mono_ms - clone->mono_asked_ms > CLONE_ANSWER_MS)
		return false;
	(void)step(clone, CLONE_ANSWERED);
	if (is_former)
		ask(clone, mono_ms);
	return true;
}

void clone_end(struct clone *clone)
{
	(void)step(clone, CLONE_SUSPENDED);
	clone->mail = MAIL_REFUSAL;
}

bool clone_next(const struct clone *clone, struct buf *ret_message)
{
	struct msg msg = {0};

	if (clone->mail == 0 || clone->is_waiting)
		return false;
	if (clone->mail == MAIL_PROBE) {
		msg.type = MSG_PROBE;
		memcpy(msg.PROBE.nonce, clone->nonce, sizeof(msg.PROBE.nonce));
	} else {
		msg.type = MSG_REFUSAL;
		memcpy(msg.REFUSAL.nonce, clone->former.greeting, sizeof(msg.REFUSAL.nonce));
		text_copy(msg.REFUSAL.code, sizeof(msg.REFUSAL.code), "W016");
	}
	msg_pack(&msg, ret_message);
	return ret_message->error == 0;
}

void clone_sent(struct clone *clone, int status)
{
	if (status == -EAGAIN && ++clone->waited_n < WAITED_MAX) {
		clone->is_waiting = true;
		return;
	}
	if (status != 0)
		(void)step(clone, CLONE_GONE);
	clone->mail = 0;
	clone->waited_n = 0;
}

void clone_name(const struct clone *clone, char *ret_text, size_t size)
{
	(void)snprintf(ret_text, size, "first=%s second=%s", clone->former.address,
		       clone->latter.address);
}

void clone_print_states(FILE *to)
{
	static const char *const states[CLONE_STATES_N] = {
		[CLONE_NONE] = "alone",
		[CLONE_FORMER_ASKED] = "former_asked",
		[CLONE_LATTER_ASKED] = "latter_asked",
		[CLONE_FOUND] = "clone",
	};
	static const char *const events[CLONE_EVENTS_N] = {
		[CLONE_GREETED] = "HELLO elsewhere",
		[CLONE_ANSWERED] = "ALIVE",
		[CLONE_GONE] = "gone",
		[CLONE_SUSPENDED] = "suspended",
	};

	(void)fputs("digraph clone {\n", to);
	for (size_t i = 0; i < array_n(rows); i++)
		(void)fprintf(to, "\t%s -> %s [label=\"%s\"];\n", states[rows[i].state],
			      states[rows[i].next], events[rows[i].event]);
	(void)fputs("}\n", to);
}
