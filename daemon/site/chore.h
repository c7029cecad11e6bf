/*
 * What a case worker should do about a person now, as a table: an outcome to be written, a
 * follow-up due, hours of a month that are missing (2-domain, Calendar; 5-cli, todo). Each has the
 * day by which it is to be done.
 */
#ifndef MIA_SITE_CHORE_H
#define MIA_SITE_CHORE_H

#include "daemon/site/store_scan.h"
#include "daemon/site/validate.h"

enum chore {
	CHORE_OUTCOME, /* left without an outcome (V027): counted without one from its day on */
	CHORE_FOLLOWUP, /* left so long ago that a follow-up is due (policy) */
	CHORE_HOURS, /* a month that is over, of someone whose hours are kept */
	CHORE_OPEN, /* left with an activity that has no end */
	CHORE_LONG, /* active for very long (V039) */
	CHORE_QUEUE, /* waits in the queue for very long */
	CHORE_INCOMPLETE, /* not complete for a pack of indicators (V041): no day */
	CHORE_N,
};

struct chore_row {
	const char *id;
	const char *sentence; /* msgid */
	const char *remedy; /* "mia person event %1 followup", %1 a case */
};
const struct chore_row *chore_row(enum chore chore);

/* What chores are asked with: the day, and the rules of the programme. */
struct chore_context {
	struct validate_context rules;
	struct demands *demands; /* owned */
};
/* -EBADMSG with fault as demands_new(), -ENOMEM. */
int chore_context_make(const struct programme *programme, const struct programme_site *site,
		       int32_t today, struct chore_context *ret_context, struct fault *fault);
void chore_context_free(struct chore_context *context);

/* The day each is due, RECORD_MISSING where there is nothing to do; CHORE_NO_DAY where it has
 * none. Answers have no chores. */
#define CHORE_NO_DAY INT32_MAX
void chore_dues(const struct chore_context *context, const struct store_person *person,
		int32_t ret_dues[static CHORE_N]);

/* How many persons have each chore: every one of a small store at once. 0, -EFBIG when there are
 * more than CHORE_PERSONS_MAX, -errno of the store. */
#define CHORE_PERSONS_MAX 2000
int chore_count(struct store *store, const struct chore_context *context,
		uint64_t ret_counts[static CHORE_N]);

#endif
