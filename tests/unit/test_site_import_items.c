#include "daemon/site/intake.h"

#include "daemon/site/change.h"
#include "tests/unit/fixture_site.h"
#include "proto/errors.h"

#define NOW date_to_moment(date_from_civil(2018, 12, 1))
#define PEOPLE "lokalt id;personnummer;samtycke;inskrivningsdatum\n"
#define ONE "A1;19800105-2383;ja;2017-05-02\n"
#define TWO "A2;19850617-2389;ja;2017-05-03\n"
#define BOTH PEOPLE ONE TWO
#define SPELLS "Lokalt id;Insats;Insats påbörjad;Insats avslutad\n"
#define HOURS "Lokalt id;Månad;Timmar\n"

static const char *const token_1 = "1234 5678 9012 3456 7888";

/* What an import said, freed with it. */
struct said {
	struct answer answer;
	int64_t rows, changed, unchanged, fresh, refused, batch;
	const char *form;
};

static void said_free(struct said *said)
{
	answer_free(&said->answer);
}

static const struct sheet_cell *cell(const struct sheet *sheet, size_t row, const char *column)
{
	for (size_t i = 0; i < sheet->columns_n; i++)
		if (strcmp(sheet->columns[i].id, column) == 0)
			return &sheet->cells[row * sheet->columns_n + i];
	fail_msg("no column %s", column);
	return NULL;
}

static void feed(struct intake *intake, const char *text)
{
	struct fault fault = {0};

	for (size_t at = 0; at < strlen(text); at += 11) {
		size_t rest = strlen(text) - at;

		assert_int_equal(intake_feed(intake, text + at, rest < 11 ? rest : 11, &fault), 0);
	}
}

static struct said put(struct stage *stage, const char *text)
{
	struct request request = {.command = COMMAND_IMPORT,
				  .arguments = {"fil.csv"},
				  .arguments_n = 1,
				  .options = {{.name = "apply"}},
				  .options_n = 1,
				  .stream_bytes = strlen(text),
				  .language = LANGUAGE_EN};
	const struct intake_settings settings = {.programme = stage->mia,
						 .site = stage->parts.site,
						 .store = stage->parts.store,
						 .request = &request,
						 .operator_name = "anna",
						 .at_now = NOW};
	own(intake_free) struct intake *intake = NULL;
	struct fault fault = {0};
	struct said said = {0};

	assert_int_equal(intake_new(&settings, &intake, &fault), 0);
	feed(intake, text);
	assert_int_equal(intake_end(intake, &said.answer), 0);
	if (strcmp(said.answer.sheets[0]->schema, "mia.import/1") != 0)
		return said;
	said.form = cell(said.answer.sheets[0], 0, "form")->text;
	said.rows = cell(said.answer.sheets[0], 0, "rows")->number;
	said.fresh = cell(said.answer.sheets[0], 0, "new")->number;
	said.changed = cell(said.answer.sheets[0], 0, "changed")->number;
	said.unchanged = cell(said.answer.sheets[0], 0, "unchanged")->number;
	said.refused = cell(said.answer.sheets[0], 0, "refused")->number;
	said.batch = cell(said.answer.sheets[0], 0, "batch")->number;
	return said;
}

/* The rows in which a code was found, "" when it was not. */
static const char *rows_with(const struct said *said, const char *code)
{
	const struct sheet *sheet = said->answer.sheets[1];

	for (size_t row = 0; row < sheet->cells_n / sheet->columns_n; row++)
		if (strcmp(cell(sheet, row, "code")->text, code) == 0)
			return cell(sheet, row, "rows")->text;
	return "";
}

/* An import that must be stored whole. */
static void put_all(struct stage *stage, const char *text)
{
	own(said_free) struct said said = put(stage, text);

	if (said.answer.exit != EXIT_GOOD)
		fail_msg("exit %u, %s", said.answer.exit,
			 cell(said.answer.sheets[said.answer.sheets_n - 1], 0, "code")->text);
}

static struct record record_of(struct stage *stage, uint64_t id)
{
	struct store_person person;
	struct record record;

	store_person_clear(&person);
	assert_int_equal(store_load(stage->parts.store, id, &person), 0);
	record = person.record;
	store_person_wipe(&person);
	return record;
}

static size_t items_n(const struct record *record, enum record_part part)
{
	const struct record_item *item = NULL;
	size_t n = 0;

	while ((item = item_next(record, part, item)) != NULL)
		n++;
	return n;
}

static int32_t day(int year, int month, int of_month)
{
	return date_from_civil(year, month, of_month);
}

/* ---- Items ---- */

static void activities_are_added_to_who_is_known_and_change_nothing_else(void **state)
{
	struct stage *stage = *state;
	struct record before, after;
	own(said_free) struct said said = {0};

	put_all(stage, BOTH);
	before = record_of(stage, 1);
	said = put(stage, SPELLS "A1;Praktik;2017-06-01;2017-08-31\n");
	assert_int_equal(said.answer.exit, EXIT_GOOD);
	assert_string_equal(said.form, "activities");
	assert_int_equal(said.changed, 1);
	after = record_of(stage, 1);
	assert_int_equal(items_n(&after, RECORD_SPELL), 1);
	assert_int_equal(item_value(item_next(&after, RECORD_SPELL, NULL), FIELD_spell_end),
			 day(2017, 8, 31));
	item_remove_part(&after, RECORD_SPELL);
	assert_false(change_differs(&before, &after));
	assert_int_equal(store_persons(stage->parts.store), 2);
}

static void rows_of_one_person_beneath_each_other_are_one_change(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	struct record one, two;
	uint64_t head;

	put_all(stage, BOTH);
	head = store_head(stage->parts.store);
	said = put(stage, SPELLS "A1;Kartläggning;2017-05-02;2017-05-20\nA1;Praktik;2017-06-01;\n"
				 "A1;Studiestöd;2017-06-01;\nA2;Praktik;2017-06-02;\n");
	assert_int_equal(said.answer.exit, EXIT_GOOD);
	assert_int_equal(said.rows, 4);
	assert_int_equal(said.changed, 2);
	assert_int_equal(store_head(stage->parts.store), head + 2);
	one = record_of(stage, 1);
	two = record_of(stage, 2);
	assert_int_equal(items_n(&one, RECORD_SPELL), 3);
	assert_int_equal(items_n(&two, RECORD_SPELL), 1);
}

static void the_same_person_again_further_down_is_refused(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	struct record one;

	put_all(stage, BOTH);
	said = put(stage, SPELLS "A1;Praktik;2017-06-01;\nA2;Praktik;2017-06-02;\n"
				 "A1;Studiestöd;2017-07-01;\nA1;Kartläggning;2017-07-02;\n");
	assert_int_equal(said.answer.exit, EXIT_IN_PART);
	assert_string_equal(rows_with(&said, "I036"), "4, 5");
	assert_int_equal(said.changed, 2);
	one = record_of(stage, 1);
	assert_int_equal(items_n(&one, RECORD_SPELL), 1);
}

static void a_file_of_items_read_twice_changes_nothing(void **state)
{
	static const char text[] = SPELLS "A1;Praktik;2017-06-01;2017-07-01\n"
					  "A1;Studiestöd;2017-07-01;\nA2;Praktik;2017-06-02;\n";
	struct stage *stage = *state;
	own(said_free) struct said again = {0};
	uint64_t head;

	put_all(stage, BOTH);
	put_all(stage, text);
	head = store_head(stage->parts.store);
	again = put(stage, text);
	assert_int_equal(again.unchanged, 2);
	assert_int_equal(again.changed, 0);
	assert_int_equal(store_head(stage->parts.store), head);
}

static void an_item_told_otherwise_is_corrected_and_one_added_is_a_change(void **state)
{
	struct stage *stage = *state;
	struct act act;

	put_all(stage, BOTH);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;\n");
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;2017-07-01\n");
	assert_int_equal(store_load_act(stage->parts.store, store_head(stage->parts.store), &act),
			 0);
	assert_int_equal(act.kind, ACT_CHANGED);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;2017-07-02\n");
	assert_int_equal(store_load_act(stage->parts.store, store_head(stage->parts.store), &act),
			 0);
	assert_int_equal(act.kind, ACT_CORRECTED);
}

static void a_faulty_row_leaves_its_neighbours_good(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	struct record one;

	put_all(stage, BOTH);
	said = put(stage, SPELLS "A1;Praktik;2017-06-01;\nA1;Studiestöd;i juni;\n"
				 "A1;Kartläggning;2016-01-01;\nA1;Mobiliseringskurs;2017-09-01;\n"
				 "A2;Praktik;i juni;\n");
	assert_int_equal(said.answer.exit, EXIT_IN_PART);
	assert_string_equal(rows_with(&said, "I023"), "3, 6");
	assert_string_equal(rows_with(&said, "V016"), "4");
	assert_int_equal(said.refused, 3);
	assert_int_equal(said.changed, 1);
	one = record_of(stage, 1);
	assert_int_equal(items_n(&one, RECORD_SPELL), 2);
}

static void what_was_wrong_with_a_person_before_is_not_told_of_their_items(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};

	put_all(stage, BOTH); /* without labour and education: V041 */
	said = put(stage, SPELLS "A1;Praktik;2017-06-01;2017-06-30\n");
	assert_string_equal(rows_with(&said, "V041"), "");
}

static void items_of_nobody_known_are_refused(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};

	put_all(stage, BOTH);
	said = put(stage, SPELLS "X9;Praktik;2017-06-01;\nX9;Studiestöd;2017-06-01;\n"
				 "A2;Praktik;2017-06-02;\n");
	assert_string_equal(rows_with(&said, "I039"), "2, 3");
	assert_int_equal(said.changed, 1);
	assert_int_equal(store_persons(stage->parts.store), 2);
}

static void the_anonymous_get_no_items(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	struct record one;

	put_all(stage, "lokalt id;samtycke;kön;inskrivningsdatum\nB1;nej;kvinna;2017-05-02\n");
	said = put(stage, SPELLS "B1;Praktik;2017-06-01;\n");
	assert_int_equal(said.answer.exit, EXIT_INPUT_FAULTS);
	assert_string_equal(rows_with(&said, "V004"), "2");
	one = record_of(stage, 1);
	assert_int_equal(one.items_n, 0);
}

static void hours_are_of_a_month_however_it_is_written(void **state)
{
	static const char *const months[] = {"2018-04", "201804", "2018-04-17", "180417"};
	struct stage *stage = *state;

	put_all(stage, BOTH);
	for (size_t i = 0; i < array_n(months); i++) {
		own(buf_free) struct buf text = {0};
		struct record one;

		buf_printf(&text, HOURS "A1;%s;%zu\n", months[i], 40 + i);
		put_all(stage, buf_text(&text));
		one = record_of(stage, 1);
		assert_int_equal(items_n(&one, RECORD_HOURS), 1);
		assert_int_equal(item_day(item_next(&one, RECORD_HOURS, NULL)), day(2018, 4, 1));
		assert_int_equal(item_value(item_next(&one, RECORD_HOURS, NULL), FIELD_hours),
				 40 + (int)i);
	}
}

static void a_month_that_is_none_is_refused(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};

	put_all(stage, BOTH);
	said = put(stage, HOURS "A1;2018-13;4\nA1;april;4\nA1;201800;4\nA1;2018;4\nA1;2018-4;4\n");
	assert_string_equal(rows_with(&said, "I040"), "2, 3, 4, 5, 6");
	assert_int_equal(said.refused, 5);
}

static void pauses_are_items_too(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	struct record one;

	put_all(stage, BOTH);
	said = put(stage, "Personnummer;Paus från;Paus till\n"
			  "19800105-2383;2017-07-01;2017-08-01\n19800105-2383;2017-10-01;\n");
	assert_int_equal(said.answer.exit, EXIT_GOOD);
	assert_string_equal(said.form, "pauses");
	one = record_of(stage, 1);
	assert_int_equal(items_n(&one, RECORD_PAUSE), 2);
}

/* ---- Re-entry ---- */

#define LEFT                                                                                       \
	"lokalt id;samtycke;inskrivningsdatum;avslutsdatum;avslutsorsak\n"                         \
	"A1;ja;2017-05-02;2018-01-31;Annat\n"

static void assert_back(struct stage *stage)
{
	struct record one = record_of(stage, 1);
	const struct record_item *item = item_next(&one, RECORD_RETURN, NULL);

	assert_non_null(item);
	assert_int_equal(items_n(&one, RECORD_RETURN), 1);
	assert_int_equal(item_day(item), day(2018, 6, 1));
	assert_int_equal(item_value(item, FIELD_returned_from), day(2018, 1, 31));
	assert_int_not_equal(item_value(item, FIELD_returned_reason), RECORD_MISSING);
	assert_int_equal(one.value[FIELD_exit_date], RECORD_MISSING);
	assert_int_equal(one.value[FIELD_exit_reason], RECORD_MISSING);
	assert_int_equal(one.value[FIELD_entry_date], day(2017, 5, 2));
}

static void a_re_entry_ends_the_exit_and_keeps_the_first_entry(void **state)
{
	static const char text[] = "Lokalt id;Återinskriven\nA1;2018-06-01\n";
	struct stage *stage = *state;
	own(said_free) struct said said = {0};
	own(said_free) struct said again = {0};

	put_all(stage, LEFT);
	said = put(stage, text);
	assert_int_equal(said.answer.exit, EXIT_GOOD);
	assert_string_equal(said.form, "re-entries");
	assert_back(stage);
	again = put(stage, text);
	assert_int_equal(again.unchanged, 1);
}

static void a_file_of_participants_may_tell_of_a_re_entry(void **state)
{
	static const char still[] =
		"lokalt id;samtycke;inskrivningsdatum;avslutsdatum;avslutsorsak;återinskriven\n"
		"A1;ja;2017-05-02;2018-01-31;Annat;2018-06-01\n";
	static const char gone[] =
		"lokalt id;samtycke;inskrivningsdatum;avslutsdatum;avslutsorsak;återinskriven\n"
		"A1;ja;2017-05-02;;;2018-06-01\n";
	struct stage *stage = *state;
	own(said_free) struct said again = {0};

	put_all(stage, LEFT);
	put_all(stage, gone);
	assert_back(stage);
	again = put(stage, still); /* the case system keeps the old exit in its column */
	assert_int_equal(again.unchanged, 1);
	assert_back(stage);
}

static void a_re_entry_may_be_the_first_that_is_heard_of_a_person(void **state)
{
	struct stage *stage = *state;

	put_all(stage,
		"lokalt id;samtycke;inskrivningsdatum;avslutsdatum;avslutsorsak;återinskriven\n"
		"A1;ja;2017-05-02;2018-01-31;Annat;2018-06-01\n");
	assert_back(stage);
}

static void a_second_exit_stands_beside_the_re_entry(void **state)
{
	struct stage *stage = *state;
	struct record one;

	put_all(stage, LEFT);
	put_all(stage,
		"lokalt id;samtycke;inskrivningsdatum;avslutsdatum;avslutsorsak;återinskriven\n"
		"A1;ja;2017-05-02;2018-09-30;Annat;2018-06-01\n");
	one = record_of(stage, 1);
	assert_int_equal(one.value[FIELD_exit_date], day(2018, 9, 30));
	assert_int_equal(item_value(item_next(&one, RECORD_RETURN, NULL), FIELD_returned_from),
			 day(2018, 1, 31));
}

/* ---- Deviations ---- */

static void deviations_are_nobodys_and_known_by_their_number(void **state)
{
	static const char text[] = "Avvikelsenummer;Avvikelsedatum;Avvikelse\n"
				   "A1;2017-06-01;Väntetider\n17;2017-06-02;Sekretess\n";
	struct stage *stage = *state;
	own(said_free) struct said said = {0}, again = {0}, other = {0};
	uint64_t acts = 0;
	const struct store_origin origin = {.at = NOW, .operator_name = "anna"};

	put_all(stage, BOTH);
	said = put(stage, text);
	assert_int_equal(said.answer.exit, EXIT_GOOD);
	assert_string_equal(said.form, "deviations");
	assert_int_equal(said.fresh, 2); /* A1 is a person's local id: another kind of number */
	assert_int_equal(store_persons(stage->parts.store), 2);
	again = put(stage, text);
	assert_int_equal(again.unchanged, 2);
	assert_int_equal(store_batch_undo(stage->parts.store, &origin, (uint64_t)said.batch, &acts),
			 0);
	assert_int_equal(acts, 2);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;\n"); /* the person is found as before */
	said_free(&again);
	again = put(stage, text);
	assert_int_equal(again.fresh, 2);
	other = put(stage, "Avvikelsenummer;Avvikelsedatum;Avvikelse\n17;2017-06-02;Regelverk\n");
	assert_int_equal(other.changed, 1);
}

/* ---- Look-ups ---- */

static void any_identity_finds_the_person(void **state)
{
	struct stage *stage = *state;

	put_all(stage, BOTH);
	put_all(stage, "Personnummer;Samtycke;Inskrivningsdatum\n800105-2383;ja;2017-05-02\n");
	put_all(stage, "Lokalt id;Samtycke;Inskrivningsdatum\nA1;ja;2017-05-02\n");
	assert_int_equal(store_persons(stage->parts.store), 2);
	assert_string_equal(record_of(stage, 1).identity.number, "198001052383");
	assert_string_equal(record_of(stage, 1).identity.local_id, "A1");
}

static void an_identity_learnt_later_finds_the_person_from_then_on(void **state)
{
	struct stage *stage = *state;

	put_all(stage, "Personnummer;Samtycke;Inskrivningsdatum\n800105-2383;ja;2017-05-02\n");
	put_all(stage, PEOPLE ONE);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;\n");
	assert_int_equal(store_persons(stage->parts.store), 1);
	assert_int_equal(record_of(stage, 1).items_n, 1);
}

static void number_and_local_id_of_two_persons_are_refused_with_both_named(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said said = {0};

	put_all(stage, BOTH);
	said = put(stage, PEOPLE "A2;19800105-2383;ja;2017-05-02\n");
	assert_int_equal(said.answer.exit, EXIT_INPUT_FAULTS);
	assert_string_equal(rows_with(&said, "I038"), "2");
	assert_string_equal(record_of(stage, 1).identity.local_id, "A1");
}

static void the_look_up_follows_an_identity_that_changes(void **state)
{
	struct stage *stage = *state;
	own(said_free) struct said fresh = {0};

	put_all(stage, BOTH);
	put_all(stage, PEOPLE "A9;19800105-2383;ja;2017-05-02\n");
	put_all(stage, SPELLS "A9;Praktik;2017-06-01;\n");
	assert_int_equal(record_of(stage, 1).items_n, 1);
	fresh = put(stage, "Lokalt id;Samtycke;Inskrivningsdatum\nA1;ja;2017-07-02\n");
	assert_int_equal(fresh.fresh, 1); /* the old one is free */
	assert_int_equal(store_persons(stage->parts.store), 3);
}

static void an_undone_change_of_identity_takes_the_look_up_back(void **state)
{
	struct stage *stage = *state;
	const struct store_origin origin = {.at = NOW, .operator_name = "anna"};
	own(said_free) struct said said = {0};
	uint64_t acts = 0;

	put_all(stage, BOTH);
	said = put(stage, PEOPLE "A9;19800105-2383;ja;2017-05-02\n");
	assert_int_equal(store_batch_undo(stage->parts.store, &origin, (uint64_t)said.batch, &acts),
			 0);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;\n");
	assert_int_equal(record_of(stage, 1).items_n, 1);
	said_free(&said);
	said = put(stage, SPELLS "A9;Praktik;2017-06-01;\n");
	assert_string_equal(rows_with(&said, "I039"), "2");
}

static void items_are_undone_with_their_batch(void **state)
{
	struct stage *stage = *state;
	const struct store_origin origin = {.at = NOW, .operator_name = "anna"};
	own(said_free) struct said said = {0};
	uint64_t acts = 0;

	put_all(stage, BOTH);
	put_all(stage, SPELLS "A1;Praktik;2017-06-01;\n");
	said = put(stage, SPELLS "A1;Praktik;2017-06-01;2017-07-01\nA1;Studiestöd;2017-07-01;\n");
	assert_int_equal(store_batch_undo(stage->parts.store, &origin, (uint64_t)said.batch, &acts),
			 0);
	assert_int_equal(acts, 1);
	assert_int_equal(record_of(stage, 1).items_n, 1);
	assert_int_equal(record_of(stage, 1).items[0].value[4], RECORD_MISSING);
}

static void one_token_brings_one_person(void **state)
{
	static const char head[] =
		"lokalt id;samtycke;inskrivningsdatum;överflyttad hit;flyttkod in\n";
	struct stage *stage = *state;
	own(buf_free) struct buf first = {0}, second = {0};
	own(said_free) struct said said = {0}, again = {0};

	buf_printf(&first, "%sA1;ja;2017-05-02;2018-03-01;%s\n", head, token_1);
	buf_printf(&second, "%sA2;ja;2017-05-02;2018-03-01;%s\n", head, token_1);
	put_all(stage, buf_text(&first));
	assert_string_equal(record_of(stage, 1).token_in, "12345678901234567888");
	again = put(stage, buf_text(&first));
	assert_int_equal(again.unchanged, 1);
	said = put(stage, buf_text(&second));
	assert_string_equal(rows_with(&said, "V056"), "2");
	assert_int_equal(store_persons(stage->parts.store), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
		CASE(activities_are_added_to_who_is_known_and_change_nothing_else),
		CASE(rows_of_one_person_beneath_each_other_are_one_change),
		CASE(the_same_person_again_further_down_is_refused),
		CASE(a_file_of_items_read_twice_changes_nothing),
		CASE(an_item_told_otherwise_is_corrected_and_one_added_is_a_change),
		CASE(a_faulty_row_leaves_its_neighbours_good),
		CASE(what_was_wrong_with_a_person_before_is_not_told_of_their_items),
		CASE(items_of_nobody_known_are_refused),
		CASE(the_anonymous_get_no_items),
		CASE(hours_are_of_a_month_however_it_is_written),
		CASE(a_month_that_is_none_is_refused),
		CASE(pauses_are_items_too),
		CASE(a_re_entry_ends_the_exit_and_keeps_the_first_entry),
		CASE(a_file_of_participants_may_tell_of_a_re_entry),
		CASE(a_re_entry_may_be_the_first_that_is_heard_of_a_person),
		CASE(a_second_exit_stands_beside_the_re_entry),
		CASE(deviations_are_nobodys_and_known_by_their_number),
		CASE(any_identity_finds_the_person),
		CASE(an_identity_learnt_later_finds_the_person_from_then_on),
		CASE(number_and_local_id_of_two_persons_are_refused_with_both_named),
		CASE(the_look_up_follows_an_identity_that_changes),
		CASE(an_undone_change_of_identity_takes_the_look_up_back),
		CASE(items_are_undone_with_their_batch),
		CASE(one_token_brings_one_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
