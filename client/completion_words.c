#include "client/completion_words.h"

#include <string.h>

void completion_put_options(FILE *to, int command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].command == command)
			(void)fprintf(to, " --%s", rows[i].name);
}

bool completion_is_first(int at)
{
	const char *words_of = command_row((enum command)at)->words;
	size_t n = strcspn(words_of, " ");

	for (int i = 0; i < at; i++) {
		const char *other = command_row((enum command)i)->words;

		if (strcspn(other, " ") == n && strncmp(other, words_of, n) == 0)
			return false;
	}
	return true;
}

void completion_put_firsts(FILE *to)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;

		if (completion_is_first(i))
			(void)fprintf(to, " %.*s", (int)strcspn(words_of, " "), words_of);
	}
}
