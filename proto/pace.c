#include "proto/pace.h"

#include <assert.h>
#include <stdbool.h>

#define Z_SQUARED 1.6424 /* (1.2816)^2 */

struct spread {
	double mean, variance, n;
};

static struct spread spread_of(const int64_t months[], size_t n)
{
	struct spread spread = {.n = (double)n};
	double squares = 0;

	for (size_t i = 0; i < n; i++)
		spread.mean += (double)months[i] / spread.n;
	for (size_t i = 0; i < n; i++)
		squares += ((double)months[i] - spread.mean) * ((double)months[i] - spread.mean);
	spread.variance = n > 1 ? squares / (spread.n - 1) : 0;
	return spread;
}

/* How far the mean after t months lies beyond what is to go, and the square of the bound. */
static bool is_within(const struct spread *spread, double to_go, double t, bool is_sure)
{
	double beyond = t * spread->mean - to_go;
	double bound = Z_SQUARED * spread->variance * (t + t * t / spread->n);

	if (is_sure)
		return beyond >= 0 && beyond * beyond >= bound;
	return beyond >= 0 || beyond * beyond <= bound;
}

static uint32_t first_within(const struct spread *spread, double to_go, bool is_sure)
{
	for (uint32_t t = 1; t <= PACE_MONTHS_MAX; t++)
		if (is_within(spread, to_go, t, is_sure))
			return t;
	return 0;
}

struct pace pace_of(const int64_t months[], size_t n, int64_t to_go)
{
	struct pace pace = {0};
	struct spread spread;
	int64_t sum = 0;

	assert(n > 0 && to_go > 0);
	for (size_t i = 0; i < n; i++)
		sum += months[i];
	if (sum > 0 && to_go <= (int64_t)PACE_MONTHS_MAX * sum / (int64_t)n)
		pace.expected = (uint32_t)((to_go * (int64_t)n + sum - 1) / sum);
	if (n < 2 || sum <= 0)
		return pace;
	spread = spread_of(months, n);
	pace.earliest = first_within(&spread, (double)to_go, false);
	pace.latest = first_within(&spread, (double)to_go, true);
	return pace;
}
