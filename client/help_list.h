/* The command table as lists for programs: JSON, and the man page's; and the names its rows go by.
 */
#ifndef MIA_CLIENT_HELP_LIST_H
#define MIA_CLIENT_HELP_LIST_H

#include "proto/command.h"

#include <stdio.h>

#define HELP_EVERY_COMMAND (-1) /* command of the options that every command has */
#define HELP_NAME_BYTES 96

/* "-p, --period PERIOD". */
void help_option_name(const struct command_option *row, const char *value,
		      char ret_name[static HELP_NAME_BYTES]);
/* The command's words, in Swedish its first alias where it has one. */
void help_command_name(const struct command_row *row, enum programme_language language,
		       char ret_name[static HELP_NAME_BYTES]);
/* Msgid: "reader" ... */
const char *help_right_name(enum command_right right);
/* X001 with the nearest command proposed: -EBADMSG. */
int help_no_command(const char *word, struct fault *fault);

/* "mia.help/1": every command, or the one named, with its options. -ENOMEM. */
int help_list_json(FILE *to, int command);
/* The section COMMANDS of mia(1), in scdoc's language. */
void help_list_man(FILE *to);

#endif
