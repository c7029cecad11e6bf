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

/* A folder of its own with april.csv in it. */
struct desk {
	char dir[64];
	char path[128];
	int fd;
};

static void put(struct desk *desk, const char *content)
{
	(void)snprintf(desk->dir, sizeof(desk->dir), "/tmp/mia-refused-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	(void)snprintf(desk->path, sizeof(desk->path), "%s/april.csv", desk->dir);
	assert_int_equal(file_write(desk->path, content, strlen(content), 0600), 0);
	desk->fd = open(desk->path, O_RDONLY | O_CLOEXEC);
	assert_true(desk->fd >= 0);
}

static void desk_end(struct desk *desk)
{
	char command[128];

	fd_close(&desk->fd);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", desk->dir);
	assert_int_equal(system(command), 0);
}

struct range {
	const char *text; /* a piece of the content */
	const char *codes;
};

/* The attachment an import gives: where the pieces stand. */
static void attach(const char *content, const char *heading, const struct range rows[], size_t n,
		   struct buf *to)
{
	buf_clear(to);
	pack_array(to, 2);
	pack_array(to, 2);
	pack_u64(to, (uint64_t)(strstr(content, heading) - content));
	pack_u64(to, strlen(heading));
	pack_array(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		pack_array(to, 3);
		pack_u64(to, (uint64_t)(strstr(content, rows[i].text) - content));
		pack_u64(to, strlen(rows[i].text));
		pack_str(to, rows[i].codes);
	}
	assert_int_equal(to->error, 0);
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
	const struct range rows[] = {{"B;hund", "I025 I014"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char path[REFUSED_PATH_BYTES];

	(void)state;
	put(&desk, content);
	attach(content, "id;k\xF6n", rows, 1, &attachment);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ';'},
				       &attachment, path, &fault),
			 0);
	assert_non_null(strstr(path, "/april.refused.csv"));
	check_file(path, "id;k\xF6n;MIA\r\nB;hund;I025 I014\r\n");
}

static void the_mark_of_utf8_stands_first_and_once(void **state)
{
	static const char content[] = "\xEF\xBB\xBFid,sex\nA,x\n";
	const struct range rows[] = {{"A,x", "I025"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char path[REFUSED_PATH_BYTES];

	(void)state;
	put(&desk, content);
	/* The heading as the importer may give it: with the mark, or without. */
	attach(content, "\xEF\xBB\xBFid,sex", rows, 1, &attachment);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ','},
				       &attachment, path, &fault),
			 0);
	check_file(path, "\xEF\xBB\xBFid,sex,MIA\r\nA,x,I025\r\n");
	attach(content, "id,sex", rows, 1, &attachment);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ','},
				       &attachment, path, &fault),
			 0);
	check_file(path, "\xEF\xBB\xBFid,sex,MIA\r\nA,x,I025\r\n");
}

static void a_file_mended_once_gets_the_column_only_once(void **state)
{
	static const char content[] = "id;sex;MIA\r\nB;hund;I025\r\n";
	const struct range rows[] = {{"B;hund;I025", "I014"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char path[REFUSED_PATH_BYTES];

	(void)state;
	put(&desk, content);
	attach(content, "id;sex;MIA", rows, 1, &attachment);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ';'},
				       &attachment, path, &fault),
			 0);
	check_file(path, "id;sex;MIA\r\nB;hund;I014\r\n");
}

static void somebodys_mending_is_never_written_over(void **state)
{
	static const char content[] = "id;sex\nB;hund\n";
	const struct range rows[] = {{"B;hund", "I025"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char first[REFUSED_PATH_BYTES], again[REFUSED_PATH_BYTES], second[REFUSED_PATH_BYTES];

	(void)state;
	put(&desk, content);
	attach(content, "id;sex", rows, 1, &attachment);
	const struct refused refused = {desk.fd, desk.path, NULL, ';'};

	assert_int_equal(refused_write(&refused, &attachment, first, &fault), 0);
	assert_int_equal(refused_write(&refused, &attachment, again, &fault), 0);
	assert_string_equal(again, first); /* the same content: nothing to save */
	assert_int_equal(file_write(first, "mended\n", 7, 0600), 0);
	assert_int_equal(refused_write(&refused, &attachment, second, &fault), 0);
	assert_non_null(strstr(second, "/april.refused-2.csv"));
	check_file(first, "mended\n");
	check_file(second, "id;sex;MIA\r\nB;hund;I025\r\n");
}

static void a_name_asked_for_is_the_name_taken(void **state)
{
	static const char content[] = "id;sex\nB;hund\n";
	const struct range rows[] = {{"B;hund", "I025"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char path[REFUSED_PATH_BYTES], wanted[128];

	(void)state;
	put(&desk, content);
	attach(content, "id;sex", rows, 1, &attachment);
	(void)snprintf(wanted, sizeof(wanted), "%s/fel.csv", desk.dir);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, wanted, ';'},
				       &attachment, path, &fault),
			 0);
	assert_string_equal(path, wanted);
	check_file(wanted, "id;sex;MIA\r\nB;hund;I025\r\n");
}

static void a_file_that_has_changed_since_is_an_error_and_writes_nothing(void **state)
{
	static const char content[] = "id;sex\nB;hund\n";
	const struct range rows[] = {{"B;hund", "I025"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	struct fault fault = {0};
	char path[REFUSED_PATH_BYTES], there[128];

	(void)state;
	put(&desk, content);
	attach(content, "id;sex", rows, 1, &attachment);
	assert_int_equal(truncate(desk.path, 8), 0);
	assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ';'},
				       &attachment, path, &fault),
			 -EIO);
	(void)snprintf(there, sizeof(there), "%s/april.refused.csv", desk.dir);
	assert_int_not_equal(access(there, F_OK), 0);
}

static void a_malformed_attachment_is_refused_at_every_length(void **state)
{
	static const char content[] = "id;sex\nB;hund\n";
	const struct range rows[] = {{"B;hund", "I025"}};
	own(desk_end) struct desk desk = {.fd = -1};
	own(buf_free) struct buf attachment = {0};
	char path[REFUSED_PATH_BYTES];

	(void)state;
	put(&desk, content);
	attach(content, "id;sex", rows, 1, &attachment);
	for (size_t n = 0; n < attachment.n; n++) {
		const struct buf cut = {.data = attachment.data, .n = n};
		struct fault fault = {0};

		assert_int_equal(refused_write(&(struct refused){desk.fd, desk.path, NULL, ';'},
					       &cut, path, &fault),
				 -EBADMSG);
		assert_string_equal(fault.code, "X010");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused_rows_keep_their_bytes_under_their_headings),
		cmocka_unit_test(the_mark_of_utf8_stands_first_and_once),
		cmocka_unit_test(a_file_mended_once_gets_the_column_only_once),
		cmocka_unit_test(somebodys_mending_is_never_written_over),
		cmocka_unit_test(a_name_asked_for_is_the_name_taken),
		cmocka_unit_test(a_file_that_has_changed_since_is_an_error_and_writes_nothing),
		cmocka_unit_test(a_malformed_attachment_is_refused_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
