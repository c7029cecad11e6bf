/*
 * Asking the same again and again and showing the answer anew: on a terminal in its place, else one
 * after another.
 */
#ifndef MIA_CLIENT_WATCH_H
#define MIA_CLIENT_WATCH_H

#include "client/call.h"

/*
 * watch [totals|goals|sites|events|status] --every SECONDS --count N, and the options of the
 * command that is watched. Goes on until N times, Ctrl-C, or an answer that is an error. What is
 * missing in an answer is said in it and does not end the watch: the exit is 0. X002.
 */
call_fn watch_answer;

#endif
