/*
 * The road: moves what the courier has to say to the socket and what came to the courier, and does
 * with the socket what the courier wants. Part of the conductor (site.c), which logs.
 */
#ifndef MIA_SITE_ROAD_H
#define MIA_SITE_ROAD_H

#include "daemon/site/courier.h"
#include "lib/link.h"
#include "proto/room.h"

/* Valid when laid; link is owned, NULL while there is none. */
struct road {
	struct courier *courier;
	struct link_client_settings link_settings;
	struct link_client *link;
	struct buf message;
	int64_t stuck_until_ms; /* the socket took no more */
};

/* Now, with a draw of its own. */
struct courier_moment road_moment(const struct room_time *now);
/* A zeroed road becomes the courier's, or one in use is laid anew; all is borrowed. */
void road_lay(struct road *road, struct courier *courier, const struct room_settings *settings,
	      const uint8_t *hub_key);
void road_close(struct road *road);
/* All that is to be done now: events, messages in, messages out. 0 or the first -errno (a socket
 * that cannot be made, a store that cannot be written); the courier comes again by itself. */
int road_step(struct road *road, const struct courier_moment *moment);
/* At most two poll items. */
size_t road_poll(struct road *road, zmq_pollitem_t ret_items[static 2]);
/* When road_step() must be called though nothing arrives: wall and monotonic, INT64_MAX never. */
void road_due(const struct road *road, int64_t *ret_at, int64_t *ret_mono_ms);

#endif
