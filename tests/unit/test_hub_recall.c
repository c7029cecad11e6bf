#include "daemon/hub/recall.h"

#include "fixture_hub.h"

#include <errno.h>

static void note(struct stage *stage, struct recalls *recalls, const char *site, int64_t at_back)
{
	struct recall change = {.own_n = 3, .n = 5, .at = NOW, .at_back = at_back};

	(void)snprintf(change.site, sizeof(change.site), "%s", site);
	recall_note(recalls, stage->ledger, &change);
	assert_int_equal(ledger_commit(stage->ledger), 0);
}

static void nobody_took_anything_back_from_a_new_ledger(void **state)
{
	struct stage *stage = *state;
	struct recalls recalls = {.n = 7};
	struct fault fault = {0};

	assert_int_equal(recall_load(stage->ledger, &recalls, &fault), 0);
	assert_int_equal(recalls.n, 0);
	assert_null(recall_find(&recalls, "north"));
}

static int hear(void *context, uint64_t number, int64_t at, const char *text)
{
	struct buf *heard = context;

	(void)number;
	(void)at;
	buf_printf(heard, "%s\n", text);
	return 0;
}

static void who_took_reports_back_outlasts_a_restart_and_is_audited(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf heard = {0};
	struct recalls recalls = {0}, again = {0};
	struct fault fault = {0};

	note(stage, &recalls, "north", 0);
	note(stage, &recalls, "south", 0);
	note(stage, &recalls, "north", NOW + 60);
	assert_int_equal(recalls.n, 2);
	reopen_stage(stage);
	assert_int_equal(recall_load(stage->ledger, &again, &fault), 0);
	assert_int_equal(again.n, 2);
	assert_int_equal(recall_find(&again, "north")->at_back, NOW + 60);
	assert_int_equal(recall_find(&again, "south")->at_back, 0);
	assert_int_equal(recall_find(&again, "south")->own_n, 3);
	assert_int_equal(ledger_events(stage->ledger, 1, hear, &heard), 0);
	assert_string_equal(buf_text(&heard), "chain_fetched site=north own=3 last=5 code=W013\n"
					      "chain_fetched site=south own=3 last=5 code=W013\n"
					      "site_reconciled site=north n=5\n");
}

static void a_damaged_list_is_told(void **state)
{
	struct stage *stage = *state;
	struct recalls recalls = {0};
	struct fault fault = {0};

	ledger_put_row(stage->ledger, "x.recalled", "\x91\xc0", 2);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(recall_load(stage->ledger, &recalls, &fault), -EBADMSG);
	assert_string_equal(fault.code, "H001");
	assert_int_equal(recalls.n, 0);
}

static void a_full_list_loses_its_first(void **state)
{
	struct stage *stage = *state;
	struct recalls recalls = {0};

	for (unsigned i = 0; i <= PROGRAMME_SITES_MAX; i++) {
		char site[16];

		(void)snprintf(site, sizeof(site), "s%u", i);
		note(stage, &recalls, site, 0);
	}
	assert_int_equal(recalls.n, PROGRAMME_SITES_MAX);
	assert_null(recall_find(&recalls, "s0"));
	assert_non_null(recall_find(&recalls, "s1"));
	assert_non_null(recall_find(&recalls, "s64"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(nobody_took_anything_back_from_a_new_ledger),
		TEST(who_took_reports_back_outlasts_a_restart_and_is_audited),
		TEST(a_damaged_list_is_told),
		TEST(a_full_list_loses_its_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
