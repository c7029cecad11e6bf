#include "client/esf.h"

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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char dir[64], folder[80], file[128];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/test_esf.XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	(void)snprintf(place->folder, sizeof(place->folder), "%s/out", place->dir);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	static const char *const names[] = {"a.csv", "a-2.csv", "link.csv", "link-2.csv"};
	struct place *place = *state;

	for (size_t i = 0; i < array_n(names); i++) {
		(void)snprintf(place->file, sizeof(place->file), "%s/%s", place->folder, names[i]);
		(void)unlink(place->file);
	}
	(void)rmdir(place->folder);
	(void)unlink(place->folder);
	(void)rmdir(place->dir);
	free(place);
	return 0;
}

static void assert_refused(const char *path, const char *reason)
{
	struct fault fault = {0};
	int fd = -1;

	assert_int_equal(esf_open_folder(path, &fd, &fault), -EBADMSG);
	assert_int_equal(fd, -1);
	assert_string_equal(fault.code, "X027");
	assert_non_null(strstr(fault.reason, reason));
}

static void a_folder_is_made_for_its_owner_alone(void **state)
{
	struct place *place = *state;
	own(fd_close) int fd = -1;
	struct stat about;

	assert_int_equal(esf_open_folder(place->folder, &fd, NULL), 0);
	assert_int_equal(fstat(fd, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0700);
}

static void a_folder_that_others_enter_or_a_link_is_refused(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdir(place->folder, 0700), 0);
	assert_int_equal(chmod(place->folder, 0750), 0);
	assert_refused(place->folder, "others may enter");
	assert_int_equal(rmdir(place->folder), 0);
	assert_int_equal(symlink(place->dir, place->folder), 0);
	assert_refused(place->folder, "link");
	assert_refused("/nowhere/at/all", "cannot be made");
}

static void a_file_is_its_owners_and_never_written_over(void **state)
{
	struct place *place = *state;
	own(fd_close) int fd = -1;
	own(buf_free) struct buf content = {0};
	struct stat about;
	char name[128];

	assert_int_equal(esf_open_folder(place->folder, &fd, NULL), 0);
	assert_int_equal(esf_write(fd, "a.csv", "one", 3, name), 0);
	assert_string_equal(name, "a.csv");
	assert_int_equal(esf_write(fd, "a.csv", "two", 3, name), 0);
	assert_string_equal(name, "a-2.csv");
	(void)snprintf(place->file, sizeof(place->file), "%s/a.csv", place->folder);
	assert_int_equal(stat(place->file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(file_read(place->file, 100, &content), 0);
	assert_string_equal(buf_text(&content), "one");
}

static void a_link_laid_in_the_way_is_not_followed(void **state)
{
	struct place *place = *state;
	own(fd_close) int fd = -1;
	char name[128];

	assert_int_equal(esf_open_folder(place->folder, &fd, NULL), 0);
	assert_int_equal(symlinkat("/tmp/never", fd, "link.csv"), 0);
	assert_int_equal(esf_write(fd, "link.csv", "x", 1, name), 0);
	assert_string_equal(name, "link-2.csv");
	assert_int_not_equal(access("/tmp/never", F_OK), 0);
}

static void a_name_that_leads_elsewhere_is_refused(void **state)
{
	struct place *place = *state;
	own(fd_close) int fd = -1;
	char name[128];

	assert_int_equal(esf_open_folder(place->folder, &fd, NULL), 0);
	assert_int_equal(esf_write(fd, "../a.csv", "x", 1, name), -EBADMSG);
	assert_int_equal(esf_write(fd, ".a.csv", "x", 1, name), -EBADMSG);
	assert_int_equal(esf_write(fd, "", "x", 1, name), -EBADMSG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_is_made_for_its_owner_alone),
		TEST(a_folder_that_others_enter_or_a_link_is_refused),
		TEST(a_file_is_its_owners_and_never_written_over),
		TEST(a_link_laid_in_the_way_is_not_followed),
		TEST(a_name_that_leads_elsewhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
