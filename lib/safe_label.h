/*
 * What a safe says of itself, in rows of its table 0: "id" in the clear, so that a foreign or
 * future store is refused without a key and without a write; "seal", by which a wrong key is told
 * apart from damage; "counts", sealed as every value is. Used by lib/safe alone; bytes in, bytes
 * out.
 * - id: [ "mia-safe", kind, schema, store 16, owner, programme id 32, rehearsal ]
 * - seal: sealed(the bytes of id) | BLAKE2b-128 of the sealed bytes
 */
#ifndef MIA_LIB_SAFE_LABEL_H
#define MIA_LIB_SAFE_LABEL_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "lib/vault.h"

#include <stdbool.h>

#define SAFE_KIND_BYTES 32 /* with NUL */

struct safe_identity {
	uint8_t store[VAULT_STORE_BYTES]; /* random, made at creation */
	char owner[48]; /* site id, or "hub" */
	uint8_t programme_id[32]; /* H of the programme's case number and programme key: a store of
				     another programme is refused */
	bool is_rehearsal;
};

struct safe_label {
	char kind[SAFE_KIND_BYTES];
	uint16_t schema;
	struct safe_identity identity;
};

/* Writes the row "id"; ret_clear carries the error. */
void safe_label_pack(const struct safe_label *label, struct buf *ret_clear);

/* Reads the row "id" of the store path: 0, or -EBADMSG with fault S001 when it is no such row or of
 * another kind, S002 when schema is from the future, whatever follows it there. */
int safe_label_read(const struct buf *clear, const char *kind, uint16_t schema, const char *path,
		    struct safe_label *ret_label, struct fault *fault);

/* Writes the row "seal"; ret_seal, which must be empty, carries the error. */
void safe_label_seal(struct vault *vault, const struct buf *clear, struct buf *ret_seal);

/* 0, -ENOMEM, or -EBADMSG with fault S003 when the vault's key is not the store's, S004 when either
 * row is damaged. */
int safe_label_check(struct vault *vault, const struct buf *clear, const struct buf *seal,
		     const char *path, struct fault *fault);

/* The row "counts": [entries of table 0, of table 1, ...]; ret_packed carries the error. */
void safe_counts_pack(const uint64_t counts[], size_t tables_n, struct buf *ret_packed);

/* Compares it with what is there: 0, or -EBADMSG with fault S005 where they disagree, S004 when it
 * is malformed, S002 when it knows more tables. Tables it does not know must be empty. */
int safe_counts_check(const struct buf *packed, const uint64_t there[], size_t tables_n,
		      const char *path, struct fault *fault);

/* Fault S004, with what is damaged: -EBADMSG. */
int safe_label_damaged(struct fault *fault, const char *path, const char *what);

#endif
