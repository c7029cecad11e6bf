#include "client/completion.h"

#include "client/completion_bash.h"
#include "client/completion_words.h"
#include "client/words.h"
#include "lib/own.h"

#include <string.h>

/* ---- parts of every script ---- */

/* Words that may follow the first one of a command of two, e.g. undo after import. */
static void put_seconds(FILE *to, const char *first, size_t first_n)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;

		if (strncmp(words_of, first, first_n) == 0 && words_of[first_n] == ' ')
			(void)fprintf(to, " %s", words_of + first_n + 1);
	}
}

/* Summaries stand in single quotes, which a shell ends at the next one. */
static void put_quoted(FILE *to, const char *text)
{
	for (; *text != '\0'; text++)
		(void)fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, to);
}

static bool has_first(int at, const char *first, size_t n)
{
	const char *words_of = command_row((enum command)at)->words;

	return strncmp(words_of, first, n) == 0 && (words_of[n] == '\0' || words_of[n] == ' ');
}

/* What a first word is for: of a command of its own its summary, else its second words. */
static void put_first_summary(FILE *to, int at)
{
	const struct command_row *row = command_row((enum command)at);
	size_t n = strcspn(row->words, " ");

	if (row->words[n] == '\0')
		put_quoted(to, words(row->summary));
	else
		put_seconds(to, row->words, n);
}

/* ---- zsh ---- */

static void put_zsh(FILE *to)
{
	(void)fputs("#compdef mia\n"
		    "# zsh completion for mia\n"
		    "_mia()\n"
		    "{\n"
		    "\tlocal -a commands\n"
		    "\tcommands=(\n",
		    to);
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);

		if (!completion_is_first(i))
			continue;
		(void)fprintf(to, "\t\t'%.*s:", (int)strcspn(row->words, " "), row->words);
		put_first_summary(to, i);
		(void)fputs("'\n", to);
	}
	(void)fputs("\t)\n"
		    "\tif (( CURRENT == 2 )); then\n"
		    "\t\t_describe -t commands command commands\n"
		    "\t\treturn\n"
		    "\tfi\n"
		    "\tcase $words[2] in\n",
		    to);
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;
		size_t n = strcspn(words_of, " ");

		if (!completion_is_first(i))
			continue;
		(void)fprintf(to, "\t%.*s) compadd --", (int)n, words_of);
		put_seconds(to, words_of, n);
		for (int j = i; j < COMMAND_N; j++)
			if (has_first(j, words_of, n))
				completion_put_options(to, j);
		completion_put_options(to, -1);
		(void)fputs(" ;;\n", to);
	}
	(void)fputs("\tesac\n"
		    "\t_files\n"
		    "}\n"
		    "_mia \"$@\"\n",
		    to);
}

/* ---- fish ---- */

static void put_fish_option(FILE *to, const char *condition, const struct command_option *option)
{
	(void)fprintf(to, "complete -c mia%s -l %s", condition, option->name);
	if (option->letter != 0)
		(void)fprintf(to, " -s %c", option->letter);
	if (option->value != NULL)
		(void)fputs(" -r", to);
	(void)fputs(" -d '", to);
	put_quoted(to, words(option->help));
	(void)fputs("'\n", to);
}

static void put_fish(FILE *to)
{
	size_t n;
	const struct command_option *options = command_options(&n);

	(void)fputs("# fish completion for mia\n", to);
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);
		const char *second = strchr(row->words, ' ');

		if (completion_is_first(i)) {
			(void)fprintf(to, "complete -c mia -n __fish_use_subcommand -a %.*s -d '",
				      (int)strcspn(row->words, " "), row->words);
			put_first_summary(to, i);
			(void)fputs("'\n", to);
		}
		if (second == NULL)
			continue;
		(void)fprintf(to,
			      "complete -c mia -n '__fish_seen_subcommand_from %.*s' -a %s "
			      "-d '",
			      (int)(second - row->words), row->words, second + 1);
		put_quoted(to, words(row->summary));
		(void)fputs("'\n", to);
	}
	for (size_t i = 0; i < n; i++) {
		char condition[128] = "";

		if (options[i].command >= 0) {
			const char *words_of = command_row((enum command)options[i].command)->words;

			(void)snprintf(condition, sizeof(condition),
				       " -n '__fish_seen_subcommand_from %.*s'",
				       (int)strcspn(words_of, " "), words_of);
		}
		put_fish_option(to, condition, &options[i]);
	}
}

int completion_print(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	static const struct {
		const char *shell;
		void (*put)(FILE *to);
	} shells[] = {{"bash", completion_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

	(void)ret_answer;
	for (size_t i = 0; i < array_n(shells); i++)
		if (strcmp(shells[i].shell, call->options->arguments[0]) == 0) {
			shells[i].put(call->out.to);
			return 0;
		}
	return fault_set(fault, "X002", "completion", N_("Give bash, zsh or fish."),
			 N_("there is no completion for \"%s\""), call->options->arguments[0]);
}
