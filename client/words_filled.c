#include "client/words_filled.h"

#include "lib/file.h"
#include "lib/own.h"

#include <string.h>

#define CATALOGUE_BYTES_MAX (4 * 1024 * 1024)
#define VIEWS_MAX 8
#define MAGIC 0x950412deu

/* Length of the conversion at text ("%s", "%-3zu", "%.*s" ...), 0 when there is none; "%%" is
 * fixed text. */
static size_t conversion_bytes(const char *text)
{
	size_t n;

	if (text[0] != '%' || text[1] == '%' || text[1] == '\0')
		return 0;
	n = 1 + strspn(text + 1, "-+ #0123456789.*$");
	n += strspn(text + n, "hlzjt");
	return text[n] != '\0' && strchr("sdiucxX", text[n]) != NULL ? n + 1 : 0;
}

/* Bytes of fixed text up to the next conversion or the end. */
static size_t fixed_bytes(const char *msgid)
{
	size_t n = 0;

	while (msgid[n] != '\0' && conversion_bytes(msgid + n) == 0)
		n += msgid[n] == '%' && msgid[n + 1] == '%' ? 2 : 1;
	return n;
}

/* Where the next fixed piece stands in text; the last piece of a msgid must stand at its end. */
static const char *find_piece(const char *text, const char *piece, size_t n, bool is_last)
{
	size_t text_n = strlen(text);

	if (n == 0)
		return is_last ? text + text_n : text;
	if (is_last)
		return text_n >= n && memcmp(text + text_n - n, piece, n) == 0 ? text + text_n - n
									       : NULL;
	return memmem(text, text_n, piece, n);
}

size_t words_filled_match(const char *msgid, const char *text, struct words_view views[],
			  size_t most, size_t *ret_n)
{
	size_t piece_n = fixed_bytes(msgid);
	size_t fixed_n = piece_n;
	size_t n = 0;

	if (strncmp(msgid, text, piece_n) != 0)
		return 0;
	msgid += piece_n;
	text += piece_n;
	while (*msgid != '\0') {
		const char *piece = msgid + conversion_bytes(msgid);
		const char *found;

		piece_n = fixed_bytes(piece);
		found = find_piece(text, piece, piece_n, piece[piece_n] == '\0');
		if (found == NULL || n == most)
			return 0;
		views[n++] = (struct words_view){text, (size_t)(found - text)};
		fixed_n += piece_n;
		text = found + piece_n;
		msgid = piece + piece_n;
	}
	if (*text != '\0' || n == 0)
		return 0;
	*ret_n = n;
	return fixed_n;
}

static uint32_t u32_at(const struct buf *file, size_t at)
{
	uint32_t value = 0;

	if (at + sizeof(value) <= file->n)
		memcpy(&value, file->data + at, sizeof(value));
	return value;
}

/* String i of the table at, "" when the file is cut. A NUL follows every string in a whole one. */
static const char *string_at(const struct buf *file, uint32_t table, uint32_t i)
{
	size_t row = (size_t)table + (size_t)i * 8;
	size_t n = u32_at(file, row), at = u32_at(file, row + 4);

	if (at + n >= file->n || file->data[at + n] != '\0')
		return "";
	return (const char *)file->data + at;
}

/* The translation of a whole text, NULL when the catalogue has none. */
static const char *translation_of(const struct buf *file, const struct words_view *text)
{
	uint32_t strings_n = u32_at(file, 8);

	for (uint32_t i = 0; i < strings_n && (size_t)i * 8 < file->n; i++) {
		const char *msgid = string_at(file, u32_at(file, 12), i);

		if (text->n > 0 && strlen(msgid) == text->n &&
		    memcmp(msgid, text->text, text->n) == 0)
			return string_at(file, u32_at(file, 16), i);
	}
	return NULL;
}

/* A word that stands in is translated, too, unless it is quoted: then it is somebody's own. */
static void add_view(struct buf *to, const struct buf *file, const struct words_view *view)
{
	bool is_quoted = to->n > 0 && to->data[to->n - 1] == '"';
	const char *translation = is_quoted ? NULL : translation_of(file, view);

	if (translation != NULL)
		buf_add_text(to, translation);
	else
		buf_add(to, view->text, view->n);
}

/* Fills the translation: its conversions in order, or by number (%2$s). */
static void fill(struct buf *to, const struct buf *file, const char *translation,
		 const struct words_view views[], size_t n)
{
	size_t next = 0;

	while (*translation != '\0') {
		size_t conversion_n = conversion_bytes(translation);
		size_t at = next;

		if (conversion_n == 0) {
			buf_add_byte(to, (uint8_t)*translation);
			translation += translation[0] == '%' && translation[1] == '%' ? 2 : 1;
			continue;
		}
		if (conversion_n > 3 && translation[2] == '$')
			at = (size_t)(translation[1] - '1');
		if (at < n)
			add_view(to, file, &views[at]);
		next++;
		translation += conversion_n;
	}
}

bool words_filled_add(struct buf *to, const char *catalogue, const char *text)
{
	own(buf_free) struct buf file = {0};
	const char *translation = NULL;
	struct words_view views[VIEWS_MAX];
	size_t n = 0, fixed_most = 0;
	uint32_t strings_n;

	if (catalogue[0] == '\0' || file_read(catalogue, CATALOGUE_BYTES_MAX, &file) != 0 ||
	    u32_at(&file, 0) != MAGIC)
		return false;
	strings_n = u32_at(&file, 8);
	for (uint32_t i = 0; i < strings_n && (size_t)i * 8 < file.n; i++) {
		const char *msgid = string_at(&file, u32_at(&file, 12), i);
		struct words_view found[VIEWS_MAX];
		size_t found_n = 0;
		size_t fixed_n = words_filled_match(msgid, text, found, VIEWS_MAX, &found_n);

		if (fixed_n <= fixed_most)
			continue;
		fixed_most = fixed_n;
		translation = string_at(&file, u32_at(&file, 16), i);
		n = found_n;
		memcpy(views, found, sizeof(views));
	}
	if (translation == NULL)
		return false;
	fill(to, &file, translation, views, n);
	return true;
}
