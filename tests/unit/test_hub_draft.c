#include "fixture_hub_trust.h"

#include <errno.h>

#include "lib/fail.h"

static void put(struct desk *desk, const struct roster_member *member)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	const struct roster_step step = {.member = *member, .last_n = 4};

	assert_non_null(draft);
	assert_int_equal(draft_load(desk->stage->ledger, draft), 0);
	assert_int_equal(draft_put(draft, &desk->stage->roster, &step, desk->stage->ledger), 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
}

static struct roster *text_of(struct desk *desk)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	own(buf_free) struct buf text = {0};
	struct roster *roster = calloc(1, sizeof(*roster));
	struct fault fault = {0};

	assert_true(draft != NULL && roster != NULL);
	assert_int_equal(draft_load(desk->stage->ledger, draft), 0);
	assert_int_equal(draft_add_text(draft, &desk->stage->roster, &text), 0);
	assert_int_equal(roster_read("draft", text.data, text.n, roster, &fault), 0);
	return roster;
}

static void with_nothing_decided_it_is_the_roster_of_the_next_epoch(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct roster *roster = text_of(desk);

	assert_int_equal(roster->epoch, 2);
	assert_int_equal(roster->members_n, 4);
	assert_int_equal(roster->formers_n, 0);
}

static void what_was_decided_last_of_a_member_stands(void **state)
{
	struct desk *desk = *state;
	struct roster_member first = trust_member("north", 11), last = trust_member("north", 12);
	own(mem_free) struct roster *roster = NULL;

	put(desk, &first);
	put(desk, &last);
	reopen_stage(desk->stage);
	roster = text_of(desk);
	assert_memory_equal(roster_find(roster, "north")->sign, last.sign, 32);
	assert_int_equal(roster->formers_n, 1); /* the one in force, not the one in between */
	assert_memory_equal(roster->formers[0].sign, trust_member("", 1).sign, 32);
}

static void what_the_roster_in_force_has_leaves_the_draft(void **state)
{
	struct desk *desk = *state;
	struct roster_member north = trust_member("north", 11), south = trust_member("south", 12);
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));

	assert_non_null(draft);
	put(desk, &north);
	for (size_t i = 0; i < desk->stage->roster.members_n; i++)
		if (strcmp(desk->stage->roster.members[i].name, "north") == 0)
			desk->stage->roster.members[i] = north;
	put(desk, &south);
	assert_int_equal(draft_load(desk->stage->ledger, draft), 0);
	assert_int_equal(draft->n, 1);
	assert_string_equal(draft->rows[0].member.name, "south");
}

static void it_ends_a_member_only_with_the_keys_it_has(void **state)
{
	struct desk *desk = *state;
	struct roster_member north = trust_member("north", 1), other = trust_member("north", 11);
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));

	assert_non_null(draft);
	assert_false(draft_ends(draft, &north));
	north.status = ROSTER_RETIRED;
	put(desk, &north);
	assert_int_equal(draft_load(desk->stage->ledger, draft), 0);
	assert_true(draft_ends(draft, &north));
	assert_false(draft_ends(draft, &other));
	put(desk, &other);
	assert_int_equal(draft_load(desk->stage->ledger, draft), 0);
	assert_false(draft_ends(draft, &other));
}

static void a_damaged_row_is_no_draft(void **state)
{
	struct desk *desk = *state;
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));

	assert_non_null(draft);
	ledger_put_row(desk->stage->ledger, "x.draft", "\x91\x96\xa1x", 4);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	assert_int_equal(draft_load(desk->stage->ledger, draft), -EBADMSG);
	assert_int_equal(draft->n, 0);
}

static void a_group_with_a_row_that_could_not_be_made_is_none(void **state)
{
	struct desk *desk = *state;
	own(buf_free) struct buf row = {0};

	ledger_put_row(desk->stage->ledger, "x.other", "1", 1);
	ledger_put_row(desk->stage->ledger, "x.draft", NULL, 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), -ECANCELED);
	assert_int_equal(ledger_row(desk->stage->ledger, "x.other", &row), -ENOENT);
	ledger_put_row(desk->stage->ledger, "x.other", "1", 1);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
}

#define CASE(claim) cmocka_unit_test_setup_teardown(claim, make_desk, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(with_nothing_decided_it_is_the_roster_of_the_next_epoch),
		CASE(what_was_decided_last_of_a_member_stands),
		CASE(what_the_roster_in_force_has_leaves_the_draft),
		CASE(it_ends_a_member_only_with_the_keys_it_has),
		CASE(a_damaged_row_is_no_draft),
		CASE(a_group_with_a_row_that_could_not_be_made_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
