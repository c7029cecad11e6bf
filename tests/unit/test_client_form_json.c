#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#undef fail /* lib/fail has its own */

#include "client/form_json.h"
#include "lib/file.h"
#include "tests/unit/fixture_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What comes of a file with this content. */
static int read_text(const char *text, struct request *request, struct fault *fault)
{
	char path[] = "/tmp/mia-form-XXXXXX";
	int fd = mkstemp(path);
	int status;

	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(file_write(path, text, strlen(text), 0600), 0);
	*request = (struct request){0};
	*fault = (struct fault){0};
	status = form_json_read(path, request, fault);
	assert_int_equal(unlink(path), 0);
	return status;
}

static void every_kind_of_value_is_what_would_be_typed(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct fault fault;

	(void)state;
	assert_int_equal(read_text("{\"exit_date\": \"2018-04-01\", \"income\": [\"wage\", "
				   "\"none\"], \"closer\": 5, \"name\": null, \"protected\": true}",
				   request, &fault),
			 0);
	assert_int_equal(request->fields_n, 5);
	assert_string_equal(request_field(request, "exit_date"), "2018-04-01");
	assert_string_equal(request_field(request, "income"), "wage|none");
	assert_string_equal(request_field(request, "closer"), "5");
	assert_string_equal(request_field(request, "name"), "");
	assert_string_equal(request_field(request, "protected"), "yes");
}

static void what_is_no_object_of_texts_is_refused_without_repeating_it(void **state)
{
	static const char *const texts[] = {
		"",
		"[1]",
		"\"19760312-2384\"",
		"{\"name\": 19760312-2384}",
		"{\"name\": \"a\", \"name\": \"b\"}",
		"{\"name\": {\"first\": \"19760312-2384\"}}",
		"{\"hours\": 1.5}",
		"{\"income\": [[\"19760312-2384\"]]}",
		"{\"\": \"19760312-2384\"}",
	};
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < array_n(texts); i++) {
		assert_int_equal(read_text(texts[i], request, &fault), -EBADMSG);
		assert_string_equal(fault.code, "X014");
		assert_null(strstr(fault.reason, "2384"));
		assert_null(strstr(fault.remedy, "2384"));
	}
}

static void a_value_that_is_too_long_is_refused(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct fault fault;
	char text[400] = "{\"name\": \"";

	(void)state;
	memset(text + strlen(text), 'a', 300);
	(void)strcat(text, "\"}");
	assert_int_equal(read_text(text, request, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X014");
}

static void a_field_that_is_not_asked_for_is_told_with_the_nearest(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	own(mem_free) struct form *form = calloc(1, sizeof(*form));
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};

	(void)state;
	add_form(&answer);
	assert_int_equal(form_read(&answer, form, &fault), 0);
	assert_int_equal(read_text("{\"exit_date\": \"2018-04-01\"}", request, &fault), 0);
	assert_int_equal(form_json_check(request, form, &fault), 0);
	assert_int_equal(read_text("{\"exit_dat\": \"2018-04-01\"}", request, &fault), 0);
	assert_int_equal(form_json_check(request, form, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X014");
	assert_non_null(strstr(fault.remedy, "exit_date"));
	assert_int_equal(read_text("{\"19760312-2384\": 1}", request, &fault), 0);
	assert_int_equal(form_json_check(request, form, &fault), -EBADMSG);
	assert_null(strstr(fault.reason, "2384"));
}

static void a_file_that_is_not_there_is_told(void **state)
{
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	struct fault fault = {0};

	(void)state;
	assert_int_equal(form_json_read("/nonexistent/a.json", request, &fault), -EBADMSG);
	assert_string_equal(fault.code, "X009");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_value_is_what_would_be_typed),
		cmocka_unit_test(what_is_no_object_of_texts_is_refused_without_repeating_it),
		cmocka_unit_test(a_value_that_is_too_long_is_refused),
		cmocka_unit_test(a_field_that_is_not_asked_for_is_told_with_the_nearest),
		cmocka_unit_test(a_file_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
