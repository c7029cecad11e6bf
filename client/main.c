/* mia, the program for people: the command line in, an answer out. */
#include "client/approve.h"
#include "client/call.h"
#include "client/ceremony.h"
#include "client/completion.h"
#include "client/esf.h"
#include "client/help.h"
#include "client/import.h"
#include "client/inspect.h"
#include "client/join.h"
#include "client/merge.h"
#include "client/person.h"
#include "client/programme_diff.h"
#include "client/programme_show.h"
#include "client/remote.h"
#include "client/setup.h"
#include "client/survey.h"
#include "client/trust.h"
#include "client/watch.h"
#include "client/words.h"
#include "lib/own.h"
#include "proto/errors.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* Who answers a command; all others are asked of the daemon. */
static call_fn *const local[COMMAND_N] = {
	[COMMAND_IMPORT] = import_file,
	[COMMAND_PERSON_FIND] = person_find,
	[COMMAND_PERSON_ADD] = person_form,
	[COMMAND_PERSON_EVENT] = person_form,
	[COMMAND_PERSON_CORRECT] = person_form,
	[COMMAND_PERSON_MOVE] = person_form,
	[COMMAND_PERSON_MERGE] = merge_cases,
	[COMMAND_DEVIATION_ADD] = person_form,
	[COMMAND_SURVEY_INVITE] = survey_invite,
	[COMMAND_ESF_EXPORT] = esf_export,
	[COMMAND_CONFIG_CHECK] = setup_check,
	[COMMAND_INIT] = setup_init,
	[COMMAND_INVITE_CREATE] = trust_invite,
	[COMMAND_JOIN] = join_county,
	[COMMAND_ACCEPT] = trust_accept,
	[COMMAND_KEY_VERIFY] = trust_verify,
	[COMMAND_KEY_ROTATE] = setup_rotate,
	[COMMAND_KEY_REVOKE] = trust_draft,
	[COMMAND_ROSTER_DRAFT] = trust_draft,
	[COMMAND_ROSTER_SIGN] = trust_sign,
	[COMMAND_PROGRAMME_CHECK] = programme_show_check,
	[COMMAND_PROGRAMME_SHOW] = programme_show_all,
	[COMMAND_PROGRAMME_DIFF] = programme_diff_files,
	[COMMAND_PROGRAMME_APPROVE] = approve_programme,
	[COMMAND_PROGRAMME_SIGN] = ceremony_sign,
	[COMMAND_ROSTER_BUILD] = ceremony_roster,
	[COMMAND_INSPECT] = inspect_file,
	[COMMAND_WATCH] = watch_answer,
	[COMMAND_EXPLAIN] = help_explain,
	[COMMAND_HELP] = help_show,
	[COMMAND_VERSION] = help_version,
	[COMMAND_COMPLETION] = completion_print,
};

/* The language asked for, even where the rest of the command line is not understood: a complaint
 * is read by the same person. */
static const char *language_asked(char *const argv[], const struct options *options)
{
	const char *given = options_value(options, "lang");

	for (size_t i = 1; given == NULL && argv[i] != NULL; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			given = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0)
			given = argv[i + 1];
	}
	return given;
}

static int read_language(char *const argv[], struct call *call, struct fault *fault)
{
	const char *given = language_asked(argv, call->options);
	int status = words_start(given, &call->language);

	if (status == 0)
		return 0;
	(void)words_start("en", &call->language);
	return fault_set(fault, "X002", "--lang", N_("Give sv or en."),
			 N_("\"%s\" is no language of mia"), given);
}

static int read_format(struct call *call, struct fault *fault)
{
	const char *given = options_value(call->options, "format");

	if (given == NULL || render_format(given, &call->format) == 0 ||
	    call->options->command == COMMAND_HELP)
		return 0;
	return fault_set(fault, "X002", "--format", N_("Give table, plain, json or csv."),
			 N_("\"%s\" is no form of an answer"), given);
}

/* An error is talk; a program that asked for JSON gets it as its answer as well. */
static int show(const struct call *call, const struct answer *answer)
{
	bool is_error = render_is_error(answer);
	int status = 0;

	if (is_error)
		render_error(answer, &call->talk);
	if (answer->sheets_n > 0 && (!is_error || call->format == RENDER_JSON))
		status = render_answer(answer, call->format, &call->out);
	if (status == 0 && fflush(call->out.to) != 0)
		status = fail(-errno);
	return status;
}

static int run(const struct call *call, struct answer *answer, struct fault *fault)
{
	const struct options *options = call->options;

	if (options->wants_help)
		return help_show(call, answer, fault);
	if (local[options->command] != NULL)
		return local[options->command](call, answer, fault);
	return remote_ask(call, answer, fault);
}

static int finish(const struct call *call, int status, struct answer *answer, struct fault *fault)
{
	own(answer_free) struct answer failure = {0};

	if (status != 0 && (status != -EBADMSG || fault->code[0] == '\0'))
		(void)fault_set(fault, "X006", "mia", "", "%s", fail_text(status));
	if (status != 0 && answer_fault(answer, fault) != 0)
		return EXIT_FAILED;
	status = show(call, answer);
	if (status == 0)
		return answer->exit;
	(void)fault_set(fault, "X006", "stdout", "", "%s", fail_text(status));
	if (answer_fault(&failure, fault) == 0)
		render_error(&failure, &call->talk);
	return EXIT_FAILED;
}

int main(int argc, char *argv[])
{
	own(answer_free) struct answer answer = {0};
	struct options options = {0};
	struct call call = {.options = &options};
	struct fault fault = {0}, language_fault = {0};
	int status = sodium_init() < 0 ? fail(-ENOSYS) : 0;

	if (status == 0)
		status = options_read(argc, argv, &options, &fault);
	if (read_language(argv, &call, &language_fault) != 0 && status == 0) {
		status = -EBADMSG;
		fault = language_fault;
	}
	call.out = paper_start(stdout, call.language);
	call.talk = paper_start(stderr, call.language);
	if (status == 0)
		status = read_format(&call, &fault);
	if (status == 0)
		status = run(&call, &answer, &fault);
	return finish(&call, status, &answer, &fault);
}
