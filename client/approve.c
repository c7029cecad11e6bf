#include "client/approve.h"

#include "client/ask.h"
#include "client/confirm.h"
#include "client/programme_diff.h"
#include "client/remote.h"
#include "client/words.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/programme_read.h"
#include "proto/signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define PATH_BYTES 4096
#define SIG ".sig"

/* What is to be approved. */
struct offered {
	const char *path;
	struct buf text;
	struct programme *programme;
};

static void offered_free(struct offered *offered)
{
	programme_free(&offered->programme);
	buf_free(&offered->text);
}

static int read_offered(const char *path, struct offered *offered, struct fault *fault)
{
	int status = file_read(path, FILE_BYTES_MAX, &offered->text);

	offered->path = path;
	if (status == -ENOMEM)
		return status;
	if (status != 0)
		return fault_set(fault, "P024", path, error_find("P024")->remedy_en,
				 N_("the file cannot be read: %s"), fail_text(status));
	return programme_read(path, offered->text.data, offered->text.n, &offered->programme,
			      fault);
}

/* ---- the request ---- */

/* signature_read() is told of the file that a signature belongs to. */
static int signed_path(const struct options *options, char ret_path[static PATH_BYTES],
		       struct fault *fault)
{
	const char *given = options_value(options, "signature");
	const char *path = given != NULL ? given : options->arguments[0];
	size_t n = strlen(path);

	if (given != NULL && (n <= strlen(SIG) || strcmp(path + n - strlen(SIG), SIG) != 0))
		return fault_set(fault, "X002", "--signature",
				 N_("Give the file that ends in .sig."),
				 N_("\"%s\" is no signature file"), given);
	if (given != NULL)
		n -= strlen(SIG);
	if (n >= PATH_BYTES)
		return fail(-ENAMETOOLONG);
	memcpy(ret_path, path, n);
	ret_path[n] = '\0';
	return 0;
}

static void set_option(struct request *request, const char *name, const char *value)
{
	size_t i = 0;

	while (i < request->options_n && strcmp(request->options[i].name, name) != 0)
		i++;
	if (i == request->options_n)
		text_copy(request->options[request->options_n++].name,
			  sizeof(request->options[0].name), name);
	text_copy(request->options[i].value, sizeof(request->options[0].value), value);
}

/* The signature goes as its digits: the daemon may not read our files. The daemon holds it against
 * the key it pins; of several the first is the programme key's. */
static int make_request(const struct call *call, const struct offered *offered,
			struct request *ret_request, struct fault *fault)
{
	const char *slash = strrchr(offered->path, '/');
	char path[PATH_BYTES], hex[2 * SIGN_BYTES + 1];
	struct signatures signatures = {.n = 0};
	int status = signed_path(call->options, path, fault);

	if (status == 0)
		status = signature_read(path, &signatures, fault);
	if (status == 0)
		status = ask_request(call->options, call->language, ret_request, fault);
	if (status != 0)
		return status;
	text_hex(signatures.pairs[0].signature, SIGN_BYTES, hex);
	set_option(ret_request, "signature", hex);
	text_copy(ret_request->arguments[0], COMMAND_TEXT_BYTES,
		  slash != NULL ? slash + 1 : offered->path);
	ret_request->stream_bytes = offered->text.n;
	return 0;
}

static void told(void *context, uint64_t bytes, uint64_t rows)
{
	(void)context, (void)bytes, (void)rows;
}

static int send(const struct call *call, const struct offered *offered,
		const struct request *request, struct answer *ret_answer, struct fault *fault)
{
	own(fd_close) int fd = open(offered->path, O_RDONLY | O_CLOEXEC);
	const struct ask_stream stream = {.fd = fd, .bytes = offered->text.n, .told = told};
	char socket[ASK_PATH_BYTES];
	int timeout_ms = 0;
	int status = fd < 0 ? fail(-errno) : 0;

	if (status == 0)
		status = remote_timeout(call->options, &timeout_ms, fault);
	if (status == 0)
		status = ask_find_socket(call->options, socket, fault);
	return status != 0 ? status
			   : ask_daemon(socket, timeout_ms, request, &stream, ret_answer, fault);
}

/* ---- what is shown before ---- */

static int read_day(const struct call *call, int32_t *ret_day)
{
	const char *on = options_value(call->options, "on");

	*ret_day = date_of_moment((int64_t)time(NULL));
	return on == NULL ? 0 : date_parse_iso(on, ret_day);
}

/* The daemon brought the text of what is in force: the two side by side, and what it says of it. */
static int show_change(const struct call *call, const struct offered *offered,
		       const struct answer *tried, struct fault *fault)
{
	own(answer_free) struct answer diff = {0};
	const struct programme_diff_text before = {words(N_("the version in force")),
						   tried->attachment.data, tried->attachment.n};
	const struct programme_diff_text after = {offered->path, offered->text.data,
						  offered->text.n};
	int32_t today = 0;
	int status = read_day(call, &today);

	if (status == 0 && tried->attachment.n > 0)
		status = programme_diff_texts(&before, &after, today, &diff, fault);
	if (status == 0 && tried->attachment.n > 0)
		status = render_answer(&diff, RENDER_TABLE, &call->talk);
	return status == 0 ? render_answer(tried, RENDER_TABLE, &call->talk) : status;
}

static int ask_person(const struct call *call, const struct offered *offered, struct fault *fault)
{
	const char *place = command_row(call->options->command)->words;
	char version[16];

	(void)snprintf(version, sizeof(version), "%u", offered->programme->version);
	if (!remote_has_person())
		return fault_set(fault, "X012", place, "", N_("there is no terminal to ask at"));
	return confirm_word(&call->talk, stdin, place, version, fault);
}

/* Whether to go on: what was tried is shown, and the number of the version typed; a refusal is the
 * answer. */
static int confirm(const struct call *call, const struct offered *offered,
		   const struct request *request, struct answer *ret_answer, struct fault *fault)
{
	own(answer_free) struct answer tried = {0};
	own(request_wipe) struct request rehearsed = *request;
	int status;

	ask_add_switch(&rehearsed, "dry-run");
	status = send(call, offered, &rehearsed, &tried, fault);
	if (status == 0 && (render_is_error(&tried) || tried.exit != EXIT_GOOD)) {
		*ret_answer = tried;
		tried = (struct answer){0};
		return 0;
	}
	if (status == 0)
		status = show_change(call, offered, &tried, fault);
	return status == 0 ? ask_person(call, offered, fault) : status;
}

int approve_programme(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	own(offered_free) struct offered offered = {0};
	struct request request;
	int status = read_offered(call->options->arguments[0], &offered, fault);

	if (status == 0)
		status = make_request(call, &offered, &request, fault);
	if (status == 0 && options_value(call->options, "yes") == NULL &&
	    options_value(call->options, "dry-run") == NULL)
		status = confirm(call, &offered, &request, ret_answer, fault);
	if (status == 0 && ret_answer->sheets_n == 0)
		status = send(call, &offered, &request, ret_answer, fault);
	if (status == 0 && options_value(call->options, "dry-run") != NULL)
		buf_clear(&ret_answer->attachment);
	return status;
}
