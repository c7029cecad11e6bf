#include "client/import.h"

#include "client/ask.h"
#include "client/cell.h"
#include "client/import_show.h"
#include "client/progress.h"
#include "client/refused.h"
#include "client/remote.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((off_t)1 << 30)
#define MAP_BYTES_MAX ((size_t)64 * 1024)
#define LINE_SEPARATOR                                                                             \
	"\u2028" /* lines of the map: a request's texts have no control characters                 \
		  */

/* ---- the file ---- */

static int open_file(const char *path, int *ret_fd, uint64_t *ret_bytes, struct fault *fault)
{
	own(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		return fault_set(fault, "X009", path, N_("Check the path."), "%s",
				 fail_text(-errno));
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, "I002", path, "", N_("this is not a file"));
	if (status.st_size == 0)
		return fault_set(fault, "I003", path, "", N_("it has no bytes"));
	if (status.st_size > FILE_BYTES_MAX)
		return fault_set(fault, "I006", path, "", N_("it has %lld bytes"),
				 (long long)status.st_size);
	*ret_bytes = (uint64_t)status.st_size;
	*ret_fd = take_fd(fd);
	return 0;
}

/* ---- the request ---- */

/* The map's lines without comments and blanks, one after another. */
static int pack_map(const struct buf *file, struct buf *ret_text)
{
	const char *text = (const char *)file->data;
	size_t at = 0;

	while (at < file->n) {
		const char *end = memchr(text + at, '\n', file->n - at);
		size_t n = end != NULL ? (size_t)(end - text) - at : file->n - at;
		size_t from = at, to = at + n;

		while (from < to && (text[from] == ' ' || text[from] == '\t'))
			from++;
		while (to > from && strchr(" \t\r", text[to - 1]) != NULL)
			to--;
		if (to > from && text[from] != '#') {
			if (ret_text->n > 0)
				buf_add_text(ret_text, LINE_SEPARATOR);
			buf_add(ret_text, text + from, to - from);
		}
		at += n + 1;
	}
	return ret_text->error;
}

/* The daemon may not read our files: --map's content goes where its path stood. */
static int put_map(struct request *request, struct fault *fault)
{
	own(buf_free) struct buf file = {0};
	own(buf_free) struct buf text = {0};
	int status;

	for (size_t i = 0; i < request->options_n; i++) {
		char *value = request->options[i].value;

		if (strcmp(request->options[i].name, "map") != 0)
			continue;
		status = file_read(value, MAP_BYTES_MAX, &file);
		if (status != 0)
			return fault_set(fault, "I009", value, "", "%s", fail_text(status));
		status = pack_map(&file, &text);
		if (status != 0)
			return status;
		if (!text_is_utf8((const char *)text.data, text.n))
			return fault_set(fault, "I009", value, N_("Save it in UTF-8."),
					 N_("it is not text in UTF-8"));
		if (text.n >= COMMAND_TEXT_BYTES)
			return fault_set(fault, "I009", value,
					 N_("Keep only the headings that are not known."),
					 N_("it has more than %d bytes without its comments"),
					 COMMAND_TEXT_BYTES - 1);
		text_copy(value, COMMAND_TEXT_BYTES, buf_text(&text));
	}
	return 0;
}

static int make_request(const struct call *call, uint64_t bytes, struct request *ret_request,
			struct fault *fault)
{
	const char *path = call->options->arguments[0];
	const char *slash = strrchr(path, '/');
	int status = ask_request(call->options, call->language, ret_request, fault);

	if (status != 0)
		return status;
	/* Only the name leaves: where somebody keeps their files is nobody's business. */
	text_copy(ret_request->arguments[0], COMMAND_TEXT_BYTES, slash != NULL ? slash + 1 : path);
	ret_request->stream_bytes = bytes;
	return put_map(ret_request, fault);
}

/* ---- the answer ---- */

static char delimiter_of(const struct answer *answer)
{
	static const struct {
		const char *word;
		char delimiter;
	} known[] = {{"semicolon", ';'}, {"comma", ','}, {"tab", '\t'}};
	const struct sheet_cell *cell = cell_find(answer->sheets[0], 0, "delimiter");

	for (size_t i = 0; i < array_n(known) && cell != NULL && cell->text != NULL; i++)
		if (strcmp(cell->text, known[i].word) == 0)
			return known[i].delimiter;
	return ';';
}

static int take_answer(const struct call *call, int fd, struct answer *answer, struct fault *fault)
{
	const struct options *options = call->options;
	char path[REFUSED_PATH_BYTES] = "";
	int status = 0;

	if (render_is_error(answer) || answer->sheets_n == 0)
		return 0;
	if (answer->attachment.n > 0) {
		const struct refused refused = {
			.fd = fd,
			.path = options->arguments[0],
			.wanted = options_value(options, "rejects"),
			.delimiter = delimiter_of(answer),
		};

		status = refused_write(&refused, &answer->attachment, path, fault);
	}
	if (status != 0 || call->format != RENDER_TABLE)
		return status;
	status = import_show(answer, options->arguments[0], path[0] != '\0' ? path : NULL,
			     &call->out);
	/* Shown already: the exit code is what is left to say. */
	for (size_t i = 0; i < answer->sheets_n; i++)
		sheet_free(&answer->sheets[i]);
	answer->sheets_n = 0;
	return status;
}

int import_file(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	own(fd_close) int fd = -1;
	struct progress progress;
	struct ask_stream stream = {.told = progress_told, .context = &progress};
	char path[ASK_PATH_BYTES];
	int timeout_ms = 0;
	int status = open_file(call->options->arguments[0], &fd, &stream.bytes, fault);

	if (status == 0)
		status = make_request(call, stream.bytes, &request, fault);
	if (status == 0)
		status = remote_timeout(call->options, &timeout_ms, fault);
	if (status == 0)
		status = ask_find_socket(call->options, path, fault);
	if (status != 0)
		return status;
	stream.fd = fd;
	progress = progress_start(&call->talk, request.arguments[0], stream.bytes);
	status = ask_daemon(path, timeout_ms, &request, &stream, ret_answer, fault);
	progress_end(&progress);
	return status == 0 ? take_answer(call, fd, ret_answer, fault) : status;
}
