#include "client/form_walk.h"

#include "client/confirm.h"
#include "client/finding.h"
#include "client/form_show.h"
#include "client/render.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FINDING_COLUMN 4

static void state_free(struct form_state **state)
{
	if (*state == NULL)
		return;
	answer_free(&(*state)->answer);
	form_wipe(&(*state)->form);
	free(*state);
	*state = NULL;
}

/* ---- the verdict ---- */

static void show_findings(const struct form_state *state, const struct sheet *findings)
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
static bool is_question(const struct form_state *state, const char *line, size_t *ret_at)
{
	uint64_t number;

	if (text_to_u64(line, state->form.fields_n, &number) != 0 || number == 0)
		return false;
	*ret_at = (size_t)number - 1;
	return true;
}

/* A refusal that concerns no question of the form: which one is changed, the person decides. */
static int choose_question(struct form_state *state)
{
	char line[FORM_LINE_BYTES];
	size_t at;
	int status;

	form_show_summary(&state->form, state->walk->paper);
	paper_text(state->walk->paper, PAINT_STRONG,
		   words(N_("Number of the question to change (Enter leaves): ")));
	(void)fflush(state->walk->paper->to);
	status = form_question_line(state, line);
	if (status != 0)
		return status;
	return is_question(state, line, &at) ? form_question_again(state, at)
					     : form_question_leave(state);
}

/* What is refused is shown where it was typed, and asked again. */
static int mend(struct form_state *state, const struct sheet *findings)
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
		status = form_question_again(state, at);
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
static int decide(struct form_state *state, const struct sheet *findings,
		  enum decision *ret_decision)
{
	static const char *const yes[] = {"j", "ja", "y", "yes"}, *const no[] = {"n", "nej", "no"};
	bool has_warnings = findings != NULL && findings->rows_n > 0;
	char line[FORM_LINE_BYTES];
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
		status = form_question_line(state, line);
		if (status != 0 || is_word(line, yes, array_n(yes)))
			return status;
		if (is_word(line, no, array_n(no)))
			return form_question_leave(state);
		if (is_question(state, line, &at)) {
			*ret_decision = DECIDED_CHANGE;
			return form_question_again(state, at);
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
static int judge(struct form_state *state, struct answer *ret_answer, bool *ret_is_done)
{
	own(answer_free) struct answer answer = {0};
	enum decision decision = DECIDED_CHANGE;
	const struct sheet *findings;
	int status = form_question_ask(state, FORM_TRY, &answer);

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
	if (status == 0 && decision == DECIDED_STORE && !state->walk->is_sure)
		status = confirm_case(&answer, state->walk->paper, state->walk->keys, state->fault);
	if (status != 0 || decision == DECIDED_CHANGE)
		return status;
	answer_free(&answer);
	status = form_question_ask(state, FORM_STORE, &answer);
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
	own(state_free) struct form_state *state = calloc(1, sizeof(*state));
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
	status = form_question_all(state);
	while (status == 0 && !is_done)
		status = judge(state, ret_answer, &is_done);
	return status;
}
