/*
 * A long question: one that must look at every person of the store. It is answered in slices, so
 * that the daemon closes months, travels and answers others meanwhile. Each is a row of
 * daemon/site/question.
 */
#ifndef MIA_SITE_SWEEP_H
#define MIA_SITE_SWEEP_H

#include "daemon/site/condition.h"
#include "daemon/site/store_scan.h"

/* How a long question was put: borrowed, and gone when begin() returns (parts stay). */
struct sweep_ask {
	const struct query_site *site;
	const struct room_time *now;
	const struct room_operator *who;
	const struct request *request;
};

/* context is the question's own, from begin() to drop(), which is always called. */
struct sweep_row {
	enum command command;
	/* 0; -ENOENT: not this question, another may take the command; -EBADMSG with fault; -errno.
	 */
	int (*begin)(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
	store_scan_fn *visit;
	/* Instead of visit, for one that must see what a walk would stop at: at most `most` persons
	 * more. 0, -errno. */
	int (*step)(void *context, size_t most, bool *ret_is_done);
	/* All were visited: the answer, or -errno. */
	int (*finish)(void *context, struct answer *ret_answer);
	void (*drop)(void **context);
};

struct sweep;
/* Begins the first row that takes the request: 0 and the sweep; -ENOENT when none does; -EBADMSG
 * with fault; -errno. */
int sweep_begin(const struct sweep_row rows[], size_t rows_n, const struct sweep_ask *ask,
		struct sweep **ret_sweep, struct fault *fault);
/* A slice, as long as SWEEP_SLICE_MS by the times told: -EINPROGRESS when persons are left, 0 with
 * the answer, -errno. */
#define SWEEP_SLICE_MS 20
int sweep_go_on(struct sweep *sweep, int64_t mono_ms, struct answer *ret_answer);
void sweep_free(struct sweep **sweep);

#endif
