#include "daemon/site/pin.h"

#include "lib/own.h"
#include "proto/roster_change.h"
#include "proto/roster_pin.h"

#include <errno.h>
#include <string.h>

#define ROW "x.roster"
#define PLACE "roster"

static int load(struct store *store, struct roster *ret_roster)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	int error;

	safe_read(store_safe(store), &txn);
	error = safe_get(&txn, STORE_META, ROW, strlen(ROW), NULL, &row);
	return error != 0 ? error : roster_pin_unpack(&row, ret_roster);
}

static int keep(struct store *store, const struct roster *roster, int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	char text[ROSTER_PIN_EVENT_BYTES];

	roster_pin_pack(&row, roster);
	if (row.error != 0)
		return row.error;
	roster_pin_event(roster, text);
	safe_write(store_safe(store), &txn);
	safe_put(&txn, STORE_META, ROW, strlen(ROW), NULL, row.data, row.n);
	house_put_hub(&txn, roster_find(roster, ROSTER_HUB));
	store_audit(store, &txn, at_now, text);
	return safe_commit(&txn);
}

/* The very roster that is pinned, or the first: its hub is the one we know. */
static int keep_first(struct store *store, const struct roster *roster, int64_t at_now,
		      struct fault *fault)
{
	int error = house_pin(store, roster, at_now, fault);

	return error != 0 ? error : keep(store, roster, at_now);
}

int pin_roster(struct store *store, const struct roster *roster, int64_t at_now,
	       struct fault *fault)
{
	own(mem_free) struct roster *pinned = calloc(1, sizeof(*pinned));
	int error = pinned == NULL ? fail(-ENOMEM) : load(store, pinned);

	if (error == -ENOENT)
		return keep_first(store, roster, at_now, fault);
	if (error == -EBADMSG)
		return fault_set(fault, "S004", ROW,
				 "Restore the last backup and keep the damaged files.",
				 "the roster in force that the store keeps is damaged");
	if (error == 0)
		error = roster_may_follow(pinned, roster, PLACE, fault);
	if (error != 0)
		return error;
	if (roster->epoch == pinned->epoch)
		return house_pin(store, roster, at_now, fault);
	return keep(store, roster, at_now);
}
