#include "daemon/rotation.h"
#include "proto/welcome.h"
#include "tests/unit/fixture_keys.h"

/* The byte of a key file, -1 it is not there. */
static int key_at(struct place *place, const char *name)
{
	own(buf_free) struct buf key = {0};

	if (file_read(in_place(place, name), SIGN_SEED_BYTES, &key) != 0)
		return -1;
	assert_int_equal(key.n, SIGN_SEED_BYTES);
	return key.data[0];
}

static int replace(struct place *place)
{
	char roster[sizeof(place->path)];

	text_copy(roster, sizeof(roster), in_place(place, "roster.ini"));
	return rotation_replace(&place->config, roster, &place->fault);
}

static void keys_that_are_replaced_are_put_aside(void **state)
{
	struct place *place = *state;

	assert_int_equal(replace(place), 0);
	assert_int_equal(key_at(place, "sign.lost"), 1);
	assert_int_equal(key_at(place, "link.lost"), 2);
	assert_int_not_equal(key_at(place, "sign.key"), -1);
	assert_int_equal(access(in_place(place, "card.ini"), F_OK), 0);
	assert_int_equal(access(in_place(place, "draft.ini"), F_OK), 0);
}

static void keys_of_a_change_that_is_under_way_are_put_aside_beside_those_in_use(void **state)
{
	struct place *place = *state;

	put_key(place, "sign.next", 3);
	put_key(place, "link.next", 4);
	assert_int_equal(replace(place), 0);
	assert_int_equal(key_at(place, "sign.lost"), 1);
	assert_int_equal(key_at(place, "link.lost"), 2);
	assert_int_equal(key_at(place, "sign.next.lost"), 3);
	assert_int_equal(key_at(place, "link.next.lost"), 4);
	assert_int_equal(key_at(place, "sign.next"), -1);
}

static void what_was_put_aside_before_is_not_written_over(void **state)
{
	static const char *const names[] = {"sign.lost", "link.lost", "sign.next.lost",
					    "link.next.lost"};
	struct place *place = *state;

	for (size_t i = 0; i < array_n(names); i++) {
		put_key(place, names[i], 5);
		place->fault = (struct fault){0};
		assert_int_equal(replace(place), -EBADMSG);
		assert_string_equal(place->fault.code, "J006");
		assert_non_null(strstr(place->fault.place, names[i]));
		assert_int_equal(key_at(place, names[i]), 5);
		assert_int_equal(key_at(place, "sign.key"), 1);
		assert_int_equal(key_at(place, "link.key"), 2);
		assert_int_equal(unlink(in_place(place, names[i])), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(keys_that_are_replaced_are_put_aside),
		CASE(keys_of_a_change_that_is_under_way_are_put_aside_beside_those_in_use),
		CASE(what_was_put_aside_before_is_not_written_over),
	};

	if (vault_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
