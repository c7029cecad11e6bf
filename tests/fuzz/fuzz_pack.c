/* Any bytes at all: the cursor stays inside them, and what skip accepts is the writer's own form.
 */
#include "lib/own.h"
#include "lib/pack.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Writes again what stands next; gives the number of values inside it. */
static uint32_t copy_head(struct unpack *in, struct buf *copy)
{
	enum pack_type type = unpack_peek(in);
	uint32_t inner = 0;
	struct unpack trial = *in;
	const uint8_t *bytes;
	size_t bytes_n;

	if (type == PACK_ARRAY) {
		inner = unpack_array(in, UINT32_MAX);
		pack_array(copy, inner);
	} else if (type == PACK_INT) {
		(void)unpack_u64(&trial, UINT64_MAX);
		if (trial.error == 0)
			pack_u64(copy, unpack_u64(in, UINT64_MAX));
		else
			pack_i64(copy, unpack_i64(in, INT64_MIN, INT64_MAX));
	} else if (type == PACK_BOOL) {
		pack_bool(copy, unpack_bool(in));
	} else if (type == PACK_NIL) {
		assert(unpack_nil(in));
		pack_nil(copy);
	} else if (type == PACK_BIN) {
		bytes = unpack_bin(in, SIZE_MAX, &bytes_n);
		pack_bin(copy, bytes, bytes_n);
	} else {
		own(mem_free) char *text = unpack_str_dup(in, SIZE_MAX);

		if (text != NULL)
			pack_str(copy, text);
	}
	return inner;
}

static void copy_value(struct unpack *in, struct buf *copy)
{
	uint32_t left[PACK_DEPTH_MAX + 1] = {1};

	while (in->error == 0 && (in->depth > 0 || left[0] > 0)) {
		unsigned depth = in->depth;
		uint32_t inner;

		if (left[depth] == 0) {
			unpack_leave(in);
			continue;
		}
		left[depth]--;
		inner = copy_head(in, copy);
		if (in->depth > depth)
			left[in->depth] = inner;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct unpack skipped = unpack_start(data, n), copied = unpack_start(data, n);
	own(buf_free) struct buf copy = {0};

	unpack_skip(&skipped);
	assert(skipped.at <= n);
	copy_value(&copied, &copy);
	assert(copied.at <= n);
	if (unpack_end(&copied) != 0)
		return 0;
	assert(unpack_end(&skipped) == 0 && copy.error == 0);
	assert(copy.n == n && memcmp(copy.data, data, n) == 0);
	return 0;
}
