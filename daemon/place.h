/*
 * Where a room's folders are. A room of the machine is /etc/mia/NAME, as the units of systemd/ have
 * it: its stores are in /var/lib/mia/NAME, its socket in /run/mia/NAME, and all of it belongs to
 * the role's user. Any other room has everything in its own folder.
 */
#ifndef MIA_DAEMON_PLACE_H
#define MIA_DAEMON_PLACE_H

#include "daemon/config.h"

/* state and run are "" where the room's own folder holds them. */
struct place {
	bool is_machine;
	char name[48];
	char state[CONFIG_TEXT_BYTES], run[CONFIG_TEXT_BYTES];
};

/* dir without a slash at its end. -ENAMETOOLONG. */
int place_of(const char *dir, struct place *ret_place);
/* Gives path and all that is in it to the role's user (mia-site, mia-hub), where root made it and
 * that user is there. -errno. */
int place_give(const char *path, enum config_role role);

#endif
