/*
 * The command line, read under the command table: verbs of one or several words in English or
 * Swedish, options anywhere, `mia` alone is status. A mistyped word gets the nearest one proposed
 * and is never run (5-cli).
 */
#ifndef MIA_CLIENT_OPTIONS_H
#define MIA_CLIENT_OPTIONS_H

#include "lib/fail.h"
#include "proto/command.h"

#include <stdbool.h>

/* What was asked for. All texts are borrowed from argv. Valid when zeroed. */
struct options {
	enum command command;
	const char *arguments[COMMAND_ARGUMENTS_MAX];
	size_t arguments_n;
	struct {
		const struct command_option *row;
		const char *value; /* "" for a switch */
	} given[COMMAND_OPTIONS_MAX];
	size_t given_n;
	bool wants_help; /* --help: of the command, or of mia when no command was named */
	bool has_command;
};

/* Reads argv[1..argc): 0, or -EBADMSG with fault X001 no such command, X002 a wrong option or
 * number of arguments; whatever was understood until then stands in *ret_options, so that --lang
 * counts for the complaint as well. */
int options_read(int argc, char *argv[], struct options *ret_options, struct fault *fault);
/* Value of an option ("" for a switch that was given), or NULL. */
const char *options_value(const struct options *options, const char *name);
/* Appends a word as a shell wants it typed: in single quotes where it has blanks or signs that the
 * shell takes for its own. */
void options_add_word(struct buf *to, const char *word);
/* Whether commands of several words begin with this one, in either language: "person". */
bool options_is_group(const char *word);
/* Whether an option's row belongs to a command, itself or by belonging to all. */
bool options_belongs(const struct command_option *row, enum command command);

#endif
