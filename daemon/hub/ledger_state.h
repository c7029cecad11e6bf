/*
 * What the rows of the ledger add up to, so that nobody has to look: each site's head, and how far
 * events and quarantine have come. Read once, at opening, by following every chain from its start.
 */
#ifndef MIA_HUB_LEDGER_STATE_H
#define MIA_HUB_LEDGER_STATE_H

#include "lib/safe.h"
#include "proto/programme.h"
#include "lib/sign.h"

#define LEDGER_SITES_MAX 512 /* that ever reported */
#define LEDGER_SITES_ROW "x.sites"

enum ledger_table {
	LEDGER_META,
	LEDGER_RELEASE,
	LEDGER_QUARANTINE,
	LEDGER_EVENT,
	LEDGER_RESULT,
	LEDGER_TABLES_N,
};

/* A site that ever reported; its number is its place. */
struct ledger_entry {
	char name[PROGRAMME_ID_BYTES];
	uint64_t n;
	uint8_t hash[SIGN_HASH_BYTES];
};

struct ledger_state {
	struct ledger_entry sites[LEDGER_SITES_MAX];
	size_t sites_n;
	uint64_t events_n, quarantined_n;
	uint8_t audit_head[SIGN_HASH_BYTES];
};

/* 0, -EBADMSG a row is damaged or a chain does not hold, the transaction's error; on failure the
 * state is not to be used. */
int ledger_state_read(struct safe_txn *txn, struct ledger_state *ret_state);
/* Number of a site, or -1. */
int ledger_state_find(const struct ledger_state *state, const char *site);
/* Number of a new one, -1 when there are too many. */
int ledger_state_add(struct ledger_state *state, const char *site);
/* The row "x.sites". */
void ledger_state_pack_sites(const struct ledger_state *state, struct buf *ret_row);

#endif
