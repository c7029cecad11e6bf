#include "daemon/site/store_erased.h"

#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sign.h"
#include "lib/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES_MAX (64 * 1024 * 1024)
#define LINE_BYTES 128 /* room for one, with its end */
#define CHECK_BYTES 4
#define PRINT_DIGITS (2 * STORE_PRINT_BYTES)
#define CHECK_DIGITS (2 * CHECK_BYTES)

static const char *const words[] = {
	[STORE_WHY_ERASED] = "erased",
	[STORE_WHY_WITHDRAWN] = "withdrawn",
	[STORE_WHY_REFUSED] = "refused",
	[STORE_WHY_PROTECTED] = "protected",
};

void store_erased_free(struct store_erased *erased)
{
	free(erased->lines);
	*erased = (struct store_erased){0};
}

void store_erased_print(const uint8_t store_id[static VAULT_STORE_BYTES],
			const uint8_t key[static VAULT_KEY_BYTES],
			uint8_t ret_print[static STORE_PRINT_BYTES])
{
	uint8_t whole[SIGN_HASH_BYTES];
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/forgotten-key");
	sign_hash_part(&hash, store_id, VAULT_STORE_BYTES);
	sign_hash_part(&hash, key, VAULT_KEY_BYTES);
	sign_hash_end(&hash, whole);
	memcpy(ret_print, whole, STORE_PRINT_BYTES);
}

static void check_of(const uint8_t store_id[static VAULT_STORE_BYTES], const char *text, size_t n,
		     char ret_check[static CHECK_DIGITS + 1])
{
	uint8_t whole[SIGN_HASH_BYTES];
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/forgotten");
	sign_hash_part(&hash, store_id, VAULT_STORE_BYTES);
	sign_hash_part(&hash, text, n);
	sign_hash_end(&hash, whole);
	text_hex(whole, CHECK_BYTES, ret_check);
}

static int name_file(const char *dir, char ret_path[static PATH_MAX])
{
	return snprintf(ret_path, PATH_MAX, "%s/erased", dir) < PATH_MAX ? 0 : fail(-ENAMETOOLONG);
}

/* ---- Writing ---- */

void store_erased_line(const uint8_t store_id[static VAULT_STORE_BYTES],
		       const struct store_forgotten *line, struct buf *ret_text)
{
	char text[LINE_BYTES], day[DATE_TEXT_BYTES];
	char print[PRINT_DIGITS + 1], check[CHECK_DIGITS + 1];
	int n;

	date_format(line->day, day);
	text_hex(line->print, STORE_PRINT_BYTES, print);
	n = snprintf(text, sizeof(text), "%s %" PRIu64 " %s %s", words[line->why], line->person,
		     day, print);
	check_of(store_id, text, (size_t)n, check);
	buf_add(ret_text, text, (size_t)n);
	buf_add(ret_text, " ", 1);
	buf_add(ret_text, check, CHECK_DIGITS);
	buf_add(ret_text, "\n", 1);
}

/* Where whole lines end: what a power cut left behind them goes. */
static int whole_bytes(const char *path, off_t *ret_bytes)
{
	own(buf_free) struct buf text = {0};
	const uint8_t *end;
	int error = file_read(path, FILE_BYTES_MAX, &text);

	if (error < 0)
		return error;
	end = text.n == 0 ? NULL : memrchr(text.data, '\n', text.n);
	*ret_bytes = end == NULL ? 0 : end - text.data + 1;
	return 0;
}

static int append(int fd, off_t at, const struct buf *text)
{
	size_t done = 0;

	if (ftruncate(fd, at) != 0)
		return fail(-errno);
	while (done < text->n) {
		ssize_t n = pwrite(fd, text->data + done, text->n - done, at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(n < 0 ? -errno : -EIO);
		done += (size_t)n;
	}
	return fsync(fd) != 0 ? fail(-errno) : 0;
}

static int add_text(const char *path, const struct buf *text)
{
	own(fd_close) int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	off_t at = 0;
	int error;

	if (fd < 0)
		return errno == ENOENT ? file_create(path, text->data, text->n, 0600)
				       : fail(-errno);
	error = whole_bytes(path, &at);
	if (error == 0)
		error = append(fd, at, text);
	/* Better too much room than a line that nobody was told of. */
	if (error < 0)
		(void)!ftruncate(fd, at);
	return error;
}

int store_erased_add(const char *dir, const uint8_t store_id[static VAULT_STORE_BYTES],
		     const struct store_forgotten lines[], size_t n)
{
	own(buf_free) struct buf text = {0};
	char path[PATH_MAX];
	int error = name_file(dir, path);

	for (size_t i = 0; i < n; i++)
		store_erased_line(store_id, &lines[i], &text);
	if (error == 0)
		error = text.error;
	if (error < 0 || text.n == 0)
		return error;
	return add_text(path, &text);
}

/* ---- Reading ---- */

static bool read_word(const char *word, enum store_why *ret_why)
{
	for (size_t i = 0; i < array_n(words); i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*ret_why = (enum store_why)i;
		return true;
	}
	return false;
}

/* text is the line without its end. */
static bool read_line(const uint8_t store_id[static VAULT_STORE_BYTES], const char *text,
		      struct store_forgotten *ret_line)
{
	char word[16], number[24], day[16], print[PRINT_DIGITS + 1], check[CHECK_DIGITS + 1];
	char expected[CHECK_DIGITS + 1];
	int n = 0;

	if (sscanf(text, "%15s %23s %15s %32s%n %8s", word, number, day, print, &n, check) != 5 ||
	    text[n] != ' ' || strlen(text) != (size_t)n + 1 + CHECK_DIGITS)
		return false;
	check_of(store_id, text, (size_t)n, expected);
	return strcmp(check, expected) == 0 && read_word(word, &ret_line->why) &&
	       text_to_u64(number, UINT64_MAX, &ret_line->person) == 0 &&
	       date_parse_iso(day, &ret_line->day) == 0 &&
	       text_unhex(print, ret_line->print, STORE_PRINT_BYTES) == 0;
}

static int add_line(struct store_erased *erased, const struct store_forgotten *line)
{
	size_t room = erased->room == 0 ? 64 : 2 * erased->room;
	struct store_forgotten *grown;

	if (erased->n == erased->room) {
		grown = reallocarray(erased->lines, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		erased->lines = grown;
		erased->room = room;
	}
	erased->lines[erased->n++] = *line;
	return 0;
}

static int refuse(const char *path, size_t line, struct fault *fault)
{
	return fault_set(fault, "S015", path,
			 "Put back the last good copy of this one file. Without one, take the line "
			 "away, and erase again whoever was erased since.",
			 "Line %zu is damaged, or of another store.", line);
}

/* text is wiped of its ends of line, and ends with NUL. */
static int read_lines(const uint8_t store_id[static VAULT_STORE_BYTES], const char *name,
		      char *text, struct store_erased *erased, struct fault *fault)
{
	size_t number = 0;
	int error = 0;

	for (char *end = strchr(text, '\n'); end != NULL && error == 0; end = strchr(text, '\n')) {
		struct store_forgotten line;

		*end = '\0';
		number++;
		error = read_line(store_id, text, &line) ? add_line(erased, &line)
							 : refuse(name, number, fault);
		text = end + 1;
	}
	return error;
}

int store_erased_parse(const uint8_t store_id[static VAULT_STORE_BYTES], const char *name,
		       const struct buf *content, struct store_erased *ret_erased,
		       struct fault *fault)
{
	own(store_erased_free) struct store_erased erased = {0};
	own(buf_free) struct buf text = {0};
	int error;

	if (content->n > 0 && memchr(content->data, '\0', content->n) != NULL)
		return refuse(name, 1, fault);
	buf_add(&text, content->data, content->n);
	buf_add(&text, "", 1);
	if (text.error < 0)
		return text.error;
	error = read_lines(store_id, name, (char *)text.data, &erased, fault);
	if (error < 0)
		return error;
	*ret_erased = erased;
	erased = (struct store_erased){0};
	return 0;
}

int store_erased_read(const char *dir, const uint8_t store_id[static VAULT_STORE_BYTES],
		      struct store_erased *ret_erased, struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	char path[PATH_MAX];
	int error = name_file(dir, path);

	if (error == 0)
		error = file_read(path, FILE_BYTES_MAX, &content);
	if (error < 0 && error != -ENOENT)
		return error;
	return store_erased_parse(store_id, path, &content, ret_erased, fault);
}
