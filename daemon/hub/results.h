/*
 * The county results of the hub (4.1): which periods changed since their result was signed, which
 * sites are still owed which result. Nothing is kept here but flags: a result is made from the
 * county's figures, and what is sent is read from the ledger when it is its turn.
 */
#ifndef MIA_HUB_RESULTS_H
#define MIA_HUB_RESULTS_H

#include "daemon/hub/ledger_read.h"
#include "proto/county.h"

struct results;

struct results_settings {
	struct ledger *ledger;
	struct county *county; /* with all accepted figures in it */
	const struct sign_key *key;
};

/* A period whose kept result lacks figures the county has (the hub stopped between the two) counts
 * as changed. -ENOMEM, -errno of the ledger. */
int results_new(const struct results_settings *settings, struct results **ret_results);
void results_free(struct results **results);

/* Another key signs from now on; results that it did not sign are made anew. */
void results_sign_with(struct results *results, const struct sign_key *key);
/* A period's figures changed. */
void results_touch(struct results *results, uint32_t period);
bool results_is_due(const struct results *results);
/* Makes, signs and durably keeps the results of all changed periods; each is then owed to the sites
 * of the set (bit i: site i). On failure they stay changed. */
int results_make(struct results *results, uint64_t sites, int64_t at_now);

/* Owes a site every result there is, or none. */
void results_owe(struct results *results, size_t site, bool is_owed);
bool results_is_owed(const struct results *results, size_t site);
/* Appends the message RESULT a site is owed next, in order of periods: 0, -ENOENT none, -errno. */
int results_next(struct results *results, size_t site, struct buf *ret_message);
/* It was sent. */
void results_sent(struct results *results, size_t site);

#endif
