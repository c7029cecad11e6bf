/*
 * The versions of the programme at the hub: pinned, kept and approved in the ledger's meta
 * (proto/version_row), by the rules of proto/approval.
 */
#ifndef MIA_HUB_LEDGER_VERSIONS_H
#define MIA_HUB_LEDGER_VERSIONS_H

#include "daemon/hub/ledger.h"
#include "proto/approval.h"
#include "proto/room.h"

/* At start: takes the programme of the settings into force, durably, and fills versions with those
 * before it. -EBADMSG with fault S016, S017, S004; -errno. */
int ledger_versions_open(struct ledger *ledger, const struct room_settings *settings,
			 int64_t at_now, struct versions *ret_versions, struct fault *fault);
/* Whether opening the ledger with next would change what is in force or known: as
 * ledger_versions_open(), without a write. */
int ledger_versions_judge(struct ledger *ledger, const struct versions *versions,
			  const struct programme *next, bool *ret_is_due, struct fault *fault);
/* Approves what is offered, durably and audited, unless it is a dry run; fills the answer, which
 * may be a fault. -errno: nothing was done. */
int ledger_versions_approve(struct ledger *ledger, const struct versions *versions,
			    const struct approval_offer *offer, const char *operator_name,
			    int64_t at_now, struct answer *ret_answer);

#endif
