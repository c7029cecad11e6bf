#include "daemon/site/pin.h"

#include "fixture_site_trust.h"

#include <errno.h>

#include "lib/fail.h"

/* A store that knows the hub by its own invitation and has seen no roster yet. */
static int make_joined(void **state)
{
	struct verified verified = {.name = ROSTER_HUB, .operator_name = "anna", .how = "phone"};
	struct desk *desk = calloc(1, sizeof(*desk));
	struct roster_member hub;

	assert_non_null(desk);
	assert_int_equal(make_bare_stage((void **)&desk->stage), 0);
	add_others(&desk->stage->roster);
	hub = *roster_find(&desk->stage->roster, ROSTER_HUB);
	memcpy(verified.sign, hub.sign, sizeof(verified.sign));
	desk->stage->settings.hub = &hub;
	desk->stage->settings.verified = &verified;
	assert_int_equal(parts_create(&desk->stage->settings, BEGIN, NULL), 0);
	desk->stage->settings.hub = NULL;
	desk->stage->settings.verified = NULL;
	*state = desk;
	return 0;
}

/* Opens with a roster: the code of the refusal. */
static const char *open_with(struct desk *desk, const struct roster *roster)
{
	static struct fault fault;

	fault = (struct fault){0};
	close_stage(desk->stage);
	desk->stage->settings.roster = roster;
	(void)parts_open(&desk->stage->settings, BEGIN, &desk->stage->parts, &fault);
	desk->stage->settings.roster = &desk->stage->roster;
	return fault.code;
}

static uint8_t hub_number(void)
{
	return 41;
}

/* The hub's key changes: with its word for it (by), or said to be lost. */
static struct roster *other_hub(const struct desk *desk, bool is_lost, const struct sign_key *by)
{
	const struct roster_step step = {.member = trust_member(ROSTER_HUB, hub_number()),
					 .is_lost = is_lost};
	struct roster *next = next_of(desk, &step, 1);
	struct signature_pair *pair = &next->signatures.pairs[next->signatures.n];

	if (by == NULL)
		return next;
	next->signatures.n++;
	sign_fingerprint(sign_key_public(by), pair->key);
	sign_make(by, SIGNATURE_ROSTER, next->hash, sizeof(next->hash), pair->signature);
	return next;
}

static void the_first_roster_names_the_hub_of_the_invitation(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *strange = next_of(desk, NULL, 0);

	for (size_t i = 0; i < strange->members_n; i++)
		if (strcmp(strange->members[i].name, ROSTER_HUB) == 0)
			strange->members[i] = trust_member(ROSTER_HUB, hub_number());
	trust_pass(strange);
	assert_string_equal(open_with(desk, strange), "R040");
	assert_string_equal(open_with(desk, &desk->stage->roster), "");
}

static void the_first_roster_may_name_a_key_that_this_hub_changed_to_and_signed_for(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *unsigned_one = other_hub(desk, false, NULL);
	own(mem_free) struct roster *lost = other_hub(desk, true, desk->stage->hub_key);
	own(mem_free) struct roster *good = other_hub(desk, false, desk->stage->hub_key);

	assert_string_equal(open_with(desk, unsigned_one), "R040");
	assert_string_equal(open_with(desk, lost), "R040");
	assert_string_equal(open_with(desk, good), "");
	assert_string_equal(open_with(desk, good), ""); /* and it is the one known from now on */
	assert_string_equal(open_with(desk, &desk->stage->roster), "R042");
}

static void a_later_one_takes_the_hubs_new_key_by_its_word_or_as_lost(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *unsigned_one = other_hub(desk, false, NULL);
	own(mem_free) struct roster *lost = other_hub(desk, true, NULL);

	assert_string_equal(open_with(desk, &desk->stage->roster), "");
	assert_string_equal(open_with(desk, unsigned_one), "R044");
	assert_string_equal(open_with(desk, lost), "");
}

static void a_damaged_pin_opens_nothing(void **state)
{
	struct desk *desk = *state;
	own(safe_abort) struct safe_txn txn = {0};
	own(mem_free) struct roster *next = next_of(desk, NULL, 0);

	assert_string_equal(open_with(desk, &desk->stage->roster), "");
	safe_write(store_safe(desk->stage->parts.store), &txn);
	safe_put(&txn, STORE_META, "x.roster", 8, NULL, "\x93\x01", 2);
	assert_int_equal(safe_commit(&txn), 0);
	assert_string_equal(open_with(desk, next), "S004");
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_joined, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_first_roster_names_the_hub_of_the_invitation),
		CASE(the_first_roster_may_name_a_key_that_this_hub_changed_to_and_signed_for),
		CASE(a_later_one_takes_the_hubs_new_key_by_its_word_or_as_lost),
		CASE(a_damaged_pin_opens_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
