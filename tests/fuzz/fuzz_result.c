/* A county result from outside is refused and changes nothing, or its figures can be summed and
 * shown. */
#include "proto/county_result.h"
#include "proto/goals.h"
#include "tests/unit/fixture_county.h"

#include <assert.h>
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void show(const struct county *county, uint32_t period)
{
	struct totals_ask ask = {.range = {period, period}, .site = -1, .measure = -1};
	own(sheet_free) struct sheet *totals = NULL;
	own(sheet_free) struct sheet *goals = NULL;
	bool is_complete;

	ask.until = period;
	ask.by_site = true;
	totals = totals_sheet(county, &ask, &is_complete);
	goals = goals_sheet(county, &ask, &is_complete);
	assert(totals == NULL || totals->error == 0 || totals->error == -ENOMEM);
	assert(goals == NULL || goals->error == 0 || goals->error == -ENOMEM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(county_free) struct county *county = NULL;
	own(buf_free) struct buf again = {0};
	uint32_t period = 0;
	int64_t at_made = 0;
	int error;

	if (county_new(&fixture_programme, &county) < 0)
		return 0;
	error = county_take_result(county, data, n, &period, &at_made);
	assert(error == 0 || error == -EBADMSG || error == -ENOMEM);
	if (error < 0) {
		assert(county_range(county).last == 0 && period == 0);
		return 0;
	}
	assert(county_pack_result(county, period, at_made, &again) == 0);
	show(county, period);
	return 0;
}
