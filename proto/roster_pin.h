/*
 * The roster in force as a room keeps it in its store, to hold the next one against:
 *   [epoch uint, hash bin32, ini text bin]
 */
#ifndef MIA_PROTO_ROSTER_PIN_H
#define MIA_PROTO_ROSTER_PIN_H

#include "proto/roster.h"

void roster_pin_pack(struct buf *buf, const struct roster *roster);
/* Whether roster is the one that was packed: -EBADMSG when the row is not one of these, -ENOMEM. */
int roster_pin_is(const struct buf *row, const struct roster *roster, bool *ret_is_same);
/* The roster that was packed, without signatures: -EBADMSG, -ENOMEM. */
int roster_pin_unpack(const struct buf *row, struct roster *ret_roster);
/* "roster_pinned epoch=2 hash=..." for the audit, in ret_text[SIZE]. */
#define ROSTER_PIN_EVENT_BYTES 128
void roster_pin_event(const struct roster *roster, char ret_text[static ROSTER_PIN_EVENT_BYTES]);

#endif
