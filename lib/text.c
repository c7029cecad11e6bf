#include "lib/text.h"

#include "lib/fail.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <string.h>
#include <utf8proc.h>

#define FOLD_POINTS 256 /* code points folded without asking for memory */
#define NEAREST_POINTS 64 /* longer words are nobody's slip of the finger */

bool text_is_utf8(const char *text, size_t n)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t i = 0;

	while (i < n) {
		utf8proc_int32_t point;
		utf8proc_ssize_t used;

		if (bytes[i] == 0)
			return false;
		if (bytes[i] < 0x80) {
			i++;
			continue;
		}
		used = utf8proc_iterate(bytes + i, (utf8proc_ssize_t)(n - i), &point);
		if (used <= 0)
			return false;
		i += (size_t)used;
	}
	return true;
}

static bool is_space(utf8proc_int32_t point)
{
	utf8proc_category_t category;

	if (point < 0x80)
		return point == ' ' || (point >= '\t' && point <= '\r');
	category = utf8proc_category(point);
	return point == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
	       category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/* Cuts outer white space and makes inner runs one space, in place; gives the new length. */
static size_t squeeze(utf8proc_int32_t *points, size_t n)
{
	size_t kept = 0;
	bool is_after_space = false;

	for (size_t i = 0; i < n; i++) {
		if (is_space(points[i])) {
			is_after_space = true;
			continue;
		}
		if (is_after_space && kept > 0)
			points[kept++] = ' ';
		is_after_space = false;
		points[kept++] = points[i];
	}
	return kept;
}

/* Most words of a file are plain ASCII, for which folding is lower case and nothing else. */
static bool fold_ascii(const char *text, size_t n, utf8proc_int32_t few[FOLD_POINTS])
{
	if (n > FOLD_POINTS)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] <= 0)
			return false;
		few[i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i];
	}
	return true;
}

/* Folds to code points: into few[FOLD_POINTS] or, if they are more, into many, which is empty.
 * Gives which of the two. */
static int fold_points(const char *text, size_t n, utf8proc_int32_t few[FOLD_POINTS],
		       struct buf *many, utf8proc_int32_t **ret_points, size_t *ret_n)
{
	static const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;
	const uint8_t *bytes = (const uint8_t *)text;
	utf8proc_int32_t *points = few;
	utf8proc_ssize_t points_n = (utf8proc_ssize_t)n;

	if (!fold_ascii(text, n, few)) {
		if (!text_is_utf8(text, n))
			return fail(-EILSEQ);
		points_n = utf8proc_decompose(bytes, (utf8proc_ssize_t)n, few, FOLD_POINTS, how);
		if (points_n > FOLD_POINTS) {
			points = (void *)buf_extend(many, (size_t)points_n * sizeof(*points));
			if (points == NULL)
				return many->error;
			points_n = utf8proc_decompose(bytes, (utf8proc_ssize_t)n, points, points_n,
						      how);
		}
		if (points_n >= 0)
			points_n = utf8proc_normalize_utf32(points, points_n, how);
		if (points_n < 0)
			return fail(-EILSEQ);
	}
	*ret_points = points;
	*ret_n = squeeze(points, (size_t)points_n);
	return 0;
}

int text_fold(const char *text, size_t n, struct buf *ret_folded)
{
	utf8proc_int32_t few[FOLD_POINTS];
	own(buf_free) struct buf many = {0};
	utf8proc_int32_t *points = NULL;
	size_t points_n = 0;
	int error = fold_points(text, n, few, &many, &points, &points_n);
	uint8_t *room;

	if (error != 0)
		return error;
	room = buf_extend(ret_folded, points_n * 4);
	if (room == NULL)
		return ret_folded->error;
	for (size_t i = 0; i < points_n; i++)
		room += utf8proc_encode_char(points[i], room);
	ret_folded->n = (size_t)(room - ret_folded->data);
	return 0;
}

bool text_same_word(const char *a, const char *b)
{
	own(buf_free) struct buf folded_a = {0};
	own(buf_free) struct buf folded_b = {0};

	if (text_fold(a, strlen(a), &folded_a) != 0 || text_fold(b, strlen(b), &folded_b) != 0)
		return false;
	return folded_a.n == folded_b.n &&
	       (folded_a.n == 0 || memcmp(folded_a.data, folded_b.data, folded_a.n) == 0);
}

size_t text_width(const char *text)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t width = 0;

	while (*bytes != 0) {
		utf8proc_int32_t point;
		utf8proc_ssize_t used = utf8proc_iterate(bytes, -1, &point);

		if (used <= 0) {
			width++; /* shown as one replacement character */
			bytes++;
			continue;
		}
		width += (size_t)utf8proc_charwidth(point);
		bytes += used;
	}
	return width;
}

/* Gives the value of a run of digits that is the whole text; saturates at UINT64_MAX with -ERANGE.
 */
static int digits_to_u64(const char *text, uint64_t *ret_value)
{
	uint64_t value = 0;
	bool is_over = false;

	if (text[strspn(text, "0123456789")] != '\0' || text[0] == '\0')
		return fail(-EINVAL);
	for (; *text != '\0'; text++)
		is_over = __builtin_mul_overflow(value, 10, &value) ||
			  __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value) || is_over;
	if (is_over)
		return fail(-ERANGE);
	*ret_value = value;
	return 0;
}

int text_to_u64(const char *text, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;
	int error = digits_to_u64(text, &value);

	if (error != 0)
		return error;
	if (value > max)
		return fail(-ERANGE);
	*ret_value = value;
	return 0;
}

int text_to_i64(const char *text, int64_t min, int64_t max, int64_t *ret_value)
{
	bool is_negative = text[0] == '-';
	uint64_t size = 0;
	int64_t value;
	int error = digits_to_u64(is_negative ? text + 1 : text, &size);

	if (error != 0)
		return error;
	if (size > (uint64_t)INT64_MAX + (is_negative ? 1 : 0))
		return fail(-ERANGE);
	value = is_negative ? (int64_t)(0 - size) : (int64_t)size;
	if (value < min || value > max)
		return fail(-ERANGE);
	*ret_value = value;
	return 0;
}

/* The folded code points of a word of at most NEAREST_POINTS, or 0 of them. */
static size_t word_points(const char *text, utf8proc_int32_t few[FOLD_POINTS])
{
	own(buf_free) struct buf many = {0};
	utf8proc_int32_t *points = NULL;
	size_t n = 0;

	if (fold_points(text, strlen(text), few, &many, &points, &n) != 0 || n > NEAREST_POINTS)
		return 0;
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein, neighbours swapped at most once (optimal string alignment): insert, drop,
 * replace and swap each cost 1. Three rows of the table suffice: a swap looks two rows back. */
static size_t distance(const utf8proc_int32_t *a, size_t a_n, const utf8proc_int32_t *b, size_t b_n)
{
	size_t rows[3][NEAREST_POINTS + 1];

	for (size_t j = 0; j <= b_n; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_n; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *two_above = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_n; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_n % 3][b_n];
}

int text_nearest(const char *text, const char *const words[], size_t n)
{
	utf8proc_int32_t wanted[FOLD_POINTS];
	utf8proc_int32_t word[FOLD_POINTS];
	size_t wanted_n = word_points(text, wanted);
	size_t best = SIZE_MAX;
	int nearest = -1;

	if (wanted_n == 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		size_t word_n = word_points(words[i], word);
		size_t away = word_n == 0 ? SIZE_MAX : distance(wanted, wanted_n, word, word_n);

		if (away < best && away <= (wanted_n > word_n ? wanted_n : word_n) / 3) {
			best = away;
			nearest = (int)i;
		}
	}
	return nearest;
}

/* iconv's table of Windows-1252, asked for once: an iconv descriptor a field would cost more than
 * the rest of an import. "" where there is no character. */
static char cp1252_utf8[256][4];
static int cp1252_error;

static void read_cp1252(void)
{
	/* Static only because gcc's analyser takes (iconv_t)-1 for one that leaks. */
	static iconv_t converter;

	converter = iconv_open("UTF-8", "CP1252");
	if (converter == (iconv_t)-1) {
		cp1252_error = -errno;
		return;
	}
	for (unsigned i = 0; i < 256; i++) {
		char byte = (char)(unsigned char)i;
		char *from = &byte;
		char *to = cp1252_utf8[i];
		size_t from_n = 1;
		size_t to_n = 3;

		if (iconv(converter, &from, &from_n, &to, &to_n) == (size_t)-1)
			cp1252_utf8[i][0] = '\0';
		(void)iconv(converter, NULL, NULL, NULL, NULL);
	}
	(void)iconv_close(converter);
}

int text_from_cp1252(const char *bytes, size_t n, struct buf *ret_utf8)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t before = ret_utf8->n;

	(void)pthread_once(&once, read_cp1252);
	if (cp1252_error != 0)
		return fail(cp1252_error);
	for (size_t i = 0; i < n && ret_utf8->error == 0; i++) {
		const char *utf8 = cp1252_utf8[(unsigned char)bytes[i]];

		if (utf8[0] == '\0' && bytes[i] != '\0') {
			ret_utf8->n = before;
			return fail(-EILSEQ);
		}
		buf_add(ret_utf8, utf8, bytes[i] == '\0' ? 1 : strlen(utf8));
	}
	return ret_utf8->error;
}

void text_hex(const uint8_t *bytes, size_t n, char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		ret_hex[2 * i] = digits[bytes[i] >> 4];
		ret_hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_hex[2 * n] = '\0';
}
static int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

int text_unhex(const char *hex, uint8_t *ret_bytes, size_t n)
{
	if (strnlen(hex, 2 * n + 1) != 2 * n)
		return fail(-EINVAL);
	for (size_t i = 0; i < 2 * n; i++)
		if (hex_digit(hex[i]) < 0)
			return fail(-EINVAL);
	for (size_t i = 0; i < n; i++)
		ret_bytes[i] = (uint8_t)(hex_digit(hex[2 * i]) * 16 + hex_digit(hex[2 * i + 1]));
	return 0;
}

/* What moves the cursor, rings or turns the reading direction of the words around it. */
static bool is_unsafe(utf8proc_int32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
	       (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

void text_escape(const char *text, size_t n, struct buf *ret_safe)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t i = 0;

	while (i < n) {
		utf8proc_int32_t point = 0;
		utf8proc_ssize_t used =
			utf8proc_iterate(bytes + i, (utf8proc_ssize_t)(n - i), &point);
		size_t length = used <= 0 ? 1 : (size_t)used;

		if (used > 0 && !is_unsafe(point))
			buf_add(ret_safe, bytes + i, length);
		else
			for (size_t j = 0; j < length; j++)
				buf_printf(ret_safe, "\\x%02x", bytes[i + j]);
		i += length;
	}
}

void text_copy(char *to, size_t size, const char *text)
{
	size_t n = strlen(text);

	assert(size > 0);
	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
	}
	memcpy(to, text, n);
	to[n] = '\0';
}
