#include "daemon/hub/ledger_pin.h"

#include "daemon/hub/invite.h"
#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "proto/errors.h"
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

/* A draft that lay too long: the site went on with the key that it ends. */
static int check_former(struct ledger *ledger, const struct roster *pinned,
			const struct roster_former *former, struct fault *fault)
{
	const struct roster_member *before = roster_find(pinned, former->name);
	uint8_t hash[SIGN_HASH_BYTES];
	uint64_t n;

	if (before == NULL || strcmp(former->name, ROSTER_HUB) == 0 ||
	    memcmp(before->sign, former->sign, sizeof(before->sign)) != 0)
		return 0;
	ledger_head(ledger, former->name, &n, hash);
	if (n <= former->last_n)
		return 0;
	return fault_set(fault, "R046", PLACE, error_find("R046")->remedy_en,
			 "[%s] its former key is listed as good to report %llu; it signed report "
			 "%llu, which is here",
			 former->name, (unsigned long long)former->last_n, (unsigned long long)n);
}

static int check_follows(struct ledger *ledger, const struct roster *pinned,
			 const struct roster *roster, struct fault *fault)
{
	int status = roster_may_follow(pinned, roster, PLACE, fault);

	for (size_t i = 0; i < roster->formers_n && status == 0; i++)
		status = check_former(ledger, pinned, &roster->formers[i], fault);
	return status;
}

static int end_invitations(struct ledger *ledger, const struct roster *pinned,
			   const struct roster *roster)
{
	const struct roster_member *before = roster_find(pinned, ROSTER_HUB);
	const struct roster_member *now = roster_find(roster, ROSTER_HUB);

	return before == NULL || now == NULL ||
			       memcmp(before->sign, now->sign, sizeof(now->sign)) == 0
		       ? 0
		       : invite_remove_all(ledger);
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
		status = check_follows(ledger, pinned, roster, fault);
	if (status == 0 && !is_same)
		status = end_invitations(ledger, pinned, roster);
	if (status != 0 || is_same)
		return status;
	return keep(ledger, roster, at_now);
}
