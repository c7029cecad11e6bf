#include "daemon/site/life.h"
#include "fixture_site.h"

static int32_t day(int year, int month, int day_of_month)
{
	return date_from_civil(year, month, day_of_month);
}

static void every_event_is_found_by_its_words(void **state)
{
	(void)state;
	for (int event = 0; event < LIFE_EVENT_N; event++) {
		const struct life_row *row = life_row((enum life_event)event);
		char alias[64];

		if (row->word[0] == '\0')
			continue;
		(void)snprintf(alias, sizeof(alias), "%s", row->alias);
		alias[strcspn(alias, ",")] = '\0';
		assert_int_equal(life_find(row->word), event);
		assert_int_equal(life_find(alias), event);
	}
	assert_int_equal(life_find("ateruppta"), LIFE_resume);
	assert_int_equal(life_find(""), -1);
	assert_int_equal(life_find("party"), -1);
}

static void an_event_must_be_told_its_day(void **state)
{
	(void)state;
	for (int event = 0; event < LIFE_EVENT_N; event++) {
		const struct life_row *row = life_row((enum life_event)event);
		bool is_asked = row->day == FIELD_N;
		size_t n;
		const struct life_ask *asks = life_asks((enum life_event)event, &n);

		for (size_t i = 0; i < n; i++)
			is_asked = is_asked ||
				   (asks[i].field == row->day && asks[i].need == LIFE_MUST);
		assert_true(is_asked);
		for (size_t i = 0; i < n; i++)
			assert_true(asks[i].need != LIFE_WHEN || asks[i].hint != NULL);
	}
}

static void no_event_asks_a_field_twice(void **state)
{
	(void)state;
	for (int event = 0; event < LIFE_EVENT_N; event++) {
		size_t n;
		const struct life_ask *asks = life_asks((enum life_event)event, &n);

		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < i; j++)
				assert_int_not_equal(asks[i].field, asks[j].field);
	}
}

static void where_a_person_stands_follows_from_the_dates(void **state)
{
	const struct stage *stage = *state;
	static const struct {
		enum record_field field;
		int month;
		enum life_state becomes;
	} steps[] = {
		{FIELD_interest_date, 1, LIFE_INTEREST},
		{FIELD_queued_date, 2, LIFE_QUEUED},
		{FIELD_declined_date, 3, LIFE_DECLINED},
		{FIELD_mapping_date, 4, LIFE_MAPPED},
		{FIELD_entry_date, 5, LIFE_ACTIVE},
		{FIELD_pause_start, 6, LIFE_PAUSED},
		{FIELD_exit_date, 7, LIFE_LEFT},
		{FIELD_transfer_out_date, 8, LIFE_TRANSFERRED},
	};
	struct record record;

	record_clear(&record);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 12, 31)), LIFE_NEW);
	for (size_t i = 0; i < array_n(steps); i++) {
		record.value[steps[i].field] = day(2018, steps[i].month, 1);
		assert_int_equal(item_settle_all(&record), 0);
		assert_int_equal(life_state(stage->mia, &record, day(2018, 12, 31)),
				 steps[i].becomes);
	}
	/* The same record as it stood in each month: later dates are plans. */
	for (size_t i = 0; i < array_n(steps); i++)
		assert_int_equal(life_state(stage->mia, &record, day(2018, steps[i].month, 20)),
				 steps[i].becomes);
}

static void a_pause_ends_on_its_last_day(void **state)
{
	const struct stage *stage = *state;
	struct record record;

	record_clear(&record);
	record.value[FIELD_entry_date] = day(2018, 1, 1);
	record.value[FIELD_pause_start] = day(2018, 2, 1);
	record.value[FIELD_pause_end] = day(2018, 2, 10);
	assert_int_equal(item_settle_all(&record), 0);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 2, 10)), LIFE_PAUSED);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 2, 11)), LIFE_ACTIVE);
}

static void a_pause_does_not_outlast_an_exit(void **state)
{
	const struct stage *stage = *state;
	struct record record;

	record_clear(&record);
	record.value[FIELD_entry_date] = day(2018, 1, 1);
	record.value[FIELD_pause_start] = day(2018, 2, 1);
	record.value[FIELD_return_date] = day(2018, 4, 1);
	assert_int_equal(item_settle_all(&record), 0);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 2, 10)), LIFE_PAUSED);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 4, 1)), LIFE_ACTIVE);
}

static void who_came_from_elsewhere_is_active_from_the_transfer_on(void **state)
{
	const struct stage *stage = *state;
	struct record record;

	record_clear(&record);
	record.value[FIELD_transfer_in_date] = day(2018, 2, 1);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 1, 31)), LIFE_NEW);
	assert_int_equal(life_state(stage->mia, &record, day(2018, 2, 1)), LIFE_ACTIVE);
}

static void who_was_registered_by_mistake_is_nowhere(void **state)
{
	const struct stage *stage = *state;
	const struct programme_list *list = programme_list(stage->mia, "exit_reason");
	const struct programme_code *code = programme_code_by_word(list, "misregistered");
	struct record record;

	record_clear(&record);
	record.value[FIELD_entry_date] = day(2018, 1, 1);
	record.value[FIELD_exit_reason] = code->number;
	assert_int_equal(life_state(stage->mia, &record, day(2018, 2, 1)), LIFE_MISREGISTERED);
}

static void every_state_has_names(void **state)
{
	(void)state;
	for (int bit = LIFE_NEW; bit <= LIFE_MISREGISTERED; bit *= 2) {
		assert_string_not_equal(life_state_id((enum life_state)bit), "");
		assert_string_not_equal(life_state_name((enum life_state)bit), "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_is_found_by_its_words),
		cmocka_unit_test(an_event_must_be_told_its_day),
		cmocka_unit_test(no_event_asks_a_field_twice),
		cmocka_unit_test(where_a_person_stands_follows_from_the_dates),
		cmocka_unit_test(a_pause_ends_on_its_last_day),
		cmocka_unit_test(a_pause_does_not_outlast_an_exit),
		cmocka_unit_test(who_came_from_elsewhere_is_active_from_the_transfer_on),
		cmocka_unit_test(who_was_registered_by_mistake_is_nowhere),
		cmocka_unit_test(every_state_has_names),
	};

	return cmocka_run_group_tests(tests, make_bare_stage, strike_stage);
}
