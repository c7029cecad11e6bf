#include "client/completion_bash.h"

#include "client/completion_words.h"
#include "proto/errors.h"

#include <assert.h>
#include <string.h>

#define NAMES_MAX (COMMAND_N * 4)

/* One of a command's names, "import undo" or "läs-in ångra"; borrowed from the table. */
struct name {
	const char *text;
	size_t n;
	int command;
	bool is_swedish;
};

static size_t list_names(struct name names[static NAMES_MAX])
{
	size_t n = 0;

	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);

		assert(n < NAMES_MAX); /* the table of commands gives each four names at most */
		names[n++] = (struct name){row->words, strlen(row->words), i, false};
		for (const char *at = row->alias; *at != '\0' && n < NAMES_MAX;) {
			size_t length = strcspn(at, ",");

			names[n++] = (struct name){at, length, i, true};
			at += length + (at[length] == ',');
		}
	}
	return n;
}

/* Bytes of a name's first word. */
static size_t first_n(const struct name *name)
{
	size_t n = strcspn(name->text, " ,");

	return n < name->n ? n : name->n;
}

static bool is_of_two(const struct name *name)
{
	return first_n(name) < name->n;
}

static bool have_one_first(const struct name *a, const struct name *b)
{
	return first_n(a) == first_n(b) && memcmp(a->text, b->text, first_n(a)) == 0;
}

/* Whether a name is a further spelling of the command behind the same first word. */
static bool is_spelling(const struct name *names, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (names[i].command == names[at].command && names[i].is_swedish &&
		    names[at].is_swedish && have_one_first(&names[i], &names[at]))
			return true;
	return false;
}

/* Whether the first word stands in no name before. */
static bool is_new_first(const struct name *names, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (have_one_first(&names[i], &names[at]))
			return false;
	return true;
}

/* Swedish first words, as the dots want them. */
static void put_swedish_firsts(FILE *to, const struct name *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].is_swedish && !names[i - 1].is_swedish && is_new_first(names, i))
			(void)fprintf(to, " %.*s", (int)first_n(&names[i]), names[i].text);
}

static void put_seconds_of(FILE *to, const struct name *names, size_t n, size_t at, bool is_swedish)
{
	for (size_t i = 0; i < n; i++) {
		size_t skipped = first_n(&names[i]) + 1;

		if (names[i].is_swedish == is_swedish && is_of_two(&names[i]) &&
		    have_one_first(&names[i], &names[at]) && !is_spelling(names, i))
			(void)fprintf(to, " %.*s", (int)(names[i].n - skipped),
				      names[i].text + skipped);
	}
}

static bool takes_words(int at)
{
	return at == COMMAND_HELP || at == COMMAND_EXPLAIN ||
	       strchr(command_row((enum command)at)->usage, '|') != NULL;
}

/* Words that a command takes: those its usage names ("bash|zsh|fish"), commands, codes. */
static void put_taken(FILE *to, int at)
{
	const struct command_row *row = command_row((enum command)at);
	size_t codes_n;
	const struct error_row *codes = error_rows(&codes_n);

	for (const char *text = row->usage; strchr(row->usage, '|') != NULL && *text != '\0';) {
		size_t word_n = strspn(text, "abcdefghijklmnopqrstuvwxyz");

		if (word_n > 0)
			(void)fprintf(to, " %.*s", (int)word_n, text);
		text += word_n + (text[word_n] != '\0');
	}
	if (at == COMMAND_HELP)
		completion_put_firsts(to);
	for (size_t i = 0; i < codes_n && at == COMMAND_EXPLAIN; i++)
		(void)fprintf(to, " %s", codes[i].code);
}

/* Whether anything but files stands behind a first word. */
static bool has_followers(const struct name *names, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (have_one_first(&names[i], &names[at]) &&
		    (is_of_two(&names[i]) || takes_words(names[i].command)))
			return true;
	return false;
}

/* What may stand behind a first word: second words, and what a command of its own takes; files
 * where that is a file. */
static void put_behind(FILE *to, const struct name *names, size_t n, size_t at)
{
	const struct command_row *own = NULL;

	(void)fprintf(to, "\t'%.*s ') english='", (int)first_n(&names[at]), names[at].text);
	for (size_t i = 0; i < n; i++)
		if (!is_of_two(&names[i]) && have_one_first(&names[i], &names[at])) {
			own = command_row((enum command)names[i].command);
			put_taken(to, names[i].command);
		}
	put_seconds_of(to, names, n, at, false);
	(void)fputs("' swedish='", to);
	put_seconds_of(to, names, n, at, true);
	(void)fprintf(to, "' files=%s ;;\n",
		      own != NULL && strncmp(own->usage, "FILE", 4) == 0 ? "1" : "''");
}

/* The patterns of a command's names of one or of two words, and its options. */
static void put_options_of(FILE *to, const struct name *names, size_t n, bool of_two)
{
	for (int command = 0; command < COMMAND_N; command++) {
		const char *before = "\t";

		for (size_t i = 0; i < n; i++) {
			if (names[i].command != command || is_of_two(&names[i]) != of_two)
				continue;
			(void)fprintf(to, "%s'%.*s '*", before, (int)names[i].n, names[i].text);
			before = " | ";
		}
		if (strcmp(before, "\t") == 0)
			continue;
		(void)fputs(") more='", to);
		completion_put_options(to, command);
		(void)fputs("' ;;\n", to);
	}
}

/* Whether the option's name stands in a row before. */
static bool is_known_option(const struct command_option *rows, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(rows[i].name, rows[at].name) == 0 && rows[i].value != NULL)
			return true;
	return false;
}

/* The options that take a value: what follows is no word of the command. */
static void put_valued(FILE *to)
{
	const char *before = "\t\t";
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].value != NULL && !is_known_option(rows, i)) {
			(void)fprintf(to, "%s--%s", before, rows[i].name);
			before = " | ";
		}
	(void)fputs(") skip=1 ;;\n", to);
}

/* Values of options that have only a few, which another command's option of that name may not. */
static void put_values(FILE *to, const struct name *names, size_t n)
{
	size_t rows_n;
	const struct command_option *rows = command_options(&rows_n);

	(void)fputs("\tcase $before${COMP_WORDS[COMP_CWORD - 1]} in\n", to);
	for (size_t i = 0; i < rows_n; i++) {
		const char *before = "\t";

		if (rows[i].value == NULL || strchr(rows[i].value, '|') == NULL)
			continue;
		if (rows[i].command < 0)
			(void)fprintf(to, "\t*--%s", rows[i].name);
		for (size_t j = 0; j < n; j++)
			if (names[j].command == rows[i].command) {
				(void)fprintf(to, "%s'%.*s '*--%s", before, (int)names[j].n,
					      names[j].text, rows[i].name);
				before = " | ";
			}
		(void)fputs(") values='", to);
		for (const char *text = rows[i].value; *text != '\0'; text++)
			(void)fputc(*text == '|' ? ' ' : *text, to);
		(void)fputs("' ;;\n", to);
	}
	(void)fputs("\tesac\n", to);
}

void completion_bash(FILE *to)
{
	static const char head[] =
		"# bash completion for mia\n"
		"_mia()\n"
		"{\n"
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} before='' skip='' word\n"
		"\tlocal english='' swedish='' files=1 more='' values=''\n"
		"\tCOMPREPLY=()\n"
		"\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		"\t\t[ -z \"$skip\" ] || { skip=''; continue; }\n"
		"\t\tcase $word in\n";
	static const char foot[] =
		"\tif [ -n \"$values\" ]; then\n"
		"\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$current\")\n"
		"\t\treturn\n"
		"\telif [ -n \"$skip\" ]; then\n"
		"\t\tenglish='' swedish='' files=1\n"
		"\telif [[ $current == -* ]]; then\n"
		"\t\tenglish=\"$options $more\" swedish='' files=''\n"
		"\tfi\n"
		"\tmapfile -t COMPREPLY < <(compgen -W \"$english\" -- \"$current\")\n"
		"\t[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -W \"$swedish\" "
		"-- "
		"\"$current\")\n"
		"\t[ -z \"$files\" ] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "
		"\"$current\")\n"
		"}\n"
		"complete -o filenames -F _mia mia\n";
	struct name names[NAMES_MAX];
	size_t n = list_names(names);

	(void)fputs(head, to);
	put_valued(to);
	(void)fputs("\t\t-*) ;;\n\t\t*) before+=\"$word \" ;;\n\t\tesac\n\tdone\n\tlocal options='",
		    to);
	completion_put_options(to, -1);
	(void)fputs("'\n", to);
	put_values(to, names, n);
	(void)fputs("\tcase $before in\n\t'') english='", to);
	completion_put_firsts(to);
	(void)fputs("' swedish='", to);
	put_swedish_firsts(to, names, n);
	(void)fputs("' files='' ;;\n", to);
	for (size_t i = 0; i < n; i++)
		if (is_new_first(names, i) && has_followers(names, n, i))
			put_behind(to, names, n, i);
	/* Two words first: "import undo" is also an import of a file named undo. */
	(void)fputs("\tesac\n\tcase $before in\n", to);
	put_options_of(to, names, n, true);
	put_options_of(to, names, n, false);
	(void)fputs("\tesac\n", to);
	(void)fputs(foot, to);
}
