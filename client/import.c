#include "client/import.h"

#include "client/ask.h"
#include "client/cell.h"
#include "client/import_show.h"
#include "client/number.h"
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

static int open_file(const char *path, enum programme_language language, int *ret_fd,
		     uint64_t *ret_bytes, struct fault *fault)
{
	own(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char size[NUMBER_BYTES];
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		return fault_set(fault, "X009", path, N_("Check the path."), "%s",
				 fail_text(-errno));
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, "X009", path, N_("Give the path of the file itself."),
				 S_ISDIR(status.st_mode) ? N_("this is a folder")
							 : N_("this is not a file"));
	if (status.st_size == 0)
		return fault_set(fault, "I003", path, "", N_("it has no bytes"));
	if (status.st_size > FILE_BYTES_MAX) {
		number_bytes(status.st_size, language, size);
		return fault_set(fault, "I006", path, "", N_("it has %s"), size);
	}
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
	const char *name = slash != NULL ? slash + 1 : path;
	own(buf_free) struct buf shown = {0};
	int status = ask_request(call->options, call->language, ret_request, fault);

	if (status != 0)
		return status;
	/* Only the name leaves: where somebody keeps their files is nobody's business. */
	text_escape(name, strlen(name), &shown);
	if (buf_text(&shown) == NULL)
		return fail(-ENOMEM);
	text_copy(ret_request->arguments[0], COMMAND_TEXT_BYTES, buf_text(&shown));
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

/* The daemon knows the file by its name only, and calls it "the file": here it is the path that was
 * typed. */
static int name_place(const struct answer *answer, const char *path)
{
	static const char *const whole[] = {"the file", "the first 64 KiB"};
	const struct sheet *sheet = answer->sheets[0];
	struct sheet_cell *place = sheet->cells;
	own(buf_free) struct buf text = {0};
	bool is_whole = false;

	for (size_t i = 0; i < sheet->columns_n && strcmp(sheet->columns[i].id, "place") != 0; i++)
		place++;
	if (place == sheet->cells + sheet->columns_n || place->text == NULL ||
	    sheet->cells[0].text == NULL || sheet->cells[0].text[0] != 'I' || place->text[0] == '-')
		return 0;
	for (size_t i = 0; i < array_n(whole); i++)
		is_whole = is_whole || strcmp(place->text, whole[i]) == 0;
	buf_add_text(&text, path);
	if (!is_whole) {
		buf_add_text(&text, ", ");
		words_add_filled(&text, place->text);
	}
	if (buf_text(&text) == NULL)
		return text.error;
	free(place->text);
	place->text = (char *)take(text.data); /* it ends with NUL: buf_text() saw to it */
	return 0;
}

/* File and options as they are to be typed again: what the file was read with counts for storing
 * it, too. */
static void add_again(struct buf *to, const struct options *options)
{
	static const char *const again[] = {"encoding", "dates", "map", "rejects", "at", "socket"};

	options_add_word(to, options->arguments[0]);
	for (size_t i = 0; i < array_n(again); i++) {
		const char *value = options_value(options, again[i]);

		if (value == NULL)
			continue;
		buf_printf(to, " --%s ", again[i]);
		options_add_word(to, value);
	}
}

/* Writes the refused rows, when there are any. What was stored is stored: a file that cannot be
 * written is told after everything else. */
static int write_refused(const struct options *options, int fd, const struct answer *answer,
			 char ret_path[static REFUSED_PATH_BYTES], struct fault *fault)
{
	const struct refused refused = {
		.fd = fd,
		.path = options->arguments[0],
		.wanted = options_value(options, "rejects"),
		.delimiter = delimiter_of(answer),
	};
	int status = 0;

	if (answer->attachment.n > 0)
		status = refused_write(&refused, &answer->attachment, ret_path, fault);
	if (status == 0 || fault->code[0] != '\0' || status == -ENOMEM)
		return status;
	ret_path[0] = '\0';
	return fault_set(fault, "X006", refused.wanted != NULL ? refused.wanted : refused.path,
			 N_("Say with --rejects FILE where they may be written, and import the "
			    "file again."),
			 N_("the refused rows could not be written: %s"), fail_text(status));
}

static int take_answer(const struct call *call, int fd, struct answer *answer, struct fault *fault)
{
	const struct options *options = call->options;
	own(buf_free) struct buf again = {0};
	char path[REFUSED_PATH_BYTES] = "";
	int written, status;

	if (render_is_error(answer))
		return name_place(answer, options->arguments[0]);
	if (answer->sheets_n == 0)
		return 0;
	written = write_refused(options, fd, answer, path, fault);
	if (call->format != RENDER_TABLE || written == -ENOMEM)
		return written;
	add_again(&again, options);
	if (buf_text(&again) == NULL)
		return again.error;
	status = import_show(answer, buf_text(&again), path[0] != '\0' ? path : NULL, &call->out);
	/* Shown already: the exit code is what is left to say. */
	for (size_t i = 0; i < answer->sheets_n; i++)
		sheet_free(&answer->sheets[i]);
	answer->sheets_n = 0;
	return status != 0 ? status : written;
}

int import_file(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	own(fd_close) int fd = -1;
	struct progress progress;
	struct ask_stream stream = {.told = progress_told, .context = &progress};
	char path[ASK_PATH_BYTES];
	int timeout_ms = 0;
	int status =
		open_file(call->options->arguments[0], call->language, &fd, &stream.bytes, fault);

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
