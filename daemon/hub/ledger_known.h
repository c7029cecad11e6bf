/*
 * Whose keys this hub knows by voice, kept in its ledger (proto/verified), and which were heard
 * wrong (proto/tries): two rows of meta, and an event for each time something was typed.
 */
#ifndef MIA_HUB_LEDGER_KNOWN_H
#define MIA_HUB_LEDGER_KNOWN_H

#include "daemon/hub/ledger.h"
#include "proto/tries.h"
#include "proto/verified.h"

/* 0 also when nobody is known yet; -EBADMSG a damaged row, -errno. */
int ledger_known_load(struct ledger *ledger, struct verified_list *ret_list);
/* Puts a verification and its event into the ledger's open group, and forgets what was wrong
 * before. -ENOSPC, -errno. */
int ledger_known_put(struct ledger *ledger, const struct verified *one);
/* What an operator typed for a member (verified_type()): right, it is the caller's to put; wrong,
 * it is counted and committed. -EBADMSG with fault J001, J002, J008 the third wrong one or a key
 * that is locked, X002; -errno. */
int ledger_known_type(struct ledger *ledger, const struct request *request,
		      const struct verifier *by, const struct roster_member *member,
		      struct verified *ret_one, struct fault *fault);

#endif
