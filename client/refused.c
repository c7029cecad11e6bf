#include "client/refused.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ROW_BYTES_MAX ((uint64_t)4 * 1024 * 1024)
#define FILE_BYTES_MAX ((size_t)1 << 30)
#define CODES_BYTES 64
#define COLUMN "MIA"
#define COLUMN_BYTES (sizeof(COLUMN) - 1)
#define MARK "\xEF\xBB\xBF" /* UTF-8, as Excel must be told */
#define TRIES_MAX 99

/* The original's bytes [offset, offset + n), appended. */
static int add_range(int fd, uint64_t offset, uint64_t n, struct buf *to)
{
	uint8_t *room;
	size_t got = 0;

	if (n > ROW_BYTES_MAX)
		return fail(-EMSGSIZE);
	room = buf_extend(to, (size_t)n);
	while (room != NULL && got < n) {
		ssize_t more = pread(fd, room + got, (size_t)n - got, (off_t)(offset + got));

		if (more < 0 && errno == EINTR)
			continue;
		if (more <= 0)
			return fail(more < 0 ? -errno : -EIO);
		got += (size_t)more;
	}
	return to->error;
}

/* A mended file that still has refused rows has the column already: it gives way to the new one. */
static void drop_column(struct buf *text, size_t start, char delimiter)
{
	size_t n = text->n;

	while (n > start && text->data[n - 1] != (uint8_t)delimiter)
		n--;
	if (n > start)
		text->n = n - 1;
}

static bool has_column(const struct buf *text, size_t start, char delimiter)
{
	size_t n = text->n - start;
	const uint8_t *end = text->data + text->n;

	return n > COLUMN_BYTES && end[-(ptrdiff_t)COLUMN_BYTES - 1] == (uint8_t)delimiter &&
	       memcmp(end - COLUMN_BYTES, COLUMN, COLUMN_BYTES) == 0;
}

/* What is being written, and whether its rows had the column before. */
struct writing {
	const struct refused *refused;
	struct buf text;
	bool has_column;
};

static void writing_end(struct writing *writing)
{
	buf_wipe(&writing->text);
}

static int add_heading(struct writing *writing, struct unpack *in)
{
	char mark[3] = "";
	uint64_t offset, n;
	size_t start;
	int status;

	if (pread(writing->refused->fd, mark, sizeof(mark), 0) == (ssize_t)sizeof(mark) &&
	    memcmp(mark, MARK, sizeof(mark)) == 0)
		buf_add(&writing->text, MARK, sizeof(mark));
	unpack_array_of(in, 2);
	offset = unpack_u64(in, FILE_BYTES_MAX);
	n = unpack_u64(in, FILE_BYTES_MAX);
	unpack_leave(in);
	start = writing->text.n;
	/* A heading on the first line begins with the mark, too. */
	if (offset == 0 && start > 0 && n >= sizeof(mark)) {
		offset += sizeof(mark);
		n -= sizeof(mark);
	}
	status = in->error != 0 ? in->error
				: add_range(writing->refused->fd, offset, n, &writing->text);
	if (status != 0)
		return status;
	writing->has_column = has_column(&writing->text, start, writing->refused->delimiter);
	if (writing->has_column)
		drop_column(&writing->text, start, writing->refused->delimiter);
	buf_add_byte(&writing->text, (uint8_t)writing->refused->delimiter);
	buf_add_text(&writing->text, COLUMN "\r\n");
	return writing->text.error;
}

static int add_row(struct writing *writing, struct unpack *in)
{
	char codes[CODES_BYTES] = "";
	size_t start = writing->text.n;
	uint64_t offset, n;
	int status;

	unpack_array_of(in, 3);
	offset = unpack_u64(in, FILE_BYTES_MAX);
	n = unpack_u64(in, FILE_BYTES_MAX);
	unpack_str(in, codes, sizeof(codes));
	unpack_leave(in);
	status = in->error != 0 ? in->error
				: add_range(writing->refused->fd, offset, n, &writing->text);
	if (status != 0)
		return status;
	if (writing->has_column)
		drop_column(&writing->text, start, writing->refused->delimiter);
	buf_add_byte(&writing->text, (uint8_t)writing->refused->delimiter);
	buf_add_text(&writing->text, codes);
	buf_add_text(&writing->text, "\r\n");
	return writing->text.error;
}

static int add_all(struct writing *writing, const struct buf *attachment, struct fault *fault)
{
	struct unpack in = unpack_start(attachment->data, attachment->n);
	uint32_t rows;
	int status;

	unpack_array_of(&in, 2);
	status = add_heading(writing, &in);
	rows = unpack_array(&in, UINT32_MAX);
	for (uint32_t i = 0; i < rows && status == 0; i++)
		status = add_row(writing, &in);
	unpack_leave(&in);
	unpack_leave(&in);
	if (unpack_end(&in) != 0 && (status == 0 || status == in.error))
		return fault_set(fault, "X010", "import", "",
				 N_("what the daemon says is not understood"));
	return status;
}

/* ---- its name ---- */

/* Without the ".refused" or ".refused-2" of a file that was one of refused rows itself. */
static size_t stem_bytes(const char *path, size_t n)
{
	static const char mark[] = ".refused";
	size_t end = n;

	while (end > 0 && path[end - 1] >= '0' && path[end - 1] <= '9')
		end--;
	if (end == n || end == 0 || path[end - 1] != '-')
		end = n;
	else
		end--;
	if (end > strlen(mark) && memcmp(path + end - strlen(mark), mark, strlen(mark)) == 0)
		return end - strlen(mark);
	return n;
}

/* april.csv gives april.refused.csv; the second try april.refused-2.csv. */
static int name_beside(const char *path, unsigned attempt, char ret_path[static REFUSED_PATH_BYTES])
{
	const char *last = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	const char *dot = strrchr(last, '.');
	size_t stem_n = dot != NULL && dot != last ? (size_t)(dot - path) : strlen(path);
	char number[16] = "";
	int n;

	stem_n = stem_bytes(path, stem_n);
	if (attempt > 1)
		(void)snprintf(number, sizeof(number), "-%u", attempt);
	n = snprintf(ret_path, REFUSED_PATH_BYTES, "%.*s.refused%s.csv", (int)stem_n, path, number);
	return n < REFUSED_PATH_BYTES ? 0 : fail(-ENAMETOOLONG);
}

static bool holds(const char *path, const struct buf *text)
{
	own(buf_wipe) struct buf there = {0};

	return file_read(path, FILE_BYTES_MAX, &there) == 0 && there.n > 0 && there.n == text->n &&
	       memcmp(there.data, text->data, text->n) == 0;
}

static int write_beside(const struct refused *refused, const struct buf *text,
			char ret_path[static REFUSED_PATH_BYTES])
{
	int status = -EEXIST;

	for (unsigned attempt = 1; attempt <= TRIES_MAX && status == -EEXIST; attempt++) {
		status = name_beside(refused->path, attempt, ret_path);
		if (status == 0)
			status = file_create(ret_path, text->data, text->n, 0600);
		if (status == -EEXIST && holds(ret_path, text))
			return 0;
	}
	return status;
}

int refused_write(const struct refused *refused, const struct buf *attachment,
		  char ret_path[static REFUSED_PATH_BYTES], struct fault *fault)
{
	own(writing_end) struct writing writing = {.refused = refused};
	int status = add_all(&writing, attachment, fault);

	if (status != 0)
		return status;
	if (refused->wanted == NULL)
		return write_beside(refused, &writing.text, ret_path);
	text_copy(ret_path, REFUSED_PATH_BYTES, refused->wanted);
	return file_write(ret_path, writing.text.data, writing.text.n, 0600);
}
