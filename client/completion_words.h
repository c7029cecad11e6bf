/* Words of proto/commands.def as the scripts of all shells want them. */
#ifndef MIA_CLIENT_COMPLETION_WORDS_H
#define MIA_CLIENT_COMPLETION_WORDS_H

#include "proto/command.h"

#include <stdbool.h>
#include <stdio.h>

/* " --period --site": the options of a command, or with -1 those of every command. */
void completion_put_options(FILE *to, int command);
/* Whether no row above begins with the same English word. */
bool completion_is_first(int command);
/* " status sites": the English first words, each once. */
void completion_put_firsts(FILE *to);

#endif
