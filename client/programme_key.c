#include "client/programme_key.h"

#include "client/passphrase.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "proto/errors.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES 4096

/* The file, byte by byte; the head is sealed with it. */
#define HEAD "mia-key 1\n"
#define HEAD_BYTES (sizeof(HEAD) - 1)
struct sealed {
	uint8_t head[HEAD_BYTES];
	uint8_t salt[crypto_pwhash_SALTBYTES];
	uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	uint8_t seed[SIGN_SEED_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES];
};
_Static_assert(sizeof(struct sealed) == HEAD_BYTES + 16 + 24 + 48, "bytes only, no gaps");

static int derive(const struct sealed *sealed, const char *passphrase, uint8_t *ret_key)
{
	if (crypto_pwhash(ret_key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase,
			  strlen(passphrase), sealed->salt, crypto_pwhash_OPSLIMIT_MODERATE,
			  crypto_pwhash_MEMLIMIT_MODERATE, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return fail(-ENOMEM);
	return 0;
}

static int seal(const uint8_t *seed, const char *passphrase, struct sealed *ret_sealed)
{
	own(secret_free) uint8_t *key = secret_new(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
	int status;

	if (key == NULL)
		return fail(-ENOMEM);
	memcpy(ret_sealed->head, HEAD, HEAD_BYTES);
	randombytes_buf(ret_sealed->salt, sizeof(ret_sealed->salt));
	randombytes_buf(ret_sealed->nonce, sizeof(ret_sealed->nonce));
	status = derive(ret_sealed, passphrase, key);
	if (status == 0)
		(void)crypto_aead_xchacha20poly1305_ietf_encrypt(ret_sealed->seed, NULL, seed,
								 SIGN_SEED_BYTES, ret_sealed->head,
								 HEAD_BYTES, NULL,
								 ret_sealed->nonce, key);
	return status;
}

static int unseal(const struct sealed *sealed, const char *passphrase, uint8_t *ret_seed)
{
	own(secret_free) uint8_t *key = secret_new(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
	int status = key == NULL ? fail(-ENOMEM) : derive(sealed, passphrase, key);

	if (status == 0 &&
	    crypto_aead_xchacha20poly1305_ietf_decrypt(ret_seed, NULL, NULL, sealed->seed,
						       sizeof(sealed->seed), sealed->head,
						       HEAD_BYTES, sealed->nonce, key) != 0)
		status = -EACCES;
	return status;
}

static int create(const char *path, const void *bytes, size_t n, struct fault *fault)
{
	int status = file_create(path, bytes, n, 0600);

	if (status == -EEXIST)
		return fault_set(fault, "R014", path, N_("Leave --make-key out to sign with it."),
				 N_("this key is there already; nothing was touched"));
	return status;
}

static int create_sealed(const char *path, const struct options *options, const uint8_t *seed,
			 struct fault *fault)
{
	own(secret_free) char *passphrase = secret_new(PASSPHRASE_BYTES);
	struct sealed sealed;
	int status = passphrase == NULL ? fail(-ENOMEM)
					: passphrase_read(options, path, true, passphrase, fault);

	if (status == 0)
		status = seal(seed, passphrase, &sealed);
	return status == 0 ? create(path, &sealed, sizeof(sealed), fault) : status;
}

/* As in a daemon: nothing of what follows is swapped out or dumped. */
static int start(struct fault *fault)
{
	int status = vault_start();

	if (status != -EPERM)
		return status;
	return fault_set(fault, "R038", "RLIMIT_MEMLOCK", error_find("R038")->remedy_en,
			 N_("the limit of locked memory is too low for the keys"));
}

int programme_key_make(const char *path, const struct options *options, struct sign_key **ret_key,
		       struct fault *fault)
{
	char public_path[PATH_BYTES], hex[66];
	own(secret_free) uint8_t *seed = NULL;
	own(sign_key_free) struct sign_key *key = NULL;
	int status = start(fault);

	if (status == 0 && file_check_key_folder(path, fault) != 0)
		status = fail(-EBADMSG);
	if (status != 0)
		return status;
	seed = secret_new(SIGN_SEED_BYTES);
	if (seed == NULL)
		return fail(-ENOMEM);
	if (snprintf(public_path, sizeof(public_path), "%s.pub", path) >= (int)sizeof(public_path))
		return fail(-ENAMETOOLONG);
	secret_random(seed, SIGN_SEED_BYTES);
	status = sign_key_new(seed, &key);
	if (status == 0 && options_value(options, "plain-key") != NULL)
		status = create(path, seed, SIGN_SEED_BYTES, fault);
	else if (status == 0)
		status = create_sealed(path, options, seed, fault);
	if (status != 0)
		return status;
	text_hex(sign_key_public(key), SIGN_PUBLIC_BYTES, hex);
	hex[64] = '\n';
	status = file_write(public_path, hex, 65, 0644);
	if (status == 0)
		*ret_key = take(key);
	return status;
}

static int open_sealed(const char *path, const struct options *options, uint8_t *ret_seed,
		       struct fault *fault)
{
	own(secret_free) char *passphrase = secret_new(PASSPHRASE_BYTES);
	struct sealed sealed;
	int status = passphrase == NULL
			     ? fail(-ENOMEM)
			     : file_read_key(path, sizeof(sealed), (uint8_t *)&sealed, fault);

	if (status == 0 && memcmp(sealed.head, HEAD, HEAD_BYTES) != 0)
		return fault_set(fault, "R034", path, N_("Name the file that --make-key made."),
				 N_("this is no programme key"));
	if (status == 0)
		status = passphrase_read(options, path, false, passphrase, fault);
	if (status == 0)
		status = unseal(&sealed, passphrase, ret_seed);
	if (status == -EACCES)
		return fault_set(fault, "R035", path, N_("Try again: capitals, keyboard, spaces."),
				 N_("the passphrase does not open the key"));
	return status;
}

static int open_any(const char *path, const struct options *options, uint8_t *ret_seed,
		    struct fault *fault)
{
	struct stat info;

	if (stat(path, &info) == 0 && info.st_size == sizeof(struct sealed))
		return open_sealed(path, options, ret_seed, fault);
	return file_read_key(path, SIGN_SEED_BYTES, ret_seed, fault);
}

int programme_key_open(const char *path, const struct options *options, struct sign_key **ret_key,
		       struct fault *fault)
{
	own(secret_free) uint8_t *seed = NULL;
	int status = start(fault);

	if (status != 0)
		return status;
	seed = secret_new(SIGN_SEED_BYTES);
	status = seed == NULL ? fail(-ENOMEM) : open_any(path, options, seed, fault);
	if (status == 0)
		status = sign_key_new(seed, ret_key);
	else if (status != -ENOMEM && fault->code[0] != '\0')
		status = -EBADMSG;
	return status;
}
