/*
 * The versions of the programme at a site: pinned, kept and approved in the store's meta
 * (proto/version_row), by the rules of proto/approval.
 */
#ifndef MIA_SITE_HOUSE_VERSIONS_H
#define MIA_SITE_HOUSE_VERSIONS_H

#include "daemon/site/store.h"
#include "proto/approval.h"
#include "proto/room.h"

/* At start: takes the programme of the settings into force, durably, and fills versions with those
 * before it. While nothing is recorded and nothing closed any version will do; later another one
 * would count what waits by other rules unless it was approved. -EBADMSG with fault S016, S017,
 * S004; -errno. */
int house_versions_open(struct store *store, const struct room_settings *settings, int64_t at_now,
			struct versions *ret_versions, struct fault *fault);
/* Whether opening the store with next would change what is in force or known: as
 * house_versions_open(), without a write. */
int house_versions_judge(struct store *store, const struct versions *versions,
			 const struct programme *next, bool *ret_is_due, struct fault *fault);
/* Approves what is offered, durably and audited, unless it is a dry run; fills the answer, which
 * may be a fault. -errno: nothing was done. */
int house_versions_approve(struct store *store, const struct versions *versions,
			   const struct approval_offer *offer, const char *operator_name,
			   int64_t at_now, struct answer *ret_answer);

#endif
