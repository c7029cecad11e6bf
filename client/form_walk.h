/*
 * A form filled in at a terminal: question after question, what the daemon's rules say of the
 * answers at the question they concern, everything once more, and then it is stored. Until then
 * nothing is: who leaves with Ctrl-C leaves nothing behind (5-cli).
 */
#ifndef MIA_CLIENT_FORM_WALK_H
#define MIA_CLIENT_FORM_WALK_H

#include "client/form.h"
#include "client/paper.h"

#include <stdbool.h>
#include <stdio.h>

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

/* 0 with the daemon's last answer; -EBADMSG with fault X012 when the person changed their mind or
 * the keys ended, or what ask gave; -ENOMEM. */
int form_walk(const struct form_walk *walk, struct answer *ret_answer, struct fault *fault);

#endif
