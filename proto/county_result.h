/*
 * County results: what the hub signs of one period and every site keeps, so that the county's
 * figures are known at a site, offline too. Their bytes are drawn in proto/county_result.c.
 */
#ifndef MIA_PROTO_COUNTY_RESULT_H
#define MIA_PROTO_COUNTY_RESULT_H

#include "proto/county.h"
#include "proto/versions.h"

/* One period's result (LP("mia/1/result") H("mia/1/result", body)): every site's head and figures.
 */
int county_pack_result(const struct county *county, uint32_t period, int64_t at_made,
		       struct buf *ret_body);
/* Takes a result in, made under any of the versions (now is the county's): -EBADMSG malformed,
 * -EPROTONOSUPPORT well-formed and made under a version that is not known, and nothing is taken but
 * the period and the moment; -ENOMEM, and taking it again completes it. *ret_period and
 * *ret_at_made say which and when. Results may come in any order: a head never goes back to a
 * smaller n. */
int county_take_result_of(struct county *county, const struct versions *versions, const void *body,
			  size_t n, uint32_t *ret_period, int64_t *ret_at_made);
/* The same of a result made under the county's own version. */
int county_take_result(struct county *county, const void *body, size_t n, uint32_t *ret_period,
		       int64_t *ret_at_made);

#endif
