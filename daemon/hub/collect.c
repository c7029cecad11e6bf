#include "daemon/hub/collect.h"

#include "lib/date.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* Months follow each other; the first is one of the operation's. A site whose clock is a day ahead
 * closes a month on its last day, which is let pass. */
static bool period_is_next(const struct collect_context *context, uint32_t period)
{
	uint32_t first = period_of_day(context->programme->operation.from);
	bool is_next =
		context->last_period == 0 ? period >= first : period == context->last_period + 1;

	return is_next && period_last_day(period) < date_of_moment(context->at_now) + 1;
}

/* What stands in a payload whose signature and place in the chain are good. */
static enum collect_verdict judge_content(const struct collect_context *context,
					  const struct release *release,
					  struct release_body *ret_body)
{
	const struct versions only = {.now = context->programme};

	switch (versions_unpack(context->versions != NULL ? context->versions : &only,
				release->payload.data, release->payload.n, ret_body)) {
	case RELEASE_FINE:
		break;
	case RELEASE_OTHER_PROGRAMME:
		return COLLECT_OTHER_PROGRAMME;
	case RELEASE_MALFORMED:
	case RELEASE_OTHER_TABLES:
	case RELEASE_BAD_CELL:
	case RELEASE_FAULT_N:
		return COLLECT_BAD_CONTENT;
	}
	if (strcmp(ret_body->site, context->site) != 0)
		return COLLECT_OTHER_SITE;
	if (ret_body->n != release->n)
		return COLLECT_BAD_CONTENT;
	if (ret_body->is_rehearsal != context->is_rehearsal)
		return COLLECT_REHEARSAL;
	return period_is_next(context, ret_body->period) ? COLLECT_ACCEPT : COLLECT_BAD_PERIOD;
}

static enum collect_verdict judge_place(const struct collect_context *context,
					const struct release *release)
{
	if (release->n == 0)
		return COLLECT_BAD_CONTENT;
	if (release->n <= context->last_n) {
		assert(context->known_hash != NULL);
		return memcmp(release->hash, context->known_hash, SIGN_HASH_BYTES) == 0
			       ? COLLECT_KNOWN
			       : COLLECT_FORKED;
	}
	return memcmp(release->prev, context->last_hash, SIGN_HASH_BYTES) == 0 ? COLLECT_ACCEPT
									       : COLLECT_BAD_CHAIN;
}

/* In the order of proto/README.md, 3.5. */
static enum collect_verdict judge(const struct collect_context *context, struct release *release,
				  struct release_body *ret_body)
{
	const uint8_t *keys[ROSTER_KEYS_MAX];
	size_t keys_n = roster_keys(context->roster, context->site, release->n, keys);
	enum collect_verdict verdict;

	if (release->n > context->last_n + 1)
		return COLLECT_GAP;
	if (roster_find_active(context->roster, context->site) == NULL)
		return COLLECT_NOT_IN_ROSTER;
	if (!release_verify_any(release, keys, keys_n))
		return COLLECT_BAD_SIGNATURE;
	verdict = judge_place(context, release);
	return verdict != COLLECT_ACCEPT ? verdict : judge_content(context, release, ret_body);
}

int collect_judge(const struct collect_context *context, const struct msg_RELEASE *message,
		  enum collect_verdict *ret_verdict, struct release *ret_release,
		  struct release_body *ret_body)
{
	struct release release = {.n = message->n};
	struct release_body body;
	enum collect_verdict verdict;

	memcpy(release.prev, message->prev, sizeof(release.prev));
	memcpy(release.signature, message->signature, sizeof(release.signature));
	buf_add(&release.payload, message->payload, message->payload_n);
	if (release.payload.error != 0) {
		release_free(&release);
		return fail(-ENOMEM);
	}
	verdict = judge(context, &release, &body);
	*ret_verdict = verdict;
	if (verdict != COLLECT_ACCEPT) {
		release_free(&release);
		return 0;
	}
	*ret_release = release;
	*ret_body = body;
	return 0;
}

const char *collect_code(enum collect_verdict verdict)
{
	static const char *const codes[COLLECT_VERDICTS_N] = {
		[COLLECT_BAD_SIGNATURE] = "W002", [COLLECT_BAD_CHAIN] = "W003",
		[COLLECT_FORKED] = "W004",        [COLLECT_OTHER_PROGRAMME] = "W005",
		[COLLECT_BAD_CONTENT] = "W006",   [COLLECT_OTHER_SITE] = "W007",
		[COLLECT_REHEARSAL] = "W008",     [COLLECT_BAD_PERIOD] = "W009",
		[COLLECT_NOT_IN_ROSTER] = "W010",
	};

	assert((unsigned)verdict < COLLECT_VERDICTS_N);
	return codes[verdict];
}
