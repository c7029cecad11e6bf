/* The county as it was known at a moment: the releases that had come by then. What is known once
 * never changes, so this is what was shown. */
#ifndef MIA_PROTO_COUNTY_BEFORE_H
#define MIA_PROTO_COUNTY_BEFORE_H

#include "proto/county.h"

/* A copy with the releases received before at, UTC seconds, and no heads. -ENOMEM. */
int county_before(const struct county *county, int64_t at, struct county **ret_county);

#endif
