#include "daemon/hub/recall.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ROW "x.recalled"
/* What the site's own operator reads: it has stopped (proto/errors.def). */
#define RESTORED_CODE "W013"
#define FORKED_CODE "W014"

/* ---- the row ---- */

static void pack_recalls(const struct recalls *recalls, struct buf *ret_row)
{
	pack_array(ret_row, (uint32_t)recalls->n);
	for (size_t i = 0; i < recalls->n; i++) {
		const struct recall *one = &recalls->rows[i];

		pack_array(ret_row, 6);
		pack_str(ret_row, one->site);
		pack_u64(ret_row, one->own_n);
		pack_u64(ret_row, one->n);
		pack_bool(ret_row, one->is_fork);
		pack_i64(ret_row, one->at);
		pack_i64(ret_row, one->at_back);
	}
}

static void unpack_one(void *context, size_t place, struct unpack *in)
{
	struct recalls *all = context;
	struct recall *one = &all->rows[place];

	unpack_array_of(in, 6);
	unpack_str(in, one->site, sizeof(one->site));
	one->own_n = unpack_u64(in, UINT64_MAX);
	one->n = unpack_u64(in, UINT64_MAX);
	one->is_fork = unpack_bool(in);
	one->at = unpack_i64(in, INT64_MIN, INT64_MAX);
	one->at_back = unpack_i64(in, INT64_MIN, INT64_MAX);
	unpack_leave(in);
}

int recall_load(struct ledger *ledger, struct recalls *ret_recalls, struct fault *fault)
{
	struct recalls all = {0};
	int status = ledger_list(ledger, ROW, PROGRAMME_SITES_MAX, unpack_one, &all, &all.n);

	if (status == -EBADMSG)
		return fault_set(fault, "H001", ROW,
				 "Keep this ledger for inspection and restore a backup.",
				 "the list of sites that took reports back is damaged");
	if (status == 0)
		*ret_recalls = all;
	return status;
}

/* ---- the list ---- */

const struct recall *recall_find(const struct recalls *recalls, const char *site)
{
	for (size_t i = 0; i < recalls->n; i++)
		if (strcmp(recalls->rows[i].site, site) == 0)
			return &recalls->rows[i];
	return NULL;
}

/* The site's place; a list that is full of sites of former programmes loses its first. */
static struct recall *place_for(struct recalls *recalls, const char *site)
{
	const struct recall *known = recall_find(recalls, site);

	if (known != NULL)
		return &recalls->rows[known - recalls->rows];
	if (recalls->n == PROGRAMME_SITES_MAX) {
		memmove(recalls->rows, recalls->rows + 1,
			(PROGRAMME_SITES_MAX - 1) * sizeof(recalls->rows[0]));
		recalls->n--;
	}
	return &recalls->rows[recalls->n++];
}

void recall_note(struct recalls *recalls, struct ledger *ledger, const struct recall *change)
{
	own(buf_free) struct buf row = {0};
	char text[LEDGER_TEXT_BYTES];

	*place_for(recalls, change->site) = *change;
	pack_recalls(recalls, &row);
	if (change->at_back == 0)
		(void)snprintf(text, sizeof(text),
			       "chain_fetched site=%s own=%llu last=%llu code=%s", change->site,
			       (unsigned long long)change->own_n, (unsigned long long)change->n,
			       change->is_fork ? FORKED_CODE : RESTORED_CODE);
	else
		(void)snprintf(text, sizeof(text), "site_reconciled site=%s n=%llu", change->site,
			       (unsigned long long)change->n);
	if (row.error == 0)
		ledger_put_row(ledger, ROW, row.data, row.n);
	ledger_audit(ledger, change->at_back == 0 ? change->at : change->at_back, text);
}
