/*
 * Which version of the programme a room counts by, and how it comes to another: the store pins the
 * one in force, keeps the text of each it ever approved, and goes forward only. A version is
 * approved while an earlier one is in force (`mia programme approve`), and comes into force at the
 * next start or reload with its file. Both rooms hold to these rules; each writes the rows in its
 * own way (proto/version_row).
 */
#ifndef MIA_PROTO_APPROVAL_H
#define MIA_PROTO_APPROVAL_H

#include "proto/answer.h"
#include "proto/version_row.h"
#include "proto/versions.h"

/* What a start has to write of the version in force. */
enum approval_step {
	APPROVAL_NOTHING,
	APPROVAL_KEEP, /* its row: the store does not have its text yet */
	APPROVAL_PIN, /* its row, and the pin: it comes into force */
};

/* For a store that this programme cannot read: -EBADMSG with fault S016 when that is because a
 * later version was in force; else 0, -errno. */
int approval_check_age(struct safe *safe, const struct programme *now, struct fault *fault);
/*
 * Whether the store takes now into force; is_unused: nothing was ever recorded or received, and
 * then any version will do. Fills versions with those before now. -EBADMSG with
 * fault: S016 now is older than what the store had in force, S017 it was never approved here, S004
 * a row is damaged; -errno.
 */
int approval_open(struct safe *safe, const struct programme *now, bool is_unused,
		  struct versions *ret_versions, enum approval_step *ret_step, struct fault *fault);

/* As approval_open() of a store that versions was read from: *ret_is_due when opening it with next
 * would put another version in force, or know one more. */
int approval_again(struct safe *safe, const struct versions *versions, const struct programme *next,
		   bool is_unused, bool *ret_is_due, struct fault *fault);

/* A programme that bears the programme key's signature, and how it is offered; borrowed. */
struct approval_offer {
	const struct programme *programme;
	const void *text; /* of its file */
	size_t n;
	int32_t on; /* day up to which days are past */
	bool is_former; /* to read reports made under an earlier version, never to be in force */
	bool is_dry_run;
};

/* Whether the offer may be approved: -EBADMSG with fault, S011 of another programme, X028 known
 * already, P066 older (or, for a former one, not older) than the one in force, P060..P064 what must
 * not change (proto/programme_change); -errno. */
int approval_judge(struct safe *safe, const struct versions *versions,
		   const struct approval_offer *offer, struct fault *fault);
/* "mia.programme_approval/1", lines: what was done, or in a dry run would be. A dry run brings the
 * text of the version in force along, so that the two can be shown side by side. */
int approval_answer(struct safe *safe, const struct versions *versions,
		    const struct approval_offer *offer, struct answer *ret_answer);
/* "mia.programme_versions/1": a row each that the store knows. */
int approval_list(struct safe *safe, const struct versions *versions, struct answer *ret_answer);

#endif
