/* Any bytes as a roster: read, in key order and written again to the same hash, or refused. */
#include "lib/own.h"
#include "proto/roster.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct roster roster, again;
	own(buf_free) struct buf text = {0};
	struct fault fault = {0};
	int error = roster_read("fuzz", data, n, &roster, &fault);

	if (error != 0) {
		assert(error != -EBADMSG || fault.reason[0] != '\0');
		return 0;
	}
	assert(roster.epoch >= 1 && roster_find(&roster, ROSTER_HUB) != NULL);
	roster_add_head(&text, roster.epoch);
	for (size_t i = 0; i < roster.members_n; i++) {
		assert(i == 0 ||
		       memcmp(roster.members[i - 1].sign, roster.members[i].sign, 32) < 0);
		roster_add_card(&text, &roster.members[i]);
	}
	assert(roster_read("again", text.data, text.n, &again, &fault) == 0);
	assert(memcmp(roster.hash, again.hash, sizeof(again.hash)) == 0);
	return 0;
}
