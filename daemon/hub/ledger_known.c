#include "daemon/hub/ledger_known.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"

#include <errno.h>

int ledger_known_load(struct ledger *ledger, struct verified_list *ret_list)
{
	own(buf_free) struct buf row = {0};
	int status = ledger_row(ledger, VERIFIED_ROW, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	return verified_unpack(&row, ret_list);
}

int ledger_known_put(struct ledger *ledger, const struct verified *one)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	own(buf_free) struct buf row = {0};
	char event[VERIFIED_EVENT_BYTES];
	int status = list == NULL ? fail(-ENOMEM) : ledger_known_load(ledger, list);

	if (status == 0)
		status = verified_add(list, one);
	if (status != 0)
		return status;
	verified_pack(list, &row);
	if (row.error != 0)
		return row.error;
	verified_event(one, event);
	ledger_put_row(ledger, VERIFIED_ROW, row.data, row.n);
	ledger_audit(ledger, one->at, event);
	return 0;
}
