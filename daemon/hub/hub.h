/*
 * The conductor of the hub: door, collect, ledger and totals in one paragraph (hub.c: hub_step).
 * The face is what the daemon sees.
 */
#ifndef MIA_HUB_HUB_H
#define MIA_HUB_HUB_H

#include "proto/room.h"

extern const struct room_face hub_face;

#endif
