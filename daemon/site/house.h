/*
 * What a site's store knows of its own house besides records: when it was made, how a rehearsal's
 * clock stands, and which hub it trusts. Rows of meta:
 *   x.house      [made int, clock offset int]
 *   x.hub        [sign bin32, link bin32]      the hub of the roster in force: pinned
 */
#ifndef MIA_SITE_HOUSE_H
#define MIA_SITE_HOUSE_H

#include "daemon/site/store.h"
#include "proto/roster.h"

struct house {
	int64_t at_made; /* UTC seconds */
	int64_t clock_offset_s; /* of a rehearsal */
};
int house_read(struct store *store, struct house *ret_house);
int house_keep(struct store *store, const struct house *house);
/* Keeps a rehearsal's clock offset, and has it in house once it is kept. -errno. */
int house_set_clock(struct store *store, int64_t offset_s, struct house *house);
/* The hub a later roster names, vouched for by its signatures, takes the pinned one's place. */
void house_put_hub(struct safe_txn *txn, const struct roster_member *hub);
/* The hub's keys as this site knows it (name not filled in): -ENOENT none yet, -EBADMSG, -errno. */
int house_known_hub(struct store *store, struct roster_member *ret_hub);
/* Pins the hub of the first roster; of any later one it must be the same: -EBADMSG with fault R040
 * when it is not, -errno. */
int house_pin(struct store *store, const struct roster *roster, int64_t at_now,
	      struct fault *fault);

#endif
