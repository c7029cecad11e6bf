#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/refused.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A folder of its own with april.csv in it, and what an import of it said. */
struct desk {
	char dir[64];
	char path[128];
	int fd;
	struct buf attachment;
};

struct range {
	const char *text; /* a piece of the content */
	const char *codes;
};

/* The attachment an import gives: where the pieces stand. */
static void attach(struct desk *desk, const char *content, const char *heading,
		   const struct range *row)
{
	struct buf *to = &desk->attachment;

	buf_clear(to);
	pack_array(to, 2);
	pack_array(to, 2);
	pack_u64(to, (uint64_t)(strstr(content, heading) - content));
	pack_u64(to, strlen(heading));
	pack_array(to, 1);
	pack_array(to, 3);
	pack_u64(to, (uint64_t)(strstr(content, row->text) - content));
	pack_u64(to, strlen(row->text));
	pack_str(to, row->codes);
	assert_int_equal(to->error, 0);
}

static void put(struct desk *desk, const char *content)
{
	(void)snprintf(desk->path, sizeof(desk->path), "%s/april.csv", desk->dir);
	assert_int_equal(file_write(desk->path, content, strlen(content), 0600), 0);
	desk->fd = open(desk->path, O_RDONLY | O_CLOEXEC);
	assert_true(desk->fd >= 0);
}

static int written(const struct desk *desk, const char *wanted, char delimiter,
		   char path[static REFUSED_PATH_BYTES])
{
	struct fault fault = {0};

	return refused_write(&(struct refused){desk->fd, desk->path, wanted, delimiter},
			     &desk->attachment, path, &fault);
}

/* cmocka set-up and tear-down. */
static int set_desk(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	desk->fd = -1;
	(void)snprintf(desk->dir, sizeof(desk->dir), "/tmp/mia-refused-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	*state = desk;
	return 0;
}

/* The file that most are about: a dog for a sex. */
static const char dog[] = "id;sex\nB;hund\n";

static int set_dog(void **state)
{
	(void)set_desk(state);
	put(*state, dog);
	attach(*state, dog, "id;sex", &(struct range){"B;hund", "I025"});
	return 0;
}

static int strike_desk(void **state)
{
	struct desk *desk = *state;
	char command[128];

	fd_close(&desk->fd);
	buf_free(&desk->attachment);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", desk->dir);
	assert_int_equal(system(command), 0);
	free(desk);
	return 0;
}

static void check_file(const char *path, const char *content)
{
	own(buf_free) struct buf there = {0};
	struct stat status;

	assert_int_equal(file_read(path, 1 << 20, &there), 0);
	assert_string_equal(buf_text(&there), content);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void refused_rows_keep_their_bytes_under_their_headings(void **state)
{
	static const char content[] = "preamble\r\nid;k\xF6n\r\nA;man\r\nB;hund\r\n";
	struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES];

	put(desk, content);
	attach(desk, content, "id;k\xF6n", &(struct range){"B;hund", "I025 I014"});
	assert_int_equal(written(desk, NULL, ';', path), 0);
	assert_non_null(strstr(path, "/april.refused.csv"));
	check_file(path, "id;k\xF6n;MIA\r\nB;hund;I025 I014\r\n");
}

static void the_mark_of_utf8_stands_first_and_once(void **state)
{
	static const char content[] = "\xEF\xBB\xBFid,sex\nA,x\n";
	/* The heading as the importer may give it: with the mark, or without. */
	static const char *const headings[] = {"\xEF\xBB\xBFid,sex", "id,sex"};
	struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES];

	put(desk, content);
	for (size_t i = 0; i < array_n(headings); i++) {
		attach(desk, content, headings[i], &(struct range){"A,x", "I025"});
		assert_int_equal(written(desk, NULL, ',', path), 0);
		check_file(path, "\xEF\xBB\xBFid,sex,MIA\r\nA,x,I025\r\n");
	}
}

static void a_file_mended_once_gets_the_column_only_once(void **state)
{
	static const char content[] = "id;sex;MIA\r\nB;hund;I025\r\n";
	struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES];

	put(desk, content);
	attach(desk, content, "id;sex;MIA", &(struct range){"B;hund;I025", "I014"});
	assert_int_equal(written(desk, NULL, ';', path), 0);
	check_file(path, "id;sex;MIA\r\nB;hund;I014\r\n");
}

static void somebodys_mending_is_never_written_over(void **state)
{
	char first[REFUSED_PATH_BYTES], again[REFUSED_PATH_BYTES], second[REFUSED_PATH_BYTES];
	struct desk *desk = *state;

	assert_int_equal(written(desk, NULL, ';', first), 0);
	assert_int_equal(written(desk, NULL, ';', again), 0);
	assert_string_equal(again, first); /* the same content: nothing to save */
	assert_int_equal(file_write(first, "mended\n", 7, 0600), 0);
	assert_int_equal(written(desk, NULL, ';', second), 0);
	assert_non_null(strstr(second, "/april.refused-2.csv"));
	check_file(first, "mended\n");
	check_file(second, "id;sex;MIA\r\nB;hund;I025\r\n");
}

static void a_name_asked_for_is_the_name_taken(void **state)
{
	struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES], wanted[128];

	(void)snprintf(wanted, sizeof(wanted), "%s/fel.csv", desk->dir);
	assert_int_equal(written(desk, wanted, ';', path), 0);
	assert_string_equal(path, wanted);
	check_file(wanted, "id;sex;MIA\r\nB;hund;I025\r\n");
}

static void a_file_that_has_changed_since_is_an_error_and_writes_nothing(void **state)
{
	struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES], there[128];

	assert_int_equal(truncate(desk->path, 8), 0);
	assert_int_equal(written(desk, NULL, ';', path), -EIO);
	(void)snprintf(there, sizeof(there), "%s/april.refused.csv", desk->dir);
	assert_int_not_equal(access(there, F_OK), 0);
}

static void a_malformed_attachment_is_refused_at_every_length(void **state)
{
	const struct desk *desk = *state;
	char path[REFUSED_PATH_BYTES];

	for (size_t n = 0; n < desk->attachment.n; n++) {
		const struct buf cut = {.data = desk->attachment.data, .n = n};
		struct fault fault = {0};

		assert_int_equal(refused_write(&(struct refused){desk->fd, desk->path, NULL, ';'},
					       &cut, path, &fault),
				 -EBADMSG);
		assert_string_equal(fault.code, "X010");
	}
}

#define AT_A_DESK(test) cmocka_unit_test_setup_teardown(test, set_desk, strike_desk)
#define WITH_THE_DOG(test) cmocka_unit_test_setup_teardown(test, set_dog, strike_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_A_DESK(refused_rows_keep_their_bytes_under_their_headings),
		AT_A_DESK(the_mark_of_utf8_stands_first_and_once),
		AT_A_DESK(a_file_mended_once_gets_the_column_only_once),
		WITH_THE_DOG(somebodys_mending_is_never_written_over),
		WITH_THE_DOG(a_name_asked_for_is_the_name_taken),
		WITH_THE_DOG(a_file_that_has_changed_since_is_an_error_and_writes_nothing),
		WITH_THE_DOG(a_malformed_attachment_is_refused_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
