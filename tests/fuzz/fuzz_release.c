/* A payload from outside is refused by name, or it is one that a site could have packed. */
#include "proto/release.h"
#include "tests/unit/fixture_county.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct release_body body;
	own(buf_free) struct buf again = {0};
	enum release_fault fault = release_unpack(&fixture_programme, data, n, &body);

	assert(release_fault_name(fault) != NULL);
	if (fault != RELEASE_FINE)
		return 0;
	assert(release_pack(&body, &fixture_programme, &again) == 0);
	assert(again.n == n && memcmp(again.data, data, n) == 0);
	return 0;
}
