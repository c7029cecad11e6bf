#include "lib/vault.h"

#include "lib/fail.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define SEALED_VERSION 1
#define HEADER_BYTES 9
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define PLACE_BYTES (4 + VAULT_STORE_BYTES + 1 + 2 + 4)
#define PLACE_KEY_MAX 511 /* LMDB's */
#define NONCES_N 256
#define LOCKED_BYTES                                                                               \
	((size_t)512 * 1024) /* more than a daemon locks, an import's new keys included */

_Static_assert(VAULT_OVERHEAD_BYTES == HEADER_BYTES + NONCE_BYTES + TAG_BYTES, "sealed form");
_Static_assert(VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

/* Random bytes drawn in bulk, in pages that read as zeros in a forked child: left is 0 there, so
 * that parent and child never use the same nonce. */
struct nonces {
	uint32_t left;
	uint8_t bytes[NONCES_N][NONCE_BYTES];
};

struct vault {
	uint8_t key[VAULT_KEY_BYTES];
	uint8_t index_key[VAULT_KEY_BYTES];
	bool has_index_key;
	struct nonces *nonces;
	uint32_t drawn_n; /* nonces a draw: 1 where the kernel cannot wipe pages on fork */
};

/* A limit that is too low is found now, and not at the tenth key. */
static int check_locking(void)
{
	own(secret_free) void *probe = secret_new(LOCKED_BYTES);

	return probe == NULL ? fail(-errno) : 0;
}

int vault_start(void)
{
	struct rlimit none = {0, 0};

	if (sodium_init() < 0)
		return fail(-EIO);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fail(-errno);
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return fail(-errno);
	return check_locking();
}

/* sodium_malloc() locks too, but keeps silent when that fails. */
void *secret_new(size_t n)
{
	void *secret;

	if (sodium_init() < 0 || (secret = sodium_malloc(n)) == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	if (sodium_mlock(secret, n) != 0) {
		sodium_free(secret);
		errno = EPERM;
		return NULL;
	}
	sodium_memzero(secret, n);
	return secret;
}

void secret_free(void *pointer)
{
	void **owned = pointer;

	sodium_free(*owned);
	*owned = NULL;
}

void secret_random(void *bytes, size_t n)
{
	randombytes_buf(bytes, n);
}

static int nonces_new(struct vault *vault)
{
	void *pages = mmap(NULL, sizeof(struct nonces), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return fail(-ENOMEM);
	vault->nonces = pages;
	vault->drawn_n = madvise(pages, sizeof(struct nonces), MADV_WIPEONFORK) == 0 ? NONCES_N : 1;
	return 0;
}

int vault_new(const uint8_t key[static VAULT_KEY_BYTES], const uint8_t *index_key,
	      struct vault **ret_vault)
{
	own(vault_free) struct vault *vault = secret_new(sizeof(*vault));
	int r;

	if (vault == NULL)
		return fail(errno == EPERM ? -EPERM : -ENOMEM);
	memcpy(vault->key, key, VAULT_KEY_BYTES);
	vault->has_index_key = index_key != NULL;
	if (index_key != NULL)
		memcpy(vault->index_key, index_key, VAULT_KEY_BYTES);
	r = nonces_new(vault);
	if (r < 0)
		return r;
	*ret_vault = take(vault);
	return 0;
}

void vault_free(struct vault **vault)
{
	if (*vault == NULL)
		return;
	if ((*vault)->nonces != NULL)
		(void)munmap((*vault)->nonces, sizeof(struct nonces));
	secret_free(vault);
}

static void next_nonce(struct vault *vault, uint8_t ret_nonce[static NONCE_BYTES])
{
	struct nonces *nonces = vault->nonces;

	if (nonces->left == 0) {
		randombytes_buf(nonces->bytes, vault->drawn_n * sizeof(nonces->bytes[0]));
		nonces->left = vault->drawn_n;
	}
	nonces->left--;
	memcpy(ret_nonce, nonces->bytes[nonces->left], NONCE_BYTES);
}

static uint8_t *put_le(uint8_t *to, uint64_t number, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(number >> (8 * i));
	return to + n;
}

struct binding {
	uint8_t bytes[PLACE_BYTES + HEADER_BYTES + PLACE_KEY_MAX];
	size_t n;
};

/* The additional data, as drawn in the header; sealed holds the value's own first nine bytes. */
static void bind_to(const struct vault_place *place, const uint8_t header[static HEADER_BYTES],
		    struct binding *ret_binding)
{
	uint8_t *at = ret_binding->bytes;

	assert(place->key_n <= PLACE_KEY_MAX);
	memcpy(at, "mia1", 4);
	memcpy(at + 4, place->store, VAULT_STORE_BYTES);
	at = put_le(at + 4 + VAULT_STORE_BYTES, place->table, 1);
	at = put_le(at, place->schema, 2);
	at = put_le(at, place->version, 4);
	memcpy(at, header, HEADER_BYTES);
	at += HEADER_BYTES;
	if (place->key_n > 0)
		memcpy(at, place->key, place->key_n);
	ret_binding->n = (size_t)(at - ret_binding->bytes) + place->key_n;
}

void vault_seal(struct vault *vault, const struct vault_key *with, const struct vault_place *place,
		const void *plain, size_t n, struct buf *ret_sealed)
{
	struct binding binding;
	uint8_t *sealed;

	assert(with == NULL || with->id != 0);
	sealed = buf_extend(ret_sealed, n + VAULT_OVERHEAD_BYTES);
	if (sealed == NULL)
		return;
	sealed[0] = SEALED_VERSION;
	(void)put_le(sealed + 1, with == NULL ? 0 : with->id, 8);
	next_nonce(vault, sealed + HEADER_BYTES);
	bind_to(place, sealed, &binding);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + HEADER_BYTES + NONCE_BYTES, NULL,
							 plain, n, binding.bytes, binding.n, NULL,
							 sealed + HEADER_BYTES,
							 with == NULL ? vault->key : with->key);
}

int vault_key_id(const void *sealed, size_t n, uint64_t *ret_key_id)
{
	const uint8_t *bytes = sealed;
	uint64_t key_id = 0;

	if (n < VAULT_OVERHEAD_BYTES || bytes[0] != SEALED_VERSION)
		return fail(-EBADMSG);
	for (size_t i = 0; i < 8; i++)
		key_id |= (uint64_t)bytes[1 + i] << (8 * i);
	*ret_key_id = key_id;
	return 0;
}

int vault_open(struct vault *vault, const uint8_t *key, const struct vault_place *place,
	       const void *sealed, size_t n, struct buf *ret_plain)
{
	const uint8_t *bytes = sealed;
	struct binding binding;
	size_t plain_n;
	uint8_t *plain;

	if (n < VAULT_OVERHEAD_BYTES || bytes[0] != SEALED_VERSION)
		return fail(-EBADMSG);
	plain_n = n - VAULT_OVERHEAD_BYTES;
	plain = buf_extend(ret_plain, plain_n);
	if (plain == NULL)
		return ret_plain->error;
	bind_to(place, bytes, &binding);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
						       bytes + HEADER_BYTES + NONCE_BYTES,
						       plain_n + TAG_BYTES, binding.bytes,
						       binding.n, bytes + HEADER_BYTES,
						       key == NULL ? vault->key : key) == 0)
		return 0;
	ret_plain->n -= plain_n;
	return fail(-EBADMSG);
}

/* BLAKE2b-128, keyed, over LP(domain) LP(bytes). */
void vault_lookup(const struct vault *vault, const char *domain, const void *bytes, size_t n,
		  uint8_t ret_hash[static VAULT_LOOKUP_BYTES])
{
	crypto_generichash_state state;
	uint8_t length[4];
	size_t domain_n = strlen(domain);

	assert(vault->has_index_key && n <= UINT32_MAX);
	(void)crypto_generichash_init(&state, vault->index_key, VAULT_KEY_BYTES,
				      VAULT_LOOKUP_BYTES);
	(void)put_le(length, domain_n, sizeof(length));
	(void)crypto_generichash_update(&state, length, sizeof(length));
	(void)crypto_generichash_update(&state, (const uint8_t *)domain, domain_n);
	(void)put_le(length, n, sizeof(length));
	(void)crypto_generichash_update(&state, length, sizeof(length));
	(void)crypto_generichash_update(&state, bytes, n);
	(void)crypto_generichash_final(&state, ret_hash, VAULT_LOOKUP_BYTES);
	sodium_memzero(&state, sizeof(state));
}
