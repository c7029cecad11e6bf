#include "daemon/site/store_scan.h"

#include "tests/unit/fixture_site.h"

#include <errno.h>
#include <stdlib.h>

#define DAY date_from_civil(2018, 1, 20)

/* What a walk has shown, and after how many it wants to stop (0: never). */
struct seen {
	uint64_t ids[32];
	char local_ids[32][8];
	size_t n, stop_at;
};

static int see(void *context, const struct store_person *person)
{
	struct seen *seen = context;

	seen->ids[seen->n] = person->id;
	(void)snprintf(seen->local_ids[seen->n], sizeof(seen->local_ids[0]), "%.7s",
		       person->record.identity.local_id);
	seen->n++;
	return seen->n == seen->stop_at ? -ECANCELED : 0;
}

/* Walks to the end in slices; gives how many slices it took. */
static size_t walk(struct stage *stage, size_t most, struct seen *seen)
{
	bool is_done = false;
	uint64_t after = 0;
	size_t slices = 0;

	for (; !is_done; slices++)
		assert_int_equal(store_scan(stage->parts.store, &after, most, see, seen, &is_done),
				 0);
	return slices;
}

static void everybody_is_shown_once_and_in_order_however_the_walk_is_sliced(void **state)
{
	struct stage *stage = *state;

	enter(stage, 7, DAY);
	for (size_t most = 1; most <= 9; most++) {
		struct seen seen = {0};

		(void)walk(stage, most, &seen);
		assert_int_equal(seen.n, 7);
		for (size_t i = 0; i < 7; i++) {
			assert_int_equal(seen.ids[i], i + 1);
			assert_int_equal(seen.local_ids[i][1], '1' + (int)i);
		}
	}
}

static void an_empty_store_is_walked_at_once(void **state)
{
	struct seen seen = {0};

	assert_int_equal(walk(*state, 10, &seen), 1);
	assert_int_equal(seen.n, 0);
}

static void who_was_misregistered_is_passed_over(void **state)
{
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	struct stage *stage = *state;
	struct store_person person;
	struct seen seen = {0};
	uint64_t id = 0;

	enter(stage, 3, DAY);
	store_person_clear(&person);
	assert_int_equal(store_load(stage->parts.store, 2, &person), 0);
	assert_int_equal(store_act(stage->parts.store, &origin, 2, ACT_MISREGISTERED,
				   &person.record, &id),
			 0);
	(void)walk(stage, 1, &seen);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.ids[1], 3);
	store_person_wipe(&person);
}

static void a_walk_stopped_by_its_visitor_goes_on_behind_the_last_one_shown(void **state)
{
	struct stage *stage = *state;
	struct seen seen = {.stop_at = 2};
	bool is_done = false;
	uint64_t after = 0;

	enter(stage, 4, DAY);
	assert_int_equal(store_scan(stage->parts.store, &after, 10, see, &seen, &is_done),
			 -ECANCELED);
	assert_int_equal(after, 2);
	assert_false(is_done);
	assert_int_equal(store_scan(stage->parts.store, &after, 10, see, &seen, &is_done), 0);
	assert_int_equal(seen.n, 4);
	assert_true(is_done);
}

static void what_changes_between_slices_is_seen_when_its_turn_comes(void **state)
{
	struct stage *stage = *state;
	struct seen seen = {0};
	bool is_done = false;
	uint64_t after = 0;

	enter(stage, 2, DAY);
	assert_int_equal(store_scan(stage->parts.store, &after, 1, see, &seen, &is_done), 0);
	enter(stage, 2, DAY);
	assert_int_equal(store_scan(stage->parts.store, &after, 9, see, &seen, &is_done), 0);
	assert_int_equal(seen.n, 4);
	assert_string_equal(seen.local_ids[3], "L4");
}

static void a_batch_under_way_is_nobody_yet(void **state)
{
	struct stage *stage = *state;
	struct store *store = stage->parts.store;
	struct seen seen = {0};
	struct record record;

	enter(stage, 1, DAY);
	assert_int_equal(store_batch_begin(store, BEGIN, "anna", "fil.csv"), 0);
	for (int i = 0; i < 12000; i++) { /* more than one commit takes */
		record_clear(&record);
		record.identity.type = ID_LOCAL;
		(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "B%d",
			       i);
		record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
		assert_int_equal(store_batch_add(store, &record, false), 0);
	}
	(void)walk(stage, 5, &seen);
	assert_int_equal(seen.n, 1);
	store_batch_abort(store);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
		CASE(everybody_is_shown_once_and_in_order_however_the_walk_is_sliced),
		CASE(an_empty_store_is_walked_at_once),
		CASE(who_was_misregistered_is_passed_over),
		CASE(a_walk_stopped_by_its_visitor_goes_on_behind_the_last_one_shown),
		CASE(what_changes_between_slices_is_seen_when_its_turn_comes),
		CASE(a_batch_under_way_is_nobody_yet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
