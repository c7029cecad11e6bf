/* Completion for bash, zsh and fish, written from the command table. */
#ifndef MIA_CLIENT_COMPLETION_H
#define MIA_CLIENT_COMPLETION_H

#include "client/call.h"

/* completion SHELL: a script on stdout. */
call_fn completion_print;

#endif
