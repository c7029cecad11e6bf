#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/own.h"
#include "proto/events.h"

#include <errno.h>
#include <string.h>

static struct events_ask asked(const char *name, const char *value)
{
	static struct request request;
	struct events_ask ask = {0};
	struct fault fault = {0};

	request = (struct request){.command = COMMAND_EVENTS, .options_n = name != NULL};
	if (name != NULL) {
		(void)strcpy(request.options[0].name, name);
		(void)strcpy(request.options[0].value, value);
	}
	if (events_read(&request, &ask, &fault) != 0) {
		assert_string_equal(fault.code, "X002");
		ask.last = UINT64_MAX;
	}
	return ask;
}

static void fifty_are_shown_unless_told(void **state)
{
	const struct events_ask ask = asked(NULL, NULL);

	(void)state;
	assert_int_equal(events_first(&ask, 30), 1);
	assert_int_equal(events_first(&ask, 130), 81);
}

static void a_number_or_a_day_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_true(asked("last", "0").last == UINT64_MAX);
	assert_true(asked("last", "ten").last == UINT64_MAX);
	assert_true(asked("since", "yesterday").last == UINT64_MAX);
	assert_int_equal(asked("last", "7").last, 7);
}

static void older_ones_than_asked_for_are_left_out(void **state)
{
	const struct events_ask ask = asked("since", "2018-07-01");
	own(sheet_free) struct sheet *sheet = events_sheet();

	(void)state;
	events_add(sheet, &ask, 1, ask.since - 1, "released n=1");
	events_add(sheet, &ask, 2, ask.since, "received n=1 code=2");
	events_add(sheet, &ask, 3, ask.since + 1, "clock_set");
	assert_int_equal(sheet->cells_n, 2 * sheet->columns_n);
	assert_string_equal(sheet->cells[2].text, "received");
	assert_string_equal(sheet->cells[3].text, "n=1 code=2");
	assert_true(sheet->cells[7].is_empty);
}

static const char *phrase_of(const struct sheet *sheet, size_t at)
{
	return sheet->cells[at].arguments[0];
}

static void people_read_a_sentence_and_programs_the_words(void **state)
{
	const struct events_ask ask = asked(NULL, NULL);
	own(sheet_free) struct sheet *sheet = events_sheet();

	(void)state;
	events_add(sheet, &ask, 1, 1530000000, "released n=3 period=2018-06");
	assert_string_equal(sheet->cells[2].text, "released");
	assert_string_equal(phrase_of(sheet, 2), "month closed, report made");
	assert_string_equal(sheet->cells[3].text, "n=3 period=2018-06");
	assert_string_equal(phrase_of(sheet, 3), "report %1 for %2");
	assert_string_equal(sheet->cells[3].arguments[1], "3");
	assert_string_equal(sheet->cells[3].arguments[2], "2018-06");
}

static void a_value_of_several_words_is_whole(void **state)
{
	const struct events_ask ask = asked(NULL, NULL);
	own(sheet_free) struct sheet *sheet = events_sheet();

	(void)state;
	events_add(sheet, &ask, 1, 1530000000, "hub_pinned of old fingerprint=\"72469 53505\"");
	assert_string_equal(phrase_of(sheet, 2), "key of the hub pinned");
	assert_string_equal(sheet->cells[3].arguments[1], "72469 53505");
	events_add(sheet, &ask, 2, 1530000000, "released odd=\"n=9 period=x\" n=3 period=2018-06");
	assert_string_equal(sheet->cells[7].arguments[1], "3");
}

static void a_value_is_found_by_its_whole_name_or_is_empty(void **state)
{
	static const char text[] = "adopted the first=5 last=\"7 or 8\" n=9";
	char value[EVENTS_VALUE_BYTES];

	(void)state;
	assert_true(events_value(text, "first", value));
	assert_string_equal(value, "5");
	assert_true(events_value(text, "last", value));
	assert_string_equal(value, "7 or 8");
	assert_true(events_value(text, "n", value));
	assert_string_equal(value, "9");
	assert_false(events_value(text, "irst", value));
	assert_string_equal(value, "");
	assert_false(events_value(text, "fir", value));
	assert_false(events_value("", "n", value));
}

static void what_is_not_known_or_not_whole_is_shown_as_it_is(void **state)
{
	const struct events_ask ask = asked(NULL, NULL);
	own(sheet_free) struct sheet *sheet = events_sheet();

	(void)state;
	events_add(sheet, &ask, 1, 1530000000, "sunrise n=3");
	events_add(sheet, &ask, 2, 1530000000, "released period=2018-06");
	assert_string_equal(phrase_of(sheet, 2), "sunrise");
	assert_string_equal(phrase_of(sheet, 3), "n=3");
	assert_string_equal(phrase_of(sheet, 7), "period=2018-06");
}

static void one_event_is_told_by_what_it_holds(void **state)
{
	const struct events_ask ask = asked(NULL, NULL);
	own(sheet_free) struct sheet *sheet = events_sheet();

	(void)state;
	events_add(sheet, &ask, 1, 1530000000, "site_suspended site=north operator=anna");
	events_add(sheet, &ask, 2, 1530000000,
		   "site_suspended site=north reason=clone first=192.0.2.1 second=2001:db8::2");
	events_add(sheet, &ask, 3, 1530000000, "site_suspended site=north");
	assert_string_equal(phrase_of(sheet, 2), "site suspended");
	assert_string_equal(sheet->cells[3].arguments[2], "anna");
	assert_string_equal(phrase_of(sheet, 6), "site suspended: two machines have its keys");
	assert_string_equal(sheet->cells[7].arguments[3], "2001:db8::2");
	assert_string_equal(phrase_of(sheet, 10), "site suspended");
	assert_string_equal(sheet->cells[11].text, "site=north");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fifty_are_shown_unless_told),
		cmocka_unit_test(a_number_or_a_day_that_is_none_is_refused),
		cmocka_unit_test(older_ones_than_asked_for_are_left_out),
		cmocka_unit_test(people_read_a_sentence_and_programs_the_words),
		cmocka_unit_test(a_value_of_several_words_is_whole),
		cmocka_unit_test(a_value_is_found_by_its_whole_name_or_is_empty),
		cmocka_unit_test(what_is_not_known_or_not_whole_is_shown_as_it_is),
		cmocka_unit_test(one_event_is_told_by_what_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
