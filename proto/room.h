/*
 * The face a room shows the daemon: the two conductors, site and hub, are opened, stepped, asked
 * and closed in one way, so that main, control and the event loop are the same for both. Times come
 * in as arguments; a room never looks at a clock.
 */
#ifndef MIA_PROTO_ROOM_H
#define MIA_PROTO_ROOM_H

#include "proto/answer.h"
#include "proto/approval.h"
#include "proto/command.h"
#include "proto/roster.h"
#include "proto/verified.h"

#include <stdio.h>
#include <zmq.h>

/* What the daemon read for the room: borrowed, outlives it. Keys lie in locked memory. */
struct room_settings {
	const char *owner; /* site id, or "hub" */
	const char *state_dir; /* the stores */
	const char *endpoint; /* a site: where the hub is; a hub: where it listens */
	const struct programme *programme;
	const void *programme_text; /* of its file, kept in the store; NULL where there is none */
	size_t programme_text_n;
	const uint8_t *programme_key; /* SIGN_PUBLIC_BYTES, pinned by the settings */
	const struct roster *roster;
	const uint8_t *sign_seed; /* SIGN_SEED_BYTES */
	const uint8_t *link_secret; /* LINK_KEY_BYTES */
	const uint8_t *vault_key; /* VAULT_KEY_BYTES */
	const uint8_t *index_key; /* VAULT_KEY_BYTES, NULL at a hub */
	uint64_t store_bytes; /* size the main store starts with */
	/* For create, of a site that was invited: the hub whose fingerprint was typed, or NULL. */
	const struct roster_member *hub;
	const struct verified *verified;
	bool is_rehearsal; /* for create; open reads both from the store */
	int64_t clock_offset_s; /* of a rehearsal, to the machine's clock */
};

/* Now, in both of its senses. */
struct room_time {
	int64_t at; /* UTC seconds; a rehearsal's own */
	int64_t mono_ms;
};

/* Who asks, over the control socket. */
struct room_operator {
	uint32_t uid;
	const char *name;
	unsigned rights; /* bit r: has enum command_right r */
};

struct room; /* a site or a hub */

struct room_face {
	const char *role; /* "site" or "hub" */
	/* Makes the stores of a new room: 0, -EEXIST, -errno. */
	int (*create)(const struct room_settings *settings, int64_t at_now, struct fault *fault);
	/* Opens stores, replays what must be replayed, opens links: 0, -EBADMSG with fault, -errno.
	 */
	int (*open)(const struct room_settings *settings, const struct room_time *now,
		    struct room **ret_room, struct fault *fault);
	void (*close)(struct room **room);
	bool (*is_rehearsal)(const struct room *room);
	/* A rehearsal's clock setting, kept in the store across restarts: its offset to the
	 * machine's clock in seconds. */
	int64_t (*clock_offset)(const struct room *room);
	int (*keep_clock_offset)(struct room *room, int64_t offset_s);
	/* At most 4 poll items. */
	size_t (*poll)(struct room *room, zmq_pollitem_t ret_items[static 4]);
	/* When step() must be called at the latest though nothing arrives: wall and monotonic,
	 * INT64_MAX for never. */
	void (*due)(const struct room *room, int64_t *ret_at, int64_t *ret_mono_ms);
	/* All that is to be done now: messages, closings, releases. Failures are logged inside;
	 * only what the daemon cannot live with comes back. */
	int (*step)(struct room *room, const struct room_time *now);
	/* A command without a stream. Fills ret_answer (answer_fault for refusals); -errno only
	 * when memory is out. -EINPROGRESS: a long question, answered by go_on(); one at a time. */
	int (*ask)(struct room *room, const struct room_time *now, const struct room_operator *who,
		   const struct request *request, struct answer *ret_answer);
	/* A slice of the long question: -EINPROGRESS while more is to come, else as ask(). drop()
	 * leaves it. Both NULL where no question is long. */
	int (*go_on)(struct room *room, const struct room_time *now, struct answer *ret_answer);
	void (*drop)(struct room *room);
	/* IMPORT: begin, pieces of the file as they come, end. After a fault or abort nothing is
	 * kept. One at a time: -EBUSY. NULL at a hub. */
	int (*stream_begin)(struct room *room, const struct room_time *now,
			    const struct room_operator *who, const struct request *request,
			    struct fault *fault);
	int (*stream_feed)(struct room *room, const void *bytes, size_t n, struct fault *fault);
	int (*stream_end)(struct room *room, const struct room_time *now,
			  struct answer *ret_answer);
	void (*stream_abort)(struct room *room);
	/* For WAIT: whether the state (ready, contact, received, complete) holds; -EINVAL no such
	 * state. */
	int (*has_reached)(struct room *room, const struct room_time *now, const char *state,
			   bool *ret_is_reached);
	/* Another roster, with the keys it names (as room_settings, read by the daemon anew): 0
	 * when it is in force, pinned durably, and all of settings is taken over; -EBADMSG with
	 * fault when it may not follow (R04x), -errno; then nothing has changed, but for a hub
	 * whose door could not be bound again, which says so at its next step. */
	int (*take_roster)(struct room *room, const struct room_time *now,
			   const struct room_settings *settings, struct fault *fault);
	/* A programme that bears the programme key's signature, to be approved or tried: fills the
	 * answer, which may be a fault. -errno: nothing was done. */
	int (*take_programme)(struct room *room, const struct room_time *now,
			      const struct room_operator *who, const struct approval_offer *offer,
			      struct answer *ret_answer);
	/* Whether programme, which bears that signature, would change what is in force or known
	 * here if the room were opened with it: 0 with *ret_is_due, or -EBADMSG with fault as
	 * open() would say (S016 older, S017 not approved); -errno. */
	int (*judge_version)(struct room *room, const struct programme *programme, bool *ret_is_due,
			     struct fault *fault);
	/* State tables as DOT, for `miad --states`. */
	void (*print_states)(FILE *to);
};

#endif
