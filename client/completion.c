#include "client/completion.h"

#include "client/words.h"
#include "lib/own.h"
#include "proto/errors.h"

#include <string.h>

/* ---- parts of every script ---- */

/* "--period -p " ... of a command (or of all: HELP_EVERY_COMMAND is -1). */
static void put_options(FILE *to, int command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].command == command)
			(void)fprintf(to, " --%s", rows[i].name);
}

/* Words that may follow the first one of a command of two, e.g. undo after import. */
static void put_seconds(FILE *to, const char *first, size_t first_n)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;

		if (strncmp(words_of, first, first_n) == 0 && words_of[first_n] == ' ')
			(void)fprintf(to, " %s", words_of + first_n + 1);
	}
}

/* Whether row i is the first that begins with its first word. */
static bool is_first_of_its_word(int at)
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

static void put_firsts(FILE *to)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;

		if (is_first_of_its_word(i))
			(void)fprintf(to, " %.*s", (int)strcspn(words_of, " "), words_of);
	}
}

/* What may stand behind a command: its second words, and words its usage names ("bash|zsh|fish").
 */
static void put_followers(FILE *to, int at)
{
	const struct command_row *row = command_row((enum command)at);
	size_t n = strcspn(row->words, " "), codes_n;
	const struct error_row *codes = error_rows(&codes_n);

	put_seconds(to, row->words, n);
	for (const char *text = row->usage; strchr(row->usage, '|') != NULL && *text != '\0';) {
		size_t word_n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

		if (word_n > 0)
			(void)fprintf(to, " %.*s", (int)word_n, text);
		text += word_n + (text[word_n] != '\0');
	}
	if (at == COMMAND_HELP)
		put_firsts(to);
	for (size_t i = 0; i < codes_n && at == COMMAND_EXPLAIN; i++)
		(void)fprintf(to, " %s", codes[i].code);
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

/* ---- bash ---- */

/* The next alias's first word, off *rest, where it is neither the English one nor the one before:
 * its length, 0 when nothing is left. */
static size_t next_first(const struct command_row *row, const char **rest, const char **ret_word)
{
	const char *before = row->words;

	while (**rest != '\0') {
		const char *word = *rest;
		size_t n = strcspn(word, ", "), before_n = strcspn(before, ", ");

		*rest += strcspn(*rest, ",");
		*rest += **rest == ',' ? 1 : 0;
		if (n != before_n || strncmp(word, before, n) != 0) {
			*ret_word = word;
			return n;
		}
		before = word;
	}
	return 0;
}

/* The Swedish names, which are proposed where no English one fits, as the English ones. */
static void put_bash_names(FILE *to)
{
	(void)fputs("\tcase $first in\n", to);
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);
		const char *rest = row->alias, *word = NULL;
		size_t n = is_first_of_its_word(i) ? next_first(row, &rest, &word) : 0;

		if (n == 0)
			continue;
		(void)fprintf(to, "\t%.*s", (int)n, word);
		while ((n = next_first(row, &rest, &word)) > 0)
			(void)fprintf(to, " | %.*s", (int)n, word);
		(void)fprintf(to, ") first=%.*s ;;\n", (int)strcspn(row->words, " "), row->words);
	}
	(void)fputs("\tesac\n", to);
}

static void put_swedish_firsts(FILE *to)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);
		const char *rest = row->alias, *word = NULL;
		size_t n = is_first_of_its_word(i) ? next_first(row, &rest, &word) : 0;

		if (n > 0)
			(void)fprintf(to, " %.*s", (int)n, word);
	}
}

/* Values of options that have only a few. */
static void put_bash_values(FILE *to)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	(void)fputs("\tcase ${COMP_WORDS[COMP_CWORD - 1]} in\n", to);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].value == NULL || strchr(rows[i].value, '|') == NULL)
			continue;
		(void)fprintf(to, "\t--%s) values='", rows[i].name);
		for (const char *text = rows[i].value; *text != '\0'; text++)
			(void)fputc(*text == '|' ? ' ' : *text, to);
		(void)fputs("' ;;\n", to);
	}
	(void)fputs("\tesac\n", to);
}

static void put_bash(FILE *to)
{
	(void)fputs("# bash completion for mia\n"
		    "_mia()\n"
		    "{\n"
		    "\tlocal current=${COMP_WORDS[COMP_CWORD]} first=${COMP_WORDS[1]}\n"
		    "\tlocal both options='",
		    to);
	put_options(to, -1);
	(void)fputs("' seconds='' more='' values=''\n", to);
	put_bash_names(to);
	(void)fputs("\tboth=\"$first ${COMP_WORDS[2]-}\"\n", to);
	put_bash_values(to);
	(void)fputs("\tcase $first in\n", to);
	for (int i = 0; i < COMMAND_N; i++) {
		const char *words_of = command_row((enum command)i)->words;
		size_t n = strcspn(words_of, " ");

		if (!is_first_of_its_word(i))
			continue;
		(void)fprintf(to, "\t%.*s) seconds='", (int)n, words_of);
		put_followers(to, i);
		(void)fputs("' ;;\n", to);
	}
	(void)fputs("\tesac\n\tcase $both in\n", to);
	/* Two words first: "import undo" is also an import of a file named undo. */
	for (int turn = 0; turn < 2; turn++)
		for (int i = 0; i < COMMAND_N; i++) {
			const char *words_of = command_row((enum command)i)->words;

			if ((strchr(words_of, ' ') == NULL) != (turn == 1))
				continue;
			(void)fprintf(to, "\t'%s'%s) more='", words_of, turn == 1 ? "' '*" : "");
			put_options(to, i);
			(void)fputs("' ;;\n", to);
		}
	(void)fputs("\tesac\n"
		    "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W '",
		    to);
	put_firsts(to);
	(void)fputs("' -- \"$current\")\n"
		    "\t\t[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -W '",
		    to);
	put_swedish_firsts(to);
	(void)fputs("' -- \"$current\")\n"
		    "\telif [ -n \"$values\" ]; then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$current\")\n"
		    "\telif [[ $current == -* ]]; then\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options $more\" -- \"$current\")\n"
		    "\telif [ \"$COMP_CWORD\" = 2 ] && [ -n \"$seconds\" ]; then\n"
		    "\t\tlocal files=''\n"
		    "\t\t[ \"$first\" != import ] || files=-f\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen $files -W \"$seconds\" -- \"$current\")\n"
		    "\telse\n"
		    "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
		    "\tfi\n"
		    "}\n"
		    "complete -o filenames -F _mia mia\n",
		    to);
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

		if (!is_first_of_its_word(i))
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

		if (!is_first_of_its_word(i))
			continue;
		(void)fprintf(to, "\t%.*s) compadd --", (int)n, words_of);
		put_seconds(to, words_of, n);
		for (int j = i; j < COMMAND_N; j++)
			if (has_first(j, words_of, n))
				put_options(to, j);
		put_options(to, -1);
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

		if (is_first_of_its_word(i)) {
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
	} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};

	(void)ret_answer;
	for (size_t i = 0; i < array_n(shells); i++)
		if (strcmp(shells[i].shell, call->options->arguments[0]) == 0) {
			shells[i].put(call->out.to);
			return 0;
		}
	return fault_set(fault, "X002", "completion", N_("Give bash, zsh or fish."),
			 N_("there is no completion for \"%s\""), call->options->arguments[0]);
}
