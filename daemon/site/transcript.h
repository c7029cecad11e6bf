/*
 * Transcript: everything that left the house or came from the hub, for auditors: a line of JSON
 * each, byte strings as hex. No record is in it.
 *   {"kind":"site","site":...,"rehearsal":true|false}
 *   {"kind":"release","site":...,"n":...,"at":...,"prev":...,"payload":...,"signature":...,"hash":...}
 *   {"kind":"superseded", as a release}     of ours, which the hub had others in the place of
 *   {"kind":"result","message":...}      the hub's RESULT as it came
 *   {"kind":"event","number":...,"at":...,"text":...}
 * at is UTC seconds: of a release, when it might leave.
 */
#ifndef MIA_SITE_TRANSCRIPT_H
#define MIA_SITE_TRANSCRIPT_H

#include "daemon/site/parts.h"

/* Appends the lines: 0, -EMSGSIZE more than max bytes, -ENOMEM, -errno of the store. */
int transcript_write(const struct parts *parts, size_t max, struct buf *ret_lines);

#endif
