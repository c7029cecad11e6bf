#include "daemon/site/desk_words.h"
#include "daemon/site/desk_ask.h"
#include "fixture_site.h"

static struct programme *read_other(void)
{
	own(buf_free) struct buf text = {0};
	struct programme *other = NULL;

	assert_int_equal(file_read("tests/data/programme/unga-vidare.ini", 1 << 20, &text), 0);
	assert_int_equal(programme_read("unga-vidare.ini", text.data, text.n, &other, NULL), 0);
	return other;
}

static bool asks(const struct desk_words *words, enum life_event event, enum record_field field)
{
	struct desk_questions questions;

	desk_ask_event(words, event, false, words->programme->operation.from, &questions);
	for (size_t i = 0; i < questions.n; i++)
		if (questions.rows[i].field == field)
			return true;
	return false;
}

static void every_field_of_the_life_cycle_has_a_name_in_mia(void **state)
{
	const struct stage *stage = *state;
	const struct desk_words words = {stage->mia, stage->parts.site, LANGUAGE_SV};

	for (int event = 0; event < LIFE_EVENT_N; event++) {
		size_t n;
		const struct life_ask *of = life_asks((enum life_event)event, &n);

		for (size_t i = 0; i < n; i++)
			if (record_row(of[i].field)->part != RECORD_QUESTION)
				assert_string_not_equal(desk_words_label(&words, of[i].field),
							record_row(of[i].field)->id);
	}
}

static void a_form_asks_only_what_the_programme_has(void **state)
{
	const struct stage *stage = *state;
	struct programme *other = read_other();
	const struct desk_words mia = {stage->mia, stage->parts.site, LANGUAGE_EN};
	const struct desk_words words = {other, &other->sites[0], LANGUAGE_EN};

	assert_true(asks(&mia, LIFE_entry, FIELD_income));
	assert_true(asks(&mia, LIFE_queue, FIELD_queued_date));
	assert_false(asks(&words, LIFE_entry, FIELD_income));
	assert_true(asks(&words, LIFE_entry, FIELD_entry_date));
	assert_false(asks(&words, LIFE_queue, FIELD_queued_date));
	programme_free(&other);
}

static void assert_value(const struct desk_words *words, const struct record *record,
			 enum record_field field, const char *typed, const char *read)
{
	own(buf_free) struct buf id = {0}, label = {0};

	desk_words_typed(words, record, field, &id);
	desk_words_read(words, record, field, &label);
	assert_string_equal(buf_text(&id), typed);
	assert_string_equal(buf_text(&label), read);
}

static void a_value_is_typed_by_ids_and_read_by_labels(void **state)
{
	const struct stage *stage = *state;
	const struct desk_words words = {stage->mia, stage->parts.site, LANGUAGE_EN};
	struct record record;

	record_clear(&record);
	record.value[FIELD_sex] = RECORD_SEX_MAN;
	record.value[FIELD_protected] = 1;
	record.value[FIELD_municipality] = 126;
	record.value[FIELD_income] = 5;
	record.value[FIELD_entry_date] = date_from_civil(2018, 4, 1);
	record.value[FIELD_hours_month] = date_from_civil(2018, 4, 1);
	record.value[FIELD_months_unemployed] = 14;
	record.value[FIELD_education] = 999;
	(void)snprintf(record.identity.local_id, sizeof(record.identity.local_id), "A1");
	(void)snprintf(record.identity.number, sizeof(record.identity.number), "197603122388");
	assert_value(&words, &record, FIELD_sex, "man", "Man");
	assert_value(&words, &record, FIELD_protected, "yes", "Yes");
	assert_value(&words, &record, FIELD_municipality, "0126", "Huddinge");
	assert_value(&words, &record, FIELD_income, "sickness+activitycomp",
		     "Sickness benefit, Activity compensation");
	assert_value(&words, &record, FIELD_entry_date, "2018-04-01", "2018-04-01");
	assert_value(&words, &record, FIELD_hours_month, "2018-04", "2018-04");
	assert_value(&words, &record, FIELD_months_unemployed, "14", "14");
	assert_value(&words, &record, FIELD_education, "999", "999"); /* no code of today's */
	assert_value(&words, &record, FIELD_local_id, "A1", "A1");
	assert_value(&words, &record, FIELD_person_number, "", "");
	assert_value(&words, &record, FIELD_labour, "", "");
}

#define ON_A_STAGE(test) cmocka_unit_test_setup_teardown(test, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_STAGE(every_field_of_the_life_cycle_has_a_name_in_mia),
		ON_A_STAGE(a_form_asks_only_what_the_programme_has),
		ON_A_STAGE(a_value_is_typed_by_ids_and_read_by_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
