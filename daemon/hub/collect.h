/*
 * Collect: the verdict on one release that a site sent. Every refusal is named by its code in
 * proto/errors.def; nothing is decided on a number alone.
 */
#ifndef MIA_HUB_COLLECT_H
#define MIA_HUB_COLLECT_H

#include "daemon/hub/ledger.h"
#include "proto/roster.h"
#include "proto/versions.h"

enum collect_verdict {
	COLLECT_ACCEPT, /* the next of its chain, verified */
	COLLECT_KNOWN, /* an earlier one, byte for byte the same: receipt again */
	COLLECT_GAP, /* n is beyond last + 1: dropped, the receipt says where we stand */
	COLLECT_BAD_SIGNATURE, /* W002 */
	COLLECT_BAD_CHAIN, /* W003: prev is not our head */
	COLLECT_FORKED, /* W004: n is known with other content */
	COLLECT_OTHER_PROGRAMME, /* W005 */
	COLLECT_BAD_CONTENT, /* W006: malformed, other tables, or cells no site may send */
	COLLECT_OTHER_SITE, /* W007: the payload names another site */
	COLLECT_REHEARSAL, /* W008: a rehearsal's release at a real hub, or the reverse */
	COLLECT_BAD_PERIOD, /* W009: not the month after the last one, or not yet over */
	COLLECT_NOT_IN_ROSTER, /* W010 */
	COLLECT_VERDICTS_N,
};

/* What the verdict is about: the site's chain as it stands within the group, and who it is. */
struct collect_context {
	const struct programme *programme; /* in force */
	const struct versions *versions; /* with those before it; NULL: there are none */
	const struct roster *roster;
	const char *site; /* from the CURVE key */
	uint64_t last_n;
	const uint8_t *last_hash;
	uint32_t last_period; /* 0: none */
	const uint8_t *known_hash; /* of stored release n when n <= last_n, else NULL */
	bool is_rehearsal;
	int64_t at_now;
};

/* Judges; on ACCEPT fills ret_release (owned payload) and ret_body. -ENOMEM. */
int collect_judge(const struct collect_context *context, const struct msg_RELEASE *message,
		  enum collect_verdict *ret_verdict, struct release *ret_release,
		  struct release_body *ret_body);
/* "W002" of a refusal, NULL for the verdicts that are none. */
const char *collect_code(enum collect_verdict verdict);

#endif
