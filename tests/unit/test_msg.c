#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/file.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "proto/msg.h"

static uint8_t body[300];

static void fill(uint8_t *to, size_t n, unsigned start)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(start + i);
}

/* A message of each type with the values tests/tools/make_vectors.py gave the golden files. */
static struct msg sample(enum msg_type type)
{
	struct msg msg = {.type = type};

	fill(body, sizeof(body), type == MSG_RELEASE ? 5 : 0);
	switch (type) {
	case MSG_HELLO:
		msg.HELLO = (struct msg_HELLO){.protocol = 1,
					       .site = "ostra-sodertorn",
					       .n = 300,
					       .is_rehearsal = 1,
					       .epoch = 70000};
		fill(msg.HELLO.nonce, 16, 0);
		fill(msg.HELLO.hash, 32, 0x20);
		fill(msg.HELLO.programme, 32, 0x40);
		fill(msg.HELLO.roster, 32, 0x60);
		break;
	case MSG_WELCOME:
		msg.WELCOME.n = 4294967296;
		fill(msg.WELCOME.nonce, 16, 0);
		fill(msg.WELCOME.token, 16, 0x10);
		fill(msg.WELCOME.instance, 16, 0x80);
		fill(msg.WELCOME.hash, 32, 0x20);
		break;
	case MSG_FETCH:
		msg.FETCH = (struct msg_FETCH){.first = 1, .last = 127};
		fill(msg.FETCH.token, 16, 0x10);
		break;
	case MSG_CHAIN:
		msg.CHAIN = (struct msg_CHAIN){.n = 128, .payload = body, .payload_n = 300};
		fill(msg.CHAIN.token, 16, 0x10);
		fill(msg.CHAIN.prev, 32, 0x20);
		fill(msg.CHAIN.signature, 64, 0xa0);
		break;
	case MSG_RELEASE:
		msg.RELEASE = (struct msg_RELEASE){.n = 255, .payload = body, .payload_n = 255};
		fill(msg.RELEASE.token, 16, 0x10);
		fill(msg.RELEASE.prev, 32, 0x20);
		fill(msg.RELEASE.signature, 64, 0xa0);
		break;
	case MSG_RECEIPT:
		msg.RECEIPT.n = UINT64_MAX;
		fill(msg.RECEIPT.token, 16, 0x10);
		fill(msg.RECEIPT.hash, 32, 0x20);
		fill(msg.RECEIPT.signature, 64, 0xa0);
		break;
	case MSG_REFUSAL:
		msg.REFUSAL = (struct msg_REFUSAL){.n = 65536, .code = "W003"};
		fill(msg.REFUSAL.nonce, 16, 0);
		break;
	case MSG_PROBE:
		fill(msg.PROBE.nonce, 16, 0x30);
		break;
	case MSG_ALIVE:
		fill(msg.ALIVE.nonce, 16, 0x30);
		break;
	case MSG_RESULT:
		msg.RESULT = (struct msg_RESULT){.period = 24221};
		fill(msg.RESULT.signature, 64, 0xa0);
		break;
	}
	return msg;
}

static const struct {
	enum msg_type type;
	const char *name;
	const char *golden;
	enum msg_sender sender;
} types[] = {
	{MSG_HELLO, "HELLO", "tests/data/golden/hello.bin", FROM_SITE},
	{MSG_WELCOME, "WELCOME", "tests/data/golden/welcome.bin", FROM_HUB},
	{MSG_FETCH, "FETCH", "tests/data/golden/fetch.bin", FROM_SITE},
	{MSG_CHAIN, "CHAIN", "tests/data/golden/chain.bin", FROM_HUB},
	{MSG_RELEASE, "RELEASE", "tests/data/golden/release.bin", FROM_SITE},
	{MSG_RECEIPT, "RECEIPT", "tests/data/golden/receipt.bin", FROM_HUB},
	{MSG_REFUSAL, "REFUSAL", "tests/data/golden/refusal.bin", FROM_HUB},
	{MSG_RESULT, "RESULT", "tests/data/golden/result.bin", FROM_HUB},
	{MSG_PROBE, "PROBE", "tests/data/golden/probe.bin", FROM_HUB},
	{MSG_ALIVE, "ALIVE", "tests/data/golden/alive.bin", FROM_SITE},
};

static void every_type_packs_to_its_golden_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_n(types); i++) {
		own(buf_free) struct buf bytes = {0};
		own(buf_free) struct buf golden = {0};
		struct msg msg = sample(types[i].type);

		msg_pack(&msg, &bytes);
		assert_int_equal(bytes.error, 0);
		assert_int_equal(file_read(types[i].golden, MSG_BYTES_MAX, &golden), 0);
		assert_int_equal(bytes.n, golden.n);
		assert_memory_equal(bytes.data, golden.data, golden.n);
		assert_string_equal(msg_name(types[i].type), types[i].name);
	}
	assert_null(msg_name(0));
	assert_null(msg_name(11));
}

/* What was unpacked packs to the same bytes: every field came back. */
static void every_type_comes_back_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_n(types); i++) {
		own(buf_free) struct buf bytes = {0};
		own(buf_free) struct buf again = {0};
		struct msg msg = sample(types[i].type), back;

		msg_pack(&msg, &bytes);
		assert_int_equal(msg_unpack(bytes.data, bytes.n, types[i].sender, &back), 0);
		assert_int_equal(back.type, types[i].type);
		msg_pack(&back, &again);
		assert_int_equal(again.n, bytes.n);
		assert_memory_equal(again.data, bytes.data, bytes.n);
	}
}

static void the_other_end_may_not_send_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_n(types); i++) {
		own(buf_free) struct buf bytes = {0};
		struct msg msg = sample(types[i].type), back = {0};

		msg_pack(&msg, &bytes);
		assert_int_equal(msg_unpack(bytes.data, bytes.n,
					    types[i].sender == FROM_SITE ? FROM_HUB : FROM_SITE,
					    &back),
				 -EBADMSG);
		assert_int_equal(back.type, 0);
	}
}

static void every_truncation_and_every_trailing_byte_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_n(types); i++) {
		own(buf_free) struct buf bytes = {0};
		struct msg msg = sample(types[i].type), back;

		msg_pack(&msg, &bytes);
		for (size_t n = 0; n < bytes.n; n++)
			assert_int_equal(msg_unpack(bytes.data, n, types[i].sender, &back),
					 -EBADMSG);
		buf_add_byte(&bytes, 0);
		assert_int_equal(msg_unpack(bytes.data, bytes.n, types[i].sender, &back), -EBADMSG);
	}
}

static void a_bound_is_told_from_a_malformed_message(void **state)
{
	own(buf_free) struct buf bytes = {0};
	static const uint8_t large[65537];
	struct msg back;

	(void)state;
	for (size_t n = 65536; n <= 65537; n++) {
		struct msg msg = sample(MSG_RELEASE);

		buf_clear(&bytes);
		pack_array(&bytes, 6);
		pack_u64(&bytes, MSG_RELEASE);
		pack_bin(&bytes, msg.RELEASE.token, MSG_TOKEN_BYTES);
		pack_u64(&bytes, 1);
		pack_bin(&bytes, msg.RELEASE.prev, SIGN_HASH_BYTES);
		pack_bin(&bytes, large, n);
		pack_bin(&bytes, msg.RELEASE.signature, SIGN_BYTES);
		assert_int_equal(msg_unpack(bytes.data, bytes.n, FROM_SITE, &back),
				 n == 65536 ? 0 : -EMSGSIZE);
	}
	assert_non_null(buf_extend(&bytes, MSG_BYTES_MAX));
	assert_int_equal(msg_unpack(bytes.data, bytes.n, FROM_SITE, &back), -EMSGSIZE);
}

static void a_huge_count_is_refused_without_memory(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} hostile[] = {
		{"\xdd\xff\xff\xff\xff", 5},
		{"\xdc\xff\xff", 3},
		{"\x90", 1},
		{"\x91\xff", 2},
		{"\x91\x63", 2},
		{"\x81\x01\x01", 3},
		{"\x91\x91\x91\x91\x03", 5},
		{"\x94\x03\xc6\xff\xff\xff\xff", 7},
	};
	struct msg back;

	(void)state;
	for (size_t i = 0; i < array_n(hostile); i++)
		assert_int_equal(msg_unpack(hostile[i].bytes, hostile[i].n, FROM_SITE, &back),
				 -EBADMSG);
}

static void a_message_prints_as_one_line_of_json(void **state)
{
	own(buf_free) struct buf bytes = {0};
	own(buf_free) struct buf json = {0};
	struct msg msg = sample(MSG_REFUSAL);

	(void)state;
	(void)strcpy(msg.REFUSAL.code, "a\"\\å");
	msg_pack(&msg, &bytes);
	assert_int_equal(msg_print_json(bytes.data, bytes.n, &json), 0);
	assert_string_equal(buf_text(&json),
			    "{\"type\":\"REFUSAL\",\"nonce\":\"000102030405060708090a0b0c0d0e0f\","
			    "\"n\":65536,\"code\":\"a\\\"\\\\å\"}\n");
	assert_int_equal(msg_print_json("junk", 4, &json), -EBADMSG);
}

static void long_bytes_print_whole(void **state)
{
	own(buf_free) struct buf bytes = {0};
	own(buf_free) struct buf json = {0};
	struct msg msg = sample(MSG_CHAIN);
	const char *payload;

	(void)state;
	msg_pack(&msg, &bytes);
	assert_int_equal(msg_print_json(bytes.data, bytes.n, &json), 0);
	payload = strstr(buf_text(&json), "\"payload\":\"000102");
	assert_non_null(payload);
	assert_int_equal(strcspn(payload + 11, "\""), 600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_packs_to_its_golden_bytes),
		cmocka_unit_test(every_type_comes_back_whole),
		cmocka_unit_test(the_other_end_may_not_send_it),
		cmocka_unit_test(every_truncation_and_every_trailing_byte_is_refused),
		cmocka_unit_test(a_bound_is_told_from_a_malformed_message),
		cmocka_unit_test(a_huge_count_is_refused_without_memory),
		cmocka_unit_test(a_message_prints_as_one_line_of_json),
		cmocka_unit_test(long_bytes_print_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
