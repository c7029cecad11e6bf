#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/own.h"
#include "proto/wire.h"

static const uint8_t a[32] = "a", b[32] = "b", c[32] = "c";

static void the_same_hash_streams_wherever_the_hub_stands(void **state)
{
	(void)state;
	assert_int_equal(wire_decide(5, a, a, 5, a, NULL), WIRE_STREAM);
	assert_int_equal(wire_decide(5, b, a, 3, b, NULL), WIRE_STREAM);
	assert_int_equal(wire_decide(5, c, a, 0, c, NULL), WIRE_STREAM);
	assert_int_equal(wire_decide(0, c, c, 0, c, NULL), WIRE_STREAM);
}

static void another_hash_at_the_same_number_is_a_fork(void **state)
{
	(void)state;
	assert_int_equal(wire_decide(5, a, a, 5, b, NULL), WIRE_FORK);
	assert_int_equal(wire_decide(5, b, a, 3, c, NULL), WIRE_FORK);
	assert_int_equal(wire_decide(5, b, a, 0, c, NULL), WIRE_FORK);
}

static void a_longer_chain_is_adopted_only_through_our_head(void **state)
{
	(void)state;
	assert_int_equal(wire_decide(3, NULL, a, 5, b, NULL), WIRE_ADOPT);
	assert_int_equal(wire_decide(3, NULL, a, 5, b, a), WIRE_ADOPT);
	assert_int_equal(wire_decide(3, NULL, a, 5, b, c), WIRE_FORK);
	assert_int_equal(wire_decide(0, NULL, c, 5, b, c), WIRE_ADOPT);
}

static struct sign_key *key_of(uint8_t byte)
{
	struct sign_key *key = NULL;
	uint8_t seed[SIGN_SEED_BYTES];

	memset(seed, byte, sizeof(seed));
	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

static void a_receipt_holds_for_its_number_hash_token_and_key_alone(void **state)
{
	own(sign_key_free) struct sign_key *hub = key_of(1);
	own(sign_key_free) struct sign_key *other = key_of(2);
	struct msg_RECEIPT receipt = {.n = 7, .hash = "hash", .token = "token"}, changed;

	(void)state;
	wire_sign_receipt(&receipt, hub);
	assert_true(wire_check_receipt(&receipt, sign_key_public(hub)));
	assert_false(wire_check_receipt(&receipt, sign_key_public(other)));
	changed = receipt;
	changed.n ^= 1ULL << 40;
	assert_false(wire_check_receipt(&changed, sign_key_public(hub)));
	changed = receipt;
	changed.hash[31] ^= 1;
	assert_false(wire_check_receipt(&changed, sign_key_public(hub)));
	changed = receipt;
	changed.token[15] ^= 1;
	assert_false(wire_check_receipt(&changed, sign_key_public(hub)));
}

static void a_result_holds_for_its_body_and_key_alone(void **state)
{
	own(sign_key_free) struct sign_key *hub = key_of(1);
	own(sign_key_free) struct sign_key *other = key_of(2);
	uint8_t signature[SIGN_BYTES];

	(void)state;
	wire_sign_result("body", 4, hub, signature);
	assert_true(wire_check_result("body", 4, sign_key_public(hub), signature));
	assert_false(wire_check_result("body", 4, sign_key_public(other), signature));
	assert_false(wire_check_result("bodY", 4, sign_key_public(hub), signature));
	assert_false(wire_check_result("body\0", 5, sign_key_public(hub), signature));
}

/* A receipt's message could be read as a release's hash, were it not for the domain. */
static void a_signature_of_one_kind_is_none_of_another(void **state)
{
	own(sign_key_free) struct sign_key *hub = key_of(1);
	uint8_t signature[SIGN_BYTES], hash[SIGN_HASH_BYTES];
	struct sign_hash h;

	(void)state;
	wire_sign_result("body", 4, hub, signature);
	sign_hash_start(&h, "mia/1/result");
	sign_hash_part(&h, "body", 4);
	sign_hash_end(&h, hash);
	assert_true(sign_check(sign_key_public(hub), "mia/1/result", hash, 32, signature));
	assert_false(sign_check(sign_key_public(hub), "mia/1/release", hash, 32, signature));
}

static void every_wait_is_between_one_second_and_five_minutes(void **state)
{
	static const uint32_t randoms[] = {0, 1, UINT32_MAX / 2, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < array_n(randoms); i++) {
		int64_t wait = 0;

		for (int tries = 0; tries < 40; tries++) {
			int64_t next = wire_backoff(wait, randoms[i]);

			assert_true(next >= WIRE_BACKOFF_MIN_MS && next <= WIRE_BACKOFF_MAX_MS);
			assert_true(next > wait || next >= WIRE_BACKOFF_MAX_MS / 2);
			wait = next;
		}
		assert_true(wait >= WIRE_BACKOFF_MAX_MS / 2);
	}
	assert_true(wire_backoff(INT64_MAX, UINT32_MAX) <= WIRE_BACKOFF_MAX_MS);
}

static void two_sites_cut_off_together_do_not_come_back_together(void **state)
{
	(void)state;
	assert_int_not_equal(wire_backoff(0, 1000000), wire_backoff(0, 4000000000));
	assert_true(wire_backoff(300000, 0) < wire_backoff(300000, UINT32_MAX) * 2 / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_hash_streams_wherever_the_hub_stands),
		cmocka_unit_test(another_hash_at_the_same_number_is_a_fork),
		cmocka_unit_test(a_longer_chain_is_adopted_only_through_our_head),
		cmocka_unit_test(a_receipt_holds_for_its_number_hash_token_and_key_alone),
		cmocka_unit_test(a_result_holds_for_its_body_and_key_alone),
		cmocka_unit_test(a_signature_of_one_kind_is_none_of_another),
		cmocka_unit_test(every_wait_is_between_one_second_and_five_minutes),
		cmocka_unit_test(two_sites_cut_off_together_do_not_come_back_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
