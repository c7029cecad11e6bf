/*
 * Reconciling (4.1): the hub gave our reports back, as this store was put back from a backup (W013)
 * or as it and the hub's chain went different ways (W014). Everything has stopped until an operator
 * has looked: here the books take the figures over (book_adopt.h), for show or for good.
 */
#ifndef MIA_SITE_RECONCILE_H
#define MIA_SITE_RECONCILE_H

#include "daemon/site/outbox.h"
#include "daemon/site/outbox_past.h"
#include "proto/versions.h"

/* What it is done with: borrowed. */
struct reconcile {
	struct store *store;
	struct outbox *outbox;
	const struct versions *versions; /* that releases of the chain may have been made by */
};

/* What came back. Valid when zeroed: nothing ever did. */
struct reconcile_view {
	struct outbox_return returned;
	uint32_t first_period, last_period; /* of those releases */
	/* Days whose records were lost and are to be entered again: from the last closing that this
	 * store knew by itself, as its report tells it and so never later than true, or from the
	 * first month's first day when it knew none, to the day on which the reports came back. */
	int32_t lost_from, lost_to;
};

/* 0 also when nothing came back; -errno. */
int reconcile_look(const struct reconcile *reconcile, struct reconcile_view *ret_view);
/* The books in memory take the chain's figures over, from the first report that they hold other
 * figures of: store_revert() takes it back. -EBADMSG with fault X030: a report of a version of the
 * programme that is not known here, or a chain whose months do not follow; -errno: then the books
 * are as the store holds them. */
int reconcile_adopt(const struct reconcile *reconcile, struct fault *fault);
/* For good, and the halt is over: one transaction with the audit event. Failures as above. */
int reconcile_acknowledge(const struct reconcile *reconcile, const char *operator_name,
			  int64_t at_now, struct fault *fault);
/* Events in adopted figures that no record here answers for: the sum of the named differences. */
uint64_t reconcile_missing(const struct book *book, const struct programme *programme);

#endif
