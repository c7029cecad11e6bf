#include "lib/file.h"
#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <cmocka.h>

static char folder[] = "/tmp/mia-test-file-XXXXXX";

/* A path in the test's folder; valid until the second call after it. */
static const char *in_folder(const char *name)
{
	static char paths[2][128];
	static unsigned turn;

	turn = 1 - turn;
	(void)snprintf(paths[turn], sizeof(paths[turn]), "%s/%s", folder, name);
	return paths[turn];
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void check_content(const char *name, const char *expected)
{
	own(buf_free) struct buf content = {0};

	assert_int_equal(file_read(in_folder(name), 1000, &content), 0);
	assert_string_equal(buf_text(&content), expected);
}

static void a_file_reads_as_it_was_written(void **state)
{
	struct stat about;

	(void)state;
	assert_int_equal(file_write(in_folder("a"), "first", 5, 0640), 0);
	check_content("a", "first");
	assert_int_equal(file_write(in_folder("a"), "", 0, 0600), 0);
	check_content("a", "");
	assert_int_equal(stat(in_folder("a"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(access(in_folder("a.tmp"), F_OK), -1);
}

static void a_mode_does_not_depend_on_the_umask(void **state)
{
	struct stat about;
	mode_t before = umask(0077);

	(void)state;
	assert_int_equal(file_write(in_folder("shared"), "x", 1, 0644), 0);
	(void)umask(before);
	assert_int_equal(stat(in_folder("shared"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0644);
}

static void what_a_crash_left_beside_a_file_is_neither_read_nor_followed(void **state)
{
	(void)state;
	assert_int_equal(file_write(in_folder("victim"), "whole", 5, 0600), 0);
	assert_int_equal(symlink(in_folder("victim"), in_folder("b.tmp")), 0);
	assert_int_equal(file_write(in_folder("b"), "new", 3, 0600), 0);
	check_content("victim", "whole");
	check_content("b", "new");
}

static void a_write_that_fails_leaves_the_old_file(void **state)
{
	(void)state;
	assert_int_equal(file_make_dir(in_folder("d/inner"), 0700), 0);
	assert_true(file_write(in_folder("d"), "x", 1, 0600) < 0);
	assert_int_equal(access(in_folder("d.tmp"), F_OK), -1);
	assert_int_equal(access(in_folder("d/inner"), F_OK), 0);
	assert_int_equal(file_write(in_folder("nowhere/e"), "x", 1, 0600), -ENOENT);
}

static void a_file_is_created_only_once(void **state)
{
	(void)state;
	assert_int_equal(file_create(in_folder("once"), "first", 5, 0600), 0);
	assert_int_equal(file_create(in_folder("once"), "second", 6, 0600), -EEXIST);
	check_content("once", "first");
	assert_int_equal(access(in_folder("once.tmp"), F_OK), -1);
}

static void only_a_regular_file_within_the_bound_is_read(void **state)
{
	own(buf_free) struct buf content = {0};

	(void)state;
	buf_add_text(&content, "kept");
	assert_int_equal(file_write(in_folder("six"), "sixsix", 6, 0600), 0);
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
	assert_int_equal(file_read(in_folder("six"), 5, &content), -EFBIG);
	assert_int_equal(file_read(folder, 1000, &content), -EISDIR);
	assert_int_equal(file_read(in_folder("pipe"), 1000, &content), -EINVAL);
	assert_int_equal(file_read(in_folder("absent"), 1000, &content), -ENOENT);
	assert_string_equal(buf_text(&content), "kept");
	assert_int_equal(file_read(in_folder("six"), 6, &content), 0);
	assert_string_equal(buf_text(&content), "keptsixsix");
}

static void check_refused_key(const char *name, int error, const char *code)
{
	uint8_t key[8] = {7, 7, 7, 7, 7, 7, 7, 7};
	struct fault fault = {0};

	assert_int_equal(file_read_key(in_folder(name), sizeof(key), key, &fault), error);
	assert_string_equal(fault.code, code);
	assert_string_equal(fault.place, in_folder(name));
	assert_true(strlen(fault.reason) > 0 && strlen(fault.remedy) > 0);
	assert_int_equal(key[0], 7);
	assert_int_equal(file_read_key(in_folder(name), sizeof(key), key, NULL), error);
}

static void a_key_that_only_its_owner_may_read_is_read(void **state)
{
	uint8_t key[8] = {0};
	struct fault fault = {0};

	(void)state;
	assert_int_equal(file_write(in_folder("key"), "12345678", 8, 0600), 0);
	assert_int_equal(file_read_key(in_folder("key"), 8, key, &fault), 0);
	assert_memory_equal(key, "12345678", 8);
	assert_int_equal(chmod(in_folder("key"), 0400), 0);
	assert_int_equal(file_read_key(in_folder("key"), 8, key, &fault), 0);
	assert_string_equal(fault.code, "");
}

static void a_key_others_have_rights_to_is_refused(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0610, 0601, 0644};

	(void)state;
	for (size_t i = 0; i < array_n(modes); i++) {
		assert_int_equal(file_write(in_folder("open"), "12345678", 8, modes[i]), 0);
		check_refused_key("open", -EPERM, "R033");
	}
}

static void a_key_of_another_user_is_refused(void **state)
{
	(void)state;
	assert_int_equal(file_write(in_folder("theirs"), "12345678", 8, 0600), 0);
	if (chown(in_folder("theirs"), 65534, (gid_t)-1) != 0)
		skip(); /* only root can give a file away */
	check_refused_key("theirs", -EPERM, "R032");
}

static void a_key_of_another_size_or_kind_is_refused(void **state)
{
	(void)state;
	assert_int_equal(file_write(in_folder("short"), "1234567", 7, 0600), 0);
	check_refused_key("short", -EINVAL, "R034");
	assert_int_equal(file_write(in_folder("long"), "123456789", 9, 0600), 0);
	check_refused_key("long", -EINVAL, "R034");
	assert_int_equal(file_write(in_folder("right"), "12345678", 8, 0600), 0);
	assert_int_equal(symlink(in_folder("right"), in_folder("link")), 0);
	check_refused_key("link", -ELOOP, "R031");
	assert_int_equal(mkfifo(in_folder("keypipe"), 0600), 0);
	check_refused_key("keypipe", -EINVAL, "R031");
	check_refused_key("nokey", -ENOENT, "R030");
	check_refused_key("nofolder/key", -ENOENT, "R030");
}

static void a_key_with_a_second_name_is_refused_and_its_making_leaves_none(void **state)
{
	(void)state;
	assert_int_equal(file_create(in_folder("twice"), "12345678", 8, 0600), 0);
	assert_int_equal(link(in_folder("twice"), in_folder("other")), 0);
	check_refused_key("twice", -EPERM, "R036");
	assert_int_equal(unlink(in_folder("other")), 0);
	assert_int_equal(file_read_key(in_folder("twice"), 8, (uint8_t[8]){0}, NULL), 0);
}

static void a_key_in_a_folder_that_others_may_change_is_refused(void **state)
{
	static const mode_t modes[] = {0770, 0702, 0777, 01777};

	(void)state;
	assert_int_equal(file_make_dir(in_folder("keys"), 0700), 0);
	assert_int_equal(file_write(in_folder("keys/mine"), "12345678", 8, 0600), 0);
	for (size_t i = 0; i < array_n(modes); i++) {
		assert_int_equal(chmod(in_folder("keys"), modes[i]), 0);
		check_refused_key("keys/mine", -EPERM, "R037");
	}
	assert_int_equal(chmod(in_folder("keys"), 0755), 0);
	assert_int_equal(file_read_key(in_folder("keys/mine"), 8, (uint8_t[8]){0}, NULL), 0);
	if (chown(in_folder("keys"), 65534, (gid_t)-1) != 0)
		skip(); /* only root can give a folder away */
	check_refused_key("keys/mine", -EPERM, "R037");
}

static void a_key_that_is_no_file_is_refused(void **state)
{
	own(fd_close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	(void)state;
	assert_int_equal(file_make_dir(in_folder("nofile"), 0700), 0);
	check_refused_key("nofile", -EINVAL, "R031");
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_folder("socket"));
	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	check_refused_key("socket", -ENXIO, "R030");
	if (mknod(in_folder("zero"), S_IFCHR | 0600, makedev(1, 5)) == 0)
		check_refused_key("zero", -EINVAL, "R031");
}

/* What systemd does where it cannot give a credential away: root's, readable by one user. */
static void a_credential_readable_by_its_user_alone_is_read(void **state)
{
	static const uint8_t list[] = {
		2,   0,   0,   0, /* user, named user 65534, group, mask, others */
		1,   0,   4,   0,   255, 255, 255, 255, 2,   0,   4,   0,  254, 255,
		0,   0,   4,   0,   0,   0,   255, 255, 255, 255, 16,  0,  4,   0,
		255, 255, 255, 255, 32,  0,   0,   0,   255, 255, 255, 255};
	int result = 0;
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(file_make_dir(in_folder("credentials"), 0755), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(file_write(in_folder("credentials/sign.key"), "12345678", 8, 0400), 0);
	if (setxattr(in_folder("credentials/sign.key"), "system.posix_acl_access", list,
		     sizeof(list), 0) != 0)
		skip(); /* not on this file system */
	child = fork();
	if (child == 0) {
		uint8_t key[8];

		_exit(setuid(65534) != 0 ||
		      file_read_key(in_folder("credentials/sign.key"), 8, key, NULL) != 0);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	assert_int_equal(chmod(in_folder("credentials/sign.key"), 0444), 0);
	check_refused_key("credentials/sign.key", -EPERM, "R033");
}

static void a_folder_is_made_with_its_parents_and_may_be_there(void **state)
{
	struct stat about;

	(void)state;
	assert_int_equal(file_make_dir(in_folder("x/y/z"), 0700), 0);
	assert_int_equal(file_make_dir(in_folder("x/y/z/"), 0700), 0);
	assert_int_equal(stat(in_folder("x/y"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0700);
	assert_int_equal(file_write(in_folder("plain"), "x", 1, 0600), 0);
	assert_int_equal(file_make_dir(in_folder("plain"), 0700), -ENOTDIR);
	assert_int_equal(file_make_dir(in_folder("plain/z"), 0700), -ENOTDIR);
	assert_int_equal(file_make_dir("", 0700), -ENOENT);
}

static int lock_elsewhere(const char *path)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		int fd = -1;

		_exit(-file_lock(path, &fd));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void a_lock_is_held_by_one_process_until_closed(void **state)
{
	const char *path = in_folder("lock");
	int fd = -1;
	struct stat about;

	(void)state;
	assert_int_equal(file_lock(path, &fd), 0);
	assert_int_equal(fstat(fd, &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(lock_elsewhere(path), -EWOULDBLOCK);
	fd_close(&fd);
	assert_int_equal(lock_elsewhere(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_reads_as_it_was_written),
		cmocka_unit_test(a_mode_does_not_depend_on_the_umask),
		cmocka_unit_test(what_a_crash_left_beside_a_file_is_neither_read_nor_followed),
		cmocka_unit_test(a_write_that_fails_leaves_the_old_file),
		cmocka_unit_test(a_file_is_created_only_once),
		cmocka_unit_test(only_a_regular_file_within_the_bound_is_read),
		cmocka_unit_test(a_key_that_only_its_owner_may_read_is_read),
		cmocka_unit_test(a_key_others_have_rights_to_is_refused),
		cmocka_unit_test(a_key_of_another_user_is_refused),
		cmocka_unit_test(a_key_of_another_size_or_kind_is_refused),
		cmocka_unit_test(a_key_with_a_second_name_is_refused_and_its_making_leaves_none),
		cmocka_unit_test(a_key_in_a_folder_that_others_may_change_is_refused),
		cmocka_unit_test(a_key_that_is_no_file_is_refused),
		cmocka_unit_test(a_credential_readable_by_its_user_alone_is_read),
		cmocka_unit_test(a_folder_is_made_with_its_parents_and_may_be_there),
		cmocka_unit_test(a_lock_is_held_by_one_process_until_closed),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
