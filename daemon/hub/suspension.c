#include "daemon/hub/suspension.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ROW "x.suspended"

/* ---- the row ---- */

static void pack(const struct suspensions *suspensions, struct buf *ret_row)
{
	pack_array(ret_row, (uint32_t)suspensions->n);
	for (size_t i = 0; i < suspensions->n; i++) {
		const struct suspension *one = &suspensions->rows[i];

		pack_array(ret_row, 4);
		pack_str(ret_row, one->site);
		pack_u64(ret_row, one->status);
		pack_i64(ret_row, one->at);
		pack_str(ret_row, one->why);
	}
}

static void unpack_one(void *context, size_t place, struct unpack *in)
{
	struct suspensions *all = context;
	struct suspension *one = &all->rows[place];

	unpack_array_of(in, 4);
	unpack_str(in, one->site, sizeof(one->site));
	one->status = (enum roster_status)unpack_u64(in, ROSTER_STATUS_N - 1);
	one->at = unpack_i64(in, INT64_MIN, INT64_MAX);
	unpack_str(in, one->why, sizeof(one->why));
	unpack_leave(in);
}

int suspension_load(struct ledger *ledger, struct suspensions *ret_suspensions, struct fault *fault)
{
	struct suspensions all = {0};
	int status = ledger_list(ledger, ROW, PROGRAMME_SITES_MAX, unpack_one, &all, &all.n);

	if (status == -EBADMSG)
		return fault_set(fault, "H001", ROW,
				 "Keep this ledger for inspection and restore a backup.",
				 "the list of suspended sites is damaged");
	if (status == 0)
		*ret_suspensions = all;
	return status;
}

/* ---- the list ---- */

const struct suspension *suspension_find(const struct suspensions *suspensions, const char *site)
{
	for (size_t i = 0; i < suspensions->n; i++)
		if (strcmp(suspensions->rows[i].site, site) == 0)
			return &suspensions->rows[i];
	return NULL;
}

static int apply(struct suspensions *suspensions, const struct suspension *change)
{
	const struct suspension *known = suspension_find(suspensions, change->site);
	size_t place = known == NULL ? suspensions->n : (size_t)(known - suspensions->rows);

	if (change->status == ROSTER_ACTIVE) {
		if (known != NULL)
			suspensions->rows[place] = suspensions->rows[--suspensions->n];
		return 0;
	}
	if (place == PROGRAMME_SITES_MAX)
		return fail(-ENOSPC);
	suspensions->rows[place] = *change;
	suspensions->n += place == suspensions->n;
	return 0;
}

int suspension_set(struct suspensions *suspensions, struct ledger *ledger,
		   const struct suspension *change)
{
	static const char *const events[ROSTER_STATUS_N] = {
		[ROSTER_ACTIVE] = "site_resumed",
		[ROSTER_SUSPENDED] = "site_suspended",
		[ROSTER_RETIRED] = "site_retired",
	};
	own(buf_free) struct buf row = {0};
	struct suspensions after = *suspensions;
	char text[LEDGER_TEXT_BYTES];
	int status = apply(&after, change);

	if (status != 0)
		return status;
	pack(&after, &row);
	if (row.error != 0)
		return row.error;
	(void)snprintf(text, sizeof(text), "%s site=%s %s", events[change->status], change->site,
		       change->why);
	ledger_put_row(ledger, ROW, row.data, row.n);
	ledger_audit(ledger, change->at, text);
	status = ledger_commit(ledger);
	if (status == 0)
		*suspensions = after;
	return status;
}

void suspension_tell(const struct suspensions *suspensions, const struct roster *roster,
		     struct county *county)
{
	const struct programme *programme = county_programme(county);

	coverage_hold_to(county, roster);
	for (size_t i = 0; i < suspensions->n; i++) {
		int site = programme_site_index(programme, suspensions->rows[i].site);

		if (site >= 0 && suspensions->rows[i].status == ROSTER_RETIRED)
			county_set_last(county, (size_t)site, 0);
	}
}
