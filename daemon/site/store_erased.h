/*
 * Who was forgotten: STATE/erased, a line each, on the disk before the person's key is destroyed.
 * Like the mark (mark.h) it is never part of a restore: it stays where it is when an older copy of
 * the store is put back, and tells it, when it is opened, whom to forget again. It holds case
 * numbers and days, nothing of a person:
 *
 *   erased 17 2018-07-01 KEY CHECK
 *
 * The first word is why: erased, withdrawn, refused or protected. KEY, 32 hex digits, is the
 * beginning of H("mia/1/forgotten-key", store id, key that was destroyed): only who has that very
 * key is forgotten again, and not somebody else who got the number after a restore. CHECK, 8 hex
 * digits, is the beginning of H("mia/1/forgotten", store id, the line before it): a line that was
 * damaged, or is another store's, is refused. A last line without its end was never acknowledged
 * and does not count.
 */
#ifndef MIA_SITE_STORE_ERASED_H
#define MIA_SITE_STORE_ERASED_H

#include "lib/fail.h"
#include "lib/vault.h"

#define STORE_PRINT_BYTES 16

enum store_why { STORE_WHY_ERASED, STORE_WHY_WITHDRAWN, STORE_WHY_REFUSED, STORE_WHY_PROTECTED };

struct store_forgotten {
	enum store_why why;
	uint64_t person;
	int32_t day;
	uint8_t print[STORE_PRINT_BYTES];
};

/* Valid when zeroed. */
struct store_erased {
	struct store_forgotten *lines; /* owned, oldest first */
	size_t n, room;
};
void store_erased_free(struct store_erased *erased);

/* What is known of a key. */
void store_erased_print(const uint8_t store_id[static VAULT_STORE_BYTES],
			const uint8_t key[static VAULT_KEY_BYTES],
			uint8_t ret_print[static STORE_PRINT_BYTES]);

/* Reads the list from its bytes; name is where they are from. 0, -EBADMSG with fault S015, -ENOMEM:
 * *ret_erased untouched. */
int store_erased_parse(const uint8_t store_id[static VAULT_STORE_BYTES], const char *name,
		       const struct buf *content, struct store_erased *ret_erased,
		       struct fault *fault);
/* Appends a line as it is written. */
void store_erased_line(const uint8_t store_id[static VAULT_STORE_BYTES],
		       const struct store_forgotten *line, struct buf *ret_text);

/* Adds lines to DIR/erased, on the disk when it is 0; -errno: none of them is there. */
int store_erased_add(const char *dir, const uint8_t store_id[static VAULT_STORE_BYTES],
		     const struct store_forgotten lines[], size_t n);
/* All lines; none when there is no file. -EBADMSG with fault S015 when a line is damaged or another
 * store's; -EFBIG, -ENOMEM, -errno. */
int store_erased_read(const char *dir, const uint8_t store_id[static VAULT_STORE_BYTES],
		      struct store_erased *ret_erased, struct fault *fault);

#endif
