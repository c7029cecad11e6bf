#include "daemon/trust.h"
#include "tests/unit/fixture_keys.h"

static int read_again(struct place *place, uint8_t *ret_link)
{
	own(trust_free) struct trust trust = {0};
	int status = trust_read_again(&place->config, CONFIG_HUB, &trust, &place->fault);

	if (status == 0)
		*ret_link = trust.link_secret[0];
	return status;
}

static void the_link_key_that_the_roster_names_is_the_one_taken(void **state)
{
	struct place *place = *state;
	uint8_t link = 0;

	put_key(place, "link.next", NEXT_KEY);
	put_roster(place, LINK_KEY);
	assert_int_equal(read_again(place, &link), 0);
	assert_int_equal(link, LINK_KEY);
	put_roster(place, NEXT_KEY);
	assert_int_equal(read_again(place, &link), 0);
	assert_int_equal(link, NEXT_KEY);
}

/* Somebody put theirs in, in the mail: no fingerprint shows it, and they would be let in as us. */
static void a_roster_with_anothers_link_key_for_us_is_refused(void **state)
{
	struct place *place = *state;
	uint8_t link = 0;

	put_roster(place, OWNER_KEY);
	assert_int_equal(read_again(place, &link), -EBADMSG);
	assert_string_equal(place->fault.code, "R012");
	put_key(place, "link.next", NEXT_KEY);
	assert_int_equal(read_again(place, &link), -EBADMSG);
	assert_string_equal(place->fault.code, "R012");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_link_key_that_the_roster_names_is_the_one_taken),
		CASE(a_roster_with_anothers_link_key_for_us_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
