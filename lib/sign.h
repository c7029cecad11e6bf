/*
 * Hashes, signatures and fingerprints, as written in 3.4 and 3.5:
 *   LP(x)        = u32le length, bytes
 *   H(d, x...)   = BLAKE2b-256 over LP(d) LP(x)...
 *   signature    = Ed25519 over LP(domain) message
 *   fingerprint  = H("cagg/1/id", pk) as a big-endian number modulo 10^30, its 30 decimal digits
 *                  with leading zeros in six groups of five
 */
#ifndef MIA_LIB_SIGN_H
#define MIA_LIB_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_HASH_BYTES 32
#define SIGN_PUBLIC_BYTES 32
#define SIGN_SEED_BYTES 32
#define SIGN_BYTES 64
#define SIGN_FINGERPRINT_BYTES 36 /* "41907 12345 ..." six groups, five spaces, NUL */
#define SIGN_FINGERPRINT_DIGITS 30

/* H as a stream; part() adds one LP part. */
struct sign_hash {
	_Alignas(64) unsigned char state[384]; /* crypto_generichash_state */
};
void sign_hash_start(struct sign_hash *hash, const char *domain);
void sign_hash_part(struct sign_hash *hash, const void *bytes, size_t n);
void sign_hash_part_u64(struct sign_hash *hash, uint64_t number); /* LP of u64le */
void sign_hash_end(struct sign_hash *hash, uint8_t ret_hash[static SIGN_HASH_BYTES]);

/* h0 = H("mia/1/chain", site); hn = H("mia/1/chain", h(n-1), u64le n, payload). (4.1) */
void sign_chain_start(const char *site, uint8_t ret_hash[static SIGN_HASH_BYTES]);
void sign_chain_next(const uint8_t prev[static SIGN_HASH_BYTES], uint64_t n, const void *payload,
		     size_t payload_n, uint8_t ret_hash[static SIGN_HASH_BYTES]);

struct sign_key; /* seed and expanded key in locked memory */
/* From a 32-byte seed (copied). 0, -ENOMEM, -EPERM. */
int sign_key_new(const uint8_t seed[static SIGN_SEED_BYTES], struct sign_key **ret_key);
void sign_key_free(struct sign_key **key);
const uint8_t *sign_key_public(const struct sign_key *key); /* SIGN_PUBLIC_BYTES */

/* Signs LP(domain) message. A message over 8000 bytes is copied; when memory for that is out, the
 * signature is all zeros, which no check accepts. */
void sign_make(const struct sign_key *key, const char *domain, const void *message, size_t n,
	       uint8_t ret_signature[static SIGN_BYTES]);
/* Whether signature is pk's over LP(domain) message; false for small-order keys and malleable forms
 * as well. */
bool sign_check(const uint8_t pk[static SIGN_PUBLIC_BYTES], const char *domain, const void *message,
		size_t n, const uint8_t signature[static SIGN_BYTES]);

void sign_fingerprint(const uint8_t pk[static SIGN_PUBLIC_BYTES],
		      char ret_text[static SIGN_FINGERPRINT_BYTES]);
/* Whether typed (with or without spaces) is the fingerprint of pk. */
bool sign_fingerprint_matches(const uint8_t pk[static SIGN_PUBLIC_BYTES], const char *typed);

#endif
