#include "client/watch.h"

#include "client/remote.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define EVERY_S 5
#define EVERY_MOST_S 86400
#define COUNT_MOST 1000000
#define CLEAR "\033[H\033[2J" /* the cursor home, and nothing below it */

/* What is asked, and how often. */
struct watch {
	struct options options; /* of the command that is watched */
	uint64_t every_s, count; /* count 0: without end */
};

static const enum command watched[] = {
	COMMAND_TOTALS, COMMAND_GOALS, COMMAND_SITES, COMMAND_EVENTS, COMMAND_STATUS,
};

/* ---- what is asked ---- */

static int find_command(const struct options *options, enum command *ret_command,
			struct fault *fault)
{
	size_t taken;
	int found = COMMAND_TOTALS;

	if (options->arguments_n > 0)
		found = command_find(options->arguments, 1, &taken);
	for (size_t i = 0; i < array_n(watched); i++)
		if (found == (int)watched[i]) {
			*ret_command = watched[i];
			return 0;
		}
	return fault_set(fault, "X002", "watch",
			 N_("Watch totals, goals, sites, events or status."),
			 N_("\"%s\" cannot be watched"), options->arguments[0]);
}

static bool is_ours(const char *name)
{
	return strcmp(name, "every") == 0 || strcmp(name, "count") == 0;
}

/* The row of that name which the command has itself, or shares with all. */
static const struct command_option *row_of(enum command command, const char *name)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (options_belongs(&rows[i], command) && strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* The options of the watch as those of the command that is watched. */
static int hand_on(const struct options *from, struct options *to, struct fault *fault)
{
	for (size_t i = 0; i < from->given_n; i++) {
		const char *name = from->given[i].row->name;
		const struct command_option *row = row_of(to->command, name);

		if (is_ours(name))
			continue;
		if (row == NULL)
			return fault_set(fault, "X002", "watch", "",
					 N_("\"%s\" has no option --%s"),
					 command_row(to->command)->words, name);
		to->given[to->given_n].row = row;
		to->given[to->given_n++].value = from->given[i].value;
	}
	return 0;
}

static int read_number(const struct options *options, const char *name, uint64_t most,
		       uint64_t *ret_number, struct fault *fault)
{
	const char *text = options_value(options, name);
	uint64_t number = 0;
	char place[24];

	if (text == NULL)
		return 0;
	(void)snprintf(place, sizeof(place), "--%s", name);
	if (text_to_u64(text, most, &number) != 0 || number == 0)
		return fault_set(fault, "X002", place, N_("Give a whole number above 0."),
				 N_("\"%s\" is no such number"), text);
	*ret_number = number;
	return 0;
}

static int read_watch(const struct options *options, struct watch *watch, struct fault *fault)
{
	int status = find_command(options, &watch->options.command, fault);

	watch->every_s = EVERY_S;
	watch->options.has_command = true;
	if (status == 0)
		status = hand_on(options, &watch->options, fault);
	if (status == 0)
		status = read_number(options, "every", EVERY_MOST_S, &watch->every_s, fault);
	if (status == 0)
		status = read_number(options, "count", COUNT_MOST, &watch->count, fault);
	return status;
}

/* ---- asking and showing ---- */

static int show(const struct call *call, const struct watch *watch, const struct answer *answer,
		bool is_first)
{
	bool is_screen = call->format == RENDER_TABLE && paper_is_terminal(&call->out);
	own(buf_free) struct buf foot = {0};
	char every[24];
	int status;

	if (is_screen)
		(void)fputs(CLEAR, call->out.to);
	else if (!is_first && call->format != RENDER_JSON)
		(void)fputc('\n', call->out.to);
	status = render_answer(answer, call->format, &call->out);
	if (status == 0 && is_screen) {
		(void)snprintf(every, sizeof(every), "%" PRIu64, watch->every_s);
		words_add(&foot, N_("Asked anew every %1 s. Ctrl-C ends it."), every, NULL);
		(void)fputc('\n', call->out.to);
		paper_text(&call->out, PAINT_FAINT, buf_text(&foot) != NULL ? buf_text(&foot) : "");
		(void)fputc('\n', call->out.to);
	}
	if (status == 0 && fflush(call->out.to) != 0)
		status = fail(-errno);
	return status;
}

/* One round: 0 and *ret_goes_on false when the answer is an error, which is then the watch's. */
static int ask_once(const struct call *call, const struct watch *watch, bool is_first,
		    struct answer *ret_error, bool *ret_goes_on, struct fault *fault)
{
	own(answer_free) struct answer answer = {0};
	int status = remote_ask(call, &answer, fault);

	*ret_goes_on = status == 0 && !render_is_error(&answer);
	if (status != 0)
		return status;
	if (*ret_goes_on)
		return show(call, watch, &answer, is_first);
	*ret_error = answer;
	answer = (struct answer){0};
	return 0;
}

static void pause_for(uint64_t seconds)
{
	struct timespec left = {.tv_sec = (time_t)seconds};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

int watch_answer(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct watch watch = {0};
	struct call inner = *call;
	bool goes_on = true;
	int status = read_watch(call->options, &watch, fault);

	inner.options = &watch.options;
	for (uint64_t n = 1; status == 0; n++) {
		status = ask_once(&inner, &watch, n == 1, ret_answer, &goes_on, fault);
		if (status != 0 || !goes_on || n == watch.count)
			break;
		pause_for(watch.every_s);
	}
	return status;
}
