#include "proto/welcome.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/verified.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/fail.h"

static struct sign_key *key_of(uint8_t number)
{
	uint8_t seed[SIGN_SEED_BYTES] = {number};
	struct sign_key *key = NULL;

	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

static struct welcome_card card_of(const struct sign_key *key, const char *code)
{
	struct welcome_card card = {.member = {.name = "varna"}};

	memcpy(card.member.sign, sign_key_public(key), sizeof(card.member.sign));
	memset(card.member.link, 7, sizeof(card.member.link));
	text_copy(card.code, sizeof(card.code), code);
	welcome_card_sign(&card, key);
	return card;
}

static int read_card(struct buf *text, struct welcome_card *ret_card, struct fault *fault)
{
	assert_int_equal(text->error, 0);
	return welcome_card_read("card.ini", text->data, text->n, ret_card, fault);
}

static void a_card_comes_back_as_it_was_written(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(1), *former = key_of(2);
	own(buf_free) struct buf text = {0};
	struct welcome_card card = card_of(key, "0123456789abcdef0123"), again;
	struct fault fault = {0};

	(void)state;
	welcome_card_vouch(&card, former);
	welcome_card_add(&text, &card);
	assert_int_equal(read_card(&text, &again, &fault), 0);
	assert_memory_equal(&again, &card, sizeof(card));
	assert_true(welcome_card_is_vouched(&again, sign_key_public(former)));
	assert_false(welcome_card_is_vouched(&again, sign_key_public(key)));
}

static void a_card_without_a_former_key_is_vouched_for_by_nobody(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(1);
	const struct welcome_card card = card_of(key, "");

	(void)state;
	assert_false(welcome_card_is_vouched(&card, sign_key_public(key)));
}

static void a_card_that_was_changed_is_refused(void **state)
{
	static const char *const changes[][2] = {
		{"site = varna", "site = hubxx"}, {"code = 01", "code = 02"},
		{"link = 07", "link = 08"},       {"[card]", "[carx]"},
		{"signature", "signaturX"},
	};
	own(sign_key_free) struct sign_key *key = key_of(1);
	const struct welcome_card card = card_of(key, "0123456789abcdef0123");

	(void)state;
	for (size_t i = 0; i < array_n(changes); i++) {
		own(buf_free) struct buf text = {0};
		struct welcome_card again = {.code = "untouched"};
		struct fault fault = {0};
		char *at;

		welcome_card_add(&text, &card);
		assert_non_null(buf_text(&text));
		at = strstr((char *)text.data, changes[i][0]);
		assert_non_null(at);
		memcpy(at, changes[i][1], strlen(changes[i][1]));
		assert_int_equal(read_card(&text, &again, &fault), -EBADMSG);
		assert_string_equal(fault.code, "J004");
		assert_string_equal(again.code, "untouched");
	}
}

static void an_invitation_holds_only_as_the_hub_signed_it(void **state)
{
	own(sign_key_free) struct sign_key *hub = key_of(9);
	own(buf_free) struct buf text = {0};
	struct welcome welcome = {.site = "varna",
				  .endpoint = "tcp://127.0.0.1:5670",
				  .code = "0123456789abcdef0123",
				  .last_day = "2018-07-31"};
	struct welcome again;
	struct fault fault = {0};
	char path[] = "/tmp/test_welcome.XXXXXX";
	int fd = mkstemp(path);
	char *port;

	(void)state;
	assert_true(fd >= 0);
	fd_close(&fd);
	memcpy(welcome.hub_sign, sign_key_public(hub), sizeof(welcome.hub_sign));
	welcome_sign(&welcome, hub);
	welcome_add(&text, &welcome);
	assert_int_equal(file_write(path, text.data, text.n, 0600), 0);
	assert_int_equal(welcome_read(path, &again, &fault), 0);
	assert_memory_equal(&again, &welcome, sizeof(welcome));
	assert_non_null(buf_text(&text));
	port = strstr((char *)text.data, "5670");
	assert_non_null(port);
	port[0] = '6';
	assert_int_equal(file_write(path, text.data, text.n, 0600), 0);
	assert_int_equal(welcome_read(path, &again, &fault), -EBADMSG);
	assert_string_equal(fault.code, "J003");
	assert_int_equal(remove(path), 0);
}

static void a_text_is_carried_in_pieces_and_comes_back_whole(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	own(buf_free) struct buf text = {0}, again = {0};

	(void)state;
	assert_non_null(request);
	for (unsigned i = 0; i < 100; i++)
		buf_printf(&text, "line %u = x\n", i);
	assert_int_equal(carried_add(request, &text), 0);
	assert_true(request->fields_n > 3);
	carried_take(request, &again);
	assert_int_equal(again.error, 0);
	assert_int_equal(again.n, text.n);
	assert_memory_equal(again.data, text.data, text.n);
	buf_add_byte(&text, ';');
	assert_int_equal(carried_add(request, &text), -EINVAL);
}

static void a_text_that_does_not_fit_is_not_carried_in_part(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	own(buf_free) struct buf text = {0};

	(void)state;
	assert_non_null(request);
	while (text.n <= (size_t)REQUEST_FIELDS_MAX * REQUEST_FIELD_BYTES)
		buf_add_text(&text, "0123456789");
	assert_int_equal(carried_add(request, &text), -EMSGSIZE);
	assert_int_equal(request->fields_n, 0);
}

static struct request typed_request(const char *name, const char *typed)
{
	struct request request = {.command = COMMAND_KEY_VERIFY};

	if (typed == NULL)
		return request;
	request.fields_n = 1;
	text_copy(request.fields[0].id, sizeof(request.fields[0].id), name);
	text_copy(request.fields[0].text, sizeof(request.fields[0].text), typed);
	return request;
}

static void check_typed(const char *typed, const char *code)
{
	own(sign_key_free) struct sign_key *key = key_of(3);
	const struct verifier verifier = {"anna", 1500000000};
	const struct request request = typed_request("varna", typed);
	struct roster_member member = {.name = "varna"};
	struct verified row = {.at = 77};
	struct fault fault = {0};

	memcpy(member.sign, sign_key_public(key), sizeof(member.sign));
	assert_int_equal(verified_type(&request, &verifier, &member, &row, &fault), -EBADMSG);
	assert_string_equal(fault.code, code);
	assert_string_equal(fault.place, "varna");
	assert_int_equal(row.at, 77);
}

static void a_fingerprint_must_be_typed_and_be_the_keys(void **state)
{
	own(sign_key_free) struct sign_key *key = key_of(3);
	char right[SIGN_FINGERPRINT_BYTES];

	(void)state;
	sign_fingerprint(sign_key_public(key), right);
	check_typed(NULL, "J001");
	check_typed("", "J002");
	right[0] = right[0] == '1' ? '2' : '1';
	check_typed(right, "J002");
	right[SIGN_FINGERPRINT_BYTES - 2] = '\0';
	check_typed(right, "J002");
}

static void who_verified_what_when_and_how_comes_back(void **state)
{
	own(mem_free) struct verified_list *list = calloc(2, sizeof(*list));
	own(sign_key_free) struct sign_key *key = key_of(3);
	const struct verifier verifier = {"anna", 1500000000};
	struct roster_member member = {.name = "varna"};
	own(buf_free) struct buf row = {0};
	char typed[SIGN_FINGERPRINT_BYTES];
	struct verified verified;
	struct request request;

	(void)state;
	assert_non_null(list);
	memcpy(member.sign, sign_key_public(key), sizeof(member.sign));
	sign_fingerprint(member.sign, typed);
	request = typed_request("varna", typed);
	assert_int_equal(verified_type(&request, &verifier, &member, &verified, NULL), 0);
	assert_int_equal(verified_add(&list[0], &verified), 0);
	assert_int_equal(verified_add(&list[0], &verified), 0);
	verified_pack(&list[0], &row);
	assert_int_equal(verified_unpack(&row, &list[1]), 0);
	assert_int_equal(list[1].n, 1);
	assert_non_null(verified_find(&list[1], "varna", member.sign));
	assert_string_equal(list[1].rows[0].operator_name, "anna");
	assert_string_equal(list[1].rows[0].how, "phone");
	member.sign[0] ^= 1;
	assert_null(verified_find(&list[1], "varna", member.sign));
	row.n--;
	assert_int_equal(verified_unpack(&row, &list[1]), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_comes_back_as_it_was_written),
		cmocka_unit_test(a_card_without_a_former_key_is_vouched_for_by_nobody),
		cmocka_unit_test(a_card_that_was_changed_is_refused),
		cmocka_unit_test(an_invitation_holds_only_as_the_hub_signed_it),
		cmocka_unit_test(a_text_is_carried_in_pieces_and_comes_back_whole),
		cmocka_unit_test(a_text_that_does_not_fit_is_not_carried_in_part),
		cmocka_unit_test(a_fingerprint_must_be_typed_and_be_the_keys),
		cmocka_unit_test(who_verified_what_when_and_how_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
