/*
 * A rehearsal's clock in the ledger, kept across restarts: row x.clock of meta, the offset to the
 * machine's clock in seconds.
 */
#ifndef MIA_HUB_CLOCK_ROW_H
#define MIA_HUB_CLOCK_ROW_H

#include "daemon/hub/ledger.h"

/* Into the open group. */
void clock_row_put(struct ledger *ledger, int64_t offset_s);
/* 0 also when there is none, then *ret_offset_s stays; -EBADMSG, -errno. */
int clock_row_read(struct ledger *ledger, int64_t *ret_offset_s);

#endif
