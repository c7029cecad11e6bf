/*
 * The roster in force as a room keeps it in its store, to hold the next one against:
 *   [epoch uint, hash bin32, ini text bin]
 */
#ifndef MIA_PROTO_ROSTER_PIN_H
#define MIA_PROTO_ROSTER_PIN_H

#include "proto/roster.h"

void roster_pin_pack(struct buf *buf, const struct roster *roster);
/* -EBADMSG when it is not what was packed, -ENOMEM. */
int roster_pin_unpack(const struct buf *row, struct roster *ret_roster);
/* "roster_pinned epoch=2 hash=..." for the audit, in ret_text[SIZE]. */
#define ROSTER_PIN_EVENT_BYTES 128
void roster_pin_event(const struct roster *roster, char ret_text[static ROSTER_PIN_EVENT_BYTES]);

#endif
