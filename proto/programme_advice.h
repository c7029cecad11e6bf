/*
 * Advice on a programme that may be used as it is: where it would show less, or noise drown more,
 * than it need (3-privacy 3.3, 3.4).
 */
#ifndef MIA_PROTO_PROGRAMME_ADVICE_H
#define MIA_PROTO_PROGRAMME_ADVICE_H

#include "proto/programme.h"

#define PROGRAMME_ADVICE_MAX (PROGRAMME_SITES_MAX + PROGRAMME_TABLES_MAX)
#define PROGRAMME_SMALL 25 /* planned entries in a quarter: under it a site is small (3.3) */

/* P050: the site with that id plans number entries in a quarter, and is not declared small. P051: a
 * cell of the table with that id expects number persons, and noise moves it by up to of (two
 * standard deviations); is_coarser says that a longer cadence is left to it. */
struct programme_advice {
	const char *code, *id;
	uint32_t number, of;
	bool is_coarser;
};

/* How many there are: at most PROGRAMME_ADVICE_MAX. Plans are the last target over the months of
 * the operation; without a target, or with an open operation, there is nothing to say. */
size_t programme_advise(const struct programme *programme,
			struct programme_advice ret_advice[static PROGRAMME_ADVICE_MAX]);

#endif
