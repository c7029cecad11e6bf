#include "daemon/hub/draft.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <string.h>

#define ROW "x.draft"

/* ---- the row ---- */

static void pack_one(const struct roster_step *step, struct buf *ret_row)
{
	pack_array(ret_row, 6);
	pack_str(ret_row, step->member.name);
	pack_bin(ret_row, step->member.sign, sizeof(step->member.sign));
	pack_bin(ret_row, step->member.link, sizeof(step->member.link));
	pack_u64(ret_row, step->member.status);
	pack_u64(ret_row, step->last_n);
	pack_bool(ret_row, step->is_lost);
}

static void unpack_one(void *context, size_t place, struct unpack *in)
{
	struct draft *draft = context;
	struct roster_step *step = &draft->rows[place];

	unpack_array_of(in, 6);
	unpack_str(in, step->member.name, sizeof(step->member.name));
	unpack_bin_of(in, step->member.sign, sizeof(step->member.sign));
	unpack_bin_of(in, step->member.link, sizeof(step->member.link));
	step->member.status = (enum roster_status)unpack_u64(in, ROSTER_STATUS_N - 1);
	step->last_n = unpack_u64(in, UINT64_MAX);
	step->is_lost = unpack_bool(in);
	unpack_leave(in);
}

int draft_load(struct ledger *ledger, struct draft *ret_draft)
{
	struct draft draft = {0};
	int status = ledger_list(ledger, ROW, DRAFT_ROWS_MAX, unpack_one, &draft, &draft.n);

	if (status == 0)
		*ret_draft = draft;
	return status;
}

/* ---- changes ---- */

static void leave_out(struct draft *draft, const struct roster *roster, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < draft->n; i++)
		if (strcmp(draft->rows[i].member.name, name) != 0 &&
		    !roster_next_is_done(roster, &draft->rows[i].member))
			draft->rows[kept++] = draft->rows[i];
	draft->n = kept;
}

int draft_take(struct draft *draft, const struct roster *roster, const struct roster_step *step)
{
	leave_out(draft, roster, step->member.name);
	if (draft->n == DRAFT_ROWS_MAX)
		return fail(-ENOSPC);
	draft->rows[draft->n++] = *step;
	return 0;
}

int draft_put(struct draft *draft, const struct roster *roster, const struct roster_step *step,
	      struct ledger *ledger)
{
	own(buf_free) struct buf row = {0};
	int status = draft_take(draft, roster, step);

	if (status != 0)
		return status;
	pack_array(&row, (uint32_t)draft->n);
	for (size_t i = 0; i < draft->n; i++)
		pack_one(&draft->rows[i], &row);
	if (row.error == 0)
		ledger_put_row(ledger, ROW, row.data, row.n);
	return row.error;
}

static const struct roster_step *find(const struct draft *draft, const char *name)
{
	for (size_t i = 0; i < draft->n; i++)
		if (strcmp(draft->rows[i].member.name, name) == 0)
			return &draft->rows[i];
	return NULL;
}

bool draft_has(const struct draft *draft, const struct roster_member *member)
{
	const struct roster_step *step = find(draft, member->name);

	return step != NULL && memcmp(step->member.sign, member->sign, sizeof(member->sign)) == 0 &&
	       memcmp(step->member.link, member->link, sizeof(member->link)) == 0;
}

bool draft_ends(const struct draft *draft, const struct roster_member *member)
{
	const struct roster_step *step = find(draft, member->name);

	return step != NULL && step->member.status != ROSTER_ACTIVE &&
	       memcmp(step->member.sign, member->sign, sizeof(member->sign)) == 0;
}

/* ---- the text ---- */

int draft_add_text(const struct draft *draft, const struct roster *roster, struct buf *ret_text)
{
	own(mem_free) struct roster *next = malloc(sizeof(*next));
	int status = next == NULL ? fail(-ENOMEM) : 0;

	if (status != 0)
		return status;
	roster_next_start(roster, next);
	for (size_t i = 0; i < draft->n && status == 0; i++)
		status = roster_next_take(next, &draft->rows[i]);
	if (status == 0)
		roster_add_all(ret_text, next);
	return status != 0 ? status : ret_text->error;
}
