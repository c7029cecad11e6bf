#include "proto/verified.h"

#include "tests/unit/fixture_trust.h"

#include <errno.h>

#include <cmocka.h>

#define NOW 1530000000

static struct roster county(void)
{
	struct roster roster = {.epoch = 3, .members_n = 3};

	roster.members[0] = trust_member("hub", 1);
	roster.members[1] = trust_member("varna", 2);
	roster.members[2] = trust_member("hbs", 3);
	return roster;
}

static struct verified heard(const struct roster_member *member)
{
	struct verified row = {.at = NOW, .operator_name = "anna", .how = "meeting"};

	text_copy(row.name, sizeof(row.name), member->name);
	memcpy(row.sign, member->sign, sizeof(row.sign));
	return row;
}

static void what_was_verified_is_that_key_and_no_other_of_the_name(void **state)
{
	struct roster roster = county();
	const struct verified row = heard(&roster.members[1]);
	struct verified_list list = {0};
	const struct roster_member other = trust_member("varna", 9);

	(void)state;
	assert_int_equal(verified_add(&list, &row), 0);
	assert_int_equal(verified_add(&list, &row), 0);
	assert_int_equal(list.n, 1);
	assert_non_null(verified_find(&list, "varna", roster.members[1].sign));
	assert_null(verified_find(&list, "varna", other.sign));
	assert_null(verified_find(&list, "hbs", roster.members[1].sign));
}

static void the_list_comes_back_as_it_was_packed_and_not_when_cut(void **state)
{
	struct roster roster = county();
	const struct verified row = heard(&roster.members[2]);
	struct verified_list list = {0}, read = {0};
	own(buf_free) struct buf packed = {0};

	(void)state;
	assert_int_equal(verified_add(&list, &row), 0);
	verified_pack(&list, &packed);
	assert_int_equal(verified_unpack(&packed, &read), 0);
	assert_int_equal(read.n, 1);
	assert_string_equal(read.rows[0].name, "hbs");
	assert_string_equal(read.rows[0].how, "meeting");
	assert_int_equal(read.rows[0].at, NOW);
	packed.n -= 1;
	assert_int_equal(verified_unpack(&packed, &read), -EBADMSG);
}

/* Where somebody else's fingerprint could be read off the screen it would be typed from there. */
static void a_fingerprint_that_was_not_heard_yet_is_not_shown(void **state)
{
	struct roster roster = county();
	const struct verified row = heard(&roster.members[2]);
	struct verified_list list = {0};
	own(answer_free) struct answer answer = {0};
	char own_print[SIGN_FINGERPRINT_BYTES], heard_print[SIGN_FINGERPRINT_BYTES];
	const struct sheet *sheet;
	size_t n;

	(void)state;
	assert_int_equal(verified_add(&list, &row), 0);
	assert_int_equal(verified_show(&list, &roster, "varna", &answer), 0);
	sheet = answer.sheets[0];
	n = sheet->columns_n;
	sign_fingerprint(roster.members[1].sign, own_print);
	sign_fingerprint(roster.members[2].sign, heard_print);
	assert_string_equal(sheet->cells[0].text, "varna"); /* our own stands first */
	assert_string_equal(sheet->cells[1].text, own_print);
	assert_string_equal(sheet->cells[n].text, "hub");
	assert_true(sheet->cells[n + 1].is_empty);
	assert_string_equal(sheet->cells[2 * n].text, "hbs");
	assert_string_equal(sheet->cells[2 * n + 1].text, heard_print);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_verified_is_that_key_and_no_other_of_the_name),
		cmocka_unit_test(the_list_comes_back_as_it_was_packed_and_not_when_cut),
		cmocka_unit_test(a_fingerprint_that_was_not_heard_yet_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
