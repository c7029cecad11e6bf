#include "lib/sign.h"

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/vault.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* LP(domain) message up to this size is put together on the stack, above it in memory. */
#define STACK_BYTES 8192

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(((struct sign_hash *)NULL)->state),
	       "struct sign_hash holds libsodium's state");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct sign_hash),
	       "struct sign_hash is aligned as libsodium's state");

static void put_le(uint8_t *to, uint64_t number, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(number >> (8 * i));
}

static crypto_generichash_state *state_of(struct sign_hash *hash)
{
	return (crypto_generichash_state *)(void *)hash->state;
}

void sign_hash_start(struct sign_hash *hash, const char *domain)
{
	(void)crypto_generichash_init(state_of(hash), NULL, 0, SIGN_HASH_BYTES);
	sign_hash_part(hash, domain, strlen(domain));
}

void sign_hash_part(struct sign_hash *hash, const void *bytes, size_t n)
{
	uint8_t length[4];

	assert(n <= UINT32_MAX);
	put_le(length, n, sizeof(length));
	(void)crypto_generichash_update(state_of(hash), length, sizeof(length));
	(void)crypto_generichash_update(state_of(hash), bytes, n);
}

void sign_hash_part_u64(struct sign_hash *hash, uint64_t number)
{
	uint8_t bytes[8];

	put_le(bytes, number, sizeof(bytes));
	sign_hash_part(hash, bytes, sizeof(bytes));
}

/* The state is wiped, because a commitment's parts are secret (3.4). */
void sign_hash_end(struct sign_hash *hash, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	(void)crypto_generichash_final(state_of(hash), ret_hash, SIGN_HASH_BYTES);
	sodium_memzero(hash, sizeof(*hash));
}

void sign_chain_start(const char *site, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/chain");
	sign_hash_part(&hash, site, strlen(site));
	sign_hash_end(&hash, ret_hash);
}

void sign_chain_next(const uint8_t prev[static SIGN_HASH_BYTES], uint64_t n, const void *payload,
		     size_t payload_n, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/chain");
	sign_hash_part(&hash, prev, SIGN_HASH_BYTES);
	sign_hash_part_u64(&hash, n);
	sign_hash_part(&hash, payload, payload_n);
	sign_hash_end(&hash, ret_hash);
}

struct sign_key {
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
};

int sign_key_new(const uint8_t seed[static SIGN_SEED_BYTES], struct sign_key **ret_key)
{
	struct sign_key *key = secret_new(sizeof(*key));

	if (key == NULL)
		return fail(errno == EPERM ? -EPERM : -ENOMEM);
	(void)crypto_sign_seed_keypair(key->public, key->secret, seed);
	*ret_key = key;
	return 0;
}

void sign_key_free(struct sign_key **key)
{
	secret_free(key);
}

const uint8_t *sign_key_public(const struct sign_key *key)
{
	return key->public;
}

/* LP(domain) message in one piece, as Ed25519 reads it twice: in stack, or in *ret_heap which the
 * caller frees. NULL when memory is out. */
static const uint8_t *signed_bytes(const char *domain, const void *message, size_t n,
				   uint8_t stack[static STACK_BYTES], uint8_t **ret_heap,
				   size_t *ret_n)
{
	size_t domain_n = strlen(domain);
	uint8_t *bytes = stack;

	assert(n <= UINT32_MAX && domain_n <= UINT32_MAX);
	*ret_n = 4 + domain_n + n;
	if (*ret_n > STACK_BYTES)
		bytes = *ret_heap = malloc(*ret_n);
	if (bytes == NULL)
		return NULL;
	put_le(bytes, domain_n, 4);
	memcpy(bytes + 4, domain, domain_n);
	if (n > 0)
		memcpy(bytes + 4 + domain_n, message, n);
	return bytes;
}

void sign_make(const struct sign_key *key, const char *domain, const void *message, size_t n,
	       uint8_t ret_signature[static SIGN_BYTES])
{
	own(mem_free) uint8_t *heap = NULL;
	uint8_t stack[STACK_BYTES];
	size_t bytes_n;
	const uint8_t *bytes = signed_bytes(domain, message, n, stack, &heap, &bytes_n);

	if (bytes == NULL)
		memset(ret_signature, 0, SIGN_BYTES);
	else
		(void)crypto_sign_detached(ret_signature, NULL, bytes, bytes_n, key->secret);
}

/* libsodium refuses small orders, points not canonical and S not reduced. */
bool sign_check(const uint8_t pk[static SIGN_PUBLIC_BYTES], const char *domain, const void *message,
		size_t n, const uint8_t signature[static SIGN_BYTES])
{
	own(mem_free) uint8_t *heap = NULL;
	uint8_t stack[STACK_BYTES];
	size_t bytes_n;
	const uint8_t *bytes = signed_bytes(domain, message, n, stack, &heap, &bytes_n);

	return bytes != NULL && crypto_sign_verify_detached(signature, bytes, bytes_n, pk) == 0;
}

/* 10^30 < 2^100, so that a remainder and one more byte fit in 128 bits. */
static void fingerprint_digits(const uint8_t pk[static SIGN_PUBLIC_BYTES],
			       char ret_digits[static SIGN_FINGERPRINT_DIGITS])
{
	__extension__ unsigned __int128 modulus = 1, rest = 0;
	uint8_t bytes[SIGN_HASH_BYTES];
	struct sign_hash hash;

	sign_hash_start(&hash, "cagg/1/id");
	sign_hash_part(&hash, pk, SIGN_PUBLIC_BYTES);
	sign_hash_end(&hash, bytes);
	for (size_t i = 0; i < SIGN_FINGERPRINT_DIGITS; i++)
		modulus *= 10;
	for (size_t i = 0; i < sizeof(bytes); i++)
		rest = (rest << 8 | bytes[i]) % modulus;
	for (size_t i = SIGN_FINGERPRINT_DIGITS; i > 0; i--, rest /= 10)
		ret_digits[i - 1] = (char)('0' + (int)(rest % 10));
}

void sign_fingerprint(const uint8_t pk[static SIGN_PUBLIC_BYTES],
		      char ret_text[static SIGN_FINGERPRINT_BYTES])
{
	char digits[SIGN_FINGERPRINT_DIGITS];
	size_t at = 0;

	fingerprint_digits(pk, digits);
	for (size_t i = 0; i < SIGN_FINGERPRINT_DIGITS; i++) {
		if (i > 0 && i % 5 == 0)
			ret_text[at++] = ' ';
		ret_text[at++] = digits[i];
	}
	ret_text[at] = '\0';
}

/* All of it is compared whatever is wrong: the time tells nobody which group it was. */
bool sign_fingerprint_matches(const uint8_t pk[static SIGN_PUBLIC_BYTES], const char *typed)
{
	char digits[SIGN_FINGERPRINT_DIGITS], given[SIGN_FINGERPRINT_DIGITS] = {0};
	size_t n = 0;

	fingerprint_digits(pk, digits);
	for (; *typed != '\0'; typed++) {
		if (*typed == ' ')
			continue;
		if (n < SIGN_FINGERPRINT_DIGITS)
			given[n] = *typed;
		n++;
	}
	return sodium_memcmp(digits, given, sizeof(digits)) == 0 && n == SIGN_FINGERPRINT_DIGITS;
}
