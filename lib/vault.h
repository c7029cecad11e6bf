/*
 * Secrets in memory and values sealed for the disk (4.5). A sealed value is, byte by byte:
 *   version u8 = 1 | key id u64le | nonce 24 | XChaCha20-Poly1305 ciphertext | tag 16
 * The additional data binds it to its place: see struct vault_place.
 */
#ifndef MIA_LIB_VAULT_H
#define MIA_LIB_VAULT_H

#include "lib/buf.h"

#include <stdbool.h>

#define VAULT_KEY_BYTES 32
#define VAULT_LOOKUP_BYTES 16
#define VAULT_OVERHEAD_BYTES 49
#define VAULT_STORE_BYTES 16

/* libsodium, dumps off, LimitCORE 0, and whether memory can be locked: once, before any secret. 0;
 * -EPERM the limit of locked memory is too low; -errno. Idempotent. */
int vault_start(void);

/* n bytes of guarded, locked, zeroed memory; NULL when memory could not be had (errno ENOMEM) or
 * could not be locked (errno EPERM: RLIMIT_MEMLOCK is too small; the mlock result is checked). */
void *secret_new(size_t n);
/* Wipes and frees; takes the address of the pointer: own(secret_free). */
void secret_free(void *pointer);
void secret_random(void *bytes, size_t n);

/* Where a value lies: AAD = "mia1" | store id 16 | table u8 | schema u16le | record version u32le |
 * the sealed value's own version and key id | key (at most 511 bytes, LMDB's bound). */
struct vault_place {
	const uint8_t *store; /* VAULT_STORE_BYTES */
	uint8_t table;
	uint16_t schema;
	uint32_t version;
	const void *key;
	size_t key_n;
};

/* Whose key seals, where it is not the vault's own: a person's, and its number. */
struct vault_key {
	const uint8_t *key; /* VAULT_KEY_BYTES */
	uint64_t id; /* never 0 */
};

struct vault;

/* Copies both keys into locked memory. index_key may be NULL (a hub looks nobody up). 0 or
 * -ENOMEM/-EPERM. */
int vault_new(const uint8_t key[static VAULT_KEY_BYTES], const uint8_t *index_key,
	      struct vault **ret_vault);
void vault_free(struct vault **vault);

/*
 * Appends the sealed form of n plain bytes; with is NULL for the vault's own key, whose number is
 * 0. Nonces are random, drawn in bulk. The buffer carries the error.
 */
void vault_seal(struct vault *vault, const struct vault_key *with, const struct vault_place *place,
		const void *plain, size_t n, struct buf *ret_sealed)
	__attribute__((nonnull(1, 3, 6)));

/* Key id of a sealed value, for finding the key: 0 or -EBADMSG when it is too short or of another
 * version. */
int vault_key_id(const void *sealed, size_t n, uint64_t *ret_key_id);

/* Appends the plain bytes: 0, -EBADMSG when the value is not what was sealed for this place
 * (altered, moved, other store or key). */
int vault_open(struct vault *vault, const uint8_t *key, const struct vault_place *place,
	       const void *sealed, size_t n, struct buf *ret_plain);

/* Keyed look-up hash: BLAKE2b-128 under the index key over LP(domain) LP(bytes); domain keeps kinds
 * of identity apart. The vault must have an index key. */
void vault_lookup(const struct vault *vault, const char *domain, const void *bytes, size_t n,
		  uint8_t ret_hash[static VAULT_LOOKUP_BYTES]);

#endif
