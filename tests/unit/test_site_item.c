#include "daemon/site/change.h"
#include "daemon/site/item.h"
#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/fail.h"

static void tell_spell(struct record *record, int32_t activity, int32_t start)
{
	record->value[FIELD_activity] = activity;
	record->value[FIELD_spell_start] = start;
}

static void add_spell(struct record *record, int32_t activity, int32_t start)
{
	tell_spell(record, activity, start);
	assert_int_equal(item_settle(record, RECORD_SPELL), 0);
}

static void a_told_item_joins_the_items_and_is_told_no_more(void **state)
{
	struct record record;
	const struct record_item *item;

	(void)state;
	record_clear(&record);
	record.value[FIELD_hours_month] = 100;
	record.value[FIELD_hours] = 40;
	assert_int_equal(item_settle_all(&record), 0);
	item = item_next(&record, RECORD_HOURS, NULL);
	assert_non_null(item);
	assert_int_equal(item_value(item, FIELD_hours), 40);
	assert_int_equal(record.value[FIELD_hours], RECORD_MISSING);
	assert_null(item_next(&record, RECORD_HOURS, item));
}

static void items_lie_by_day_however_they_came(void **state)
{
	static const int32_t days[] = {300, 100, 200};
	struct record record;
	const struct record_item *item = NULL;

	(void)state;
	record_clear(&record);
	for (size_t i = 0; i < array_n(days); i++)
		add_spell(&record, 1, days[i]);
	for (int32_t day = 100; day <= 300; day += 100) {
		item = item_next(&record, RECORD_SPELL, item);
		assert_non_null(item);
		assert_int_equal(item_day(item), day);
	}
	assert_int_equal(item_earliest(&record, FIELD_spell_start), 100);
}

static void
the_same_spell_told_again_is_filled_in_and_another_activity_is_another_spell(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	add_spell(&record, 1, 100);
	tell_spell(&record, 1, 100);
	record.value[FIELD_spell_end] = 150;
	assert_int_equal(item_settle(&record, RECORD_SPELL), 0);
	assert_int_equal(record.items_n, 1);
	assert_int_equal(item_value(&record.items[0], FIELD_spell_end), 150);
	add_spell(&record, 2, 100);
	assert_int_equal(record.items_n, 2);
	assert_true(item_has_code(&record, FIELD_activity, 2));
	assert_false(item_has_code(&record, FIELD_activity, 3));
}

static void an_item_without_its_day_stays_told(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	record.value[FIELD_activity] = 4;
	assert_int_equal(item_settle_all(&record), 0);
	assert_int_equal(record.items_n, 0);
	assert_int_equal(record.value[FIELD_activity], 4);
}

static void one_item_too_many_is_refused_and_changes_nothing(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	for (int32_t i = 0; i < RECORD_ITEMS_MAX; i++)
		add_spell(&record, 1, i);
	tell_spell(&record, 1, RECORD_ITEMS_MAX);
	assert_int_equal(item_settle(&record, RECORD_SPELL), -ENOSPC);
	assert_int_equal(record.items_n, RECORD_ITEMS_MAX);
	assert_int_equal(record.value[FIELD_spell_start], RECORD_ITEMS_MAX);
}

static void the_told_item_is_the_one_removed(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	add_spell(&record, 1, 100);
	add_spell(&record, 1, 200);
	tell_spell(&record, 1, 100);
	assert_int_equal(item_remove(&record, RECORD_SPELL), 0);
	assert_int_equal(record.items_n, 1);
	assert_int_equal(item_day(&record.items[0]), 200);
	tell_spell(&record, 1, 100);
	assert_int_equal(item_remove(&record, RECORD_SPELL), -ENOENT);
}

/* ---- change ---- */

/* What a change packed is, once it has been applied to before. */
static void carry(const struct record *before, const struct record *after,
		  struct record *ret_record)
{
	own(buf_free) struct buf bytes = {0};
	struct unpack in;

	change_pack(before, after, &bytes);
	assert_int_equal(bytes.error, 0);
	in = unpack_start(bytes.data, bytes.n);
	record_copy(before, ret_record);
	change_apply(&in, ret_record);
	assert_int_equal(unpack_end(&in), 0);
}

static void items_and_tokens_survive_their_bytes(void **state)
{
	struct record before, after, carried;

	(void)state;
	record_clear(&before);
	add_spell(&before, 1, 100);
	record_copy(&before, &after);
	add_spell(&after, 2, 50);
	after.value[FIELD_pause_start] = 60;
	assert_int_equal(item_settle_all(&after), 0);
	memcpy(after.token_out, "12345678901234567890", RECORD_TOKEN_BYTES);
	assert_true(change_differs(&before, &after));
	carry(&before, &after, &carried);
	assert_false(change_differs(&after, &carried));
	assert_int_equal(carried.items_n, 3);
	assert_string_equal(carried.token_out, after.token_out);
}

static void an_item_taken_away_is_gone_after_its_change(void **state)
{
	struct record before, after, carried;

	(void)state;
	record_clear(&before);
	add_spell(&before, 1, 100);
	record_copy(&before, &after);
	item_remove_part(&after, RECORD_SPELL);
	carry(&before, &after, &carried);
	assert_int_equal(carried.items_n, 0);
}

static void two_items_alike_are_not_believed(void **state)
{
	own(buf_free) struct buf bytes = {0};
	struct record record, same;
	struct unpack in;

	(void)state;
	record_clear(&record);
	record_copy(&record, &same);
	pack_array(&bytes, 1);
	pack_array(&bytes, 2);
	pack_u64(&bytes, CHANGE_ITEMS + RECORD_HOURS);
	pack_array(&bytes, 2);
	for (int i = 0; i < 2; i++) {
		pack_array(&bytes, 2);
		pack_i64(&bytes, 100);
		pack_i64(&bytes, i);
	}
	in = unpack_start(bytes.data, bytes.n);
	change_apply(&in, &record);
	assert_int_equal(in.error, -EBADMSG);
	assert_false(change_differs(&same, &record));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_told_item_joins_the_items_and_is_told_no_more),
		cmocka_unit_test(items_lie_by_day_however_they_came),
		cmocka_unit_test(
			the_same_spell_told_again_is_filled_in_and_another_activity_is_another_spell),
		cmocka_unit_test(an_item_without_its_day_stays_told),
		cmocka_unit_test(one_item_too_many_is_refused_and_changes_nothing),
		cmocka_unit_test(the_told_item_is_the_one_removed),
		cmocka_unit_test(items_and_tokens_survive_their_bytes),
		cmocka_unit_test(an_item_taken_away_is_gone_after_its_change),
		cmocka_unit_test(two_items_alike_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
