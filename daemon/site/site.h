/*
 * The conductor of a site: import, validate, store, book, release, outbox and courier in one
 * paragraph (site.c: site_step). The face is what the daemon sees.
 */
#ifndef MIA_SITE_SITE_H
#define MIA_SITE_SITE_H

#include "proto/room.h"

extern const struct room_face site_face;

#endif
