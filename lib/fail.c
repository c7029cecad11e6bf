#include "lib/fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local const char *origin_file;
static _Thread_local int origin_line;

/* This very file knows how far down the tree's root lies, so origins read the same wherever and
 * however the work is built. */
static const char *within_tree(const char *file)
{
	static const char own_path[] = __FILE__;
	static const char own_name[] = "lib/fail.c";
	size_t root_n = sizeof(own_path) - sizeof(own_name);

	return strncmp(file, own_path, root_n) == 0 ? file + root_n : file;
}

void fail_remember(const char *file, int line)
{
	origin_file = file;
	origin_line = line;
}

const char *fail_origin(void)
{
	static _Thread_local char text[256];

	if (origin_file == NULL)
		return "";
	(void)snprintf(text, sizeof(text), "%s:%d", within_tree(origin_file), origin_line);
	return text;
}

const char *fail_text(int code)
{
	static _Thread_local char unknown[32];
	const char *text = strerrordesc_np(-code);

	if (text != NULL)
		return text;
	(void)snprintf(unknown, sizeof(unknown), "Unknown failure %d", code);
	return unknown;
}

/* Takes away what snprintf() may have left of a character it cut in two: back over 10xxxxxx bytes
 * to the lead, which says how many there should have been. */
static void cut_to_whole_character(char *text, size_t n)
{
	size_t lead = n;
	size_t wanted;
	unsigned char first;

	while (lead > 0 && n - lead < 3 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	lead--;
	first = (unsigned char)text[lead];
	wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
	if (n - lead < wanted)
		text[lead] = '\0';
}

static void set_text(char *to, size_t size, const char *from)
{
	if (from == NULL)
		return;
	if ((size_t)snprintf(to, size, "%s", from) >= size)
		cut_to_whole_character(to, size - 1);
}

int fault_set(struct fault *fault, const char *code, const char *place, const char *remedy,
	      const char *reason_format, ...)
{
	/* Built aside: the texts given may be those of the very fault that is filled. */
	struct fault made = {0};
	va_list arguments;
	int n;

	if (fault == NULL)
		return fail(-EBADMSG);
	set_text(made.code, sizeof(made.code), code);
	set_text(made.place, sizeof(made.place), place);
	set_text(made.remedy, sizeof(made.remedy), remedy);
	va_start(arguments, reason_format);
	n = vsnprintf(made.reason, sizeof(made.reason), reason_format, arguments);
	va_end(arguments);
	if (n >= (int)sizeof(made.reason))
		cut_to_whole_character(made.reason, sizeof(made.reason) - 1);
	*fault = made;
	return fail(-EBADMSG);
}
