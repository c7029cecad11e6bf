#include "daemon/hub/peers.h"

#include "lib/text.h"

#include <string.h>

static bool is_active_site(const struct roster_member *member)
{
	return strcmp(member->name, ROSTER_HUB) != 0 && member->status == ROSTER_ACTIVE;
}

static bool is_known(const struct programme *programme, const struct roster_member *member)
{
	return programme_site_index(programme, member->name) >= 0;
}

size_t peers_list(const struct programme *programme, const struct roster *roster,
		  struct link_peer ret_peers[])
{
	size_t n = 0;

	for (size_t i = 0; i < roster->members_n; i++) {
		const struct roster_member *member = &roster->members[i];

		if (!is_active_site(member) || !is_known(programme, member))
			continue;
		text_copy(ret_peers[n].name, sizeof(ret_peers[n].name), member->name);
		memcpy(ret_peers[n++].key, member->link, LINK_KEY_BYTES);
	}
	return n;
}

size_t peers_unknown(const struct programme *programme, const struct roster *roster)
{
	size_t n = 0;

	for (size_t i = 0; i < roster->members_n; i++)
		n += is_active_site(&roster->members[i]) &&
		     !is_known(programme, &roster->members[i]);
	return n;
}
