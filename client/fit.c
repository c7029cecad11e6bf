#include "client/fit.h"

#include "client/cell.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>
#include <utf8proc.h>

#define TEXT_LEAST 12 /* columns below which a text is no longer broken */
#define WORD_MOST 24 /* a longer word, such as a path, may be torn; a course of two years not */
#define BAR_LEAST 8

/* ---- words and their widths ---- */

int fit_add_heading(struct buf *to, const struct sheet_column *column)
{
	own(buf_free) struct buf heading = {0};
	size_t at = 0;

	cell_add_heading(&heading, column);
	while (at < heading.n) {
		utf8proc_uint8_t bytes[4];
		utf8proc_int32_t letter;
		utf8proc_ssize_t taken =
			utf8proc_iterate(heading.data + at, (utf8proc_ssize_t)(heading.n - at),
					 &letter);

		if (taken <= 0) /* a catalogue that is not UTF-8 */
			break;
		buf_add(to, bytes, (size_t)utf8proc_encode_char(utf8proc_toupper(letter), bytes));
		at += (size_t)taken;
	}
	return heading.error != 0 ? heading.error : to->error;
}

/* The length of the piece that fits into width columns: whole characters, at least one. */
static size_t piece_of(const uint8_t *text, size_t n, size_t width)
{
	size_t at = 0, columns = 0;

	while (at < n) {
		utf8proc_int32_t letter;
		utf8proc_ssize_t taken =
			utf8proc_iterate(text + at, (utf8proc_ssize_t)(n - at), &letter);

		if (taken <= 0)
			return n;
		columns += (size_t)utf8proc_charwidth(letter);
		if (columns > width && at > 0)
			break;
		at += (size_t)taken;
	}
	return at;
}

void fit_break(struct buf *to, const struct buf *text, size_t width)
{
	size_t at = 0;

	while (at < text->n) {
		size_t n = piece_of(text->data + at, text->n - at, width);
		size_t end = n;

		if (at + n < text->n && text->data[at + n] != ' ')
			while (end > 0 && text->data[at + end - 1] != ' ')
				end--;
		if (end == 0) /* one word is longer than the column */
			end = n;
		buf_add(to, text->data + at, end);
		while (to->n > 0 && to->data[to->n - 1] == ' ')
			to->n--;
		at += end;
		while (at < text->n && text->data[at] == ' ')
			at++;
		if (at < text->n)
			buf_add_byte(to, '\n');
	}
}

static size_t most_of(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t width_of_word(const char *word, size_t n)
{
	char copy[256];

	if (n >= sizeof(copy))
		return n;
	memcpy(copy, word, n);
	copy[n] = '\0';
	return text_width(copy);
}

static size_t longest_word(const char *text)
{
	size_t longest = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		longest = most_of(longest, width_of_word(text, n));
		text += n + strspn(text + n, " ");
	}
	return longest;
}

/* ---- columns ---- */

static bool is_text(enum sheet_type type)
{
	return type == SHEET_TEXT || type == SHEET_PHRASE || type == SHEET_CODE;
}

/* What a column's cells can shrink to. */
static size_t least_of(enum sheet_type type, size_t widest, size_t word)
{
	size_t least = word < WORD_MOST ? word : WORD_MOST;

	if (type == SHEET_BAR)
		return BAR_LEAST;
	if (!is_text(type))
		return widest;
	least = most_of(least, TEXT_LEAST);
	return least < widest ? least : widest;
}

static int measure(const struct sheet *sheet, size_t at, const struct paper *paper,
		   struct fit_column *ret_column)
{
	own(buf_free) struct buf heading = {0};
	enum sheet_type type = sheet->columns[at].type;
	size_t widest = 0, word = 0, heading_word;
	int status = fit_add_heading(&heading, &sheet->columns[at]);

	if (status == 0 && buf_text(&heading) == NULL)
		status = heading.error;
	for (size_t row = 0; row < sheet->rows_n && status == 0; row++) {
		own(buf_free) struct buf text = {0};

		cell_add(&text, sheet, row, at, paper);
		if (buf_text(&text) == NULL)
			return text.error;
		widest = most_of(widest, text_width(buf_text(&text)));
		word = most_of(word, longest_word(buf_text(&text)));
	}
	if (status != 0)
		return status;
	heading_word = longest_word(buf_text(&heading));
	*ret_column = (struct fit_column){
		.least = most_of(least_of(type, widest, word), heading_word),
		.snug = most_of(widest, heading_word),
		.natural = most_of(widest, text_width(buf_text(&heading))),
		.is_shown = true,
	};
	return 0;
}

int fit_measure(const struct sheet *sheet, const struct paper *paper, struct fit *ret_fit)
{
	int status = 0;

	for (size_t i = 0; i < sheet->columns_n && status == 0; i++)
		status = measure(sheet, i, paper, &ret_fit->columns[i]);
	ret_fit->columns_n = sheet->columns_n;
	return status;
}

size_t fit_least(const struct fit *fit)
{
	size_t least = 0;

	for (size_t i = 0; i < fit->columns_n; i++)
		if (fit->columns[i].is_shown)
			least += fit->columns[i].least + (least > 0 ? FIT_GAP : 0);
	return least;
}

/* Of what is left of the paper each column takes what it wants, the first ones first. */
static void widen(struct fit *fit, size_t *left, bool is_natural)
{
	for (size_t i = 0; i < fit->columns_n; i++) {
		struct fit_column *column = &fit->columns[i];
		size_t wanted = is_natural ? column->natural : column->snug;
		size_t more = wanted > column->width ? wanted - column->width : 0;

		if (!column->is_shown)
			continue;
		more = more < *left ? more : *left;
		column->width += more;
		*left -= more;
	}
}

void fit_share(struct fit *fit, size_t width)
{
	size_t least = fit_least(fit);
	size_t left = width > least ? width - least : 0;

	for (size_t i = 0; i < fit->columns_n; i++)
		fit->columns[i].width = fit->columns[i].least;
	widen(fit, &left, false); /* whole cells are worth more than headings on one line */
	widen(fit, &left, true);
}
