/*
 * Published: the county's results that the hub signed, kept as they came (4.1): by them totals
 * answer at a site, offline too, and a hub that lost everything is checked by what its sites hold.
 * Of each period the one made last counts.
 * - result, by period u64be: [made int, message bin]
 * A result made under a version of the programme that is not known here is kept beside it, under
 * period + 2^32, and counted once that version is in force.
 */
#ifndef MIA_SITE_PUBLISHED_H
#define MIA_SITE_PUBLISHED_H

#include "daemon/site/store.h"
#include "proto/county.h"
#include "proto/msg.h"
#include "proto/versions.h"

/* Puts every kept result into an empty county, at start: -EBADMSG, -errno. */
int published_load(struct store *store, const struct versions *versions, struct county *county);
/* A RESULT message that came (bytes: the whole message) and whose signature is hub's: kept, then
 * counted. 0 also when a later one is there already; -EBADMSG, and nothing is taken; -errno. */
int published_take(struct store *store, const struct versions *versions, struct county *county,
		   const uint8_t hub[static SIGN_PUBLIC_BYTES], const void *bytes, size_t n);
/* Whether the county runs a version that is not known here: a result made under it is kept, made
 * later than the one of its period that counts. */
bool published_is_ahead(struct store *store, const struct versions *versions);
/* Each kept message in order of periods; what is not 0 from visit stops the walk. */
typedef int published_visit_fn(void *context, const void *bytes, size_t n);
int published_walk(struct store *store, published_visit_fn *visit, void *context);
/* Whether every site's report of every month that is over for everybody at at_now is there. */
bool published_is_complete(const struct county *county, int64_t at_now);

#endif
