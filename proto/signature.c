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
#define FILE_BYTES_MAX 8192
#define HEAD "mia-signature 1\n"
#define BEFORE_KEY "key "
#define BEFORE_HEX "signature "
#define KEY_N (SIGN_FINGERPRINT_BYTES - 1)
#define HEX_N ((size_t)2 * SIGN_BYTES)
#define MALFORMED "not a signature of three lines, or five, or seven"

static const char *name_file(struct buf *name, const char *path)
{
	buf_add_text(name, path);
	buf_add_text(name, SUFFIX);
	return buf_text(name);
}

static int complain(struct fault *fault, const char *code, const char *file, const char *reason)
{
	return fault_set(fault, code, file, error_find(code)->remedy_en, "%s", reason);
}

/* ---- writing ---- */

static struct signature_pair make_pair(const char *domain,
				       const uint8_t hash[static SIGN_HASH_BYTES],
				       const struct sign_key *key)
{
	struct signature_pair pair = {0};

	sign_fingerprint(sign_key_public(key), pair.key);
	sign_make(key, domain, hash, SIGN_HASH_BYTES, pair.signature);
	return pair;
}

static int write_all(const char *path, const struct signatures *signatures)
{
	own(buf_free) struct buf name = {0}, text = {0};
	const char *file = name_file(&name, path);
	char hex[HEX_N + 1];

	buf_add_text(&text, HEAD);
	for (size_t i = 0; i < signatures->n; i++) {
		text_hex(signatures->pairs[i].signature, SIGN_BYTES, hex);
		buf_printf(&text, BEFORE_KEY "%s\n" BEFORE_HEX "%s\n", signatures->pairs[i].key,
			   hex);
	}
	if (file == NULL)
		return name.error;
	return text.error != 0 ? text.error : file_write(file, text.data, text.n, 0644);
}

int signature_write(const char *path, const char *domain,
		    const uint8_t hash[static SIGN_HASH_BYTES], const struct sign_key *key)
{
	const struct signatures one = {.n = 1, .pairs = {make_pair(domain, hash, key)}};

	return write_all(path, &one);
}

/* The place of the pair a key has, or of one to come. */
static size_t place_of(const struct signatures *signatures, const char *key)
{
	size_t i = 0;

	while (i < signatures->n && strcmp(signatures->pairs[i].key, key) != 0)
		i++;
	return i;
}

/* ---- reading ---- */

/* Steps over text that must stand next. */
static bool skip(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

/* One pair; the last line end of the file may be missing. */
static bool parse_pair(const char **text, struct signature_pair *ret_pair)
{
	char hex[HEX_N + 1];

	if (!skip(text, BEFORE_KEY) || strspn(*text, "0123456789 ") != KEY_N)
		return false;
	memcpy(ret_pair->key, *text, KEY_N);
	ret_pair->key[KEY_N] = '\0';
	*text += KEY_N;
	if (!skip(text, "\n" BEFORE_HEX) || strcspn(*text, "\n") != HEX_N)
		return false;
	memcpy(hex, *text, HEX_N);
	hex[HEX_N] = '\0';
	*text += HEX_N;
	if (**text != '\0')
		(*text)++;
	return text_unhex(hex, ret_pair->signature, SIGN_BYTES) == 0;
}

/* Takes the whole text apart: at least one pair, and no key twice. */
static bool parse(const char *text, struct signatures *ret_signatures)
{
	if (!skip(&text, HEAD))
		return false;
	do {
		struct signature_pair pair;

		if (ret_signatures->n == SIGNATURE_PAIRS_MAX || !parse_pair(&text, &pair) ||
		    place_of(ret_signatures, pair.key) != ret_signatures->n)
			return false;
		ret_signatures->pairs[ret_signatures->n++] = pair;
	} while (*text != '\0');
	return true;
}

int signature_read(const char *path, struct signatures *ret_signatures, struct fault *fault)
{
	own(buf_free) struct buf name = {0}, content = {0};
	const char *file = name_file(&name, path), *text;
	struct signatures signatures = {0};
	int error;

	if (file == NULL)
		return name.error;
	error = file_read(file, FILE_BYTES_MAX, &content);
	if (error == -ENOMEM)
		return error;
	if (error == -EFBIG)
		return complain(fault, "R021", file, MALFORMED);
	if (error != 0)
		return complain(fault, "R020", file, fail_text(error));
	text = buf_text(&content);
	if (text == NULL)
		return content.error;
	if (strlen(text) != content.n || !parse(text, &signatures))
		return complain(fault, "R021", file, MALFORMED);
	*ret_signatures = signatures;
	return 0;
}

int signature_by(const struct signatures *signatures, const char *domain,
		 const uint8_t hash[static SIGN_HASH_BYTES],
		 const uint8_t key[static SIGN_PUBLIC_BYTES])
{
	for (size_t i = 0; i < signatures->n; i++) {
		if (!sign_fingerprint_matches(key, signatures->pairs[i].key))
			continue;
		return sign_check(key, domain, hash, SIGN_HASH_BYTES,
				  signatures->pairs[i].signature)
			       ? 0
			       : -EBADMSG;
	}
	return -ENOENT;
}

int signature_verify(const char *path, const char *domain,
		     const uint8_t hash[static SIGN_HASH_BYTES],
		     const uint8_t key[static SIGN_PUBLIC_BYTES], struct fault *fault)
{
	own(buf_free) struct buf name = {0};
	const char *file = name_file(&name, path);
	char ours[SIGN_FINGERPRINT_BYTES], reason[160];
	struct signatures signatures = {0};
	int error = file == NULL ? name.error : signature_read(path, &signatures, fault);

	if (error != 0)
		return error;
	error = signature_by(&signatures, domain, hash, key);
	if (error == -EBADMSG)
		return complain(fault, "R023", file, "the signature is not of this content");
	if (error == 0)
		return 0;
	sign_fingerprint(key, ours);
	(void)snprintf(reason, sizeof(reason), "signed by key %s, but ours is %s",
		       signatures.pairs[0].key, ours);
	return complain(fault, "R022", file, reason);
}

/* ---- one more ---- */

/* Whether there is a signature file, of whatever content. */
static bool is_there(const char *path)
{
	own(buf_free) struct buf name = {0}, content = {0};
	const char *file = name_file(&name, path);

	return file == NULL || file_read(file, FILE_BYTES_MAX, &content) != -ENOENT;
}

static int add_pair(const char *path, const struct signature_pair *pair, struct fault *fault)
{
	struct signatures all = {0};
	int status = is_there(path) ? signature_read(path, &all, fault) : 0;
	size_t place = place_of(&all, pair->key);

	if (status != 0)
		return status;
	if (place == SIGNATURE_PAIRS_MAX)
		return complain(fault, "R021", path, "it bears as many signatures as it can hold");
	all.pairs[place] = *pair;
	all.n += place == all.n;
	return write_all(path, &all);
}

int signature_add(const char *path, const char *domain, const uint8_t hash[static SIGN_HASH_BYTES],
		  const struct sign_key *key, struct fault *fault)
{
	const struct signature_pair pair = make_pair(domain, hash, key);

	return add_pair(path, &pair, fault);
}

int signature_keep(const char *path, const char *text, struct fault *fault)
{
	struct signature_pair pair;

	if (!parse_pair(&text, &pair) || *text != '\0')
		return complain(fault, "R021", path, MALFORMED);
	return add_pair(path, &pair, fault);
}
