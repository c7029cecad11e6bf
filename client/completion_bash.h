/*
 * The completion of bash: a function that looks at the words before the cursor. English names are
 * proposed, and Swedish ones where no English one fits or the first word is Swedish; the two are
 * never mixed in one command.
 */
#ifndef MIA_CLIENT_COMPLETION_BASH_H
#define MIA_CLIENT_COMPLETION_BASH_H

#include <stdio.h>

void completion_bash(FILE *to);

#endif
