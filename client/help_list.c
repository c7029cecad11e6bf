#include "client/help_list.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

void help_option_name(const struct command_option *row, const char *value,
		      char ret_name[static HELP_NAME_BYTES])
{
	const char *letter = row->letter != 0 ? (char[]){'-', row->letter, ',', ' ', '\0'} : "";

	(void)snprintf(ret_name, HELP_NAME_BYTES, "%s--%s%s%s", letter, row->name,
		       value != NULL ? " " : "", value != NULL ? value : "");
}

void help_command_name(const struct command_row *row, enum programme_language language,
		       char ret_name[static HELP_NAME_BYTES])
{
	text_copy(ret_name, HELP_NAME_BYTES,
		  language == LANGUAGE_SV && row->alias[0] != '\0' ? row->alias : row->words);
	ret_name[strcspn(ret_name, ",")] = '\0';
}

const char *help_right_name(enum command_right right)
{
	static const char *const names[] = {
		[RIGHT_EVERYONE] = N_("everyone"),
		[RIGHT_STAFF] = N_("any right"),
		[RIGHT_READER] = N_("reader"),
		[RIGHT_REGISTRAR] = N_("registrar"),
		[RIGHT_ADMINISTRATOR] = N_("administrator"),
		[RIGHT_COORDINATOR] = N_("coordinator"),
	};

	return names[right];
}

int help_no_command(const char *word, struct fault *fault)
{
	const char *nearest = command_nearest(word);
	char remedy[sizeof(fault->remedy)];

	if (nearest == NULL)
		return fault_set(fault, "X001", "mia", N_("See `mia help` for the commands."),
				 N_("there is no command \"%s\""), word);
	(void)snprintf(remedy, sizeof(remedy), N_("Did you mean `mia %s`?"), nearest);
	return fault_set(fault, "X001", "mia", remedy, N_("there is no command \"%s\""), word);
}

/* ---- JSON ---- */

static void json_free(json_t **json)
{
	json_decref(*json);
	*json = NULL;
}

/* The items of text between separators. */
static json_t *split(const char *text, char separator)
{
	json_t *items = json_array();

	while (*text != '\0') {
		size_t n = strcspn(text, (char[]){separator, '\0'});

		(void)json_array_append_new(items, json_stringn(text, n));
		text += n + (text[n] != '\0');
	}
	return items;
}

static json_t *options_json(int command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		const char letter[] = {rows[i].letter, '\0'};

		if (rows[i].command == command)
			(void)json_array_append_new(list, json_pack("{s:s, s:s, s:s?, s:s}", "name",
								    rows[i].name, "letter", letter,
								    "value", rows[i].value, "help",
								    rows[i].help));
	}
	return list;
}

static json_t *command_json(enum command command)
{
	static const char *const places[] = {
		[AT_SITE] = "site", [AT_HUB] = "hub", [AT_BOTH] = "both", [AT_CLIENT] = "here"};
	const struct command_row *row = command_row(command);

	return json_pack("{s:s, s:o, s:s, s:s, s:s, s:I, s:I, s:s, s:o, s:o}", "words", row->words,
			 "aliases", split(row->alias, ','), "place", places[row->place], "right",
			 help_right_name(row->right), "usage", row->usage, "arguments_least",
			 (json_int_t)row->arguments_least, "arguments_most",
			 (json_int_t)row->arguments_most, "summary", row->summary, "examples",
			 split(row->examples, '\n'), "options", options_json((int)command));
}

int help_list_json(FILE *to, int command)
{
	own(json_free) json_t *document = NULL;
	json_t *commands = json_array();

	for (int i = 0; i < COMMAND_N; i++)
		if (command < 0 || i == command)
			(void)json_array_append_new(commands, command_json((enum command)i));
	document = json_pack("{s:s, s:o, s:o}", "schema", "mia.help/1", "commands", commands,
			     "options", options_json(HELP_EVERY_COMMAND));
	if (document == NULL || json_dumpf(document, to, JSON_INDENT(2)) != 0)
		return fail(-ENOMEM);
	(void)fputc('\n', to);
	return 0;
}

/* ---- the man page ---- */

/* scdoc reads _ and * as marks. */
static void put_escaped(FILE *to, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("_*\\<>#~", *text) != NULL)
			(void)fputc('\\', to);
		(void)fputc(*text, to);
	}
}

static void put_options(FILE *to, int command, const char *indent)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++) {
		char name[HELP_NAME_BYTES];

		if (rows[i].command != command)
			continue;
		help_option_name(&rows[i], rows[i].value, name);
		(void)fprintf(to, "%s*", indent);
		put_escaped(to, name);
		(void)fprintf(to, "*\n%s\t", indent);
		put_escaped(to, rows[i].help);
		(void)fputs("\n\n", to);
	}
}

void help_list_man(FILE *to)
{
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);

		(void)fputs("*mia ", to);
		put_escaped(to, row->words);
		(void)fputs(row->usage[0] != '\0' ? "* _" : "*", to);
		put_escaped(to, row->usage);
		(void)fputs(row->usage[0] != '\0' ? "_\n\t" : "\n\t", to);
		put_escaped(to, row->summary);
		if (row->alias[0] != '\0') {
			(void)fputs(" (", to);
			put_escaped(to, row->alias);
			(void)fputs(")", to);
		}
		(void)fputs("\n\n", to);
		put_options(to, i, "\t");
	}
	(void)fputs("# OPTIONS OF EVERY COMMAND\n\n", to);
	put_options(to, HELP_EVERY_COMMAND, "");
}
