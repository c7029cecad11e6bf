/*
 * Running a daemon's executable for what only it may do (making a room, checking its settings): it
 * lies beside mia in a build tree, or among the installed ones.
 */
#ifndef MIA_CLIENT_DAEMON_RUN_H
#define MIA_CLIENT_DAEMON_RUN_H

#include "lib/fail.h"

#define DAEMON_RUN_WORDS_MAX 24

/* A daemon's command line. words are borrowed. Valid when zeroed. */
struct daemon_run {
	const char *words[DAEMON_RUN_WORDS_MAX];
	size_t n;
};

/* Adds "--name value", or the switch "--name" when value is ""; nothing when value is NULL. */
void daemon_run_add(struct daemon_run *run, const char *name, const char *value);
/* Runs miad-ROLE and waits: 0 when it is content; -EBADMSG with fault: X009 it is not installed, or
 * what it complained of; -errno. */
int daemon_run(const struct daemon_run *run, const char *role, struct fault *fault);

#endif
