#include "daemon/hub/reception.h"

#include "daemon/hub/ledger_read.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/wire.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What arrived, and whose session it is. */
struct message {
	const struct arrival *from;
	struct session *session;
	size_t site;
};

__attribute__((format(printf, 3, 4))) static void audit(struct reception *in, int64_t at_now,
							const char *format, ...)
{
	char text[LEDGER_TEXT_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ledger_audit(in->settings.ledger, at_now, text);
}

/* ---- refusals ---- */

/* The site is told by name, the message is kept for the operator, and nothing more is taken until
 * the site greets again. */
static void refuse(struct reception *in, const struct message *message, uint64_t n,
		   const char *code)
{
	struct session *session = message->session;

	in->counts.refused++;
	session->mail |= MAIL_REFUSAL;
	session->refused_n = n;
	text_copy(session->refusal, sizeof(session->refusal), code);
	results_owe(in->results, message->site, false);
	if (!session_may_record(session, date_of_moment(message->from->at_now)))
		return;
	in->counts.quarantined++;
	ledger_quarantine(in->settings.ledger, message->from->name, code, message->from->bytes,
			  message->from->n, message->from->at_now);
	audit(in, message->from->at_now, "%s site=%s n=%llu code=%s",
	      n == 0 ? "session_refused" : "release_refused", message->from->name,
	      (unsigned long long)n, code);
}

/* ---- chains taken back ---- */

/* Hash of a release the hub has, of the group or stored: 0, -ENOENT, -errno. */
static int known_hash(struct reception *in, size_t site, uint64_t n,
		      uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	const uint8_t *hash = group_hash(&in->group, site, n);
	struct release release = {0};
	int64_t at_received;
	int status;

	if (hash != NULL) {
		memcpy(ret_hash, hash, SIGN_HASH_BYTES);
		return 0;
	}
	status = ledger_load(in->settings.ledger, in->settings.programme->sites[site].id, n,
			     &release, &at_received);
	if (status == 0)
		memcpy(ret_hash, release.hash, SIGN_HASH_BYTES);
	release_free(&release);
	return status;
}

/* The site has our chain, or a release of its came after it: if it ever took it back, it goes on.
 */
static void note_back(struct reception *in, const struct message *message)
{
	struct recalls *recalls = in->settings.recalls;
	const struct recall *known =
		recalls == NULL ? NULL : recall_find(recalls, message->from->name);
	struct recall back;

	if (known == NULL || known->at_back != 0)
		return;
	back = *known;
	back.at_back = message->from->at_now;
	recall_note(recalls, in->settings.ledger, &back);
}

/* Once a greeting, and no oftener than refusals: what a peer may make us write is bounded. */
static void note_recall(struct reception *in, const struct message *message)
{
	struct session *session = message->session;
	struct recall recall = {.own_n = session->told_n,
				.n = session->chain.n,
				.is_fork = true,
				.at = message->from->at_now};
	uint8_t hash[SIGN_HASH_BYTES];

	if (in->settings.recalls == NULL || session->has_fetched ||
	    !session_may_record(session, date_of_moment(message->from->at_now)))
		return;
	session->has_fetched = true;
	text_copy(recall.site, sizeof(recall.site), message->from->name);
	if (session->told_n == 0) {
		recall.is_fork = false;
	} else if (session->told_n <= session->chain.n) {
		recall.is_fork = known_hash(in, message->site, session->told_n, hash) == 0 &&
				 memcmp(hash, session->told_hash, sizeof(hash)) != 0;
	}
	recall_note(in->settings.recalls, in->settings.ledger, &recall);
}

/* ---- greetings ---- */

/* The version of the programme that a site greets with, NULL when it is none we know. */
static const struct programme *version_named(const struct door_settings *settings,
					     const struct msg_HELLO *hello)
{
	const struct versions only = {.now = settings->programme};

	return versions_find(settings->versions != NULL ? settings->versions : &only,
			     hello->programme);
}

/* What is wrong with it (proto/README.md, 3.2), or NULL. */
static const char *hello_code(const struct door_settings *settings, const char *name,
			      const struct msg_HELLO *hello)
{
	if (hello->protocol != WIRE_PROTOCOL)
		return "W011";
	if (strcmp(hello->site, name) != 0)
		return "W001";
	if (roster_find_active(settings->roster, name) == NULL)
		return "W010";
	if (settings->suspensions != NULL && suspension_find(settings->suspensions, name) != NULL)
		return "W016";
	if ((hello->is_rehearsal != 0) != settings->is_rehearsal)
		return "W008";
	if (version_named(settings, hello) == NULL)
		return "W005";
	return NULL;
}

static void begin_session(const struct message *message, const struct msg_HELLO *hello,
			  const uint8_t *token)
{
	const struct arrival *from = message->from;

	session_begin(message->session, from->route, from->route_n, from->address, hello->nonce,
		      token);
}

static void welcome(struct reception *in, const struct message *message,
		    const struct msg_HELLO *hello)
{
	const struct roster *roster = in->settings.roster;
	struct session *session = message->session;
	const struct session before = *session;
	uint8_t token[MSG_TOKEN_BYTES];

	secret_random(token, sizeof(token));
	begin_session(message, hello, token);
	clone_greet(&in->clones[message->site], &before, session, message->from->mono_ms);
	session->mail = MAIL_WELCOME;
	session->at_receipt = message->from->at_now;
	session->told_n = hello->n;
	memcpy(session->told_hash, hello->hash, sizeof(session->told_hash));
	if (hello->n == session->chain.n &&
	    memcmp(hello->hash, session->chain.hash, sizeof(session->chain.hash)) == 0)
		note_back(in, message);
	session->is_version_other =
		memcmp(hello->programme, in->settings.programme->hash, PROGRAMME_HASH_BYTES) != 0;
	session->is_roster_other = hello->epoch != roster->epoch ||
				   memcmp(hello->roster, roster->hash, SIGN_HASH_BYTES) != 0;
	results_owe(in->results, message->site, true);
}

static void take_hello(struct reception *in, const struct message *message,
		       const struct msg_HELLO *hello)
{
	const char *code = hello_code(&in->settings, message->from->name, hello);

	if (code == NULL && in->clones[message->site].state == CLONE_FOUND)
		code = "W016"; /* about to be suspended */
	if (session_step(message->session, code == NULL ? EVENT_HELLO : EVENT_BAD_HELLO) ==
	    ACTION_WELCOME) {
		welcome(in, message, hello);
		return;
	}
	begin_session(message, hello, NULL);
	refuse(in, message, 0, code);
}

/* ---- releases ---- */

static int accept_release(struct reception *in, const struct message *message,
			  const struct release *release, const struct release_body *body)
{
	struct county_head *chain = &message->session->chain;
	char period[PERIOD_TEXT_BYTES];

	note_back(in, message);
	ledger_add(in->settings.ledger, message->from->name, release, message->from->at_now);
	period_format_month(body->period, period);
	audit(in, message->from->at_now, "release_accepted site=%s n=%llu period=%s",
	      message->from->name, (unsigned long long)release->n, period);
	chain->n = release->n;
	memcpy(chain->hash, release->hash, SIGN_HASH_BYTES);
	memcpy(chain->signature, release->signature, SIGN_BYTES);
	chain->period = body->period;
	chain->at_received = message->from->at_now;
	return group_add(&in->group, message->site, chain, &body->figures);
}

static int judge_release(struct reception *in, const struct message *message,
			 const struct msg_RELEASE *sent)
{
	struct session *session = message->session;
	uint8_t hash[SIGN_HASH_BYTES];
	const struct collect_context context = {
		.programme = in->settings.programme,
		.versions = in->settings.versions,
		.roster = in->settings.roster,
		.site = message->from->name,
		.last_n = session->chain.n,
		.last_hash = session->chain.hash,
		.last_period = session->chain.period,
		.known_hash = hash,
		.is_rehearsal = in->settings.is_rehearsal,
		.at_now = message->from->at_now,
	};
	own(release_free) struct release release = {0};
	struct release_body body;
	enum collect_verdict verdict;
	int status = 0;

	if (sent->n > 0 && sent->n <= session->chain.n)
		status = known_hash(in, message->site, sent->n, hash);
	if (status == 0)
		status = collect_judge(&context, sent, &verdict, &release, &body);
	if (status == -ENOMEM)
		return status;
	if (status != 0) {
		(void)session_step(session, EVENT_BAD_RELEASE);
		refuse(in, message, sent->n, "H001");
		return 0;
	}
	if (verdict == COLLECT_ACCEPT)
		return accept_release(in, message, &release, &body);
	if (collect_code(verdict) != NULL) {
		(void)session_step(session, EVENT_BAD_RELEASE);
		refuse(in, message, sent->n, collect_code(verdict));
		return 0;
	}
	in->counts.repeated += verdict == COLLECT_KNOWN;
	session->mail |= MAIL_RECEIPT;
	return 0;
}

static int take_release(struct reception *in, const struct message *message,
			const struct msg_RELEASE *sent)
{
	bool is_current = session_is_token(message->session, sent->token);

	if (session_step(message->session, is_current ? EVENT_RELEASE : EVENT_STALE) ==
	    ACTION_JUDGE)
		return judge_release(in, message, sent);
	in->counts.stale++;
	return 0;
}

static void take_fetch(struct reception *in, const struct message *message,
		       const struct msg_FETCH *fetch)
{
	struct session *session = message->session;
	bool is_current = session_is_token(session, fetch->token);

	if (session_step(session, is_current ? EVENT_FETCH : EVENT_STALE) != ACTION_FETCH) {
		in->counts.stale++;
		return;
	}
	if (fetch->first == 0 || fetch->first > fetch->last) {
		in->counts.malformed++;
		return;
	}
	if (fetch->first > session->chain.n)
		return;
	note_recall(in, message);
	session->fetch_next = fetch->first;
	session->fetch_last = fetch->last < session->chain.n ? fetch->last : session->chain.n;
	session->mail |= MAIL_CHAIN;
}

/* ---- two of one key ---- */

void reception_shut(struct reception *in, size_t site, const char *code)
{
	struct session *session = &in->sessions[site];

	if (session->state != SESSION_GREETED)
		return;
	(void)session_step(session, EVENT_BAD_RELEASE);
	session->mail |= MAIL_REFUSAL;
	session->refused_n = 0;
	text_copy(session->refusal, sizeof(session->refusal), code);
	results_owe(in->results, site, false);
	in->counts.refused++;
}

/* The former is alive: whoever has the key elsewhere may stay silent, so it is told at once. */
static void note_twice(struct reception *in, const struct message *message,
		       const struct clone *clone)
{
	char both[LEDGER_TEXT_BYTES / 2];

	if (!session_may_record(message->session, date_of_moment(message->from->at_now)))
		return;
	clone_name(clone, both, sizeof(both));
	audit(in, message->from->at_now, "key_used_twice site=%s %s", message->from->name, both);
}

/* Nothing more is taken of a clone; that it is suspended is the conductor's. */
static void take_alive(struct reception *in, const struct message *message,
		       const struct msg_ALIVE *alive)
{
	struct clone *clone = &in->clones[message->site];
	const struct arrival *from = message->from;

	if (!clone_answer(clone, from->route, from->route_n, alive->nonce, from->mono_ms)) {
		in->counts.stale++;
		return;
	}
	if (clone->state == CLONE_FOUND) {
		reception_shut(in, message->site, "W016");
		return;
	}
	memcpy(message->session->probe, clone->nonce, sizeof(clone->nonce));
	message->session->mail |= MAIL_PROBE;
	note_twice(in, message, clone);
}

int reception_take(struct reception *in, const struct arrival *from)
{
	int site = programme_site_index(in->settings.programme, from->name);
	struct message message = {.from = from, .site = (size_t)site};
	struct msg msg;

	if (site < 0 || from->route_n > SESSION_ROUTE_BYTES ||
	    msg_unpack(from->bytes, from->n, FROM_SITE, &msg) != 0) {
		in->counts.malformed++;
		return 0;
	}
	message.session = &in->sessions[site];
	message.session->at_contact = from->at_now;
	if (msg.type == MSG_HELLO)
		take_hello(in, &message, &msg.HELLO);
	else if (msg.type == MSG_FETCH)
		take_fetch(in, &message, &msg.FETCH);
	else if (msg.type == MSG_RELEASE)
		return take_release(in, &message, &msg.RELEASE);
	else if (msg.type == MSG_ALIVE)
		take_alive(in, &message, &msg.ALIVE);
	return 0;
}
