#include "daemon/control.h"
#include "daemon/errand.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/sock.h"
#include "proto/frame.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKETS_MAX 64
#define STEPS_MAX 64 /* to answer what was asked */
#define ANSWER_MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A room that takes in any file and knows what it was told: that every stream has one end. */
struct room {
	bool is_streaming;
	uint64_t bytes;
};

static int ask(struct room *room, const struct room_time *now, const struct room_operator *who,
	       const struct request *request, struct answer *ret_answer)
{
	(void)room;
	(void)now;
	(void)who;
	return answer_line(ret_answer, "mia.fuzz/1", "%1 was asked.",
			   command_row(request->command)->words, NULL);
}

static int begin(struct room *room, const struct room_time *now, const struct room_operator *who,
		 const struct request *request, struct fault *fault)
{
	(void)now;
	(void)who;
	(void)fault;
	assert(!room->is_streaming && request->command == COMMAND_IMPORT);
	room->is_streaming = true;
	room->bytes = 0;
	return 0;
}

/* A file may be refused in its midst; then nothing more of it comes, not even an abort. */
static int feed(struct room *room, const void *bytes, size_t n, struct fault *fault)
{
	assert(room->is_streaming && n > 0);
	room->bytes += n;
	if (((const uint8_t *)bytes)[0] != 0xff)
		return 0;
	return fault_set(fault, "I001", "the file", "Send another.", "it begins with 255");
}

static int end(struct room *room, const struct room_time *now, struct answer *ret_answer)
{
	(void)now;
	assert(room->is_streaming);
	room->is_streaming = false;
	return answer_line(ret_answer, "mia.fuzz/1", "A file was read.", NULL, NULL);
}

static void abort_stream(struct room *room)
{
	room->is_streaming = false;
}

static int has_reached(struct room *room, const struct room_time *now, const char *state,
		       bool *ret_is_reached)
{
	(void)room;
	*ret_is_reached = now->mono_ms % 2 == 0;
	return strcmp(state, "ready") == 0 ? 0 : -EINVAL;
}

static bool is_rehearsal(const struct room *room)
{
	(void)room;
	return true;
}

static int set_clock(void *context, int64_t at, struct fault *fault)
{
	(void)context;
	(void)at;
	(void)fault;
	return 0;
}

/* ---- the house ---- */

static const struct room_face face = {.role = "site",
				      .is_rehearsal = is_rehearsal,
				      .ask = ask,
				      .stream_begin = begin,
				      .stream_feed = feed,
				      .stream_end = end,
				      .stream_abort = abort_stream,
				      .has_reached = has_reached};

static struct room room;
static struct control *control;
static char dir[] = "/tmp/mia-fuzz-XXXXXX";
static char path[sizeof(dir) + 16];

static void leave(void)
{
	control_close(&control);
	(void)rmdir(dir);
}

static void open_once(void)
{
	static struct config config;
	struct control_settings settings = {.face = &face,
					    .room = &room,
					    .config = &config,
					    .socket_path = path,
					    .set_clock = set_clock};

	if (control != NULL)
		return;
	log_limit(LOG_EMERG);
	config.operators[0].uid = (uint32_t)geteuid();
	config.operators[0].rights = ~0u;
	config.operators_n = 1;
	assert(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/control", dir);
	assert(control_open(&settings, &control) == 0);
	(void)atexit(leave);
}

static void step(int64_t mono_ms)
{
	zmq_pollitem_t items[CONTROL_POLL_MAX];
	struct room_time now = {.at = 1500000000 + mono_ms / 1000, .mono_ms = mono_ms};
	size_t n = control_poll(control, items);

	assert(n >= 1 && n <= CONTROL_POLL_MAX);
	(void)zmq_poll(items, (int)n, 0);
	control_step(control, items, n, &now);
}

/* What comes back is what the daemon may send, whatever it was sent. */
static void hear(int fd, struct frame_join *join)
{
	own(buf_free) struct buf packet = {0};
	struct frame frame;
	int status;

	while ((status = sock_receive(fd, &packet)) == 0) {
		assert(frame_unpack(packet.data, packet.n, FRAME_FROM_DAEMON, &frame) == 0);
		if (frame.type != FRAME_ANSWER)
			continue;
		assert(!join->is_whole);
		assert(frame_join_add(join, &frame, ANSWER_MOST) == 0);
	}
	assert(status == -EAGAIN || status == -EPIPE);
}

static void check_answer(const struct frame_join *join)
{
	own(answer_free) struct answer answer = {0};

	if (join->is_whole)
		assert(answer_unpack(join->answer.data, join->answer.n, &answer) == 0);
}

/*
 * A client says packets (u16le length and bytes; the length's top bit: some time passes first), and
 * goes away: every packet is answered or the client dropped, every stream ends once, and no seat
 * stays taken.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int64_t mono_ms = 1000;
	own(frame_join_free) struct frame_join join = {0};
	own(fd_close) int fd = -1;

	open_once();
	assert(sock_connect(path, 1000, &fd) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	for (size_t packets = 0; n >= 2 && packets < PACKETS_MAX; packets++) {
		size_t wanted = (size_t)(data[0] | (data[1] & 0x7f) << 8);
		size_t size = wanted < n - 2 ? wanted : n - 2;

		mono_ms += (data[1] & 0x80) != 0 ? 1700 : 1;
		if (size > 0)
			(void)send(fd, data + 2, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		data += 2 + size;
		n -= 2 + size;
		step(mono_ms);
	}
	for (int i = 0; i < STEPS_MAX; i++)
		step(++mono_ms);
	(void)shutdown(fd, SHUT_WR);
	hear(fd, &join);
	check_answer(&join);
	fd_close(&fd);
	mono_ms += FRAME_SILENCE_MS + 86400 * 1000;
	for (int i = 0; i < 3; i++)
		step(mono_ms++);
	assert(control_due_ms(control) == INT64_MAX && !room.is_streaming);
	return 0;
}
