#include "daemon/hub/session.h"

#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <string.h>

#define RECORDED_A_DAY 32

static const struct row {
	enum session_state state;
	enum session_event event;
	enum session_state next;
	enum session_action action;
} rows[] = {
	{SESSION_AWAY, EVENT_HELLO, SESSION_GREETED, ACTION_WELCOME},
	{SESSION_AWAY, EVENT_BAD_HELLO, SESSION_REFUSED, ACTION_REFUSE},
	{SESSION_AWAY, EVENT_STALE, SESSION_AWAY, ACTION_DROP},
	{SESSION_AWAY, EVENT_GONE, SESSION_AWAY, ACTION_FORGET},
	{SESSION_GREETED, EVENT_HELLO, SESSION_GREETED, ACTION_WELCOME},
	{SESSION_GREETED, EVENT_BAD_HELLO, SESSION_REFUSED, ACTION_REFUSE},
	{SESSION_GREETED, EVENT_RELEASE, SESSION_GREETED, ACTION_JUDGE},
	{SESSION_GREETED, EVENT_BAD_RELEASE, SESSION_REFUSED, ACTION_REFUSE},
	{SESSION_GREETED, EVENT_FETCH, SESSION_GREETED, ACTION_FETCH},
	{SESSION_GREETED, EVENT_STALE, SESSION_GREETED, ACTION_DROP},
	{SESSION_GREETED, EVENT_GONE, SESSION_AWAY, ACTION_FORGET},
	{SESSION_REFUSED, EVENT_HELLO, SESSION_GREETED, ACTION_WELCOME},
	{SESSION_REFUSED, EVENT_BAD_HELLO, SESSION_REFUSED, ACTION_REFUSE},
	{SESSION_REFUSED, EVENT_RELEASE, SESSION_REFUSED, ACTION_DROP},
	{SESSION_REFUSED, EVENT_FETCH, SESSION_REFUSED, ACTION_DROP},
	{SESSION_REFUSED, EVENT_STALE, SESSION_REFUSED, ACTION_DROP},
	{SESSION_REFUSED, EVENT_GONE, SESSION_AWAY, ACTION_FORGET},
};

enum session_action session_step(struct session *session, enum session_event event)
{
	for (size_t i = 0; i < array_n(rows); i++) {
		if (rows[i].state != session->state || rows[i].event != event)
			continue;
		session->state = rows[i].next;
		return rows[i].action;
	}
	assert(false && "an event the state has no row for");
	return ACTION_DROP;
}

void session_begin(struct session *session, const uint8_t *route, size_t route_n,
		   const char *address, const uint8_t nonce[static MSG_NONCE_BYTES],
		   const uint8_t *token)
{
	assert(route_n <= sizeof(session->route));
	text_copy(session->address, sizeof(session->address),
		  address != NULL && address[0] != '\0' ? address : "?");
	memcpy(session->route, route, route_n);
	session->route_n = route_n;
	memcpy(session->nonce, nonce, MSG_NONCE_BYTES);
	memset(session->token, 0, sizeof(session->token));
	if (token != NULL)
		memcpy(session->token, token, MSG_TOKEN_BYTES);
	session->mail = 0;
	session->refused_n = 0;
	session->refusal[0] = '\0';
	session->is_waiting = false;
	session->waited_n = 0;
	session->has_fetched = false;
}

void session_forget(struct session *session)
{
	memset(session->token, 0, sizeof(session->token));
	session->route_n = 0;
	session->mail = 0;
	session->is_waiting = false;
	session->waited_n = 0;
}

bool session_has_token(const struct session *session)
{
	static const uint8_t none[MSG_TOKEN_BYTES];

	return memcmp(session->token, none, sizeof(none)) != 0;
}

bool session_is_token(const struct session *session, const uint8_t token[static MSG_TOKEN_BYTES])
{
	return session_has_token(session) && memcmp(session->token, token, MSG_TOKEN_BYTES) == 0;
}

bool session_may_record(struct session *session, int32_t today)
{
	if (session->recorded_day != today) {
		session->recorded_day = today;
		session->recorded_n = 0;
	}
	if (session->recorded_n == RECORDED_A_DAY)
		return false;
	session->recorded_n++;
	return true;
}

void session_print_states(FILE *to)
{
	static const char *const states[SESSION_STATES_N] = {
		[SESSION_AWAY] = "away",
		[SESSION_GREETED] = "greeted",
		[SESSION_REFUSED] = "refused",
	};
	static const char *const events[SESSION_EVENTS_N] = {
		[EVENT_HELLO] = "HELLO",     [EVENT_BAD_HELLO] = "bad HELLO",
		[EVENT_RELEASE] = "RELEASE", [EVENT_BAD_RELEASE] = "refused RELEASE",
		[EVENT_FETCH] = "FETCH",     [EVENT_STALE] = "stale token",
		[EVENT_GONE] = "gone",
	};
	static const char *const actions[SESSION_ACTIONS_N] = {
		[ACTION_DROP] = "drop",   [ACTION_WELCOME] = "welcome", [ACTION_REFUSE] = "refuse",
		[ACTION_JUDGE] = "judge", [ACTION_FETCH] = "chain",     [ACTION_FORGET] = "forget",
	};

	(void)fputs("digraph door {\n", to);
	for (size_t i = 0; i < array_n(rows); i++)
		(void)fprintf(to, "\t%s -> %s [label=\"%s / %s\"];\n", states[rows[i].state],
			      states[rows[i].next], events[rows[i].event], actions[rows[i].action]);
	(void)fputs("}\n", to);
}
