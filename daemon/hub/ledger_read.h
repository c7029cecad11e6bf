/*
 * Reading the ledger (its rows are drawn in daemon/hub/ledger.h): what is stored, never what an
 * open group is about to add. Visitors get views that are valid in the call; what is non-zero from
 * them stops the walk and is returned.
 */
#ifndef MIA_HUB_LEDGER_READ_H
#define MIA_HUB_LEDGER_READ_H

#include "daemon/hub/ledger.h"
#include "lib/pack.h"

/* A stored release with its hash: 0, -ENOENT, -EBADMSG damaged, -errno. */
int ledger_load(struct ledger *ledger, const char *site, uint64_t n, struct release *ret_release,
		int64_t *ret_at_received);
/* Every release, site by site in chain order. */
typedef int ledger_visit_fn(void *context, const char *site, const struct release *release,
			    int64_t at_received);
int ledger_walk(struct ledger *ledger, ledger_visit_fn *visit, void *context);

/* A kept county result. */
struct ledger_result {
	uint32_t period;
	int64_t at_made;
	const uint8_t *body;
	size_t body_n;
	const uint8_t *signature; /* SIGN_BYTES */
};
typedef int ledger_result_fn(void *context, const struct ledger_result *result);
/* That of one period: -ENOENT, or as visit. */
int ledger_result(struct ledger *ledger, uint32_t period, ledger_result_fn *visit, void *context);
/* Of every period, in order. */
int ledger_walk_results(struct ledger *ledger, ledger_result_fn *visit, void *context);

/* Audit events from number (1..) on. */
typedef int ledger_event_fn(void *context, uint64_t number, int64_t at, const char *text);
int ledger_events(struct ledger *ledger, uint64_t from, ledger_event_fn *visit, void *context);
typedef int ledger_quarantine_fn(void *context, const char *site, const char *code, int64_t at,
				 const void *message, size_t n);
int ledger_walk_quarantine(struct ledger *ledger, ledger_quarantine_fn *visit, void *context);

/* Appends the value of a row of meta, name beginning with "x.": 0, -ENOENT, -errno. */
int ledger_row(struct ledger *ledger, const char *name, struct buf *ret_value);
/* Such a row that is a list of at most most items: visit unpacks each into its place of context's.
 * 0 with how many there are, also when there is no row (none); -EBADMSG damaged, -errno: what visit
 * wrote is worth nothing then. */
typedef void ledger_item_fn(void *context, size_t place, struct unpack *in);
int ledger_list(struct ledger *ledger, const char *name, uint32_t most, ledger_item_fn *visit,
		void *context, size_t *ret_n);

#endif
