/*
 * The rows of STORE_BATCH, one an import: what people see of it, and what an undo needs. Key:
 * number u64be; value: the fields in the order below.
 */
#ifndef MIA_SITE_STORE_BATCH_ROW_H
#define MIA_SITE_STORE_BATCH_ROW_H

#include "daemon/site/store_core.h"

struct store_batch_row {
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
	char file_name[256];
	uint64_t first_seq, last_seq; /* its log entries */
	uint64_t registered, changed, unchanged;
	uint64_t undoes; /* the batch this one took back, or 0 */
	uint64_t undone_by; /* the batch that took this one back, or 0 */
};

/* 0, -ENOENT, -EBADMSG, -errno. */
int store_batch_row_get(struct store *store, uint64_t batch, struct store_batch_row *ret_row);
void store_batch_row_put(struct safe_txn *txn, uint64_t batch, const struct store_batch_row *row);
uint64_t store_batch_row_last(const struct store *store); /* number of the last batch, 0: none */

#endif
