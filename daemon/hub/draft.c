#include "daemon/hub/draft.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define ROW "x.draft"

/* ---- the row ---- */

static void pack_one(const struct draft_change *change, struct buf *ret_row)
{
	pack_array(ret_row, 6);
	pack_str(ret_row, change->member.name);
	pack_bin(ret_row, change->member.sign, sizeof(change->member.sign));
	pack_bin(ret_row, change->member.link, sizeof(change->member.link));
	pack_u64(ret_row, change->member.status);
	pack_u64(ret_row, change->last_n);
	pack_bool(ret_row, change->is_lost);
}

static void unpack_one(struct unpack *in, struct draft_change *ret_change)
{
	unpack_array_of(in, 6);
	unpack_str(in, ret_change->member.name, sizeof(ret_change->member.name));
	unpack_bin_of(in, ret_change->member.sign, sizeof(ret_change->member.sign));
	unpack_bin_of(in, ret_change->member.link, sizeof(ret_change->member.link));
	ret_change->member.status = (enum roster_status)unpack_u64(in, ROSTER_STATUS_N - 1);
	ret_change->last_n = unpack_u64(in, UINT64_MAX);
	ret_change->is_lost = unpack_bool(in);
	unpack_leave(in);
}

int draft_load(struct ledger *ledger, struct draft *ret_draft)
{
	own(buf_free) struct buf row = {0};
	struct draft draft = {0};
	struct unpack in;
	int status = ledger_row(ledger, ROW, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	in = unpack_start(row.data, row.n);
	draft.n = unpack_array(&in, PROGRAMME_SITES_MAX);
	for (size_t i = 0; i < draft.n; i++)
		unpack_one(&in, &draft.rows[i]);
	unpack_leave(&in);
	status = unpack_end(&in);
	if (status == 0)
		*ret_draft = draft;
	return status;
}

/* ---- changes ---- */

static bool is_done(const struct roster *roster, const struct draft_change *change)
{
	const struct roster_member *member = roster_find(roster, change->member.name);

	return member != NULL && member->status == change->member.status &&
	       memcmp(member->sign, change->member.sign, sizeof(member->sign)) == 0 &&
	       memcmp(member->link, change->member.link, sizeof(member->link)) == 0;
}

static void leave_out(struct draft *draft, const struct roster *roster, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < draft->n; i++)
		if (strcmp(draft->rows[i].member.name, name) != 0 &&
		    !is_done(roster, &draft->rows[i]))
			draft->rows[kept++] = draft->rows[i];
	draft->n = kept;
}

int draft_put(struct draft *draft, const struct roster *roster, const struct draft_change *change,
	      struct ledger *ledger)
{
	own(buf_free) struct buf row = {0};

	leave_out(draft, roster, change->member.name);
	if (draft->n == PROGRAMME_SITES_MAX)
		return fail(-ENOSPC);
	draft->rows[draft->n++] = *change;
	pack_array(&row, (uint32_t)draft->n);
	for (size_t i = 0; i < draft->n; i++)
		pack_one(&draft->rows[i], &row);
	if (row.error == 0)
		ledger_put_row(ledger, ROW, row.data, row.n);
	return row.error;
}

/* ---- the text ---- */

/* The key before stays listed, or nobody could verify what it signed. */
static int keep_former(struct roster *roster, const struct roster_member *before,
		       const struct draft_change *change)
{
	struct roster_former *former = &roster->formers[roster->formers_n];

	if (memcmp(before->sign, change->member.sign, sizeof(before->sign)) == 0)
		return 0;
	if (roster->formers_n == ROSTER_FORMERS_MAX)
		return fail(-ENOSPC);
	*former = (struct roster_former){.last_n = change->last_n, .is_lost = change->is_lost};
	text_copy(former->name, sizeof(former->name), before->name);
	memcpy(former->sign, before->sign, sizeof(former->sign));
	roster->formers_n++;
	return 0;
}

static int apply(struct roster *roster, const struct draft_change *change)
{
	const struct roster_member *known = roster_find(roster, change->member.name);
	size_t place = known == NULL ? roster->members_n : (size_t)(known - roster->members);
	int status = known == NULL ? 0 : keep_former(roster, known, change);

	if (place == ROSTER_MEMBERS_MAX)
		return fail(-ENOSPC);
	if (status != 0)
		return status;
	roster->members[place] = change->member;
	roster->members_n += place == roster->members_n;
	return 0;
}

int draft_add_text(const struct draft *draft, const struct roster *roster, struct buf *ret_text)
{
	own(mem_free) struct roster *next = malloc(sizeof(*next));
	int status = next == NULL ? fail(-ENOMEM) : 0;

	if (status != 0)
		return status;
	*next = *roster;
	next->epoch++;
	for (size_t i = 0; i < draft->n && status == 0; i++)
		status = apply(next, &draft->rows[i]);
	if (status == 0)
		roster_add_all(ret_text, next);
	return status != 0 ? status : ret_text->error;
}
