#include "fixture_site_trust.h"

#include <errno.h>

#include "lib/fail.h"

static void ask_sign(struct desk *desk, const struct roster *next)
{
	own(buf_free) struct buf text = {0};

	roster_add_all(&text, next);
	ask_for(desk, COMMAND_ROSTER_SIGN, "roster.ini");
	trust_carry(&desk->request, &text);
}

static void a_roster_is_signed_when_every_new_key_was_heard(void **state)
{
	struct desk *desk = *state;
	const struct roster_step steps[] = {{.member = trust_member("varna", 12), .last_n = 2},
					    {.member = trust_member("sodra-roslagen", 15)}};
	own(mem_free) struct roster *next = next_of(desk, steps, 2);

	ask_sign(desk, next);
	for (size_t i = 0; i < 2; i++) {
		const char *who;
		const struct roster_step *step;

		carry_out(desk);
		assert_string_equal(code_of(desk), "J001");
		assert_int_equal(desk->answer.attachment.n, 0);
		who = desk->answer.sheets[0]->cells[1].text;
		step = strcmp(who, "varna") == 0 ? &steps[0] : &steps[1];
		assert_string_equal(who, step->member.name);
		trust_type(&desk->request, &step->member, "right");
	}
	carry_out(desk);
	assert_string_equal(code_of(desk), "");
	assert_true(desk->answer.attachment.n > 2 * (size_t)SIGN_BYTES);
	ask_sign(desk, next);
	carry_out(desk);
	assert_string_equal(code_of(desk), ""); /* they are known */
}

static void a_key_that_was_heard_as_another_is_not_signed(void **state)
{
	struct desk *desk = *state;
	const struct roster_step step = {.member = trust_member("varna", 12)};
	own(mem_free) struct roster *next = next_of(desk, &step, 1);
	static const char *const codes[] = {"J002", "J002", "J008", "J008"};

	ask_sign(desk, next);
	trust_type(&desk->request, &step.member, WRONG);
	for (size_t i = 0; i < array_n(codes); i++) {
		carry_out(desk);
		assert_string_equal(code_of(desk), codes[i]);
		assert_int_equal(desk->answer.attachment.n, 0);
	}
	assert_last_event(desk->stage,
			  "fingerprint_locked member=varna operator=anna tries=3 code=J008");
}

/* One report a month, and a draft lies for ninety days at most. */
static void a_former_key_that_would_outlast_every_draft_is_not_signed(void **state)
{
	struct desk *desk = *state;
	struct roster_step step = {.member = trust_member("varna", 12), .last_n = 3};
	own(mem_free) struct roster *good = next_of(desk, &step, 1), *next = NULL;

	step.last_n++;
	next = next_of(desk, &step, 1);
	ask_sign(desk, next);
	trust_type(&desk->request, &step.member, "right");
	carry_out(desk);
	assert_string_equal(code_of(desk), "R048");
	assert_int_equal(desk->answer.attachment.n, 0);
	ask_sign(desk, good);
	trust_type(&desk->request, &step.member, "right");
	carry_out(desk);
	assert_string_equal(code_of(desk), "");
}

/* Put in on the way: it would be let in as us. */
static void anothers_link_key_for_ourselves_is_not_signed(void **state)
{
	struct desk *desk = *state;
	struct roster_step step = {
		.member = *roster_find(&desk->stage->roster, desk->stage->parts.site->id)};
	own(mem_free) struct roster *next = NULL;

	step.member.link[0] ^= 1;
	next = next_of(desk, &step, 1);
	ask_sign(desk, next);
	carry_out(desk);
	assert_string_equal(code_of(desk), "J010");
	assert_int_equal(desk->answer.attachment.n, 0);
}

static void a_change_of_status_needs_no_telephone(void **state)
{
	struct desk *desk = *state;
	struct roster_step step = {.member = trust_member("varna", 2)};
	own(mem_free) struct roster *next = NULL;

	step.member.status = ROSTER_RETIRED;
	next = next_of(desk, &step, 1);
	ask_sign(desk, next);
	carry_out(desk);
	assert_string_equal(code_of(desk), "");
}

static void only_the_next_epoch_is_signed(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *next = next_of(desk, NULL, 0);

	next->epoch = 3;
	ask_sign(desk, next);
	carry_out(desk);
	assert_string_equal(code_of(desk), "R042");
}

static void who_is_not_in_the_roster_cannot_be_verified(void **state)
{
	struct desk *desk = *state;

	ask_for(desk, COMMAND_KEY_VERIFY, "sodra-roslagen");
	carry_out(desk);
	assert_string_equal(code_of(desk), "X009");
	ask_for(desk, COMMAND_KEY_SHOW, "");
	carry_out(desk);
	assert_int_equal(desk->answer.sheets[0]->rows_n, 4);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_roster_is_signed_when_every_new_key_was_heard),
		CASE(a_key_that_was_heard_as_another_is_not_signed),
		CASE(a_former_key_that_would_outlast_every_draft_is_not_signed),
		CASE(anothers_link_key_for_ourselves_is_not_signed),
		CASE(a_change_of_status_needs_no_telephone),
		CASE(only_the_next_epoch_is_signed),
		CASE(who_is_not_in_the_roster_cannot_be_verified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
