/*
 * Whether the store hangs together: what no chain tells, as LMDB has no checksums (4.4) and a
 * turned bit may make a row invisible instead of false. Everybody is looked at in slices: their row
 * and key open, their acts fold, and each of their identities leads by the index to them. Then the
 * tables at once (store_sound_tables.h). Nothing is changed. The books are not counted anew here:
 * their leaves are read whole at each start, and daemon/site/truth holds them against the persons.
 */
#ifndef MIA_SITE_STORE_SOUND_H
#define MIA_SITE_STORE_SOUND_H

#include "daemon/site/store_core.h"

#define STORE_FLAWS_MAX 1000 /* kept; all are counted */

enum store_flaw_kind {
	STORE_FLAW_ROW_GONE, /* of a person */
	STORE_FLAW_ROW, /* does not open, or is nobody's */
	STORE_FLAW_ROW_OTHER, /* says something else than the log does */
	STORE_FLAW_KEY_GONE,
	STORE_FLAW_KEY,
	STORE_FLAW_ACTS, /* do not open or do not fold */
	STORE_FLAW_NOT_FOUND, /* an identity that leads to nobody */
	STORE_FLAW_FOUND_OTHER, /* an identity that leads to somebody else */
	STORE_FLAW_ENTRY, /* of the index: does not open */
	STORE_FLAW_ENTRY_NOBODY, /* leads to nobody there is */
	STORE_FLAW_ENTRY_MORE, /* a person is found by more than is theirs */
	STORE_FLAW_COUNT_PERSONS, /* tables that do not hold what they say */
	STORE_FLAW_COUNT_INDEX,
	STORE_FLAW_COUNT_KEYS,
	STORE_FLAW_COUNT_HEAD, /* the head's own count of persons */
	STORE_FLAW_TORN /* the pages of a table do not hang together: the rest was not seen */
};

/* id 0: of nobody in particular. */
struct store_flaw {
	enum store_flaw_kind kind;
	uint64_t id;
};

/* How many index entries a person should be led to by. */
#define STORE_SOUND_ANY UINT8_MAX /* what they gave up may lead to them */
#define STORE_SOUND_CONDENSED (UINT8_MAX - 1) /* the same; the look-up is kept */
struct store_sound_person {
	uint64_t last_seq; /* by the log */
	uint8_t expected, leads;
	bool is_erased;
};

struct store_sound {
	struct store *store; /* borrowed */
	struct store_sound_person *persons; /* owned, by number */
	size_t room;
	uint64_t after; /* the last number looked at */
	bool is_torn;
	uint64_t entries_n; /* of the index */
	uint64_t counted_n; /* persons who count, by their rows */
	struct store_flaw flaws[STORE_FLAWS_MAX];
	size_t flaws_n;
};

int store_sound_begin(struct store *store, struct store_sound **ret_sound);
void store_sound_free(struct store_sound **sound);
/* Looks at up to `most` persons more. 0, -errno; what is damaged is a flaw and no failure. */
int store_sound_step(struct store_sound *sound, size_t most, bool *ret_is_done);

/* For store_sound_tables. */
void store_sound_flaw(struct store_sound *sound, enum store_flaw_kind kind, uint64_t id);
/* Room for every person of now; those who came since are led to by anything. */
int store_sound_make_room(struct store_sound *sound);
/* What a transaction came to: 0 when it read well, or when its pages are torn, which is a flaw;
 * -errno. */
int store_sound_settle(struct store_sound *sound, const struct safe_txn *txn);

#endif
