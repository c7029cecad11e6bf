#include "client/paper.h"

#include "client/words.h"
#include "lib/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_LEAST 20

static size_t width_of(FILE *to)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = {0};
	uint64_t told = 0;

	if (columns != NULL && text_to_u64(columns, 10000, &told) == 0 && told > 0)
		return told < WIDTH_LEAST ? WIDTH_LEAST : (size_t)told;
	if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col;
	return 0;
}

static bool wants_colour(void)
{
	const char *without = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return (without == NULL || without[0] == '\0') && terminal != NULL &&
	       strcmp(terminal, "dumb") != 0;
}

struct paper paper_start(FILE *to, enum programme_language language)
{
	return (struct paper){
		.to = to,
		.language = language,
		.width = width_of(to),
		.has_colour = isatty(fileno(to)) && wants_colour(),
		.is_utf8 = words_are_utf8(),
	};
}

bool paper_is_terminal(const struct paper *paper)
{
	return isatty(fileno(paper->to)) != 0;
}

void paper_text(const struct paper *paper, enum paint paint, const char *text)
{
	static const char *const codes[] = {
		[PAINT_NONE] = "",   [PAINT_STRONG] = "1", [PAINT_FAINT] = "2",
		[PAINT_GOOD] = "32", [PAINT_BAD] = "31",
	};

	if (paper->has_colour && paint != PAINT_NONE)
		(void)fprintf(paper->to, "\033[%sm%s\033[0m", codes[paint], text);
	else
		(void)fputs(text, paper->to);
}

void paper_spaces(const struct paper *paper, size_t n)
{
	(void)fprintf(paper->to, "%*s", (int)n, "");
}

/* Columns of the n bytes at text; long words count by their bytes, which is only too many. */
static size_t width_of_word(const char *text, size_t n)
{
	char word[256];

	if (n >= sizeof(word))
		return n;
	memcpy(word, text, n);
	word[n] = '\0';
	return text_width(word);
}

/* Bytes up to the next blank; what stands between ` and ` is one word: it is to be typed. */
static size_t word_bytes(const char *text)
{
	bool is_quoted = false;
	size_t n = 0;

	for (; text[n] != '\0' && (is_quoted || text[n] != ' '); n++)
		if (text[n] == '`')
			is_quoted = !is_quoted;
	return is_quoted ? strcspn(text, " ") : n;
}

void paper_paragraph(const struct paper *paper, size_t at, size_t indent, const char *text)
{
	bool is_first = true;

	while (*text != '\0') {
		size_t blanks = strspn(text, " ");
		size_t n = word_bytes(text + blanks);
		size_t width = width_of_word(text + blanks, n);

		if (!is_first && paper->width > 0 && at + blanks + width > paper->width) {
			(void)fputc('\n', paper->to);
			paper_spaces(paper, indent);
			at = indent;
			blanks = 0;
		}
		paper_spaces(paper, blanks);
		text += strspn(text, " ");
		(void)fwrite(text, 1, n, paper->to);
		at += blanks + width;
		text += n;
		is_first = false;
	}
	(void)fputc('\n', paper->to);
}
