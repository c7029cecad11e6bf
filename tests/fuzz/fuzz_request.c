#include "lib/own.h"
#include "proto/command.h"
#include "proto/frame.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_request(const uint8_t *data, size_t n)
{
	own(buf_free) struct buf again = {0};
	struct request request;
	struct fault fault = {0};

	if (request_unpack(data, n, &request, &fault) != 0) {
		assert(fault.code[0] == 'X' && fault.reason[0] != '\0');
		return;
	}
	assert(request_pack(&request, &again) == 0);
	assert(again.n == n && memcmp(again.data, data, n) == 0);
}

static void check_frame(const uint8_t *data, size_t n, enum frame_sender sender)
{
	own(buf_free) struct buf again = {0};
	struct frame frame;

	if (frame_unpack(data, n, sender, &frame) != 0)
		return;
	assert(frame_pack(&frame, &again) == 0);
	assert(again.n == n && memcmp(again.data, data, n) == 0);
}

/* Any packet of the control socket: what is understood is canonical. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	check_request(data, n);
	check_frame(data, n, FRAME_FROM_CLIENT);
	check_frame(data, n, FRAME_FROM_DAEMON);
	return 0;
}
