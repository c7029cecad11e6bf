/*
 * Whether what a site has published holds together (2-domain, Indicators: checks after opening):
 * nobody is followed up who had not left, nobody leaves who had not come. Sums from the first month
 * on, by kinds of booking. What waits under the hold rule, up to k - 1 persons in each cell of each
 * measure that is summed, is allowed for; so a check that fails is worth a telephone call, and
 * never a refusal.
 */
#ifndef MIA_PROTO_CONSISTENCY_H
#define MIA_PROTO_CONSISTENCY_H

#include "proto/county.h"
#include "proto/sheet.h"

/* What may fail; NONE: all holds, or too little is known to say. */
enum consistency {
	CONSISTENCY_HOLDS,
	CONSISTENCY_FOLLOWED_UP, /* more followed up than left */
	CONSISTENCY_LEFT, /* more left, or went elsewhere, than came */
	CONSISTENCY_STARTED, /* more with an activity than came */
	CONSISTENCY_ENDED, /* more activities ended than begun */
	CONSISTENCY_N,
};

/* The first check that fails on a site's figures to the end of until. A check of a kind that is not
 * counted, or of months that are missing, is not made. */
enum consistency consistency_of(const struct county *county, size_t site, uint32_t until);
/* Id for programs and events ("followed_up"); CONSISTENCY_HOLDS: "". */
const char *consistency_id(enum consistency consistency);
/* Notes every site whose figures do not hold. */
void consistency_note(const struct county *county, uint32_t until, enum programme_language language,
		      struct sheet *sheet);

#endif
