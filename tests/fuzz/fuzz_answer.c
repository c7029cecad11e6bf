/* An answer from outside is refused, or packs to the same bytes again. */
#include "lib/own.h"
#include "proto/answer.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf again = {0};
	int error = answer_unpack(data, n, &answer);

	assert(error == 0 || error == -EBADMSG || error == -EMSGSIZE || error == -ENOMEM);
	if (error < 0)
		return 0;
	assert(answer_pack(&answer, &again) == 0);
	assert(again.n == n && memcmp(again.data, data, n) == 0);
	return 0;
}
