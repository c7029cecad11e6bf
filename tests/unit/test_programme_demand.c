#include "proto/programme_read.h"

#include "lib/file.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define WHOLE "code = V090\nseverity = warn\nfield = works_type\nwhen = exit_reason is job\n"

/* Another programme than MIA, with a demand of its own. */
static int read_with(const char *lines, struct programme **ret_programme, struct fault *fault)
{
	own(buf_free) struct buf text = {0};

	assert_int_equal(file_read("tests/data/programme/unga-vidare.ini", 1 << 20, &text), 0);
	buf_printf(&text, "\n[demand job]\nsv = Jobb\nen = Job\n%s", lines);
	return programme_read("unga.ini", text.data, text.n, ret_programme, fault);
}

static void a_demand_is_read_whole(void **state)
{
	own(programme_free) struct programme *programme = NULL;
	const struct programme_demand *demand;

	(void)state;
	assert_int_equal(read_with(WHOLE "when = works_type is gig\nneeds = exit_date\n",
				   &programme, NULL),
			 0);
	assert_int_equal(programme->demands_n, 1);
	demand = &programme->demands[0];
	assert_string_equal(demand->id, "job");
	assert_string_equal(demand->label.en, "Job");
	assert_string_equal(demand->code, "V090");
	assert_int_equal(demand->severity, SEVERITY_WARN);
	assert_string_equal(demand->field, "works_type");
	assert_string_equal(demand->needs, "exit_date");
	assert_int_equal(demand->rules_n, 2);
}

static void a_programme_may_demand_nothing(void **state)
{
	own(programme_free) struct programme *programme = NULL;

	(void)state;
	assert_int_equal(read_with(WHOLE, &programme, NULL), 0);
	assert_null(programme->demands[0].needs);
	programme_free(&programme);
	assert_int_equal(programme_open("tests/data/programme/unga-vidare.ini", NULL, &programme,
					NULL),
			 0);
	assert_int_equal(programme->demands_n, 0);
}

static void a_demand_that_is_wrong_is_refused(void **state)
{
	static const struct {
		const char *lines, *code;
	} cases[] = {
		{"code = V999\nseverity = warn\nfield = sex\nwhen = exit_reason is job\n", "P014"},
		{"code = X001\nseverity = warn\nfield = sex\nwhen = exit_reason is job\n", "P014"},
		{"code = V090\nseverity = grave\nfield = sex\nwhen = exit_reason is job\n", "P014"},
		{"code = V090\nseverity = warn\nfield = A b\nwhen = exit_reason is job\n", "P011"},
		{"code = V090\nseverity = warn\nfield = sex\nwhen = exit_reason is work\n", "P014"},
		{"code = V090\nseverity = warn\nfield = sex\n", "P004"},
		{"severity = warn\nfield = sex\nwhen = exit_reason is job\n", "P004"},
		{WHOLE "needs = A b\n", "P011"},
		{WHOLE "colour = red\n", "P002"},
	};

	(void)state;
	for (size_t i = 0; i < array_n(cases); i++) {
		struct programme *programme = NULL;
		struct fault fault = {0};

		assert_int_equal(read_with(cases[i].lines, &programme, &fault), -EBADMSG);
		assert_string_equal(fault.code, cases[i].code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_demand_is_read_whole),
		cmocka_unit_test(a_programme_may_demand_nothing),
		cmocka_unit_test(a_demand_that_is_wrong_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
