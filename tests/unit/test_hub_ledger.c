#include "fixture_hub.h"

#include <errno.h>
#include <sys/stat.h>

/* Releases 1.. of a site, each a month, added to the open group. */
static void add_chain(struct stage *stage, size_t site, uint64_t first, uint64_t last)
{
	uint8_t prev[SIGN_HASH_BYTES];
	uint64_t n;

	ledger_head(stage->ledger, fixture_sites[site].id, &n, prev);
	assert_int_equal(n + 1, first);
	for (n = first; n <= last; n++) {
		struct release release = {0};

		make_release(stage, site, n, MONTH(2018, 1) + (uint32_t)n - 1, 7, prev, &release);
		ledger_add(stage->ledger, fixture_sites[site].id, &release, NOW + (int64_t)n);
		memcpy(prev, release.hash, sizeof(prev));
		release_free(&release);
	}
}

static uint64_t head_n(const struct stage *stage, const char *site)
{
	uint8_t hash[SIGN_HASH_BYTES];
	uint64_t n;

	ledger_head(stage->ledger, site, &n, hash);
	return n;
}

static void a_committed_release_is_there_after_opening_again(void **state)
{
	struct stage *stage = *state;
	struct release made = {0}, release = {0};
	int64_t at_received = 0;

	make_release(stage, SOUTH, 1, MONTH(2018, 1), 12, NULL, &made);
	ledger_add(stage->ledger, "south", &made, NOW);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	reopen_stage(stage);
	assert_int_equal(head_n(stage, "south"), 1);
	assert_int_equal(ledger_load(stage->ledger, "south", 1, &release, &at_received), 0);
	assert_int_equal(at_received, NOW);
	assert_memory_equal(release.hash, made.hash, SIGN_HASH_BYTES);
	assert_memory_equal(release.signature, made.signature, SIGN_BYTES);
	assert_int_equal(release.payload.n, made.payload.n);
	assert_memory_equal(release.payload.data, made.payload.data, made.payload.n);
	assert_int_equal(ledger_load(stage->ledger, "south", 2, &release, &at_received), -ENOENT);
	assert_int_equal(ledger_load(stage->ledger, "north", 1, &release, &at_received), -ENOENT);
	release_free(&made);
	release_free(&release);
}

static void an_empty_chain_stands_at_its_start(void **state)
{
	struct stage *stage = *state;
	uint8_t hash[SIGN_HASH_BYTES], start[SIGN_HASH_BYTES];
	uint64_t n = 5;

	ledger_head(stage->ledger, "east", &n, hash);
	sign_chain_start("east", start);
	assert_int_equal(n, 0);
	assert_memory_equal(hash, start, sizeof(hash));
}

static void heads_follow_only_the_commit(void **state)
{
	struct stage *stage = *state;

	add_chain(stage, NORTH, 1, 3);
	assert_int_equal(head_n(stage, "north"), 0);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(head_n(stage, "north"), 3);
}

static void nothing_of_a_group_that_was_not_committed_is_there(void **state)
{
	struct stage *stage = *state;
	struct ledger_about about;

	add_chain(stage, NORTH, 1, 2);
	ledger_audit(stage->ledger, NOW, "release_accepted site=north");
	reopen_stage(stage);
	ledger_about(stage->ledger, &about);
	assert_int_equal(head_n(stage, "north"), 0);
	assert_int_equal(about.state->events_n, 0);
	assert_int_equal(about.state->sites_n, 0);
}

static void a_group_the_disk_has_no_room_for_leaves_all_as_before(void **state)
{
	struct stage *stage = *state;
	own(mem_free) uint8_t *large = calloc(1, MSG_BYTES_MAX);
	struct ledger_about about;

	assert_non_null(large);
	add_chain(stage, NORTH, 1, 1);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	add_chain(stage, NORTH, 2, 3);
	for (int i = 0; i < 4; i++)
		ledger_quarantine(stage->ledger, "north", "W002", large, MSG_BYTES_MAX - 100, NOW);
	assert_int_equal(ledger_commit(stage->ledger), -ENOSPC);
	ledger_about(stage->ledger, &about);
	assert_int_equal(head_n(stage, "north"), 1);
	assert_int_equal(about.state->quarantined_n, 0);
	add_chain(stage, NORTH, 2, 2);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	reopen_stage(stage);
	assert_int_equal(head_n(stage, "north"), 2);
}

static void the_store_grows_with_what_it_holds(void **state)
{
	struct stage *stage = *state;

	for (uint64_t n = 1; n <= 600; n++) {
		add_chain(stage, SOUTH, n, n);
		assert_int_equal(ledger_commit(stage->ledger), 0);
	}
	reopen_stage(stage);
	assert_int_equal(head_n(stage, "south"), 600);
}

struct seen {
	char text[512];
	size_t n;
};

static int note_release(void *context, const char *site, const struct release *release,
			int64_t at_received)
{
	struct seen *seen = context;

	assert_true(at_received > NOW);
	seen->n += (size_t)snprintf(seen->text + seen->n, sizeof(seen->text) - seen->n, "%s%llu ",
				    site, (unsigned long long)release->n);
	return 0;
}

static void a_walk_meets_every_chain_in_order(void **state)
{
	struct stage *stage = *state;
	struct seen seen = {0};

	add_chain(stage, SOUTH, 1, 2);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	add_chain(stage, NORTH, 1, 1);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	add_chain(stage, SOUTH, 3, 3);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(ledger_walk(stage->ledger, note_release, &seen), 0);
	assert_string_equal(seen.text, "south1 south2 south3 north1 ");
}

static void a_chain_with_a_link_missing_is_refused(void **state)
{
	struct stage *stage = *state;
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t key[LEDGER_RELEASE_KEY_BYTES];
	struct fault fault = {0};

	add_chain(stage, SOUTH, 1, 3);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	ledger_row_release_key(0, 2, key);
	safe_write(ledger_safe(stage->ledger), &txn);
	safe_delete(&txn, LEDGER_RELEASE, key, sizeof(key));
	assert_int_equal(safe_commit(&txn), 0);
	close_stage(stage);
	assert_int_equal(ledger_open(&stage->settings, &stage->ledger, &fault), -EBADMSG);
	assert_string_equal(fault.code, "H001");
}

static void a_ledger_of_another_programme_is_refused(void **state)
{
	struct stage *stage = *state;
	struct fault fault = {0};

	close_stage(stage);
	stage->programme.case_number = "2020/1";
	assert_int_equal(ledger_open(&stage->settings, &stage->ledger, &fault), -EBADMSG);
	assert_string_equal(fault.code, "S011");
}

static void a_ledger_is_open_once(void **state)
{
	struct stage *stage = *state;
	struct ledger *second = NULL;
	struct fault fault = {0};

	assert_int_equal(ledger_open(&stage->settings, &second, &fault), -EBADMSG);
	assert_string_equal(fault.code, "S007");
	assert_int_equal(ledger_create(&stage->settings), -EEXIST);
	assert_null(second);
}

static void an_instance_stays_what_it_was_made(void **state)
{
	struct stage *stage = *state;
	static const uint8_t none[MSG_INSTANCE_BYTES];
	uint8_t instance[MSG_INSTANCE_BYTES];
	struct ledger_about about;

	ledger_about(stage->ledger, &about);
	memcpy(instance, about.instance, sizeof(instance));
	assert_memory_not_equal(instance, none, sizeof(none));
	reopen_stage(stage);
	ledger_about(stage->ledger, &about);
	assert_memory_equal(about.instance, instance, sizeof(instance));
}

static int chain_event(void *context, uint64_t number, int64_t at, const char *text)
{
	struct ledger_event *event = context;
	uint8_t before[SIGN_HASH_BYTES];

	(void)number;
	memcpy(before, event->head, sizeof(before));
	event->at = at;
	(void)snprintf(event->text, sizeof(event->text), "%s", text);
	ledger_row_chain_event(event, before);
	return 0;
}

static void the_audit_chain_is_the_sum_of_its_events(void **state)
{
	struct stage *stage = *state;
	struct ledger_event event = {0};
	struct ledger_about about;

	ledger_audit(stage->ledger, NOW, "one a=1");
	ledger_audit(stage->ledger, NOW + 1, "two");
	assert_int_equal(ledger_commit(stage->ledger), 0);
	ledger_audit(stage->ledger, NOW + 2, "three");
	assert_int_equal(ledger_commit(stage->ledger), 0);
	reopen_stage(stage);
	assert_int_equal(ledger_events(stage->ledger, 1, chain_event, &event), 0);
	ledger_about(stage->ledger, &about);
	assert_int_equal(about.state->events_n, 3);
	assert_string_equal(event.text, "three");
	assert_memory_equal(about.state->audit_head, event.head, SIGN_HASH_BYTES);
}

static int count_event(void *context, uint64_t number, int64_t at, const char *text)
{
	struct seen *seen = context;

	(void)at;
	(void)text;
	seen->n = seen->n * 10 + number;
	return number == 3;
}

static void events_are_told_from_a_number_on_until_stopped(void **state)
{
	struct stage *stage = *state;
	struct seen seen = {0};

	for (int i = 0; i < 5; i++)
		ledger_audit(stage->ledger, NOW, "event");
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(ledger_events(stage->ledger, 2, count_event, &seen), 1);
	assert_int_equal(seen.n, 23);
}

static int note_quarantine(void *context, const char *site, const char *code, int64_t at,
			   const void *message, size_t n)
{
	struct seen *seen = context;

	assert_int_equal(at, NOW);
	(void)snprintf(seen->text, sizeof(seen->text), "%s %s %.*s", site, code, (int)n,
		       (const char *)message);
	seen->n++;
	return 0;
}

static void refused_material_is_kept_as_it_came(void **state)
{
	struct stage *stage = *state;
	struct seen seen = {0};

	ledger_quarantine(stage->ledger, "south", "W002", "bytes", 5, NOW);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	reopen_stage(stage);
	assert_int_equal(ledger_walk_quarantine(stage->ledger, note_quarantine, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.text, "south W002 bytes");
}

static int note_result(void *context, const struct ledger_result *result)
{
	struct seen *seen = context;

	seen->n +=
		(size_t)snprintf(seen->text + seen->n, sizeof(seen->text) - seen->n, "%u:%.*s:%d ",
				 result->period - MONTH(2018, 1), (int)result->body_n,
				 (const char *)result->body, result->signature[0]);
	return 0;
}

static void a_later_result_takes_the_place_of_an_earlier_one(void **state)
{
	struct stage *stage = *state;
	const uint8_t signature[SIGN_BYTES] = {9};
	struct seen seen = {0};

	ledger_keep_result(stage->ledger, MONTH(2018, 2), "feb", 3, signature, NOW);
	ledger_keep_result(stage->ledger, MONTH(2018, 1), "old", 3, signature, NOW);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	ledger_keep_result(stage->ledger, MONTH(2018, 1), "new", 3, signature, NOW + 1);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	assert_int_equal(ledger_walk_results(stage->ledger, note_result, &seen), 0);
	assert_string_equal(seen.text, "0:new:9 1:feb:9 ");
	assert_int_equal(ledger_result(stage->ledger, MONTH(2018, 3), note_result, &seen), -ENOENT);
}

static void a_row_of_the_hub_survives(void **state)
{
	struct stage *stage = *state;
	own(buf_free) struct buf row = {0};

	assert_int_equal(ledger_row(stage->ledger, "x.clock", &row), -ENOENT);
	ledger_put_row(stage->ledger, "x.clock", "12", 2);
	assert_int_equal(ledger_commit(stage->ledger), 0);
	reopen_stage(stage);
	assert_int_equal(ledger_row(stage->ledger, "x.clock", &row), 0);
	assert_string_equal(buf_text(&row), "12");
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_stage(a_committed_release_is_there_after_opening_again),
		on_stage(an_empty_chain_stands_at_its_start),
		on_stage(heads_follow_only_the_commit),
		on_stage(nothing_of_a_group_that_was_not_committed_is_there),
		on_stage(a_group_the_disk_has_no_room_for_leaves_all_as_before),
		on_stage(the_store_grows_with_what_it_holds),
		on_stage(a_walk_meets_every_chain_in_order),
		on_stage(a_chain_with_a_link_missing_is_refused),
		on_stage(a_ledger_of_another_programme_is_refused),
		on_stage(a_ledger_is_open_once),
		on_stage(an_instance_stays_what_it_was_made),
		on_stage(the_audit_chain_is_the_sum_of_its_events),
		on_stage(events_are_told_from_a_number_on_until_stopped),
		on_stage(refused_material_is_kept_as_it_came),
		on_stage(a_later_result_takes_the_place_of_an_earlier_one),
		on_stage(a_row_of_the_hub_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
