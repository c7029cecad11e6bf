/* Any bytes as the list of the forgotten: refused with a line and a reason, or every line is one
 * that this store would write. */
#include "daemon/site/store_erased.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t store_id[VAULT_STORE_BYTES] = {1};
	own(store_erased_free) struct store_erased erased = {0};
	own(buf_free) struct buf content = {0}, again = {0};
	struct fault fault = {0};
	int error;

	buf_add(&content, data, n);
	error = store_erased_parse(store_id, "fuzz", &content, &erased, &fault);
	if (error != 0) {
		assert(error == -EBADMSG && fault.reason[0] != '\0' && erased.n == 0);
		return 0;
	}
	for (size_t i = 0; i < erased.n; i++)
		store_erased_line(store_id, &erased.lines[i], &again);
	assert(again.n <= n && (again.n == 0 || memcmp(again.data, data, again.n) == 0));
	return 0;
}
