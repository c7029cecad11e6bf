#include "lib/own.h"
#include "proto/msg.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Whatever unpacks is canonical: packing it again gives the same bytes; and one end alone sends it.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(buf_free) struct buf again = {0};
	own(buf_free) struct buf json = {0};
	struct msg msg, other;
	int site = msg_unpack(data, n, FROM_SITE, &msg);
	int hub = msg_unpack(data, n, FROM_HUB, site == 0 ? &other : &msg);

	assert((msg_print_json(data, n, &json) == 0) == (site == 0 || hub == 0));
	if (site != 0 && hub != 0)
		return 0;
	assert(site != 0 || hub != 0);
	msg_pack(&msg, &again);
	assert(again.error == 0 && again.n == n && memcmp(again.data, data, n) == 0);
	return 0;
}
