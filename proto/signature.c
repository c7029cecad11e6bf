#include "proto/signature.h"

#include "lib/buf.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".sig"
#define FILE_BYTES_MAX 1024
#define HEAD "mia-signature 1\nkey "
#define MIDDLE "\nsignature "
#define KEY_N (SIGN_FINGERPRINT_BYTES - 1)
#define HEX_N ((size_t)2 * SIGN_BYTES)

/* A signature file taken apart. */
struct parts {
	char key[SIGN_FINGERPRINT_BYTES];
	uint8_t signature[SIGN_BYTES];
};

static const char *name_file(struct buf *name, const char *path)
{
	buf_add_text(name, path);
	buf_add_text(name, SUFFIX);
	return buf_text(name);
}

int signature_write(const char *path, const char *domain,
		    const uint8_t hash[static SIGN_HASH_BYTES], const struct sign_key *key)
{
	own(buf_free) struct buf name = {0}, text = {0};
	const char *file = name_file(&name, path);
	uint8_t signature[SIGN_BYTES];
	char fingerprint[SIGN_FINGERPRINT_BYTES], hex[HEX_N + 1];

	sign_make(key, domain, hash, SIGN_HASH_BYTES, signature);
	sign_fingerprint(sign_key_public(key), fingerprint);
	text_hex(signature, sizeof(signature), hex);
	buf_printf(&text, HEAD "%s" MIDDLE "%s\n", fingerprint, hex);
	if (file == NULL)
		return name.error;
	if (text.error != 0)
		return text.error;
	return file_write(file, text.data, text.n, 0644);
}

/* Takes the whole text apart; the last line end may be missing. */
static bool parse(const char *text, struct parts *ret_parts)
{
	const size_t at_middle = strlen(HEAD) + KEY_N, at_hex = at_middle + strlen(MIDDLE);
	const size_t n = strlen(text);
	char hex[HEX_N + 1];

	if (n != at_hex + HEX_N && !(n == at_hex + HEX_N + 1 && text[n - 1] == '\n'))
		return false;
	if (memcmp(text, HEAD, strlen(HEAD)) != 0 ||
	    memcmp(text + at_middle, MIDDLE, strlen(MIDDLE)) != 0)
		return false;
	memcpy(ret_parts->key, text + strlen(HEAD), KEY_N);
	ret_parts->key[KEY_N] = '\0';
	memcpy(hex, text + at_hex, HEX_N);
	hex[HEX_N] = '\0';
	return strspn(ret_parts->key, "0123456789 ") == KEY_N &&
	       text_unhex(hex, ret_parts->signature, SIGN_BYTES) == 0;
}

static int complain(struct fault *fault, const char *code, const char *file, const char *reason)
{
	return fault_set(fault, code, file, error_find(code)->remedy_en, "%s", reason);
}

static int check(const struct parts *parts, const char *domain,
		 const uint8_t hash[static SIGN_HASH_BYTES],
		 const uint8_t key[static SIGN_PUBLIC_BYTES], struct fault *fault, const char *file)
{
	char ours[SIGN_FINGERPRINT_BYTES], reason[160];

	if (!sign_fingerprint_matches(key, parts->key)) {
		sign_fingerprint(key, ours);
		(void)snprintf(reason, sizeof(reason), "signed by key %s, but ours is %s",
			       parts->key, ours);
		return complain(fault, "R022", file, reason);
	}
	if (!sign_check(key, domain, hash, SIGN_HASH_BYTES, parts->signature))
		return complain(fault, "R023", file, "the signature is not of this content");
	return 0;
}

int signature_verify(const char *path, const char *domain,
		     const uint8_t hash[static SIGN_HASH_BYTES],
		     const uint8_t key[static SIGN_PUBLIC_BYTES], struct fault *fault)
{
	own(buf_free) struct buf name = {0}, content = {0};
	const char *file = name_file(&name, path), *text;
	struct parts parts;
	int error;

	if (file == NULL)
		return name.error;
	error = file_read(file, FILE_BYTES_MAX, &content);
	if (error == -ENOMEM)
		return error;
	if (error == -EFBIG)
		return complain(fault, "R021", file, "not a signature of three lines");
	if (error != 0)
		return complain(fault, "R020", file, fail_text(error));
	text = buf_text(&content);
	if (text == NULL)
		return content.error;
	if (strlen(text) != content.n || !parse(text, &parts))
		return complain(fault, "R021", file, "not a signature of three lines");
	return check(&parts, domain, hash, key, fault, file);
}
