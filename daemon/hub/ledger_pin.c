#include "daemon/hub/ledger_pin.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "proto/roster_change.h"
#include "proto/roster_pin.h"

#include <errno.h>
#include <string.h>

#define ROW "x.roster"
#define PLACE "roster"

static int keep(struct ledger *ledger, const struct roster *roster, int64_t at_now)
{
	own(buf_free) struct buf row = {0};
	char text[ROSTER_PIN_EVENT_BYTES];

	roster_pin_pack(&row, roster);
	if (row.error != 0)
		return row.error;
	roster_pin_event(roster, text);
	ledger_put_row(ledger, ROW, row.data, row.n);
	ledger_audit(ledger, at_now, text);
	return ledger_commit(ledger);
}

int ledger_pin_roster(struct ledger *ledger, const struct roster *roster, int64_t at_now,
		      struct fault *fault)
{
	own(mem_free) struct roster *pinned = calloc(1, sizeof(*pinned));
	own(buf_free) struct buf row = {0};
	bool is_same = false;
	int status = pinned == NULL ? fail(-ENOMEM) : ledger_row(ledger, ROW, &row);

	if (status == -ENOENT)
		return keep(ledger, roster, at_now);
	if (status == 0)
		status = roster_pin_is(&row, roster, &is_same);
	if (status == 0 && !is_same)
		status = roster_pin_unpack(&row, pinned);
	if (status == -EBADMSG)
		return fault_set(fault, "H001", ROW,
				 "Keep this ledger for inspection and restore a backup.",
				 "the roster in force that it keeps is damaged");
	if (status == 0 && !is_same)
		status = roster_may_follow(pinned, roster, PLACE, fault);
	if (status != 0 || is_same)
		return status;
	return keep(ledger, roster, at_now);
}
