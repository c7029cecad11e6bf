/*
 * A walk through everybody the store knows, in slices: what reminders, quality figures and own
 * totals are made of. Between slices the house goes on; who changes meanwhile is seen as they are
 * when their turn comes.
 */
#ifndef MIA_SITE_STORE_SCAN_H
#define MIA_SITE_STORE_SCAN_H

#include "daemon/site/act.h"

struct store;

/* 0 to go on, anything else stops the walk. It may read the store but not change it. */
typedef int store_scan_fn(void *context, const struct store_person *person);

/*
 * Passes at most `most` persons whose number is over *after, in order, and shows visit each of them
 * folded; what it was shown is wiped when the call returns. The misregistered and the erased are
 * passed over, answers are shown. *after moves to the last number passed (also the one that visit
 * stopped at); *ret_is_done says that there are none left. 0, what visit gave, -EBADMSG when an act
 * is damaged, -errno.
 */
int store_scan(struct store *store, uint64_t *after, size_t most, store_scan_fn *visit,
	       void *context, bool *ret_is_done);
/* Shows visit the misregistered, who are few, at once. What visit gave, -EBADMSG, -errno. */
int store_scan_out(struct store *store, store_scan_fn *visit, void *context);

#endif
