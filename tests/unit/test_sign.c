#include "lib/sign.h"

#include "lib/own.h"
#include "lib/vault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void hex_of(const uint8_t *bytes, size_t n, char *ret_hex)
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(ret_hex + 2 * i, 3, "%02x", bytes[i]);
}

static void part_u32(struct sign_hash *hash, uint32_t number)
{
	uint8_t bytes[4] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16),
			    (uint8_t)(number >> 24)};

	sign_hash_part(hash, bytes, sizeof(bytes));
}

/* The vector of 3-privacy, 3.4. */
static void the_context_of_the_design_vector_comes_out(void **state)
{
	uint8_t programme[32], roster[32], context[SIGN_HASH_BYTES];
	struct sign_hash hash;
	char hex[2 * SIGN_HASH_BYTES + 1];

	(void)state;
	memset(programme, 0xaa, sizeof(programme));
	memset(roster, 0xbb, sizeof(roster));
	sign_hash_start(&hash, "cagg/1/ctx");
	sign_hash_part(&hash, programme, sizeof(programme));
	sign_hash_part(&hash, "age_x_origin", 12);
	sign_hash_part(&hash, "2026-03", 7);
	part_u32(&hash, 1);
	part_u32(&hash, 1);
	sign_hash_part(&hash, roster, sizeof(roster));
	part_u32(&hash, 4);
	sign_hash_end(&hash, context);
	hex_of(context, sizeof(context), hex);
	assert_string_equal(hex,
			    "4b09c2db3e6cf28693eda836c1207d5ae212b44539b04b87a8acc9365730d758");
}

/* Expected values computed with another implementation of BLAKE2b and of the length prefixes. */
static void the_chain_is_golden(void **state)
{
	uint8_t first[SIGN_HASH_BYTES], second[SIGN_HASH_BYTES];
	char hex[2 * SIGN_HASH_BYTES + 1];

	(void)state;
	sign_chain_start("haninge", first);
	hex_of(first, sizeof(first), hex);
	assert_string_equal(hex,
			    "70c110b829e1c578740b7ab039af076d840eca8744af26d37c8ee0e36cb255cd");
	sign_chain_next(first, 1, "payload", 7, second);
	hex_of(second, sizeof(second), hex);
	assert_string_equal(hex,
			    "06f75eb8f7358b3cf75f22e859d2d2a98d15cf190f0a26722fb29a007318da34");
}

static void parts_do_not_run_into_each_other(void **state)
{
	uint8_t one[SIGN_HASH_BYTES], other[SIGN_HASH_BYTES];
	struct sign_hash hash;

	(void)state;
	sign_hash_start(&hash, "d");
	sign_hash_part(&hash, "ab", 2);
	sign_hash_part(&hash, "c", 1);
	sign_hash_end(&hash, one);
	sign_hash_start(&hash, "d");
	sign_hash_part(&hash, "a", 1);
	sign_hash_part(&hash, "bc", 2);
	sign_hash_end(&hash, other);
	assert_memory_not_equal(one, other, SIGN_HASH_BYTES);
}

static struct sign_key *key_of(uint8_t byte)
{
	uint8_t seed[SIGN_SEED_BYTES];
	struct sign_key *key = NULL;

	memset(seed, byte, sizeof(seed));
	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

/* RFC 8032 section 7.1, test 1: the public key of its seed. */
static void the_public_key_is_that_of_rfc_8032(void **state)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a,
						      0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec,
						      0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b,
						      0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03,
						      0x1c, 0xae, 0x7f, 0x60};
	own(sign_key_free) struct sign_key *key = NULL;
	char hex[2 * SIGN_PUBLIC_BYTES + 1];

	(void)state;
	assert_int_equal(sign_key_new(seed, &key), 0);
	hex_of(sign_key_public(key), SIGN_PUBLIC_BYTES, hex);
	assert_string_equal(hex,
			    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

static void the_signature_covers_the_domain_with_its_length(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x10);
	uint8_t signature[SIGN_BYTES];
	char hex[2 * SIGN_BYTES + 1];

	(void)state;
	sign_make(key, "mia/1/release", "message", 7, signature);
	hex_of(signature, sizeof(signature), hex);
	assert_string_equal(hex, "c7644fe775340f4d33db6feb8a4053fc79a3254b25ecdcdb30aaffe51a0e696dd"
				 "1f081a9c7aa01cf0a7739f39eb5165787f800f18c96b84bb8f7a04980c61d06");
	assert_true(sign_check(sign_key_public(key), "mia/1/release", "message", 7, signature));
	assert_false(sign_check(sign_key_public(key), "mia/1/receipt", "message", 7, signature));
	assert_false(sign_check(sign_key_public(key), "mia/1/releas", "emessage", 8, signature));
}

static void any_flipped_bit_of_a_signature_is_refused(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x11);
	uint8_t signature[SIGN_BYTES];

	(void)state;
	sign_make(key, "d", "m", 1, signature);
	for (size_t bit = 0; bit < 8 * sizeof(signature); bit++) {
		signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(sign_check(sign_key_public(key), "d", "m", 1, signature));
		signature[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_true(sign_check(sign_key_public(key), "d", "m", 1, signature));
}

static void another_key_is_refused(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x11);
	own(sign_key_free) struct sign_key *other = key_of(0x12);
	uint8_t signature[SIGN_BYTES];

	(void)state;
	sign_make(key, "d", "m", 1, signature);
	assert_false(sign_check(sign_key_public(other), "d", "m", 1, signature));
}

/* The neutral element as key and as R, with S = 0, satisfies the bare equation for any message. */
static void a_small_order_key_is_refused(void **state)
{
	uint8_t pk[SIGN_PUBLIC_BYTES] = {1}, signature[SIGN_BYTES] = {1};

	(void)state;
	assert_false(sign_check(pk, "d", "m", 1, signature));
}

/* S + L satisfies the equation as well as S; L = 2^252 + 27742317777372353535851937790883648493. */
static void a_malleable_form_is_refused(void **state)
{
	static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
					  0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
					  0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	own(sign_key_free) struct sign_key *key = key_of(0x13);
	uint8_t signature[SIGN_BYTES];
	unsigned carry = 0;

	(void)state;
	sign_make(key, "d", "m", 1, signature);
	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)signature[32 + i] + order[i];
		signature[32 + i] = (uint8_t)carry;
		carry >>= 8;
	}
	assert_false(sign_check(sign_key_public(key), "d", "m", 1, signature));
}

static void a_long_message_is_signed_as_a_short_one(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x14);
	own(mem_free) uint8_t *message = calloc(1, 100000);
	uint8_t signature[SIGN_BYTES];

	(void)state;
	assert_non_null(message);
	sign_make(key, "d", message, 100000, signature);
	assert_true(sign_check(sign_key_public(key), "d", message, 100000, signature));
	message[99999] = 1;
	assert_false(sign_check(sign_key_public(key), "d", message, 100000, signature));
}

static void an_empty_message_can_be_signed(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x14);
	uint8_t signature[SIGN_BYTES];

	(void)state;
	sign_make(key, "d", NULL, 0, signature);
	assert_true(sign_check(sign_key_public(key), "d", NULL, 0, signature));
}

static void the_fingerprint_is_golden(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x10);
	char text[SIGN_FINGERPRINT_BYTES];

	(void)state;
	sign_fingerprint(sign_key_public(key), text);
	assert_string_equal(text, "92780 44178 16377 53516 11868 51475");
}

static void a_typed_fingerprint_matches_whole_or_not(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(0x10);
	const uint8_t *pk = sign_key_public(key);
	char text[SIGN_FINGERPRINT_BYTES], bare[31], longer[40];
	size_t n = 0;

	(void)state;
	sign_fingerprint(pk, text);
	for (const char *at = text; *at != '\0'; at++) {
		if (*at != ' ')
			bare[n++] = *at;
	}
	bare[n] = '\0';
	(void)snprintf(longer, sizeof(longer), "%s0", text);
	assert_true(sign_fingerprint_matches(pk, text));
	assert_true(sign_fingerprint_matches(pk, bare));
	assert_false(sign_fingerprint_matches(pk, longer));
	assert_false(sign_fingerprint_matches(pk, ""));
	bare[29] = bare[29] == '0' ? '1' : '0';
	assert_false(sign_fingerprint_matches(pk, bare));
	bare[29] = '\0';
	assert_false(sign_fingerprint_matches(pk, bare));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_context_of_the_design_vector_comes_out),
		cmocka_unit_test(the_chain_is_golden),
		cmocka_unit_test(parts_do_not_run_into_each_other),
		cmocka_unit_test(the_public_key_is_that_of_rfc_8032),
		cmocka_unit_test(the_signature_covers_the_domain_with_its_length),
		cmocka_unit_test(any_flipped_bit_of_a_signature_is_refused),
		cmocka_unit_test(another_key_is_refused),
		cmocka_unit_test(a_small_order_key_is_refused),
		cmocka_unit_test(a_malleable_form_is_refused),
		cmocka_unit_test(a_long_message_is_signed_as_a_short_one),
		cmocka_unit_test(an_empty_message_can_be_signed),
		cmocka_unit_test(the_fingerprint_is_golden),
		cmocka_unit_test(a_typed_fingerprint_matches_whole_or_not),
	};

	return vault_start() == 0 ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
