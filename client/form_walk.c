#include "client/form_walk.h"

#include "client/finding.h"
#include "client/form_reply.h"
#include "client/form_show.h"
#include "client/render.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024
#define FINDING_COLUMN 4

struct state {
	const struct form_walk *walk;
	struct answer answer; /* the form's texts stand in it */
	struct form form;
	struct fault *fault;
};

static void state_free(struct state **state)
{
	if (*state == NULL)
		return;
	answer_free(&(*state)->answer);
	form_wipe(&(*state)->form);
	free(*state);
	*state = NULL;
}

static int give_up(struct state *state)
{
	return fault_set(state->fault, "X012", "mia", N_("Nothing was stored."),
			 N_("it was left before its end"));
}

/* A line without its end; what is over its length is not kept, and not taken for the next one. */
static int read_line(struct state *state, char ret_line[static LINE_BYTES])
{
	FILE *keys = state->walk->keys;
	size_t n;
	int sign;

	if (fgets(ret_line, LINE_BYTES, keys) == NULL)
		return give_up(state);
	n = strlen(ret_line);
	if (n > 0 && ret_line[n - 1] == '\n') {
		ret_line[n - 1] = '\0';
		return 0;
	}
	while ((sign = fgetc(keys)) != EOF && sign != '\n')
		;
	return 0;
}

static int ask(struct state *state, enum form_step step, struct answer *ret_answer)
{
	return state->walk->ask(state->walk->context, step, &state->form, ret_answer, state->fault);
}

/* ---- one question ---- */

/* Which codes there are depends on the day, and what else is asked on some answers: once they are
 * known the form is asked for anew. *at is the question answered, in the new form. */
static int renew(struct state *state, size_t *at)
{
	const char *id = state->form.fields[*at].id;
	own(answer_free) struct answer answer = {0};
	own(state_free) struct state *next = calloc(1, sizeof(*next));
	const struct form_field *here;
	int status;

	if (next == NULL)
		return fail(-ENOMEM);
	status = ask(state, FORM_ASK, &answer);
	if (status != 0 || form_sheet(&answer, "mia.form/1") == NULL)
		return status;
	status = form_read(&answer, &next->form, state->fault);
	here = form_find(&next->form, id);
	if (status != 0 || here == NULL)
		return status;
	*at = (size_t)(here - next->form.fields);
	form_carry(&state->form, &next->form);
	state->form = next->form;
	answer_free(&state->answer);
	state->answer = answer;
	answer = (struct answer){0};
	return 0;
}

/* Any date may be the day by which codes are valid. */
static bool is_to_be_renewed(const struct form_field *field)
{
	return field->type == FORM_DATE || field->decides;
}

/* Whether the number was read wrongly (I) or is somebody's here (D), not whether it fits the
 * others: those may not be typed yet. */
static bool is_misread(const struct sheet *findings, size_t row, const char *id)
{
	char kind = finding_code(findings, row)[0];

	return finding_is_error(findings, row) && (kind == 'I' || kind == 'D') &&
	       strcmp(finding_field(findings, row), id) == 0;
}

/* A number is judged at once: whoever typed it has the paper in hand now. */
static int check_number(struct state *state, struct form_field *field, bool *ret_is_good)
{
	own(answer_free) struct answer answer = {0};
	const struct sheet *findings;
	int status = ask(state, FORM_TRY, &answer);

	*ret_is_good = true;
	findings = form_sheet(&answer, "mia.findings/1");
	for (size_t row = 0; status == 0 && findings != NULL && row < findings->rows_n; row++) {
		if (!is_misread(findings, row, field->id))
			continue;
		finding_show(findings, row, FINDING_COLUMN, state->walk->paper);
		*ret_is_good = false;
	}
	if (!*ret_is_good)
		field->is_typed = false;
	return status;
}

static int take_value(struct state *state, size_t *at, const char value[static REQUEST_FIELD_BYTES],
		      bool *ret_is_answered)
{
	struct form_field *field = &state->form.fields[*at];

	*ret_is_answered = true;
	field->is_typed = true;
	text_copy(field->typed, sizeof(field->typed), value);
	if (field->type == FORM_NUMBER) {
		form_show_masked(value, state->walk->paper);
		return check_number(state, field, ret_is_answered);
	}
	return is_to_be_renewed(field) ? renew(state, at) : 0;
}

/* Enter or -: whether the question may be left so. */
static bool leave_empty(struct state *state, struct form_field *field, bool is_emptied)
{
	bool is_known = field->is_typed ? field->typed[0] != '\0' : field->value[0] != '\0';

	if (field->is_required && (is_emptied || !is_known)) {
		struct fault fault = {0};

		(void)fault_set(&fault, "X002", field->label,
				N_("Type an answer; Ctrl-C leaves and stores nothing."),
				N_("this question needs an answer"));
		form_show_wrong(&fault, state->walk->paper);
		return false;
	}
	if (is_emptied) {
		field->is_typed = field->value[0] != '\0';
		field->typed[0] = '\0';
	}
	return true;
}

/* *at moves with < / and . and when the form is asked for anew. */
static int answer_question(struct state *state, size_t *at, bool *ret_is_answered)
{
	const struct form_walk *walk = state->walk;
	struct form_field *field = &state->form.fields[*at];
	char line[LINE_BYTES], value[REQUEST_FIELD_BYTES] = "";
	struct fault wrong = {0};
	int status = read_line(state, line);

	*ret_is_answered = false;
	if (status != 0)
		return status;
	switch (form_reply(&state->form, field, line, walk->today, value, &wrong)) {
	case REPLY_VALUE:
		status = take_value(state, at, value, ret_is_answered);
		break;
	case REPLY_KEEP:
		*ret_is_answered = leave_empty(state, field, false);
		break;
	case REPLY_EMPTY:
		*ret_is_answered = leave_empty(state, field, true);
		break;
	case REPLY_HELP:
		form_show_help(&state->form, field, walk->paper);
		break;
	case REPLY_BACK:
		*at -= *at > 0 ? 1 : 0;
		break;
	case REPLY_GO:
		*at = form_reply_place(&state->form, *at, value);
		break;
	case REPLY_REST:
		*at = state->form.fields_n;
		break;
	case REPLY_WRONG:
		form_show_wrong(&wrong, walk->paper);
		break;
	}
	explicit_bzero(line, sizeof(line));
	explicit_bzero(value, sizeof(value));
	return status;
}

/* All questions in turn; < goes back as far as the first. */
static int ask_questions(struct state *state)
{
	size_t at = 0;
	int status = 0;

	while (at < state->form.fields_n && status == 0) {
		bool is_answered;

		form_show_question(&state->form, at, state->walk->paper);
		status = answer_question(state, &at, &is_answered);
		at += is_answered ? 1 : 0;
	}
	return status;
}

/* One question again; < and . leave it as it was. */
static int ask_again(struct state *state, size_t at)
{
	bool is_answered = false;
	size_t here = at;
	int status = 0;

	while (!is_answered && here == at && status == 0) {
		form_show_question(&state->form, at, state->walk->paper);
		status = answer_question(state, &here, &is_answered);
	}
	return status;
}

/* ---- the verdict ---- */

static void show_findings(const struct state *state, const struct sheet *findings)
{
	(void)fputc('\n', state->walk->paper->to);
	for (size_t row = 0; row < findings->rows_n; row++)
		finding_show(findings, row, FINDING_COLUMN, state->walk->paper);
}

static bool has_error_at(const struct sheet *findings, const char *id)
{
	for (size_t row = 0; row < findings->rows_n; row++)
		if (finding_is_error(findings, row) &&
		    strcmp(finding_field(findings, row), id) == 0)
			return true;
	return false;
}

/* "3": that question once more. False when it is no number of one. */
static bool is_question(const struct state *state, const char *line, size_t *ret_at)
{
	uint64_t number;

	if (text_to_u64(line, state->form.fields_n, &number) != 0 || number == 0)
		return false;
	*ret_at = (size_t)number - 1;
	return true;
}

/* A refusal that concerns no question of the form: which one is changed, the person decides. */
static int choose_question(struct state *state)
{
	char line[LINE_BYTES];
	size_t at;
	int status;

	form_show_summary(&state->form, state->walk->paper);
	paper_text(state->walk->paper, PAINT_STRONG,
		   words(N_("Number of the question to change (Enter leaves): ")));
	(void)fflush(state->walk->paper->to);
	status = read_line(state, line);
	if (status != 0)
		return status;
	return is_question(state, line, &at) ? ask_again(state, at) : give_up(state);
}

/* What is refused is shown where it was typed, and asked again. */
static int mend(struct state *state, const struct sheet *findings)
{
	bool is_mended = false;
	int status = 0;

	for (size_t at = 0; at < state->form.fields_n && status == 0; at++) {
		if (!has_error_at(findings, state->form.fields[at].id))
			continue;
		is_mended = true;
		for (size_t row = 0; row < findings->rows_n; row++)
			if (strcmp(finding_field(findings, row), state->form.fields[at].id) == 0)
				finding_show(findings, row, FINDING_COLUMN, state->walk->paper);
		status = ask_again(state, at);
	}
	if (status != 0 || is_mended)
		return status;
	show_findings(state, findings);
	return choose_question(state);
}

static bool is_word(const char *line, const char *const known[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text_same_word(line, known[i]))
			return true;
	return false;
}

enum decision { DECIDED_STORE, DECIDED_CHANGE };

/* Everything once more, the warnings, and whether it is meant. */
static int decide(struct state *state, const struct sheet *findings, enum decision *ret_decision)
{
	static const char *const yes[] = {"j", "ja", "y", "yes"}, *const no[] = {"n", "nej", "no"};
	bool has_warnings = findings != NULL && findings->rows_n > 0;
	char line[LINE_BYTES];
	size_t at;
	int status;

	form_show_summary(&state->form, state->walk->paper);
	if (has_warnings)
		show_findings(state, findings);
	*ret_decision = DECIDED_STORE;
	if (state->walk->is_sure)
		return 0;
	for (;;) {
		paper_text(state->walk->paper, PAINT_STRONG,
			   has_warnings
				   ? words(N_("Store anyway? (yes, no, or a question's number) "))
				   : words(N_("Store? (yes, no, or a question's number) ")));
		(void)fflush(state->walk->paper->to);
		status = read_line(state, line);
		if (status != 0 || is_word(line, yes, array_n(yes)))
			return status;
		if (is_word(line, no, array_n(no)))
			return give_up(state);
		if (is_question(state, line, &at)) {
			*ret_decision = DECIDED_CHANGE;
			return ask_again(state, at);
		}
	}
}

static bool is_refused(const struct answer *answer, const struct sheet *findings)
{
	for (size_t row = 0; findings != NULL && row < findings->rows_n; row++)
		if (finding_is_error(findings, row))
			return true;
	return findings != NULL && answer->exit == EXIT_INPUT_FAULTS;
}

/* One round: judged, mended or decided, and stored; done with the daemon's last answer. */
static int judge(struct state *state, struct answer *ret_answer, bool *ret_is_done)
{
	own(answer_free) struct answer answer = {0};
	enum decision decision = DECIDED_CHANGE;
	const struct sheet *findings;
	int status = ask(state, FORM_TRY, &answer);

	if (status != 0)
		return status;
	findings = form_sheet(&answer, "mia.findings/1");
	if (is_refused(&answer, findings))
		return mend(state, findings);
	if (render_is_error(&answer) || state->walk->is_dry_run) {
		*ret_answer = answer;
		answer = (struct answer){0};
		*ret_is_done = true;
		return 0;
	}
	status = decide(state, findings, &decision);
	if (status != 0 || decision == DECIDED_CHANGE)
		return status;
	answer_free(&answer);
	status = ask(state, FORM_STORE, &answer);
	findings = form_sheet(&answer, "mia.findings/1");
	if (status == 0 && is_refused(&answer, findings))
		return mend(state, findings);
	*ret_answer = answer;
	answer = (struct answer){0};
	*ret_is_done = true;
	return status;
}

int form_walk(const struct form_walk *walk, struct answer *ret_answer, struct fault *fault)
{
	own(state_free) struct state *state = calloc(1, sizeof(*state));
	bool is_done = false;
	int status;

	if (state == NULL)
		return fail(-ENOMEM);
	state->walk = walk;
	state->fault = fault;
	status = walk->ask(walk->context, FORM_ASK, NULL, &state->answer, fault);
	if (status != 0)
		return status;
	if (form_sheet(&state->answer, "mia.form/1") == NULL) {
		*ret_answer = state->answer;
		state->answer = (struct answer){0};
		return 0;
	}
	status = form_read(&state->answer, &state->form, fault);
	if (status != 0)
		return status;
	form_show_keys(walk->paper);
	status = ask_questions(state);
	while (status == 0 && !is_done)
		status = judge(state, ret_answer, &is_done);
	return status;
}
