/*
 * A new room: keys, store, settings and identity card in a folder of their own, made beside it and
 * moved into place, so that it is there wholly or not at all.
 */
#ifndef MIA_DAEMON_INIT_H
#define MIA_DAEMON_INIT_H

#include "daemon/config.h"
#include "proto/room.h"

/* What `mia init` was told; NULL where nothing was. Borrowed. */
struct init_request {
	const char *dir; /* the room's folder: absent or empty */
	const char *owner; /* site id, or "hub" */
	const char *programme; /* the programme file; FILE.sig beside it */
	const char *programme_key; /* 64 hex digits, or a file with them */
	const char *roster; /* where the roster is or will be; NULL: DIR/roster.ini */
	const char *endpoint; /* a site: the hub's; a hub: where it listens (NULL: the default) */
	const char *invitation; /* a site: the file it was invited with, or NULL */
	const char *hub_key; /* whose fingerprint was typed: 64 hex digits, with invitation */
	const char *by; /* how the hub's fingerprint was heard: phone or meeting */
	bool is_rehearsal; /* its clock starts on the operation's first day */
};

/*
 * Makes DIR/miad.conf, DIR/keys/, DIR/state/ (or where daemon/place has it), DIR/programme.ini
 * (+.sig), DIR/identity.ini, and for who was invited DIR/card.ini.
 * -EBADMSG with fault (codes R0..), -errno; then nothing is left behind.
 */
int init_room(const struct init_request *request, enum config_role role,
	      const struct room_face *face, int64_t at_now, struct fault *fault);

#endif
