/* Figures that do not hold together are told once, and stand. */
#include "daemon/hub/doubt.h"

#include "fixture_hub.h"

/* South has reported January: so many entered, so many left. */
static void set_figures(struct stage *stage, uint32_t entered_n, uint32_t left_n)
{
	struct release_figures figures = fixture_figures(MONTH(2018, 1));
	const struct county_head head = {.n = 1, .period = MONTH(2018, 1)};

	figures.cells[ENTERED][0].value = entered_n;
	figures.cells[LEFT][0].value = left_n;
	assert_int_equal(county_set(stage->county, MONTH(2018, 1), SOUTH, &figures, NOW), 0);
	county_set_head(stage->county, SOUTH, &head);
}

static int last_event(void *context, uint64_t number, int64_t at, const char *text)
{
	(void)number;
	(void)at;
	(void)snprintf(context, 128, "%s", text);
	return 0;
}

static void a_doubt_is_an_event_once_until_it_is_over(void **state)
{
	struct stage *stage = *state;
	struct doubt doubt = {0};
	char event[128] = "";

	set_figures(stage, 10, 10);
	assert_false(doubt_look(&doubt, stage->county, stage->ledger, SOUTH, NOW));
	set_figures(stage, 0, 100);
	assert_true(doubt_look(&doubt, stage->county, stage->ledger, SOUTH, NOW));
	assert_false(doubt_look(&doubt, stage->county, stage->ledger, SOUTH, NOW));
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(ledger_events(stage->ledger, 1, last_event, event), 0);
	assert_string_equal(event, "figures_doubtful site=south check=left");
	set_figures(stage, 100, 100);
	assert_false(doubt_look(&doubt, stage->county, stage->ledger, SOUTH, NOW));
	set_figures(stage, 0, 100);
	assert_true(doubt_look(&doubt, stage->county, stage->ledger, SOUTH, NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_doubt_is_an_event_once_until_it_is_over,
						make_stage, strike_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
