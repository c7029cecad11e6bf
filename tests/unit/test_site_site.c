#include "daemon/site/site.h"

#include "fixture_site.h"
#include "lib/log.h"
#include "proto/errors.h"

#include <errno.h>

#define CSV                                                                                        \
	"lokalt id;samtycke;kön;inskrivningsdatum\n"                                              \
	"A1;ja;kvinna;2017-04-03\nA2;ja;man;2017-04-03\nA3;ja;man;2017-04-03\n"                    \
	"A4;ja;kvinna;2017-04-03\nA5;ja;man;2017-04-03\nA6;ja;man;2017-04-03\n"

static const struct room_operator anna = {.name = "anna", .rights = ~0U};

/* A room of the face, on the stage's keys and folder. */
struct play {
	struct stage *stage;
	struct room *room;
	struct room_time now;
};

static void open_room(struct play *play)
{
	struct fault fault = {0};

	if (site_face.open(&play->stage->settings, &play->now, &play->room, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
}

static int begin(void **state)
{
	struct play *play = calloc(1, sizeof(*play));
	struct fault fault = {0};
	void *stage = NULL;

	assert_non_null(play);
	log_limit(LOG_EMERG);
	(void)make_bare_stage(&stage);
	play->stage = stage;
	play->stage->settings.clock_offset_s = -1000;
	play->now = (struct room_time){.at = BEGIN, .mono_ms = 1};
	assert_int_equal(site_face.create(&play->stage->settings, play->now.at, &fault), 0);
	open_room(play);
	*state = play;
	return 0;
}

static int end(void **state)
{
	struct play *play = *state;
	void *stage = play->stage;

	site_face.close(&play->room);
	(void)strike_stage(&stage);
	free(play);
	return 0;
}

static struct request request_of(enum command command, const char *argument, const char *option)
{
	struct request request = {.command = command, .language = LANGUAGE_EN};

	if (argument != NULL)
		strcpy(request.arguments[request.arguments_n++], argument);
	if (option != NULL)
		strcpy(request.options[request.options_n++].name, option);
	return request;
}

/* Asks, and gives the exit; the answer is in *ret_answer, to be freed. */
static int ask(struct play *play, struct request request, struct answer *ret_answer)
{
	assert_int_equal(site_face.ask(play->room, &play->now, &anna, &request, ret_answer), 0);
	return ret_answer->exit;
}

static const struct sheet_cell *cell(const struct answer *answer, size_t row, const char *column)
{
	const struct sheet *sheet = answer->sheets[0];

	for (size_t i = 0; i < sheet->columns_n; i++) {
		if (strcmp(sheet->columns[i].id, column) == 0)
			return &sheet->cells[row * sheet->columns_n + i];
	}
	fail_msg("no column %s in %s", column, sheet->schema);
	return NULL;
}

static int64_t status_number(struct play *play, const char *column)
{
	own(answer_free) struct answer answer = {0};

	assert_int_equal(ask(play, request_of(COMMAND_STATUS, NULL, NULL), &answer), EXIT_GOOD);
	return cell(&answer, 0, column)->number;
}

static void step_to(struct play *play, int year, int month, int day)
{
	play->now.at = date_to_moment(date_from_civil(year, month, day));
	play->now.mono_ms += 1000;
	assert_int_equal(site_face.step(play->room, &play->now), 0);
}

static void begin_import(struct play *play)
{
	struct request request = request_of(COMMAND_IMPORT, "a.csv", "apply");
	struct fault fault = {0};

	request.stream_bytes = strlen(CSV);
	assert_int_equal(site_face.stream_begin(play->room, &play->now, &anna, &request, &fault),
			 0);
	assert_int_equal(site_face.stream_feed(play->room, CSV, strlen(CSV), &fault), 0);
}

static void import(struct play *play)
{
	own(answer_free) struct answer answer = {0};

	begin_import(play);
	assert_int_equal(site_face.stream_end(play->room, &play->now, &answer), 0);
	assert_int_equal(answer.exit, EXIT_GOOD);
}

static int64_t due_at(const struct play *play)
{
	int64_t at, mono_ms;

	site_face.due(play->room, &at, &mono_ms);
	return at;
}

/* ---- life ---- */

static void a_store_is_made_once(void **state)
{
	struct play *play = *state;
	struct fault fault = {0};

	assert_int_equal(site_face.create(&play->stage->settings, play->now.at, &fault), -EEXIST);
}

static void the_rehearsals_clock_survives_a_restart(void **state)
{
	struct play *play = *state;

	assert_true(site_face.is_rehearsal(play->room));
	assert_int_equal(site_face.clock_offset(play->room), -1000);
	assert_int_equal(site_face.keep_clock_offset(play->room, 12345), 0);
	site_face.close(&play->room);
	open_room(play);
	assert_int_equal(site_face.clock_offset(play->room), 12345);
}

static void another_hub_than_the_first_is_refused(void **state)
{
	struct play *play = *state;
	struct fault fault = {0};

	site_face.close(&play->room);
	play->stage->roster.members[1].link[0] ^= 1;
	assert_int_equal(site_face.open(&play->stage->settings, &play->now, &play->room, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "R040");
	assert_null(play->room);
	play->stage->roster.members[1].link[0] ^= 1;
	open_room(play);
}

/* It would count what waits by other rules, in reports that no hub takes. */
static void another_version_of_the_programme_is_refused_once_a_month_is_closed(void **state)
{
	struct play *play = *state;
	struct programme *mia = play->stage->mia;
	struct fault fault = {0};

	site_face.close(&play->room);
	mia->hash[0] ^= 1; /* before that it may change */
	open_room(play);
	play->now.at = calendar_cutoff(mia, FIRST);
	assert_int_equal(site_face.step(play->room, &play->now), 0);
	site_face.close(&play->room);
	mia->hash[0] ^= 1;
	assert_int_equal(site_face.open(&play->stage->settings, &play->now, &play->room, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "S017");
	mia->hash[0] ^= 1;
	open_room(play);
}

static void a_roster_without_us_is_refused(void **state)
{
	struct play *play = *state;
	struct fault fault = {0};

	site_face.close(&play->room);
	play->stage->roster.members[0].name[0] = 'x';
	assert_int_equal(site_face.open(&play->stage->settings, &play->now, &play->room, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "W010");
}

static void a_site_the_programme_does_not_have_is_refused(void **state)
{
	struct play *play = *state;
	struct fault fault = {0};

	site_face.close(&play->room);
	play->stage->settings.owner = "malmo";
	assert_int_equal(site_face.open(&play->stage->settings, &play->now, &play->room, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "X009");
}

/* ---- the step ---- */

static void months_that_came_due_while_it_was_off_close_one_by_one(void **state)
{
	struct play *play = *state;

	import(play);
	step_to(play, 2017, 5, 9);
	assert_int_equal(status_number(play, "sent"), 0);
	assert_int_equal(due_at(play), date_to_moment(date_from_civil(2017, 5, 10)));
	step_to(play, 2017, 9, 11);
	assert_int_equal(status_number(play, "sent"), 5);
	assert_int_equal(status_number(play, "last_period"), MONTH(2017, 8));
	assert_int_equal(status_number(play, "waiting"), 5);
	site_face.close(&play->room);
	open_room(play);
	step_to(play, 2017, 9, 12);
	assert_int_equal(status_number(play, "sent"), 5);
}

static void a_closing_waits_while_a_file_is_being_read(void **state)
{
	struct play *play = *state;

	begin_import(play);
	step_to(play, 2017, 5, 10);
	assert_int_equal(due_at(play), INT64_MAX);
	assert_int_equal(status_number(play, "sent"), 0);
	site_face.stream_abort(play->room);
	step_to(play, 2017, 5, 10);
	assert_int_equal(status_number(play, "sent"), 1);
	assert_int_equal(status_number(play, "participants"), 0);
}

static void two_imports_at_once_are_refused(void **state)
{
	struct play *play = *state;
	struct request request = request_of(COMMAND_IMPORT, "b.csv", NULL);
	struct fault fault = {0};

	begin_import(play);
	assert_int_equal(site_face.stream_begin(play->room, &play->now, &anna, &request, &fault),
			 -EBUSY);
	site_face.stream_abort(play->room);
}

static void it_lives_without_a_hub(void **state)
{
	struct play *play = *state;
	zmq_pollitem_t items[4];
	int64_t at, mono_ms;
	bool is_reached = true;

	for (int i = 0; i < 20; i++) {
		play->now.mono_ms += 30000;
		assert_int_equal(site_face.step(play->room, &play->now), 0);
		assert_true(site_face.poll(play->room, items) <= 4);
		site_face.due(play->room, &at, &mono_ms);
		assert_true(mono_ms > play->now.mono_ms - 1 &&
			    mono_ms <= play->now.mono_ms + 300000);
	}
	assert_int_equal(site_face.has_reached(play->room, &play->now, "contact", &is_reached), 0);
	assert_false(is_reached);
}

static void states_are_reached_or_unknown(void **state)
{
	struct play *play = *state;
	bool is_reached = false;

	import(play);
	assert_int_equal(site_face.has_reached(play->room, &play->now, "ready", &is_reached), 0);
	assert_true(is_reached);
	assert_int_equal(site_face.has_reached(play->room, &play->now, "received", &is_reached), 0);
	assert_true(is_reached);
	play->now.at = date_to_moment(date_from_civil(2017, 5, 10));
	assert_int_equal(site_face.has_reached(play->room, &play->now, "received", &is_reached), 0);
	assert_false(is_reached); /* a closing is due */
	step_to(play, 2017, 5, 10);
	assert_int_equal(site_face.has_reached(play->room, &play->now, "received", &is_reached), 0);
	assert_false(is_reached); /* a report waits */
	assert_int_equal(site_face.has_reached(play->room, &play->now, "complete", &is_reached), 0);
	assert_false(is_reached);
	assert_int_equal(site_face.has_reached(play->room, &play->now, "happy", &is_reached),
			 -EINVAL);
}

/* ---- orders ---- */

static void a_month_is_signed_off_once_it_is_over(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer early = {0};
	own(answer_free) struct answer other = {0};
	own(answer_free) struct answer trial = {0};
	own(answer_free) struct answer done = {0};

	import(play);
	assert_int_equal(ask(play, request_of(COMMAND_CLOSE, NULL, NULL), &early), EXIT_FAILED);
	assert_string_equal(cell(&early, 0, "code")->text, "X020");
	play->now.at = date_to_moment(date_from_civil(2017, 5, 2));
	assert_int_equal(ask(play, request_of(COMMAND_CLOSE, "2017-05", NULL), &other),
			 EXIT_FAILED);
	assert_int_equal(ask(play, request_of(COMMAND_CLOSE, NULL, "dry-run"), &trial), EXIT_GOOD);
	assert_int_equal(status_number(play, "sent"), 0);
	assert_int_equal(ask(play, request_of(COMMAND_CLOSE, "2017-04", NULL), &done), EXIT_GOOD);
	assert_int_equal(status_number(play, "sent"), 1);
	assert_int_equal(status_number(play, "next_period"), MONTH(2017, 5));
}

static void a_batch_is_taken_back_once(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer trial = {0};
	own(answer_free) struct answer done = {0};
	own(answer_free) struct answer again = {0};
	own(answer_free) struct answer none = {0};

	import(play);
	assert_int_equal(ask(play, request_of(COMMAND_IMPORT_UNDO, "1", "dry-run"), &trial),
			 EXIT_GOOD);
	assert_int_equal(status_number(play, "participants"), 6);
	assert_int_equal(ask(play, request_of(COMMAND_IMPORT_UNDO, "1", NULL), &done), EXIT_GOOD);
	assert_int_equal(status_number(play, "participants"), 0);
	assert_int_equal(ask(play, request_of(COMMAND_IMPORT_UNDO, "1", NULL), &again),
			 EXIT_FAILED);
	assert_string_equal(cell(&again, 0, "code")->text, "X021");
	assert_int_equal(ask(play, request_of(COMMAND_IMPORT_UNDO, "7", NULL), &none),
			 EXIT_NOT_FOUND);
}

static void orders_wait_for_an_import(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};

	begin_import(play);
	(void)ask(play, request_of(COMMAND_CLOSE, NULL, NULL), &answer);
	assert_string_equal(cell(&answer, 0, "code")->text, "X008");
	site_face.stream_abort(play->room);
}

/* ---- questions ---- */

static void the_preview_is_what_the_report_will_say(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	size_t row = 0;

	import(play);
	assert_int_equal(ask(play, request_of(COMMAND_PREVIEW, NULL, NULL), &answer), EXIT_GOOD);
	assert_string_equal(answer.sheets[0]->schema, "mia.preview/1");
	while (strcmp(cell(&answer, row, "measure")->text, "entered") != 0)
		row++;
	assert_int_equal(cell(&answer, row, "value")->number, 6);
	assert_int_equal(cell(&answer, row, "published")->number, 0);
	assert_int_equal(cell(&answer, row, "waiting")->number, 6);
	assert_int_equal(cell(&answer, row, "stays")->number, 0);
	assert_int_equal(status_number(play, "sent"), 0);
}

static void events_are_told_in_order_and_bounded(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer all = {0};
	own(answer_free) struct answer last = {0};
	struct request request = request_of(COMMAND_EVENTS, NULL, "last");
	size_t n;

	import(play);
	step_to(play, 2017, 6, 11);
	assert_int_equal(ask(play, request_of(COMMAND_EVENTS, NULL, NULL), &all), EXIT_GOOD);
	n = all.sheets[0]->rows_n;
	assert_string_equal(cell(&all, 0, "event")->text, "hub_pinned");
	assert_string_equal(cell(&all, n - 1, "event")->text, "released");
	assert_string_equal(cell(&all, n - 1, "details")->text, "n=2 period=2017-05");
	strcpy(request.options[0].value, "1");
	assert_int_equal(ask(play, request, &last), EXIT_GOOD);
	assert_int_equal(last.sheets[0]->rows_n, 1);
	assert_int_equal(cell(&last, 0, "number")->number, (int64_t)n);
}

static void the_dump_holds_every_release_and_event_and_no_person(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};
	const char *text;

	import(play);
	step_to(play, 2017, 6, 11);
	assert_int_equal(ask(play, request_of(COMMAND_DUMP, NULL, NULL), &answer), EXIT_GOOD);
	text = buf_text(&answer.attachment);
	assert_non_null(strstr(text, "{\"kind\":\"site\",\"site\":\"hbs\",\"rehearsal\":true}\n"));
	assert_non_null(strstr(text, "{\"kind\":\"release\",\"site\":\"hbs\",\"n\":2,"));
	assert_non_null(strstr(text, "\"text\":\"released n=1 period=2017-04\"}\n"));
	assert_null(strstr(text, "A1"));
}

static void totals_answer_without_a_hub_and_say_what_is_missing(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer answer = {0};

	step_to(play, 2017, 6, 11);
	assert_int_equal(ask(play, request_of(COMMAND_TOTALS, NULL, NULL), &answer),
			 EXIT_INCOMPLETE);
}

static void the_status_of_another_site_is_asked_elsewhere(void **state)
{
	struct play *play = *state;
	own(answer_free) struct answer own_site = {0};
	own(answer_free) struct answer other = {0};

	assert_int_equal(ask(play, request_of(COMMAND_STATUS, SITE, NULL), &own_site), EXIT_GOOD);
	assert_int_equal(ask(play, request_of(COMMAND_STATUS, "varna", NULL), &other),
			 EXIT_NOT_FOUND);
}

static void what_a_site_does_not_answer_is_named(void **state)
{
	own(answer_free) struct answer answer = {0};

	assert_int_equal(ask(*state, request_of(COMMAND_VERSION, NULL, NULL), &answer), EXIT_USAGE);
	assert_string_equal(cell(&answer, 0, "code")->text, "X001");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_store_is_made_once),
		TEST(the_rehearsals_clock_survives_a_restart),
		TEST(another_hub_than_the_first_is_refused),
		TEST(another_version_of_the_programme_is_refused_once_a_month_is_closed),
		TEST(a_roster_without_us_is_refused),
		TEST(a_site_the_programme_does_not_have_is_refused),
		TEST(months_that_came_due_while_it_was_off_close_one_by_one),
		TEST(a_closing_waits_while_a_file_is_being_read),
		TEST(two_imports_at_once_are_refused),
		TEST(it_lives_without_a_hub),
		TEST(states_are_reached_or_unknown),
		TEST(a_month_is_signed_off_once_it_is_over),
		TEST(a_batch_is_taken_back_once),
		TEST(orders_wait_for_an_import),
		TEST(the_preview_is_what_the_report_will_say),
		TEST(events_are_told_in_order_and_bounded),
		TEST(the_dump_holds_every_release_and_event_and_no_person),
		TEST(totals_answer_without_a_hub_and_say_what_is_missing),
		TEST(the_status_of_another_site_is_asked_elsewhere),
		TEST(what_a_site_does_not_answer_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
