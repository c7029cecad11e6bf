#include "daemon/config.h"
#include "lib/file.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD                                                                                       \
	"[miad]\nowner = hbs\n[programme]\n"                                                       \
	"key = 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"                 \
	"[hub]\nendpoint = tcp://127.0.0.1:5670\n[operators]\n"

static int read_text(const char *operators, struct config *config, struct fault *fault)
{
	char path[] = "/tmp/test_config.XXXXXX";
	char text[1024];
	int status, fd = mkstemp(path);

	assert_true(fd >= 0);
	(void)close(fd);
	(void)snprintf(text, sizeof(text), HEAD "%s", operators);
	assert_int_equal(file_write(path, text, strlen(text), 0600), 0);
	status = config_read(path, CONFIG_SITE, config, fault);
	(void)unlink(path);
	return status;
}

/* Reads settings with these lines of operators. */
static struct config *read_config(const char *operators)
{
	struct config *config = calloc(1, sizeof(*config));
	struct fault fault = {0};

	assert_non_null(config);
	if (read_text(operators, config, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
	return config;
}

static unsigned rights_of(const struct config *config, const char *name)
{
	const char *told;

	for (size_t i = 0; i < config->operators_n; i++)
		if (strcmp(config->operators[i].name, name) == 0)
			return config_rights(config, config->operators[i].uid, &told);
	return 0;
}

static bool has(unsigned rights, enum command_right right)
{
	return (rights & 1u << right) != 0;
}

static void only_who_is_told_so_sees_persons(void **state)
{
	own(mem_free) struct config *config =
		read_config("daemon = administrator\nbin = registrar\nsys = reader\n");

	(void)state;
	assert_false(has(rights_of(config, "daemon"), RIGHT_READER));
	assert_true(has(rights_of(config, "daemon"), RIGHT_STAFF));
	assert_true(has(rights_of(config, "bin"), RIGHT_READER));
	assert_true(has(rights_of(config, "sys"), RIGHT_READER));
	assert_false(has(rights_of(config, "sys"), RIGHT_REGISTRAR));
}

static void a_coordinator_sees_no_person(void **state)
{
	own(mem_free) struct config *config = read_config("daemon = coordinator\n");

	(void)state;
	assert_true(has(rights_of(config, "daemon"), RIGHT_COORDINATOR));
	assert_false(has(rights_of(config, "daemon"), RIGHT_READER));
}

static void assert_duties(const char *operators, const char *code)
{
	own(mem_free) struct config *config = read_config(operators);
	struct fault fault = {0};

	assert_int_equal(config_check_duties(config, &fault), code == NULL ? 0 : -EBADMSG);
	assert_string_equal(fault.code, code == NULL ? "" : code);
}

static void who_reads_persons_appoints_nobody(void **state)
{
	(void)state;
	assert_duties("root = administrator\nbin = registrar\n", NULL);
	assert_duties("bin = reader, registrar\n", NULL);
	assert_duties("bin = administrator, registrar\n", "C016");
	assert_duties("bin = reader, administrator\n", "C016");
	assert_duties("root = reader\n", "C016");
	assert_duties("root = registrar\n", "C016");
}

static void an_account_has_one_line_whatever_it_is_called(void **state)
{
	static const char *const texts[] = {"bin = administrator\nbin = registrar\n",
					    "bin = reader\nsys = reader\nbin = reader\n"};

	(void)state;
	for (size_t i = 0; i < array_n(texts); i++) {
		own(mem_free) struct config *config = calloc(1, sizeof(*config));
		struct fault fault = {0};

		assert_non_null(config);
		assert_int_equal(read_text(texts[i], config, &fault), -EBADMSG);
		assert_string_equal(fault.code, "C014");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_who_is_told_so_sees_persons),
		cmocka_unit_test(a_coordinator_sees_no_person),
		cmocka_unit_test(who_reads_persons_appoints_nobody),
		cmocka_unit_test(an_account_has_one_line_whatever_it_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
