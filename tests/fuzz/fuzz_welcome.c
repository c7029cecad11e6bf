/* Any bytes as an invitation that somebody brought: read and written again to the same one, or
 * refused.
 */
#include "lib/own.h"
#include "proto/welcome.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(buf_free) struct buf text = {0};
	struct welcome welcome, again;
	struct fault fault = {0};
	int error = welcome_take("fuzz", data, n, &welcome, &fault);

	if (error != 0) {
		assert(error != -EBADMSG || fault.reason[0] != '\0');
		return 0;
	}
	welcome_add(&text, &welcome);
	assert(welcome_take("again", text.data, text.n, &again, &fault) == 0);
	assert(memcmp(&welcome, &again, sizeof(welcome)) == 0);
	return 0;
}
