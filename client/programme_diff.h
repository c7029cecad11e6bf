/*
 * Two versions of a programme file, side by side: what changed, and which of it may not.
 */
#ifndef MIA_CLIENT_PROGRAMME_DIFF_H
#define MIA_CLIENT_PROGRAMME_DIFF_H

#include "client/call.h"

/*
 * programme diff OLD NEW [--on DATE]: "mia.programme_diff/1", a row an entry that is not in both;
 * and, when there are any, "mia.programme_forbidden/1", a row a change that must not be made, with
 * the exit EXIT_CHECK_FAILED. DATE divides past from future, today unless told.
 */
call_fn programme_diff_files;

/* The same of two texts; both are good programmes, or -EBADMSG with fault. */
struct programme_diff_text {
	const char *name;
	const void *bytes;
	size_t n;
};
int programme_diff_texts(const struct programme_diff_text *before,
			 const struct programme_diff_text *after, int32_t today,
			 struct answer *ret_answer, struct fault *fault);

#endif
