#include "client/person.h"

#include "client/ask.h"
#include "client/cell.h"
#include "client/confirm.h"
#include "client/form_json.h"
#include "client/form_show.h"
#include "client/form_walk.h"
#include "client/remote.h"
#include "client/words.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#define LINE_BYTES 256
#define NUMBER_DIGITS_LEAST 10
#define LIVES "mia.lives/1" /* what may follow */

static int need_terminal(const struct call *call, struct fault *fault)
{
	if (remote_has_person())
		return 0;
	return fault_set(fault, "X013", command_row(call->options->command)->words, "",
			 N_("there is no terminal to ask at"));
}

static void cut_blanks(char *text)
{
	size_t blanks = strspn(text, " \t");
	size_t n;

	memmove(text, text + blanks, strlen(text) + 1 - blanks);
	for (n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]); n--)
		text[n - 1] = '\0';
}

/* ---- requests ---- */

/* form_ask_fn: context is a place where the call stands. */
static int ask_form(void *context, enum form_step step, const struct form *typed,
		    struct answer *ret_answer, struct fault *fault)
{
	const struct call *call = *(const struct call **)context;
	own(request_wipe) struct request request = {0};
	int status = ask_request(call->options, call->language, &request, fault);

	if (status == 0 && step == FORM_ASK)
		ask_add_switch(&request, "form");
	if (status == 0 && step == FORM_TRY)
		ask_add_switch(&request, "dry-run");
	if (status == 0 && typed != NULL)
		status = form_put(typed, &request);
	return status == 0 ? remote_exchange(call, &request, ret_answer, fault) : status;
}

/* ---- forms ---- */

/* The questions are asked for first, so that a misspelt field is told before anything is stored. */
static int check_fields(const struct call *call, const struct request *given,
			struct answer *ret_refusal, struct fault *fault)
{
	own(answer_free) struct answer answer = {0};
	own(request_wipe) struct request request = *given;
	own(mem_free) struct form *form = calloc(1, sizeof(*form));
	int status;

	if (form == NULL)
		return fail(-ENOMEM);
	request_wipe(&request);
	ask_add_switch(&request, "form");
	status = remote_exchange(call, &request, &answer, fault);
	if (status != 0)
		return status;
	if (form_sheet(&answer, "mia.form/1") == NULL) {
		*ret_refusal = answer;
		answer = (struct answer){0};
		return 0;
	}
	status = form_read(&answer, form, fault);
	return status == 0 ? form_json_check(given, form, fault) : status;
}

/* What destroys is tried first: it wants the case typed, or --yes. */
static int confirm_file(const struct call *call, const struct request *request, struct fault *fault)
{
	own(request_wipe) struct request tried = *request;
	own(answer_free) struct answer answer = {0};
	char word[CONFIRM_WORD_BYTES];
	int status;

	if (options_value(call->options, "yes") != NULL ||
	    request_option(request, "dry-run") != NULL)
		return 0;
	ask_add_switch(&tried, "dry-run");
	status = remote_exchange(call, &tried, &answer, fault);
	if (status != 0 || !confirm_is_needed(&answer, word))
		return status;
	if (!remote_has_person())
		return fault_set(fault, "X012", command_row(call->options->command)->words, "",
				 N_("there is no terminal to ask at"));
	return confirm_case(&answer, &call->talk, stdin, fault);
}

static int take_file(const struct call *call, const char *path, struct answer *ret_answer,
		     struct fault *fault)
{
	own(request_wipe) struct request request = {0};
	int status = ask_request(call->options, call->language, &request, fault);

	if (status == 0)
		status = form_json_read(path, &request, fault);
	if (status == 0)
		status = check_fields(call, &request, ret_answer, fault);
	if (status == 0 && ret_answer->sheets_n == 0)
		status = confirm_file(call, &request, fault);
	if (status == 0 && ret_answer->sheets_n == 0)
		status = remote_exchange(call, &request, ret_answer, fault);
	return status;
}

static int fill_in(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const struct form_walk walk = {
		.ask = ask_form,
		.context = &call,
		.keys = stdin,
		.paper = &call->talk,
		.today = date_of_moment((int64_t)time(NULL)),
		.is_sure = options_value(call->options, "yes") != NULL,
		.is_dry_run = options_value(call->options, "dry-run") != NULL,
	};
	int status = need_terminal(call, fault);

	return status == 0 ? form_walk(&walk, ret_answer, fault) : status;
}

/* ---- what happened ---- */

static const char *text_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->text != NULL ? cell->text : "";
}

static bool begins_so(const char *whole, const char *word)
{
	return word[0] != '\0' && strncasecmp(whole, word, strlen(word)) == 0;
}

/* The event whose word or alias begins so; what was typed when there is none or more than one: the
 * daemon knows the nearest. */
static const char *event_of(const struct sheet *lives, const char *typed)
{
	const char *found = NULL;

	for (size_t row = 0; row < lives->rows_n; row++) {
		const char *event = text_of(lives, row, "event");
		const char *alias = text_of(lives, row, "alias");

		if (strcmp(event, typed) == 0 || strcmp(alias, typed) == 0)
			return event;
		if (!begins_so(event, typed) && !begins_so(alias, typed))
			continue;
		if (found != NULL)
			return typed;
		found = event;
	}
	return found != NULL ? found : typed;
}

/* At a terminal what may be recorded is asked for, and then its form. */
static int ask_event(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	own(answer_free) struct answer answer = {0};
	struct options options = *call->options;
	struct call again = *call;
	char typed[LINE_BYTES] = "";
	int status = remote_ask(call, &answer, fault);

	if (status == 0 && form_sheet(&answer, LIVES) == NULL) {
		*ret_answer = answer;
		answer = (struct answer){0};
		return 0;
	}
	if (status == 0)
		status = render_answer(&answer, RENDER_TABLE, &call->talk);
	if (status != 0)
		return status;
	paper_text(&call->talk, PAINT_STRONG, words(N_("What happened? (Enter leaves) ")));
	(void)fflush(call->talk.to);
	if (fgets(typed, sizeof(typed), stdin) == NULL)
		typed[0] = '\0';
	cut_blanks(typed);
	if (typed[0] == '\0')
		return fault_set(fault, "X012", command_row(options.command)->words,
				 N_("Nothing was stored."), N_("nothing was typed"));
	options.arguments[options.arguments_n++] = event_of(form_sheet(&answer, LIVES), typed);
	again.options = &options;
	return fill_in(&again, ret_answer, fault);
}

/* ---- the commands ---- */

static bool is_event_open(const struct call *call)
{
	return call->options->command == COMMAND_PERSON_EVENT && call->options->arguments_n < 2;
}

int person_form(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = options_value(call->options, "from");

	ask_in_private();
	if (is_event_open(call) && path == NULL && call->format == RENDER_TABLE &&
	    remote_has_person())
		return ask_event(call, ret_answer, fault);
	if (is_event_open(call) || options_value(call->options, "form") != NULL)
		return remote_ask(call, ret_answer, fault);
	return path != NULL ? take_file(call, path, ret_answer, fault)
			    : fill_in(call, ret_answer, fault);
}

/* ---- finding ---- */

static size_t digits_of(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += isdigit((unsigned char)*text) ? 1 : 0;
	return n;
}

/* A number has ten digits or twelve and nothing but signs between; anything else is a local id. */
static bool is_number(const char *text)
{
	size_t n = digits_of(text);

	return strspn(text, "0123456789-+ ") == strlen(text) &&
	       (n == NUMBER_DIGITS_LEAST || n == NUMBER_DIGITS_LEAST + 2);
}

/* The question stands on a line of its own: what is typed at it can be written over. */
static int ask_who(const struct call *call, struct request *request, struct fault *fault)
{
	const struct paper *paper = &call->talk;
	char line[LINE_BYTES] = "";
	int status = need_terminal(call, fault);

	if (status != 0)
		return status;
	paper_paragraph(paper, 0, 0, words(N_("Personnummer, samordningsnummer or local id:")));
	form_show_prompt(paper);
	if (fgets(line, sizeof(line), stdin) == NULL)
		line[0] = '\0';
	cut_blanks(line);
	if (line[0] == '\0')
		return fault_set(fault, "X012", command_row(call->options->command)->words,
				 N_("Type the number or the local id."), N_("nothing was typed"));
	if (is_number(line))
		form_show_masked(line, paper);
	text_copy(request->fields[request->fields_n].id, sizeof(request->fields[0].id),
		  is_number(line) ? "person_number" : "local_id");
	text_copy(request->fields[request->fields_n++].text, sizeof(request->fields[0].text), line);
	explicit_bzero(line, sizeof(line));
	return 0;
}

int person_find(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	own(request_wipe) struct request request = {0};
	const char *path = options_value(call->options, "from");
	int status = ask_request(call->options, call->language, &request, fault);

	ask_in_private();
	if (status != 0)
		return status;
	status = path != NULL ? form_json_read(path, &request, fault)
			      : ask_who(call, &request, fault);
	return status == 0 ? remote_exchange(call, &request, ret_answer, fault) : status;
}
