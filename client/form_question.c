#include "client/form_question.h"

#include "client/finding.h"
#include "client/form_reply.h"
#include "client/form_show.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FINDING_COLUMN 4

int form_question_leave(struct form_state *state)
{
	return fault_set(state->fault, "X012", "mia", N_("Nothing was stored."),
			 N_("it was left before its end"));
}

/* A line without its end; what is over its length is not kept, and not taken for the next one. */
int form_question_line(struct form_state *state, char ret_line[static FORM_LINE_BYTES])
{
	FILE *keys = state->walk->keys;
	size_t n;
	int sign;

	if (fgets(ret_line, FORM_LINE_BYTES, keys) == NULL)
		return form_question_leave(state);
	n = strlen(ret_line);
	if (n > 0 && ret_line[n - 1] == '\n') {
		ret_line[n - 1] = '\0';
		return 0;
	}
	while ((sign = fgetc(keys)) != EOF && sign != '\n')
		;
	return 0;
}

int form_question_ask(struct form_state *state, enum form_step step, struct answer *ret_answer)
{
	return state->walk->ask(state->walk->context, step, &state->form, ret_answer, state->fault);
}

/* ---- one question ---- */

static void next_free(struct form **next)
{
	if (*next != NULL)
		form_wipe(*next);
	free(*next);
	*next = NULL;
}

/* Which codes there are depends on the day, and what else is asked on some answers: once they are
 * known the form is asked for anew. *at is the question answered, in the new form. */
static int renew(struct form_state *state, size_t *at)
{
	const char *id = state->form.fields[*at].id;
	own(answer_free) struct answer answer = {0};
	own(next_free) struct form *next = calloc(1, sizeof(*next));
	const struct form_field *here;
	int status;

	if (next == NULL)
		return fail(-ENOMEM);
	status = form_question_ask(state, FORM_ASK, &answer);
	if (status != 0 || form_sheet(&answer, "mia.form/1") == NULL)
		return status;
	status = form_read(&answer, next, state->fault);
	here = form_find(next, id);
	if (status != 0 || here == NULL)
		return status;
	*at = (size_t)(here - next->fields);
	form_carry(&state->form, next);
	state->form = *next;
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
static int check_number(struct form_state *state, struct form_field *field, bool *ret_is_good)
{
	own(answer_free) struct answer answer = {0};
	const struct sheet *findings;
	int status = form_question_ask(state, FORM_TRY, &answer);

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

static int take_value(struct form_state *state, size_t *at,
		      const char value[static REQUEST_FIELD_BYTES], bool *ret_is_answered)
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
static bool leave_empty(struct form_state *state, struct form_field *field, bool is_emptied)
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
static int answer_question(struct form_state *state, size_t *at, bool *ret_is_answered)
{
	const struct form_walk *walk = state->walk;
	struct form_field *field = &state->form.fields[*at];
	char line[FORM_LINE_BYTES], value[REQUEST_FIELD_BYTES] = "";
	struct fault wrong = {0};
	int status = form_question_line(state, line);

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
int form_question_all(struct form_state *state)
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
int form_question_again(struct form_state *state, size_t at)
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
