/*
 * Closing (3.1): the next month's figures out of the books and into the outbox, durable together or
 * not at all. Months close in order, one at a time, by themselves on their cut-off day or signed
 * off after their end; never before it, never twice.
 */
#ifndef MIA_SITE_CLOSING_H
#define MIA_SITE_CLOSING_H

#include "daemon/site/mark.h"
#include "daemon/site/outbox.h"
#include "proto/versions.h"

struct closing {
	const struct programme *programme;
	const struct programme_site *site;
	struct store *store;
	struct outbox *outbox;
	const struct versions *versions; /* that its releases may have been made by */
	int64_t at_made; /* of the store */
	const char *mark_dir; /* folder of the mark */
	enum mark_state mark; /* unless it is held nothing closes: is our chain all there was? */
	const struct programme_check *breach; /* that the figures fail (proof.h), or NULL */
	bool is_stopped; /* and nothing closes by itself for it */
	bool is_clock_doubtful; /* nor for this (closing_look) */
};

/*
 * When the next month closes by itself, UTC seconds: INT64_MAX when none does, because the last one
 * is closed, the outbox is halted, the mark is not held, the clock is doubtful, or the store is
 * new. A store that nothing was recorded in waits with the months that were over when it was made,
 * so that history is imported first; the first act or a sign-off ends that.
 */
int64_t closing_due(const struct closing *closing);
/*
 * Looks at the clock, before anything closes by it; true when it became doubtful. A month that has
 * waited for more than half a year since its cut-off day does not close by itself: a machine whose
 * clock has leapt ahead would close years that are not over, for good (3.3: a clock that fails
 * closes nothing). Whoever knows the clock to be right signs the first ones off; months that were
 * over when the store was made, and a rehearsal, whose clock is what its operator says, are let
 * pass.
 */
bool closing_look(struct closing *closing, int64_t at_now);
/* 0 when the next month can be signed off at at_now, else -EBADMSG with fault X020, W015 or the
 * outbox's halt. */
int closing_check(const struct closing *closing, int64_t at_now, struct fault *fault);
/* Closes the next month: -errno, and books, chain and store are as before. */
int closing_close(const struct closing *closing, int64_t at_now, uint32_t random,
		  uint32_t *ret_period);
/* Looks at the mark, at start. -errno. */
int closing_check_mark(struct closing *closing);
/* The chain that came back is acknowledged: looks at the mark anew and puts it at its head, when it
 * is held. -errno. */
int closing_go_on(struct closing *closing);
/* An operator knows from elsewhere that our chain is all there was: audited and marked anew. */
int closing_confirm(struct closing *closing, int64_t at_now);

#endif
