#include "lib/ini.h"

#include "lib/buf.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What Debian's inih was built with; beyond these it cuts without a word. */
#define LINE_BYTES 199
#define SECTION_BYTES 49
#define FILE_BYTES (1u << 20)

struct reading {
	const char *name;
	const char *at, *end; /* what is not read yet */
	unsigned line; /* the one handed to inih last */
	bool is_in_section;
	ini_fn *fn;
	void *context;
	struct fault *fault;
	int answer; /* what stopped the reading */
};

void ini_place(char ret_place[static 256], const char *name, unsigned line)
{
	(void)snprintf(ret_place, 256, "%.240s:%u", name, line);
}

static void complain(struct reading *reading, const char *code, const char *remedy,
		     const char *reason)
{
	char place[256];

	ini_place(place, reading->name, reading->line);
	reading->answer = fault_set(reading->fault, code, place, remedy, "%s", reason);
}

static bool is_blank(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void trim(const char **text, size_t *n)
{
	while (*n > 0 && is_blank((*text)[*n - 1]))
		(*n)--;
	while (*n > 0 && is_blank(**text)) {
		(*text)++;
		(*n)--;
	}
}

/* inih takes a ; after a blank for the beginning of a comment, wherever it stands. */
static bool has_blank_semicolon(const char *text, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (text[i] == ';' && is_blank(text[i - 1]))
			return true;
	return false;
}

static void check_section(struct reading *reading, const char *text, size_t n)
{
	const char *bracket = memchr(text, ']', n);
	const char *inner = text + 1;
	size_t inner_n = bracket == NULL ? 0 : (size_t)(bracket - inner);

	reading->is_in_section = true;
	if (inner_n > SECTION_BYTES) {
		complain(reading, "C002", "shorten the name between the brackets",
			 "the section's name is longer than 49 bytes");
		return;
	}
	trim(&inner, &inner_n);
	if (bracket != text + n - 1 || inner_n == 0 || has_blank_semicolon(text, n))
		complain(reading, "C005",
			 "write [name] alone on the line, and comments on lines of their own",
			 "the line begins with [ but is not a section");
}

static void check_pair(struct reading *reading, const char *text, size_t n)
{
	const char *equals = memchr(text, '=', n);
	const char *colon = memchr(text, ':', n);

	/* inih would end the key at a colon as well. */
	if (equals == NULL || equals == text || (colon != NULL && colon < equals))
		complain(reading, "C005", "write it as key = value, or begin a comment with #",
			 "the line is neither a [section] nor key = value");
	else if (has_blank_semicolon(text, n))
		complain(reading, "C003",
			 "write comments on lines of their own, and values without \" ;\"",
			 "\" ;\" would begin a comment here and cut the value");
	else if (!reading->is_in_section)
		complain(reading, "C006", "write a [section] line above it",
			 "the key stands before any section");
}

static void check_line(struct reading *reading, const char *text, size_t n)
{
	if (n > LINE_BYTES)
		complain(reading, "C001", "shorten it, or divide it into several keys",
			 "the line is longer than 199 bytes");
	else if (!text_is_utf8(text, n))
		complain(reading, "C004", "save the file as UTF-8",
			 "the line is not UTF-8 text, or holds a NUL byte");
	else if (n == 0 || text[0] == ';' || text[0] == '#')
		return;
	else if (text[0] == '[')
		check_section(reading, text, n);
	else
		check_pair(reading, text, n);
}

/* inih's fgets(). Each line goes without its outer blanks: inih takes an indented one for more of
 * the value above. */
static char *next_line(char *line, int size, void *context)
{
	struct reading *reading = context;
	const char *text = reading->at;
	const char *end;
	size_t n;

	if (reading->answer != 0 || text == reading->end)
		return NULL;
	end = memchr(text, '\n', (size_t)(reading->end - text));
	n = (size_t)((end == NULL ? reading->end : end) - text);
	reading->at = end == NULL ? reading->end : end + 1;
	reading->line++;
	if (reading->line == 1 && n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
		text += 3;
		n -= 3;
	}
	trim(&text, &n);
	check_line(reading, text, n);
	if (reading->answer != 0)
		return NULL;
	/* The sizes agree unless inih was built anew with smaller ones. */
	if (n >= (size_t)size) {
		complain(reading, "C001", "shorten it, or divide it into several keys",
			 "the line is longer than the settings reader holds");
		return NULL;
	}
	memcpy(line, text, n);
	line[n] = '\0';
	return line;
}

/* inih's handler: non-zero when all is well. */
static int take_pair(void *context, const char *section, const char *key, const char *value)
{
	struct reading *reading = context;
	char name[SECTION_BYTES + 1];
	const char *inner = section;
	size_t n = strlen(section);
	struct ini_line line = {
		.line = reading->line,
		.section = name,
		.key = key,
		.value = value,
	};

	trim(&inner, &n);
	(void)snprintf(name, sizeof(name), "%.*s", (int)n, inner);
	reading->answer = reading->fn(reading->context, &line, reading->fault);
	return reading->answer == 0;
}

int ini_read_bytes(const char *name, const void *bytes, size_t n, ini_fn *fn, void *context,
		   struct fault *fault)
{
	struct reading reading = {
		.name = name,
		.at = n == 0 ? "" : bytes,
		.fn = fn,
		.context = context,
		.fault = fault,
	};
	int refused_line;

	reading.end = reading.at + n;
	refused_line = ini_parse_stream(next_line, &reading, take_pair, &reading);
	/* What we let pass and inih did not; none is known. */
	if (refused_line > 0 && reading.answer == 0) {
		reading.line = (unsigned)refused_line;
		complain(&reading, "C005", "write it as key = value, or begin a comment with #",
			 "the line is neither a [section] nor key = value");
	}
	return refused_line == -2 ? fail(-ENOMEM) : reading.answer;
}

int ini_read_file(const char *path, ini_fn *fn, void *context, struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	int error = file_read(path, FILE_BYTES, &content);

	if (error == -ENOMEM)
		return error;
	if (error != 0)
		return fault_set(fault, "C007", path,
				 "check that the path is right and that the file may be read",
				 "the file cannot be read: %s", fail_text(error));
	return ini_read_bytes(path, content.data, content.n, fn, context, fault);
}
