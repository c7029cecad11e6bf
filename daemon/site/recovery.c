#include "daemon/site/recovery.h"

#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

void recovery_start(struct recovery *recovery, uint64_t first, uint64_t last,
		    const uint8_t head[static SIGN_HASH_BYTES])
{
	struct recovery fresh = {.first = first, .last = last, .asked = first - 1};

	assert(first >= 1 && first <= last);
	memcpy(fresh.head, head, sizeof(fresh.head)); /* which may be the old one's own */
	recovery_free(recovery);
	*recovery = fresh;
}

void recovery_begin(struct recovery *recovery, struct outbox *outbox,
		    const struct msg_WELCOME *welcome, enum wire_decision decision)
{
	uint64_t own_n = outbox_last(outbox);

	recovery_start(recovery, decision == WIRE_ADOPT && own_n > 0 ? own_n : 1, welcome->n,
		       welcome->hash);
}

void recovery_free(struct recovery *recovery)
{
	for (size_t i = 0; i < recovery->n; i++)
		release_free(&recovery->releases[i]);
	free(recovery->releases);
	*recovery = (struct recovery){0};
}

bool recovery_next(const struct recovery *recovery, uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t first = recovery->first + recovery->n;

	*ret_first = first;
	*ret_last = recovery->last - first < WIRE_WINDOW ? recovery->last : first + WIRE_WINDOW - 1;
	return recovery->asked < first;
}

void recovery_asked(struct recovery *recovery)
{
	uint64_t first;

	(void)recovery_next(recovery, &first, &recovery->asked);
}

/* Whether it goes on from what was fetched before, and ends where the hub said. */
static bool goes_on(const struct recovery *recovery, const struct release *release)
{
	const struct release *before =
		recovery->n == 0 ? NULL : &recovery->releases[recovery->n - 1];

	if (before != NULL && memcmp(before->hash, release->prev, SIGN_HASH_BYTES) != 0)
		return false;
	return release->n != recovery->last ||
	       memcmp(release->hash, recovery->head, SIGN_HASH_BYTES) == 0;
}

static int keep(struct recovery *recovery, struct release *release)
{
	struct release *grown =
		reallocarray(recovery->releases, recovery->n + 1, sizeof(*recovery->releases));

	if (grown == NULL)
		return fail(-ENOMEM);
	recovery->releases = grown;
	recovery->releases[recovery->n++] = *release;
	*release = (struct release){0};
	return 0;
}

int recovery_take(struct recovery *recovery, const struct msg_CHAIN *chain,
		  const uint8_t *const keys[], size_t keys_n)
{
	own(release_free) struct release release = {.n = chain->n};

	if (recovery_is_whole(recovery) || chain->n != recovery->first + recovery->n)
		return fail(-EBADMSG);
	memcpy(release.prev, chain->prev, sizeof(release.prev));
	memcpy(release.signature, chain->signature, sizeof(release.signature));
	buf_add(&release.payload, chain->payload, chain->payload_n);
	if (release.payload.error != 0)
		return release.payload.error;
	if (!release_verify_any(&release, keys, keys_n) || !goes_on(recovery, &release))
		return fail(-EBADMSG);
	return keep(recovery, &release);
}

bool recovery_is_whole(const struct recovery *recovery)
{
	return recovery->last != 0 && recovery->first + recovery->n > recovery->last;
}

int recovery_judge(const struct recovery *recovery, struct outbox *outbox,
		   enum wire_decision *ret_decision)
{
	uint64_t own_n = outbox_last(outbox);
	const struct release *first = &recovery->releases[0];
	uint8_t own_head[SIGN_HASH_BYTES];
	const uint8_t *at_own_n = NULL; /* the fetched chain's hash at our head */
	int error = outbox_hash(outbox, own_n, own_head);

	if (error != 0)
		return error;
	assert(recovery_is_whole(recovery));
	if (own_n < first->n)
		at_own_n = first->prev;
	else if (own_n <= recovery->last)
		at_own_n = recovery->releases[own_n - first->n].hash;
	if (recovery->last > own_n && wire_decide(own_n, NULL, own_head, recovery->last,
						  recovery->head, at_own_n) == WIRE_ADOPT)
		*ret_decision = WIRE_ADOPT;
	else
		*ret_decision = first->n == 1 ? WIRE_FORK : WIRE_STREAM;
	return 0;
}

int recovery_decide(struct outbox *outbox, const struct msg_WELCOME *welcome,
		    enum wire_decision *ret_decision)
{
	uint64_t own_n = outbox_last(outbox);
	uint8_t at_hub_n[SIGN_HASH_BYTES];
	int error = 0;

	if (welcome->n <= own_n)
		error = outbox_hash(outbox, welcome->n, at_hub_n);
	if (error != 0)
		return error;
	*ret_decision = wire_decide(own_n, at_hub_n, NULL, welcome->n, welcome->hash, NULL);
	/* h0 is no matter of opinion */
	return *ret_decision != WIRE_STREAM && welcome->n == 0 ? fail(-EBADMSG) : 0;
}
