#include "client/remote.h"

#include "client/ask.h"
#include "client/confirm.h"
#include "client/help_list.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_S 60
#define TIMEOUT_MOST_S 86400
#define DUMP_FILE "dump.jsonl"

int remote_timeout(const struct options *options, int *ret_ms, struct fault *fault)
{
	const char *text = options_value(options, "timeout");
	uint64_t seconds = TIMEOUT_S;

	if (text != NULL && options->command != COMMAND_WAIT &&
	    (text_to_u64(text, TIMEOUT_MOST_S, &seconds) != 0 || seconds == 0))
		return fault_set(fault, "X002", "--timeout", N_("Give seconds, 1 to 86400."),
				 N_("\"%s\" is no time to wait"), text);
	*ret_ms = (int)seconds * 1000;
	return 0;
}

/* Which daemon, and how long it is waited for. */
struct where {
	char path[ASK_PATH_BYTES];
	int timeout_ms;
};

/* ---- confirmation ---- */

/* What is heavy, or cannot be undone, and the argument a person types to say that it is meant: the
 * last one is what goes. */
static bool needs_confirming(const struct options *options, const struct request *request)
{
	static const enum command rows[] = {
		COMMAND_CLOSE,        COMMAND_IMPORT_UNDO,   COMMAND_PERSON_MERGE,
		COMMAND_PERSON_ERASE, COMMAND_RETENTION_RUN, COMMAND_KEY_REVOKE,
		COMMAND_SITE_SUSPEND, COMMAND_SITE_RESUME,   COMMAND_SITE_RETIRE,
	};
	bool is_there = options->command == COMMAND_RECONCILE &&
			request_option(request, "acknowledge") != NULL;

	for (size_t i = 0; i < array_n(rows); i++)
		is_there = is_there || rows[i] == options->command;
	return is_there && options_value(options, "yes") == NULL &&
	       request_option(request, "dry-run") == NULL;
}

static void word_to_type(const struct call *call, const struct answer *tried,
			 char ret_word[static COMMAND_TEXT_BYTES])
{
	size_t n = call->options->arguments_n;
	char name[HELP_NAME_BYTES];

	if (confirm_site(tried, ret_word))
		return;
	help_command_name(command_row(call->options->command), call->language, name);
	text_copy(ret_word, COMMAND_TEXT_BYTES, n > 0 ? call->options->arguments[n - 1] : name);
}

bool remote_has_person(void)
{
	return isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
}

static int need_terminal(const struct call *call, struct fault *fault)
{
	if (remote_has_person())
		return 0;
	return fault_set(fault, "X012", command_row(call->options->command)->words, "",
			 N_("there is no terminal to ask at"));
}

static int ask_person(const struct call *call, const struct answer *tried, struct fault *fault)
{
	enum command command = call->options->command;
	bool is_final = command != COMMAND_SITE_SUSPEND && command != COMMAND_SITE_RESUME;
	char word[COMMAND_TEXT_BYTES];

	word_to_type(call, tried, word);
	return (is_final ? confirm_word : confirm_meant)(&call->talk, stdin,
							 command_row(command)->words, word, fault);
}

/* Shows what would happen before it asks for the word; a refusal is the answer, and so is that
 * there is nothing to do: nothing is asked then. */
static int confirm(const struct call *call, const struct where *where,
		   const struct request *request, struct answer *ret_refusal, struct fault *fault)
{
	own(answer_free) struct answer answer = {0};
	own(request_wipe) struct request rehearsed = *request;
	int status = need_terminal(call, fault);

	if (status != 0)
		return status;
	text_copy(rehearsed.options[rehearsed.options_n++].name, sizeof(rehearsed.options[0].name),
		  "dry-run");
	status = ask_daemon(where->path, where->timeout_ms, &rehearsed, NULL, &answer, fault);
	if (status == 0 &&
	    (render_is_error(&answer) || answer.exit != EXIT_GOOD || confirm_is_idle(&answer))) {
		*ret_refusal = answer;
		answer = (struct answer){0};
		return 0;
	}
	if (status == 0)
		status = render_answer(&answer, RENDER_TABLE, &call->talk);
	return status == 0 ? ask_person(call, &answer, fault) : status;
}

/* ---- dump ---- */

static int put_dump(const struct call *call, struct answer *answer)
{
	const char *dir = options_value(call->options, "out");
	char path[4096];
	int status;

	if (answer->attachment.n == 0)
		return 0;
	if (dir == NULL) {
		(void)fwrite(answer->attachment.data, 1, answer->attachment.n, call->out.to);
		return 0;
	}
	if (snprintf(path, sizeof(path), "%s/%s", dir, DUMP_FILE) >= (int)sizeof(path))
		return fail(-ENAMETOOLONG);
	status = file_make_dir(dir, 0700);
	if (status == 0)
		status = file_write(path, answer->attachment.data, answer->attachment.n, 0600);
	return status;
}

int remote_exchange(const struct call *call, struct request *request, struct answer *ret_answer,
		    struct fault *fault)
{
	struct where where = {0};
	int status = remote_timeout(call->options, &where.timeout_ms, fault);

	if (status == 0)
		status = ask_find_socket(call->options, where.path, fault);
	if (status == 0 && needs_confirming(call->options, request))
		status = confirm(call, &where, request, ret_answer, fault);
	if (status == 0 && ret_answer->sheets_n == 0)
		status = ask_daemon(where.path, where.timeout_ms, request, NULL, ret_answer, fault);
	request_wipe(request);
	return status;
}

int remote_ask(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	int status = ask_request(call->options, call->language, &request, fault);

	if (status == 0)
		status = remote_exchange(call, &request, ret_answer, fault);
	if (status == 0 && call->options->command == COMMAND_DUMP)
		status = put_dump(call, ret_answer);
	return status;
}
