/*
 * What a record is found again by. A person by any of their identities: number, local id, and the
 * tokens of their transfers; a survey answer by its invitation code, a deviation by its report's
 * number. The store keeps keyed hashes of these texts and nothing else of them (4.5).
 */
#ifndef MIA_SITE_LOOKUP_H
#define MIA_SITE_LOOKUP_H

#include "daemon/site/record.h"

#define LOOKUPS_MAX 4 /* of one record */

enum lookup_kind {
	LOOKUP_NUMBER,
	LOOKUP_LOCAL_ID,
	LOOKUP_TOKEN, /* no identity of the person's own, but nobody else's: by which they came in,
			 or that was given them here */
	LOOKUP_INVITATION,
	LOOKUP_DEVIATION,
};

/* Whom the store knows by the look-ups of a record. */
enum lookup_verdict {
	LOOKUP_NOBODY,
	LOOKUP_SOMEBODY,
	LOOKUP_TWO, /* number and local id are of different persons */
	LOOKUP_TOKEN_TAKEN, /* somebody else came in by the token, or was given it here */
	LOOKUP_HAD, /* a batch had them already */
};

/* text is the record's own. */
struct lookup {
	enum lookup_kind kind;
	const char *text;
};

/*
 * Of a record what it can be found by, 0 when nothing. A local id finds its person also when the
 * row makes them anonymous: it serves the look-up only, and change_pack() leaves it, like the
 * number of someone who withdrew consent, unwritten.
 */
size_t lookup_all(const struct record *record, struct lookup ret_lookups[static LOOKUPS_MAX]);
/* The domain of the keyed hash, so that kinds of text never meet. */
const char *lookup_domain(enum lookup_kind kind);
/* What a record was found by, to be compared with the next; wipe it after use. */
struct lookup_copy {
	size_t n;
	enum lookup_kind kinds[LOOKUPS_MAX];
	char texts[LOOKUPS_MAX][RECORD_TEXT_BYTES];
};
void lookup_copy(const struct record *record, struct lookup_copy *ret_copy);
bool lookup_is_same(const struct lookup_copy *copy, const struct record *record);
/* Whether a record is a report of a deviation: nobody's. */
bool lookup_is_deviation(const struct record *record);

#endif
