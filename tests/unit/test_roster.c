#include "proto/roster.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/signature.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A member whose sign key is byte number, so that the order of keys is that of the numbers. */
static struct roster_member member(const char *name, uint8_t number)
{
	struct roster_member made = {0};

	text_copy(made.name, sizeof(made.name), name);
	memset(made.sign, number, sizeof(made.sign));
	memset(made.link, number + 100, sizeof(made.link));
	return made;
}

static void add(struct buf *text, const char *name, uint8_t number)
{
	const struct roster_member made = member(name, number);

	roster_add_card(text, &made);
}

static void add_county(struct buf *text)
{
	roster_add_head(text, 4);
	add(text, "ostra-sodertorn", 3);
	add(text, "hub", 9);
	add(text, "varna", 1);
}

static int read_text(struct buf *text, struct roster *ret_roster, struct fault *fault)
{
	assert_int_equal(text->error, 0);
	return roster_read("roster.ini", text->data, text->n, ret_roster, fault);
}

static void check_refused(struct buf *text, const char *code)
{
	struct roster roster = {.epoch = 77};
	struct fault fault = {0};

	assert_int_equal(read_text(text, &roster, &fault), -EBADMSG);
	assert_string_equal(fault.code, code);
	assert_string_equal(fault.remedy, error_find(code)->remedy_en);
	assert_memory_equal(fault.place, "roster.ini:", 11);
	assert_int_equal(roster.epoch, 77);
}

static void cards_put_together_are_a_roster_in_key_order(void **state)
{
	own(buf_free) struct buf text = {0};
	const struct roster_member expected = member("hub", 9);
	struct roster roster;
	struct fault fault = {0};

	(void)state;
	add_county(&text);
	assert_int_equal(read_text(&text, &roster, &fault), 0);
	assert_int_equal(roster.epoch, 4);
	assert_int_equal(roster.members_n, 3);
	assert_string_equal(roster.members[0].name, "varna");
	assert_string_equal(roster.members[1].name, "ostra-sodertorn");
	assert_memory_equal(roster_find(&roster, "hub"), &expected, sizeof(expected));
	assert_null(roster_find(&roster, "suv"));
}

static void part(struct sign_hash *hash, const struct roster_member *one)
{
	sign_hash_part(hash, one->name, strlen(one->name));
	sign_hash_part(hash, one->sign, 32);
	sign_hash_part(hash, one->link, 32);
}

static void the_hash_is_of_epoch_and_members_in_key_order(void **state)
{
	static const uint8_t epoch[4] = {4, 0, 0, 0};
	const struct roster_member members[] = {member("varna", 1), member("ostra-sodertorn", 3),
						member("hub", 9)};
	own(buf_free) struct buf text = {0}, other = {0};
	uint8_t expected[SIGN_HASH_BYTES];
	struct sign_hash hash;
	struct roster roster;

	(void)state;
	sign_hash_start(&hash, "mia/1/roster");
	sign_hash_part(&hash, epoch, sizeof(epoch));
	for (size_t i = 0; i < array_n(members); i++)
		part(&hash, &members[i]);
	sign_hash_end(&hash, expected);
	add_county(&text);
	assert_int_equal(read_text(&text, &roster, NULL), 0);
	assert_memory_equal(roster.hash, expected, sizeof(expected));

	/* The order of the cards and the place of the head do not count. */
	add(&other, "varna", 1);
	add(&other, "ostra-sodertorn", 3);
	add(&other, "hub", 9);
	roster_add_head(&other, 4);
	assert_int_equal(read_text(&other, &roster, NULL), 0);
	assert_memory_equal(roster.hash, expected, sizeof(expected));
}

static void a_roster_without_head_hub_or_whole_cards_is_refused(void **state)
{
	own(buf_free) struct buf headless = {0}, hubless = {0}, torn = {0}, empty = {0};
	const struct roster_member hub = member("hub", 9);

	(void)state;
	check_refused(&empty, "R002");
	roster_add_card(&headless, &hub);
	check_refused(&headless, "R002");
	roster_add_head(&hubless, 1);
	add(&hubless, "varna", 1);
	check_refused(&hubless, "R007");
	add_county(&torn);
	torn.n -= strlen("fingerprint = 00000 00000 00000 00000 00000 00000\n");
	check_refused(&torn, "R004");
}

static void a_name_or_key_that_stands_twice_is_refused(void **state)
{
	own(buf_free) struct buf name = {0}, sign = {0}, link = {0}, epoch = {0}, next = {0};
	struct roster_member twin = member("suv", 5);

	(void)state;
	add_county(&name);
	add(&name, "hub", 7);
	check_refused(&name, "R003");
	add_county(&next);
	add(&next, "varna", 7);
	check_refused(&next, "R003");
	add_county(&sign);
	add(&sign, "suv", 3);
	check_refused(&sign, "R003");
	add_county(&link);
	memset(twin.link, 109, sizeof(twin.link));
	roster_add_card(&link, &twin);
	check_refused(&link, "R003");
	add_county(&epoch);
	roster_add_head(&epoch, 5);
	check_refused(&epoch, "R003");
}

static void a_fingerprint_that_is_not_the_keys_is_refused(void **state)
{
	own(buf_free) struct buf text = {0};
	char *digit;

	(void)state;
	add_county(&text);
	digit = (char *)text.data + text.n - 2;
	*digit = *digit == '0' ? '1' : '0';
	check_refused(&text, "R006");
}

static void malformed_keys_names_and_epochs_are_refused(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{"epoch = 0\n", "R005"},
		{"epoch = 4294967296\n", "R005"},
		{"epoch = one\n", "R005"},
		{"programme = mia\n", "R001"},
		{"[suv]\nsign = 12\n", "R005"},
		{"[suv]\nsign = "
		 "0000000000000000000000000000000000000000000000000000000000000000\n",
		 "R005"},
		{"[suv]\ncurve = 12\n", "R001"},
		{"[Norra Roslagen]\nsign = 12\n", "R009"},
		{"[aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeee]\nsign = 12\n", "R009"},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		own(buf_free) struct buf text = {0};

		buf_add_text(&text, "[roster]\n");
		buf_add_text(&text, cases[i].text);
		check_refused(&text, cases[i].code);
	}
}

static void a_roster_holds_128_members_and_no_more(void **state)
{
	own(buf_free) struct buf text = {0};
	struct roster roster;
	char name[16];

	(void)state;
	roster_add_head(&text, 1);
	for (unsigned i = 0; i < ROSTER_MEMBERS_MAX; i++) {
		(void)snprintf(name, sizeof(name), i == 0 ? "hub" : "s%u", i);
		add(&text, name, (uint8_t)(i + 1));
	}
	assert_int_equal(read_text(&text, &roster, NULL), 0);
	assert_int_equal(roster.members_n, ROSTER_MEMBERS_MAX);
	add(&text, "one-more", 200);
	check_refused(&text, "R008");
}

static char folder[] = "/tmp/mia-test-roster-XXXXXX";

static void a_signed_roster_opens_and_an_altered_one_does_not(void **state)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = {7};
	own(sign_key_free) struct sign_key *key = NULL;
	own(buf_free) struct buf text = {0};
	struct roster roster;
	struct fault fault = {0};
	char path[64], sig[72];

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/roster", folder);
	(void)snprintf(sig, sizeof(sig), "%s.sig", path);
	assert_int_equal(sign_key_new(seed, &key), 0);
	assert_int_equal(roster_open(path, NULL, &roster, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R010");

	add_county(&text);
	assert_int_equal(file_write(path, text.data, text.n, 0644), 0);
	assert_int_equal(roster_open(path, NULL, &roster, &fault), 0);
	assert_int_equal(roster_open(path, sign_key_public(key), &roster, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R020");
	assert_int_equal(signature_write(path, SIGNATURE_ROSTER, roster.hash, key), 0);
	assert_int_equal(roster_open(path, sign_key_public(key), &roster, &fault), 0);

	add(&text, "intruder", 66);
	assert_int_equal(file_write(path, text.data, text.n, 0644), 0);
	assert_int_equal(roster_open(path, sign_key_public(key), &roster, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R023");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(sig), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cards_put_together_are_a_roster_in_key_order),
		cmocka_unit_test(the_hash_is_of_epoch_and_members_in_key_order),
		cmocka_unit_test(a_roster_without_head_hub_or_whole_cards_is_refused),
		cmocka_unit_test(a_name_or_key_that_stands_twice_is_refused),
		cmocka_unit_test(a_fingerprint_that_is_not_the_keys_is_refused),
		cmocka_unit_test(malformed_keys_names_and_epochs_are_refused),
		cmocka_unit_test(a_roster_holds_128_members_and_no_more),
		cmocka_unit_test(a_signed_roster_opens_and_an_altered_one_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
