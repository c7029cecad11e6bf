/*
 * `mia programme approve` as it comes over the control socket: the programme's file as a stream,
 * its signature in the request. What bears the programme key's signature goes to the room, which
 * judges it (room_face.take_programme); nothing else does.
 */
#ifndef MIA_DAEMON_APPROVE_H
#define MIA_DAEMON_APPROVE_H

#include "daemon/config.h"
#include "daemon/seat.h"

/* Whether the stream that the request announces is one: -EBADMSG with fault X002, X009. */
int approve_begin(const struct request *request, struct fault *fault);
/* A piece of the file, gathered in the seat: -ENOMEM. */
int approve_feed(struct seat *seat, const struct frame *frame);
/* The offer of what came, whole: the programme is owned by the caller, its text by the seat.
 * -EBADMSG with fault, R022 the signature, P... the programme, X002 an option; -ENOMEM. */
int approve_read(const struct config *config, const struct seat *seat, int64_t at_now,
		 struct programme **ret_programme, struct approval_offer *ret_offer,
		 struct fault *fault);

#endif
