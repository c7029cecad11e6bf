/*
 * Whom the hub's door is open to: the active sites of the roster that the programme knows. Who it
 * does not know has nothing to report.
 */
#ifndef MIA_HUB_PEERS_H
#define MIA_HUB_PEERS_H

#include "lib/link.h"
#include "proto/programme.h"
#include "proto/roster.h"

/* How many there are, in ret_peers (ROSTER_MEMBERS_MAX). */
size_t peers_list(const struct programme *programme, const struct roster *roster,
		  struct link_peer ret_peers[]);
/* How many members are left out because the programme in force has no such site. */
size_t peers_unknown(const struct programme *programme, const struct roster *roster);

#endif
