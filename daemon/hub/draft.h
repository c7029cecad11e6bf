/*
 * The draft of the next roster: the one in force with what was decided here since, a row of the
 * ledger's meta until the roster in force says so too:
 *   x.draft  [[member str, sign bin32, link bin32, status uint, last n uint, is lost bool] ...]
 * It is a draft until the programme key and two sites have signed it (proto/roster_change).
 */
#ifndef MIA_HUB_DRAFT_H
#define MIA_HUB_DRAFT_H

#include "daemon/hub/ledger.h"
#include "proto/roster_next.h"

#define DRAFT_ROWS_MAX (PROGRAMME_SITES_MAX + 1) /* every site, and the hub */

/* Valid when zeroed. One row a member: the last that was decided. */
struct draft {
	size_t n;
	struct roster_step rows[DRAFT_ROWS_MAX];
};

/* 0 also when there is no row; -EBADMSG damaged, -errno. */
int draft_load(struct ledger *ledger, struct draft *ret_draft);
/* Takes a step in (-ENOSPC) and leaves out what roster has by now; into no ledger. */
int draft_take(struct draft *draft, const struct roster *roster, const struct roster_step *step);
/* As draft_take(), and puts the row into the ledger's open group. The buffer's error too is the
 * result. */
int draft_put(struct draft *draft, const struct roster *roster, const struct roster_step *step,
	      struct ledger *ledger);
/* Whether the draft has a member with these keys. */
bool draft_has(const struct draft *draft, const struct roster_member *member);
/* Whether the draft keeps a member out with the keys it has. */
bool draft_ends(const struct draft *draft, const struct roster_member *member);
/* Appends the next roster as ini text: -ENOSPC, -ENOMEM. */
int draft_add_text(const struct draft *draft, const struct roster *roster, struct buf *ret_text);

#endif
