/*
 * Invitations the hub gave out, a row of the ledger's meta; of the code only its hash:
 *   x.invited  [[site str, H("mia/1/code", code) bin32, last day int, operator str] ...]
 */
#ifndef MIA_HUB_INVITE_H
#define MIA_HUB_INVITE_H

#include "daemon/hub/ledger.h"
#include "proto/answer.h"
#include "proto/welcome.h"

struct invite {
	char site[PROGRAMME_ID_BYTES];
	uint8_t code[SIGN_HASH_BYTES];
	int32_t last_day;
	char operator_name[64];
};

/* One a site: the last given out. Valid when zeroed. */
struct invites {
	size_t n;
	struct invite rows[PROGRAMME_SITES_MAX];
};

/* 0 also when there is no row; -EBADMSG damaged, -errno. */
int invite_load(struct ledger *ledger, struct invites *ret_invites);
const struct invite *invite_find(const struct invites *invites, const char *site);
/* Whether the code is the one given to the site, and today is not past its last day. */
bool invite_holds(const struct invites *invites, const char *site, const char *code, int32_t today);
void invite_hash(const char *code, uint8_t ret_hash[static SIGN_HASH_BYTES]);
/* These put the row into the ledger's open group. -ENOSPC, -ENOMEM. */
int invite_put(struct invites *invites, const struct invite *invite, struct ledger *ledger);
int invite_remove(struct invites *invites, const char *site, struct ledger *ledger);
/* None holds any more; into the ledger's open group. -ENOMEM. */
int invite_remove_all(struct ledger *ledger);
/* `mia invite list`: "mia.invited/1". */
int invite_show(const struct invites *invites, int32_t today, struct answer *ret_answer);

#endif
