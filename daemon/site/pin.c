#include "daemon/site/pin.h"

#include "lib/own.h"
#include "proto/roster_change.h"
#include "proto/roster_pin.h"

#include <errno.h>
#include <string.h>

#define ROW "x.roster"
#define PLACE "roster"

/* The pinned roster, unless it is the very same. */
static int load(struct store *store, const struct roster *roster, struct roster *ret_pinned,
		bool *ret_is_same)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf row = {0};
	int error;

	safe_read(store_safe(store), &txn);
	error = safe_get(&txn, STORE_META, ROW, strlen(ROW), NULL, &row);
	if (error == 0)
		error = roster_pin_is(&row, roster, ret_is_same);
	return error != 0 || *ret_is_same ? error : roster_pin_unpack(&row, ret_pinned);
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

/* Whether the hub that this site was made with changed its key before the site's first roster, and
 * vouched for the new one in it: as every other site knows it. */
static bool has_vouched(const struct roster_member *known, const struct roster *roster)
{
	for (size_t i = 0; i < roster->formers_n; i++) {
		const struct roster_former *former = &roster->formers[i];

		if (strcmp(former->name, ROSTER_HUB) == 0 && !former->is_lost &&
		    memcmp(former->sign, known->sign, sizeof(known->sign)) == 0)
			return signature_by(&roster->signatures, SIGNATURE_ROSTER, roster->hash,
					    known->sign) == 0;
	}
	return false;
}

/* The first: its hub is the one we know. */
static int keep_first(struct store *store, const struct roster *roster, int64_t at_now,
		      struct fault *fault)
{
	struct roster_member known;
	int error = house_known_hub(store, &known);

	if (error == 0 && has_vouched(&known, roster))
		return keep(store, roster, at_now);
	if (error == 0 || error == -ENOENT)
		error = house_pin(store, roster, at_now, fault);
	return error != 0 ? error : keep(store, roster, at_now);
}

int pin_roster(struct store *store, const struct roster *roster, int64_t at_now,
	       struct fault *fault)
{
	own(mem_free) struct roster *pinned = calloc(1, sizeof(*pinned));
	bool is_same = false;
	int error = pinned == NULL ? fail(-ENOMEM) : load(store, roster, pinned, &is_same);

	if (error == -ENOENT)
		return keep_first(store, roster, at_now, fault);
	if (error == -EBADMSG)
		return fault_set(fault, "S004", ROW,
				 "Restore the last backup and keep the damaged files.",
				 "the roster in force that the store keeps is damaged");
	if (error == 0 && is_same)
		return house_pin(store, roster, at_now, fault);
	if (error == 0)
		error = roster_may_follow(pinned, roster, PLACE, fault);
	return error != 0 ? error : keep(store, roster, at_now);
}
