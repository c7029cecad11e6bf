/*
 * Versions of the programme as a room's store keeps them, in the table "meta" of its safe:
 *   x.programme          [hash bin32]    the version in force: pinned
 *   x.version. HASH hex  [version uint, at int, operator str, text bin]    one that was approved,
 *                                        or in force, with the text of its file
 * at is when it was approved here, UTC seconds; operator who did it, "" for a store's first.
 */
#ifndef MIA_PROTO_VERSION_ROW_H
#define MIA_PROTO_VERSION_ROW_H

#include "lib/safe.h"
#include "proto/programme.h"

#define VERSION_PIN_KEY "x.programme"
#define VERSION_KEY_BYTES (10 + 2 * PROGRAMME_HASH_BYTES + 1)
#define VERSION_TEXT_MAX ((size_t)1024 * 1024)
#define VERSION_OPERATOR_BYTES 64

/* text is a view. */
struct version_row {
	uint8_t hash[PROGRAMME_HASH_BYTES];
	uint32_t version;
	int64_t at;
	char operator_name[VERSION_OPERATOR_BYTES];
	const void *text;
	size_t n;
};

/* The row of a programme that came as these n bytes of text, by nobody yet. */
void version_row_fill(const struct programme *programme, const void *text, size_t n, int64_t at_now,
		      struct version_row *ret_row);
void version_row_key(const uint8_t hash[static PROGRAMME_HASH_BYTES],
		     char ret_key[static VERSION_KEY_BYTES]);
void version_row_pack(const struct version_row *row, struct buf *ret_bytes);
void version_row_pack_pin(const uint8_t hash[static PROGRAMME_HASH_BYTES], struct buf *ret_bytes);

/* The hash of the version in force: 0, -ENOENT none yet, -EBADMSG, -errno. */
int version_row_pinned(struct safe *safe, uint8_t ret_hash[static PROGRAMME_HASH_BYTES]);
/* Appends the row of a version to ret_bytes, and reads it (a view into them): 0, -ENOENT. */
int version_row_find(struct safe *safe, const uint8_t hash[static PROGRAMME_HASH_BYTES],
		     struct buf *ret_bytes, struct version_row *ret_row);
/* Each of them; what is not 0 from visit stops the walk. */
typedef int version_row_fn(void *context, const struct version_row *row);
int version_row_walk(struct safe *safe, version_row_fn *visit, void *context);

#endif
