#include "daemon/hub/invite.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#define ROW "x.invited"

static void unpack_one(void *context, size_t place, struct unpack *in)
{
	struct invites *invites = context;
	struct invite *invite = &invites->rows[place];

	unpack_array_of(in, 4);
	unpack_str(in, invite->site, sizeof(invite->site));
	unpack_bin_of(in, invite->code, sizeof(invite->code));
	invite->last_day = (int32_t)unpack_i64(in, INT32_MIN, INT32_MAX);
	unpack_str(in, invite->operator_name, sizeof(invite->operator_name));
	unpack_leave(in);
}

int invite_load(struct ledger *ledger, struct invites *ret_invites)
{
	struct invites invites = {0};
	int status =
		ledger_list(ledger, ROW, PROGRAMME_SITES_MAX, unpack_one, &invites, &invites.n);

	if (status == 0)
		*ret_invites = invites;
	return status;
}

static int keep(const struct invites *invites, struct ledger *ledger)
{
	own(buf_free) struct buf row = {0};

	pack_array(&row, (uint32_t)invites->n);
	for (size_t i = 0; i < invites->n; i++) {
		const struct invite *invite = &invites->rows[i];

		pack_array(&row, 4);
		pack_str(&row, invite->site);
		pack_bin(&row, invite->code, sizeof(invite->code));
		pack_i64(&row, invite->last_day);
		pack_str(&row, invite->operator_name);
	}
	if (row.error == 0)
		ledger_put_row(ledger, ROW, row.data, row.n);
	return row.error;
}

const struct invite *invite_find(const struct invites *invites, const char *site)
{
	for (size_t i = 0; i < invites->n; i++)
		if (strcmp(invites->rows[i].site, site) == 0)
			return &invites->rows[i];
	return NULL;
}

void invite_hash(const char *code, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/code");
	sign_hash_part(&hash, code, strlen(code));
	sign_hash_end(&hash, ret_hash);
}

bool invite_holds(const struct invites *invites, const char *site, const char *code, int32_t today)
{
	const struct invite *invite = invite_find(invites, site);
	uint8_t hash[SIGN_HASH_BYTES];

	invite_hash(code, hash);
	return invite != NULL && today <= invite->last_day &&
	       sodium_memcmp(hash, invite->code, sizeof(hash)) == 0;
}

static void drop(struct invites *invites, const char *site)
{
	const struct invite *invite = invite_find(invites, site);

	if (invite != NULL)
		invites->rows[invite - invites->rows] = invites->rows[--invites->n];
}

int invite_put(struct invites *invites, const struct invite *invite, struct ledger *ledger)
{
	drop(invites, invite->site);
	if (invites->n == PROGRAMME_SITES_MAX)
		return fail(-ENOSPC);
	invites->rows[invites->n++] = *invite;
	return keep(invites, ledger);
}

int invite_remove(struct invites *invites, const char *site, struct ledger *ledger)
{
	drop(invites, site);
	return keep(invites, ledger);
}

int invite_remove_all(struct ledger *ledger)
{
	return keep(&(const struct invites){0}, ledger);
}

int invite_show(const struct invites *invites, int32_t today, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.invited/1", SHEET_TABLE);

	sheet_title(sheet, N_("Invitations that were given out"), NULL);
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	sheet_column(sheet, "last_day", SHEET_DATE, N_("Last day"), false);
	sheet_column(sheet, "by", SHEET_TEXT, N_("By"), false);
	sheet_column(sheet, "state", SHEET_PHRASE, N_("State"), false);
	for (size_t i = 0; i < invites->n; i++) {
		const struct invite *invite = &invites->rows[i];

		sheet_add_text(sheet, invite->site);
		sheet_add_number(sheet, invite->last_day);
		sheet_add_text(sheet, invite->operator_name);
		sheet_add_phrase(sheet, today <= invite->last_day ? N_("open") : N_("expired"),
				 NULL);
	}
	return answer_add(ret_answer, &sheet);
}
