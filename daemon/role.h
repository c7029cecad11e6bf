/*
 * Which room this executable is: the role is the executable, not a setting. role_site.c and
 * role_hub.c each give the one face.
 */
#ifndef MIA_DAEMON_ROLE_H
#define MIA_DAEMON_ROLE_H

#include "daemon/config.h"
#include "proto/room.h"

extern const struct room_face *const role_face;
extern const enum config_role role_config;

#endif
