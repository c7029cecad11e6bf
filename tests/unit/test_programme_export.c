#include "proto/programme_find.h"
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

/* MIA's own file with its [export esf] taken away and another section in its place. */
static int read_with(const char *section, struct programme **ret_programme, struct fault *fault)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf changed = {0};
	const char *from, *to;

	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &text), 0);
	from = strstr(buf_text(&text), "[export esf]");
	assert_non_null(from);
	to = strstr(from, "\n[");
	assert_non_null(to);
	buf_add(&changed, text.data, (size_t)(from - (const char *)text.data));
	buf_add(&changed, section, strlen(section));
	buf_add(&changed, to, strlen(to));
	return programme_read("mia.ini", changed.data, changed.n, ret_programme, fault);
}

static void an_export_is_read_with_its_columns(void **state)
{
	own(programme_free) struct programme *programme = NULL;
	const struct programme_export *export;

	(void)state;
	assert_int_equal(read_with("[export esf]\nsv = Lista\nen = Sheet\n"
				   "column = person_number | Nummer\ncolumn = labour | Kod | id\n",
				   &programme, NULL),
			 0);
	export = programme_export(programme, "esf");
	assert_non_null(export);
	assert_null(programme_export(programme, "other"));
	assert_int_equal(export->columns_n, 2);
	assert_string_equal(export->columns[0].field, "person_number");
	assert_string_equal(export->columns[0].heading, "Nummer");
	assert_int_equal(export->columns[0].as, AS_LABEL);
	assert_int_equal(export->columns[1].as, AS_ID);
}

static void a_programme_without_an_export_is_whole(void **state)
{
	own(programme_free) struct programme *programme = NULL;

	(void)state;
	assert_int_equal(read_with("", &programme, NULL), 0);
	assert_int_equal(programme->exports_n, 0);
}

static void assert_refused(const char *columns, const char *code)
{
	char section[256];
	struct programme *programme = NULL;
	struct fault fault = {0};

	(void)snprintf(section, sizeof(section), "[export esf]\nsv = Lista\nen = Sheet\n%s\n",
		       columns);
	assert_int_equal(read_with(section, &programme, &fault), -EBADMSG);
	assert_null(programme);
	assert_string_equal(fault.code, code);
	assert_string_not_equal(fault.remedy, "");
}

static void columns_that_cannot_be_meant_are_refused(void **state)
{
	(void)state;
	assert_refused("column = labour | Kod\ncolumn = sex | kod", "P015");
	assert_refused("column = No Field | Kod", "P011");
	assert_refused("column = labour | Kod | colour", "P014");
	assert_refused("column = labour", "P006");
	assert_refused("", "P004");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_export_is_read_with_its_columns),
		cmocka_unit_test(a_programme_without_an_export_is_whole),
		cmocka_unit_test(columns_that_cannot_be_meant_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
