/*
 * Whose keys this hub knows by voice, kept in its ledger (proto/verified): a row of meta, and an
 * event for each that was verified.
 */
#ifndef MIA_HUB_LEDGER_KNOWN_H
#define MIA_HUB_LEDGER_KNOWN_H

#include "daemon/hub/ledger.h"
#include "proto/verified.h"

/* 0 also when nobody is known yet; -EBADMSG a damaged row, -errno. */
int ledger_known_load(struct ledger *ledger, struct verified_list *ret_list);
/* Puts a verification and its event into the ledger's open group. -ENOSPC, -errno. */
int ledger_known_put(struct ledger *ledger, const struct verified *one);

#endif
