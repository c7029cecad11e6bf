#include "client/ask.h"

#include "lib/own.h"
#include "lib/sock.h"
#include "lib/text.h"
#include "proto/frame.h"

#include <errno.h>
#include <glob.h>
#include <poll.h>
#include <string.h>
#include <sys/resource.h>

#define SOCKETS_BEFORE "/run/mia/"
#define SOCKETS SOCKETS_BEFORE "*/control"

/* ---- which daemon ---- */

static int take_path(const char *path, char ret_path[static ASK_PATH_BYTES], struct fault *fault)
{
	if (strlen(path) >= ASK_PATH_BYTES)
		return fault_set(fault, "X002", "--socket", N_("Give a shorter path."),
				 N_("the path of a socket has at most %d bytes"),
				 ASK_PATH_BYTES - 1);
	text_copy(ret_path, ASK_PATH_BYTES, path);
	return 0;
}

static int take_name(const char *name, char ret_path[static ASK_PATH_BYTES], struct fault *fault)
{
	if (name[0] == '\0' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(name) ||
	    strlen(name) > 47)
		return fault_set(fault, "X002", "--at",
				 N_("Give the folder's name under /run/mia, or --socket PATH."),
				 N_("\"%s\" is not the name of a daemon"), name);
	(void)snprintf(ret_path, ASK_PATH_BYTES, "/run/mia/%s/control", name);
	return 0;
}

static int name_all(const glob_t *found, struct fault *fault)
{
	own(buf_free) struct buf names = {0};

	for (size_t i = 0; i < found->gl_pathc; i++) {
		const char *name = found->gl_pathv[i] + strlen(SOCKETS_BEFORE);

		buf_printf(&names, "%s%.*s", i > 0 ? ", " : "", (int)strcspn(name, "/"), name);
	}
	return fault_set(fault, "X002", SOCKETS,
			 N_("Say which: --at NAME, or MIA_AT in the environment."),
			 N_("several daemons run on this machine: %s"),
			 buf_text(&names) != NULL ? buf_text(&names) : "");
}

static int take_only_one(char ret_path[static ASK_PATH_BYTES], struct fault *fault)
{
	glob_t found = {0};
	int status;

	if (glob(SOCKETS, 0, NULL, &found) != 0 || found.gl_pathc == 0)
		status = fault_set(fault, "X003", SOCKETS, "",
				   N_("no daemon of MIA runs on this machine"));
	else if (found.gl_pathc > 1)
		status = name_all(&found, fault);
	else
		status = take_path(found.gl_pathv[0], ret_path, fault);
	globfree(&found);
	return status;
}

int ask_find_socket(const struct options *options, char ret_path[static ASK_PATH_BYTES],
		    struct fault *fault)
{
	const char *socket = options_value(options, "socket");
	const char *name = options_value(options, "at");

	if (socket == NULL && name == NULL) {
		socket = getenv("MIA_SOCKET");
		name = getenv("MIA_AT");
	}
	if (socket != NULL)
		return take_path(socket, ret_path, fault);
	if (name != NULL)
		return take_name(name, ret_path, fault);
	return take_only_one(ret_path, fault);
}

/* ---- the request ---- */

/* Options that are mia's own business, not the daemon's. */
static bool is_for_daemon(const struct command_option *row)
{
	static const char *const ours[] = {"out", "rejects", "yes", "from"};

	for (size_t i = 0; i < array_n(ours); i++)
		if (strcmp(row->name, ours[i]) == 0)
			return false;
	return row->command >= 0;
}

static int copy_text(char to[static COMMAND_TEXT_BYTES], const char *text, const char *place,
		     struct fault *fault)
{
	if (!text_is_utf8(text, strlen(text)))
		return fault_set(fault, "X002", place, N_("Write it in UTF-8."),
				 N_("what was given is not text"));
	if (strlen(text) >= COMMAND_TEXT_BYTES)
		return fault_set(fault, "X002", place, N_("Write it shorter."),
				 N_("what was given is longer than %d bytes"),
				 COMMAND_TEXT_BYTES - 1);
	text_copy(to, COMMAND_TEXT_BYTES, text);
	return 0;
}

int ask_request(const struct options *options, enum programme_language language,
		struct request *ret_request, struct fault *fault)
{
	const char *words = command_row(options->command)->words;
	int status = 0;

	*ret_request = (struct request){.command = options->command, .language = language};
	if (options->arguments_n > array_n(ret_request->arguments))
		return fault_set(fault, "X002", words, N_("See `mia help COMMAND` for its form."),
				 N_("there are too many arguments"));
	for (size_t i = 0; i < options->arguments_n && status == 0; i++)
		status = copy_text(ret_request->arguments[ret_request->arguments_n++],
				   options->arguments[i], words, fault);
	for (size_t i = 0; i < options->given_n && status == 0; i++) {
		size_t at = ret_request->options_n;

		if (!is_for_daemon(options->given[i].row))
			continue;
		text_copy(ret_request->options[at].name, sizeof(ret_request->options[at].name),
			  options->given[i].row->name);
		status = copy_text(ret_request->options[at].value, options->given[i].value, words,
				   fault);
		ret_request->options_n++;
	}
	return status;
}

void ask_add_switch(struct request *request, const char *name)
{
	size_t at = request->options_n;

	if (request_option(request, name) != NULL || at == COMMAND_OPTIONS_MAX)
		return;
	text_copy(request->options[at].name, sizeof(request->options[at].name), name);
	request->options[at].value[0] = '\0';
	request->options_n++;
}

void ask_in_private(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)setvbuf(stdin, NULL, _IONBF, 0);
}

/* ---- the exchange ---- */

struct exchange {
	int fd;
	const char *path;
	int timeout_ms;
	const struct ask_stream *stream;
	struct fault *fault;
	uint64_t credit, seq, sent;
	bool is_sent; /* END went out, or the daemon wants no more */
	struct buf packet, piece;
	struct frame_join join;
};

static void exchange_end(struct exchange *exchange)
{
	fd_close(&exchange->fd);
	buf_wipe(&exchange->packet);
	buf_wipe(&exchange->piece);
	frame_join_free(&exchange->join);
}

static int complain(const struct exchange *exchange, int status)
{
	struct fault *fault = exchange->fault;

	switch (-status) {
	case ENOENT:
	case ECONNREFUSED:
		return fault_set(fault, "X003", exchange->path, "",
				 N_("no daemon answers at this socket"));
	case EPIPE:
		return fault_set(fault, "X003", exchange->path,
				 N_("Look at `mia status` and the journal; nothing was half done."),
				 N_("the daemon went away before it had answered"));
	case EACCES:
	case EPERM:
		return fault_set(fault, "X004", exchange->path,
				 N_("Ask the administrator for the group that may open the socket "
				    "(group in miad.conf)."),
				 N_("your account may not open this socket"));
	case EAGAIN:
	case ETIMEDOUT:
		return fault_set(fault, "X005", exchange->path, "",
				 N_("no word from the daemon in %d seconds"),
				 exchange->timeout_ms / 1000);
	case EBADMSG:
	case EMSGSIZE:
		return fault_set(fault, "X010", exchange->path, "",
				 N_("what the daemon says is not understood"));
	default:
		return status;
	}
}

static int send_packet(struct exchange *exchange)
{
	int status = exchange->packet.error;

	if (status == 0)
		status = sock_send(exchange->fd, exchange->packet.data, exchange->packet.n);
	/* The daemon may have answered, and closed, before it took all: that answer is what counts.
	 */
	if (status == -EPIPE && exchange->stream != NULL) {
		exchange->is_sent = true;
		return 0;
	}
	return status == 0 ? 0 : complain(exchange, status);
}

/* The next piece of the file, of the credit there is. A file that became shorter is the machine's
 * failure. */
static int send_piece(struct exchange *exchange)
{
	uint64_t left = exchange->stream->bytes - exchange->sent;
	size_t n = left < FRAME_BODY_BYTES ? (size_t)left : FRAME_BODY_BYTES;
	struct frame data = {.type = FRAME_DATA, .seq = exchange->seq};
	uint8_t *room;
	ssize_t got;
	int status;

	buf_clear(&exchange->piece);
	room = buf_extend(&exchange->piece, n);
	if (room == NULL)
		return exchange->piece.error;
	do {
		got = read(exchange->stream->fd, room, n);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return fault_set(exchange->fault, "X006", "", "",
				 N_("the file could not be read to its end"));
	data.bytes = room;
	data.bytes_n = (size_t)got;
	status = frame_pack(&data, &exchange->packet);
	if (status != 0)
		return status;
	exchange->sent += data.bytes_n;
	exchange->seq++;
	exchange->credit--;
	return send_packet(exchange);
}

static int send_end(struct exchange *exchange)
{
	const struct frame end = {.type = FRAME_END, .count = exchange->sent};
	int status = frame_pack(&end, &exchange->packet);

	exchange->is_sent = true;
	return status == 0 ? send_packet(exchange) : status;
}

static void tell(const struct exchange *exchange, uint64_t bytes, uint64_t rows)
{
	if (exchange->stream != NULL && exchange->stream->told != NULL)
		exchange->stream->told(exchange->stream->context, bytes, rows);
}

static int hear(struct exchange *exchange)
{
	struct frame frame = {0};
	int status = sock_receive(exchange->fd, &exchange->packet);

	if (status == 0)
		status = frame_unpack(exchange->packet.data, exchange->packet.n, FRAME_FROM_DAEMON,
				      &frame);
	if (status != 0)
		return complain(exchange, status);
	if (frame.type == FRAME_CREDIT) {
		exchange->credit += frame.count;
		if (exchange->credit > FRAME_CREDIT_MAX)
			return complain(exchange, -EBADMSG);
		tell(exchange, exchange->sent, 0);
		return 0;
	}
	if (frame.type == FRAME_PROGRESS) {
		tell(exchange, frame.count > exchange->sent ? exchange->sent : frame.count,
		     frame.rows);
		return 0;
	}
	exchange->is_sent = true;
	status = frame_join_add(&exchange->join, &frame, ANSWER_BYTES_MAX);
	return status == 0 || status == -ENOMEM ? status : complain(exchange, status);
}

static bool has_word(const struct exchange *exchange)
{
	struct pollfd item = {.fd = exchange->fd, .events = POLLIN};

	return poll(&item, 1, 0) > 0;
}

static int step(struct exchange *exchange)
{
	bool is_all_read = exchange->stream == NULL || exchange->sent == exchange->stream->bytes;

	if (exchange->is_sent || has_word(exchange))
		return hear(exchange);
	if (is_all_read)
		return send_end(exchange);
	return exchange->credit > 0 ? send_piece(exchange) : hear(exchange);
}

static int open_exchange(struct exchange *exchange, const struct request *request)
{
	int status = sock_connect(exchange->path, exchange->timeout_ms, &exchange->fd);

	if (status != 0)
		return complain(exchange, status);
	status = request_pack(request, &exchange->packet);
	return status == 0 ? send_packet(exchange) : status;
}

int ask_daemon(const char *path, int timeout_ms, const struct request *request,
	       const struct ask_stream *stream, struct answer *ret_answer, struct fault *fault)
{
	own(exchange_end) struct exchange exchange = {
		.fd = -1,
		.path = path,
		.timeout_ms = timeout_ms,
		.stream = stream,
		.fault = fault,
		.is_sent = stream == NULL,
	};
	int status = open_exchange(&exchange, request);

	while (status == 0 && !exchange.join.is_whole)
		status = step(&exchange);
	if (status == 0) {
		status = answer_unpack(exchange.join.answer.data, exchange.join.answer.n,
				       ret_answer);
		if (status != 0 && status != -ENOMEM)
			status = complain(&exchange, -EBADMSG);
	}
	return status;
}
