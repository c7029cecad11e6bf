#include "daemon/joining.h"

#include "fixture_trust.h"
#include "lib/file.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/fail.h"

#define PATH "/tmp/mia-test-joining.ini"

/* An invitation of the hub with that key, signed by it, at PATH. */
static void put_invitation(uint8_t number)
{
	own(sign_key_free) struct sign_key *key = trust_key(number);
	own(buf_free) struct buf text = {0};
	struct welcome welcome = {0};

	text_copy(welcome.site, sizeof(welcome.site), "varna");
	text_copy(welcome.endpoint, sizeof(welcome.endpoint), "tcp://127.0.0.1:1");
	text_copy(welcome.code, sizeof(welcome.code), "0123456789abcdef0123");
	text_copy(welcome.last_day, sizeof(welcome.last_day), "2020-01-31");
	memcpy(welcome.hub_sign, sign_key_public(key), sizeof(welcome.hub_sign));
	welcome.hub_link[0] = number;
	welcome_sign(&welcome, key);
	welcome_add(&text, &welcome);
	assert_int_equal(file_write(PATH, text.data, text.n, 0600), 0);
}

/* What the client read and had typed, and what the daemon reads, are two readings of a file. */
static void the_hub_whose_fingerprint_was_typed_is_the_one_that_is_pinned(void **state)
{
	const struct roster_member typed = trust_member(ROSTER_HUB, 7);
	struct joining joining;
	struct fault fault = {0};
	char hex[65];

	(void)state;
	text_hex(typed.sign, sizeof(typed.sign), hex);
	put_invitation(7);
	assert_int_equal(joining_read(PATH, "varna", "phone", 0, &joining, &fault), 0);
	assert_int_equal(joining_check(&joining, hex, PATH, &fault), 0);
	put_invitation(8);
	assert_int_equal(joining_read(PATH, "varna", "phone", 0, &joining, &fault), 0);
	assert_int_equal(joining_check(&joining, hex, PATH, &fault), -EBADMSG);
	assert_string_equal(fault.code, "J003");
	assert_int_equal(joining_check(&joining, NULL, PATH, &fault), -EBADMSG);
	assert_int_equal(joining_check(&joining, "07", PATH, &fault), -EBADMSG);
	(void)unlink(PATH);
}

static void an_invitation_of_another_site_is_refused(void **state)
{
	struct joining joining;
	struct fault fault = {0};

	(void)state;
	put_invitation(7);
	assert_int_equal(joining_read(PATH, "suv", "phone", 0, &joining, &fault), -EBADMSG);
	assert_string_equal(fault.code, "J003");
	(void)unlink(PATH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hub_whose_fingerprint_was_typed_is_the_one_that_is_pinned),
		cmocka_unit_test(an_invitation_of_another_site_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
