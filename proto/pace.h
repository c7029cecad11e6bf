/*
 * Pace: when a number will be reached if things go on as in the last months, and between which
 * months that most likely is. Plain arithmetic over a run of monthly figures.
 *
 * With n months of mean m and variance s2 (n - 1 below), what comes in the next t months has mean t
 * m and the variance t s2 + t2 s2 / n: that of the months to come, and that of the mean being known
 * from n months only. The interval is where its two-sided 80 % bounds reach what is to go (the
 * normal quantile 1.2816): four times in five the month lies in it, if the months to come are like
 * those behind.
 */
#ifndef MIA_PROTO_PACE_H
#define MIA_PROTO_PACE_H

#include <stddef.h>
#include <stdint.h>

#define PACE_MONTHS_MAX 1200 /* looked ahead */

struct pace {
	uint32_t expected, earliest, latest; /* months from now; 0: not within PACE_MONTHS_MAX */
};

/* months[n]: the figures, n > 0 (assert); to_go > 0 (assert). With n < 2 nothing is known of the
 * spread, and earliest and latest are 0. */
struct pace pace_of(const int64_t months[], size_t n, int64_t to_go);

#endif
