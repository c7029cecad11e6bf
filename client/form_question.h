/*
 * One question of a form after another at a terminal: shown, answered, understood, and the form
 * asked for anew where an answer decides what else is asked.
 */
#ifndef MIA_CLIENT_FORM_QUESTION_H
#define MIA_CLIENT_FORM_QUESTION_H

#include "client/form.h"
#include "client/paper.h"

#include <stdbool.h>
#include <stdio.h>

#define FORM_LINE_BYTES 1024

enum form_step {
	FORM_ASK, /* for the questions */
	FORM_TRY, /* judge, store nothing */
	FORM_STORE,
};

/* Asks the daemon; typed is NULL before there is a form. 0, -EBADMSG with fault, -errno. */
typedef int form_ask_fn(void *context, enum form_step step, const struct form *typed,
			struct answer *ret_answer, struct fault *fault);

struct form_walk {
	form_ask_fn *ask;
	void *context;
	FILE *keys; /* what is typed */
	const struct paper *paper; /* what it is talked on */
	int32_t today; /* on which 180401 is read */
	bool is_sure; /* --yes: does not ask at the end */
	bool is_dry_run;
};

/* A walk under way. */
struct form_state {
	const struct form_walk *walk;
	struct answer answer; /* the form's texts stand in it */
	struct form form;
	struct fault *fault;
};

/* A line without its end; what is over its length is not kept, and not taken for the next one.
 * -EBADMSG with fault X012 when the keys ended. */
int form_question_line(struct form_state *state, char ret_line[static FORM_LINE_BYTES]);
/* Asks the daemon with what was typed so far. */
int form_question_ask(struct form_state *state, enum form_step step, struct answer *ret_answer);
/* The person leaves: -EBADMSG with fault X012. */
int form_question_leave(struct form_state *state);
/* All questions in turn; < goes back as far as the first. */
int form_question_all(struct form_state *state);
/* One question again; < and . leave it as it was. */
int form_question_again(struct form_state *state, size_t at);

#endif
