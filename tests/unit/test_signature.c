#include "proto/signature.h"

#include "lib/buf.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static char folder[] = "/tmp/mia-test-signature-XXXXXX";
static char path[128], sig[160];
static struct sign_key *key, *other_key;
static const uint8_t hash[SIGN_HASH_BYTES] = {1, 2, 3};

static int make_folder(void **state)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = {7}, other_seed[SIGN_SEED_BYTES] = {8};

	(void)state;
	if (mkdtemp(folder) == NULL || sign_key_new(seed, &key) != 0 ||
	    sign_key_new(other_seed, &other_key) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/it", folder);
	(void)snprintf(sig, sizeof(sig), "%s.sig", path);
	return signature_write(path, SIGNATURE_PROGRAMME, hash, key);
}

static int remove_folder(void **state)
{
	(void)state;
	sign_key_free(&key);
	sign_key_free(&other_key);
	(void)unlink(sig);
	return rmdir(folder);
}

static int verify(const char *domain, const uint8_t of[static SIGN_HASH_BYTES],
		  const struct sign_key *by, struct fault *fault)
{
	return signature_verify(path, domain, of, sign_key_public(by), fault);
}

static void what_was_signed_verifies(void **state)
{
	struct fault fault = {0};

	(void)state;
	assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, key, &fault), 0);
}

static void the_file_is_three_lines_a_person_can_read(void **state)
{
	own(buf_free) struct buf content = {0}, expected = {0};
	char fingerprint[SIGN_FINGERPRINT_BYTES], hex[2 * SIGN_BYTES + 1];
	uint8_t signature[SIGN_BYTES];

	(void)state;
	sign_make(key, SIGNATURE_PROGRAMME, hash, sizeof(hash), signature);
	sign_fingerprint(sign_key_public(key), fingerprint);
	text_hex(signature, sizeof(signature), hex);
	buf_printf(&expected, "mia-signature 1\nkey %s\nsignature %s\n", fingerprint, hex);
	assert_int_equal(file_read(sig, 1024, &content), 0);
	assert_string_equal(buf_text(&content), buf_text(&expected));
}

static void another_key_is_refused_with_both_fingerprints(void **state)
{
	char ours[SIGN_FINGERPRINT_BYTES], theirs[SIGN_FINGERPRINT_BYTES];
	struct fault fault = {0};

	(void)state;
	sign_fingerprint(sign_key_public(other_key), ours);
	sign_fingerprint(sign_key_public(key), theirs);
	assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, other_key, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R022");
	assert_non_null(strstr(fault.reason, ours));
	assert_non_null(strstr(fault.reason, theirs));
	assert_string_equal(fault.place, sig);
}

static void another_content_or_domain_is_refused(void **state)
{
	uint8_t other[SIGN_HASH_BYTES];
	struct fault fault = {0};

	(void)state;
	memcpy(other, hash, sizeof(other));
	other[31] ^= 1;
	assert_int_equal(verify(SIGNATURE_PROGRAMME, other, key, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R023");
	assert_int_equal(verify(SIGNATURE_ROSTER, hash, key, NULL), -EBADMSG);
}

/* Writes the signature file with one byte changed, or cut or lengthened, and gives the code. */
static void check_altered(const struct buf *content, const char *code)
{
	struct fault fault = {0};

	assert_int_equal(file_write(sig, content->data, content->n, 0644), 0);
	assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, key, &fault), -EBADMSG);
	assert_string_equal(fault.code, code);
}

static void no_byte_of_the_file_can_be_changed(void **state)
{
	own(buf_free) struct buf whole = {0};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(file_read(sig, 1024, &whole), 0);
	/* Digits of the fingerprint and of the signature, letters of the frame. */
	for (size_t i = 0; i + 1 < whole.n; i++) {
		const uint8_t byte = whole.data[i];

		whole.data[i] = byte == '0' ? '1' : '0';
		assert_int_equal(file_write(sig, whole.data, whole.n, 0644), 0);
		assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, key, &fault), -EBADMSG);
		whole.data[i] = byte;
	}
	whole.data[0] = 'M';
	check_altered(&whole, "R021");
	whole.data[0] = 'm';
	whole.data[3] = '\0';
	check_altered(&whole, "R021");
	whole.data[3] = '-';
	buf_add_text(&whole, "more");
	check_altered(&whole, "R021");
	whole.n -= 5; /* also without its last line end */
	assert_int_equal(file_write(sig, whole.data, whole.n, 0644), 0);
	assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, key, &fault), 0);
	whole.n--;
	check_altered(&whole, "R021");
}

static void a_missing_or_endless_signature_is_refused(void **state)
{
	own(buf_free) struct buf large = {0};
	struct fault fault = {0};
	uint8_t *bytes = buf_extend(&large, 9000);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'x', 9000);
	check_altered(&large, "R021");
	assert_int_equal(unlink(sig), 0);
	assert_int_equal(verify(SIGNATURE_PROGRAMME, hash, key, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R020");
}

static void several_may_sign_and_each_is_found(void **state)
{
	static const uint8_t other_hash[SIGN_HASH_BYTES] = {9};
	const uint8_t *ours = sign_key_public(key), *theirs = sign_key_public(other_key);
	struct signatures all = {0};
	struct fault fault = {0};

	(void)state;
	(void)unlink(sig);
	assert_int_equal(signature_add(path, SIGNATURE_ROSTER, hash, key, &fault), 0);
	assert_int_equal(signature_add(path, SIGNATURE_ROSTER, other_hash, other_key, &fault), 0);
	assert_int_equal(signature_read(path, &all, &fault), 0);
	assert_int_equal(all.n, 2);
	assert_int_equal(signature_by(&all, SIGNATURE_ROSTER, hash, ours), 0);
	assert_int_equal(signature_by(&all, SIGNATURE_PROGRAMME, hash, ours), -EBADMSG);
	assert_int_equal(signature_by(&all, SIGNATURE_ROSTER, hash, theirs), -EBADMSG);
	assert_int_equal(signature_by(&all, SIGNATURE_ROSTER, hash, hash), -ENOENT);
	assert_int_equal(signature_add(path, SIGNATURE_ROSTER, hash, other_key, &fault), 0);
	assert_int_equal(signature_read(path, &all, &fault), 0);
	assert_int_equal(all.n, 2); /* the older one by that key is gone */
	assert_int_equal(signature_by(&all, SIGNATURE_ROSTER, hash, theirs), 0);
	(void)unlink(sig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_signed_verifies),
		cmocka_unit_test(the_file_is_three_lines_a_person_can_read),
		cmocka_unit_test(another_key_is_refused_with_both_fingerprints),
		cmocka_unit_test(another_content_or_domain_is_refused),
		cmocka_unit_test(no_byte_of_the_file_can_be_changed),
		cmocka_unit_test(a_missing_or_endless_signature_is_refused),
		cmocka_unit_test(several_may_sign_and_each_is_found),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
