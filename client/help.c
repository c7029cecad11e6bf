#include "client/help.h"

#include "client/help_list.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/wire.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#define INDENT 2
#define EXAMPLE_BYTES 160

static void heading(const struct paper *paper, const char *text)
{
	(void)fputc('\n', paper->to);
	paper_text(paper, PAINT_STRONG, words(text));
	(void)fputc('\n', paper->to);
}

/* A term and what it means, on one line or, where the term is long or the paper narrow, two. */
static void term(const struct paper *paper, const char *name, size_t column, const char *meaning)
{
	size_t at = INDENT + text_width(name);

	paper_spaces(paper, INDENT);
	paper_text(paper, PAINT_NONE, name);
	if (at + 2 > column || (paper->width > 0 && column + 16 > paper->width)) {
		(void)fputc('\n', paper->to);
		at = 0;
		column = (size_t)3 * INDENT;
	}
	paper_spaces(paper, column - at);
	paper_paragraph(paper, column, column, meaning);
}

/* A value in capitals stands for another and is a word to translate; the others are typed as they
 * stand. */
static const char *value_shown(const char *value)
{
	return value != NULL && value[0] >= 'A' && value[0] <= 'Z' ? words(value) : value;
}

static void option_term(const struct paper *paper, const struct command_option *row)
{
	char name[96];

	help_option_name(row, value_shown(row->value), name);
	term(paper, name, 32, words(row->help));
}

static void options_of(const struct paper *paper, int command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].command == command)
			option_term(paper, &rows[i]);
}

static bool has_options(int command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].command == command)
			return true;
	return false;
}

/* An example as it is typed, by the name the page is headed with, unless the catalogue has the
 * whole line. */
static void example(const struct paper *paper, const struct command_row *row, const char *line)
{
	static const char prompt[] = "$ mia ";
	size_t words_n = strlen(row->words), prompt_n = strlen(prompt);
	char name[HELP_NAME_BYTES];

	help_command_name(row, paper->language, name);
	(void)fputs("  ", paper->to);
	if (words(line) != line) {
		line = words(line);
	} else if (strncmp(line, prompt, prompt_n) == 0 &&
		   strncmp(line + prompt_n, row->words, words_n) == 0) {
		(void)fprintf(paper->to, "%s%s", prompt, name);
		line += prompt_n + words_n;
	}
	(void)fprintf(paper->to, "%s\n", line);
}

static void examples_of(const struct paper *paper, const struct command_row *row)
{
	const char *text = row->examples;

	if (text[0] == '\0')
		return;
	heading(paper, N_("Examples"));
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char line[EXAMPLE_BYTES];

		text_copy(line, n < sizeof(line) ? n + 1 : sizeof(line), text);
		example(paper, row, line);
		text += n + (text[n] == '\n');
	}
}

/* The English words and the Swedish ones, with and without dots. */
static void show_names(const struct paper *paper, const struct command_row *row)
{
	own(buf_free) struct buf line = {0};
	const char *text = row->alias;

	buf_printf(&line, "%s: %s", words(N_("Names")), row->words);
	while (*text != '\0') {
		size_t n = strcspn(text, ",");

		buf_printf(&line, ", %.*s", (int)n, text);
		text += n + (text[n] == ',');
	}
	paper_paragraph(paper, 0, 2, buf_text(&line) != NULL ? buf_text(&line) : "");
}

static void summary_of(const struct paper *paper, const struct command_row *row)
{
	char name[HELP_NAME_BYTES], whole[2 * HELP_NAME_BYTES];

	help_command_name(row, paper->language, name);
	(void)snprintf(whole, sizeof(whole), "%s%s%s", name, row->usage[0] != '\0' ? " " : "",
		       words(row->usage));
	term(paper, whole, 28, words(row->summary));
}

/* The commands of several words that begin with this one, under a heading; nothing when none does.
 */
static void show_group(const struct paper *paper, const char *word, const char *title)
{
	if (!options_is_group(word))
		return;
	heading(paper, title);
	for (int i = 0; i < COMMAND_N; i++)
		if (command_begins((enum command)i, word))
			summary_of(paper, command_row((enum command)i));
}

static void show_command(const struct paper *paper, enum command command)
{
	const struct command_row *row = command_row(command);
	char name[96];

	help_command_name(row, paper->language, name);
	(void)fputs("mia ", paper->to);
	paper_text(paper, PAINT_STRONG, name);
	(void)fprintf(paper->to, "%s%s\n", row->usage[0] != '\0' ? " " : "", words(row->usage));
	paper_paragraph(paper, 0, 0, words(row->summary));
	examples_of(paper, row);
	if (has_options((int)command)) {
		heading(paper, N_("Options"));
		options_of(paper, (int)command);
	}
	heading(paper, N_("Options of every command"));
	options_of(paper, HELP_EVERY_COMMAND);
	show_group(paper, row->words, N_("See also"));
	if (row->alias[0] != '\0' || row->right != RIGHT_EVERYONE)
		(void)fputc('\n', paper->to);
	if (row->alias[0] != '\0')
		show_names(paper, row);
	if (row->right != RIGHT_EVERYONE)
		(void)fprintf(paper->to, "%s: %s\n", words(N_("Right")),
			      words(help_right_name(row->right)));
}

/* Who a command is for: the parts of the list of all. */
static const struct {
	const char *heading;
	unsigned rights; /* bits of enum command_right */
	bool is_here; /* mia's own */
} parts[] = {
	{N_("Figures and how things are"), 1u << RIGHT_EVERYONE, false},
	{N_("Persons, for readers and registrars"), 1u << RIGHT_READER | 1u << RIGHT_REGISTRAR,
	 false},
	{N_("For all who work here"), 1u << RIGHT_STAFF, false},
	{N_("For administrators and coordinators"),
	 1u << RIGHT_ADMINISTRATOR | 1u << RIGHT_COORDINATOR, false},
	{N_("On this machine"), ~0u, true},
};

static void show_part(const struct paper *paper, size_t part)
{
	heading(paper, parts[part].heading);
	for (int i = 0; i < COMMAND_N; i++) {
		const struct command_row *row = command_row((enum command)i);

		if ((row->place == AT_CLIENT) == parts[part].is_here &&
		    (parts[part].rights & 1u << row->right) != 0)
			summary_of(paper, row);
	}
}

static void show_all(const struct paper *paper)
{
	paper_text(paper, PAINT_STRONG, "MIA Sync " MIA_VERSION);
	(void)fputc('\n', paper->to);
	paper_paragraph(paper, 0, 0,
			words(N_(
				"Counts of six coordination associations, added up to the county's "
				"figures; no row about a person leaves the house.")));
	for (size_t i = 0; i < array_n(parts); i++)
		show_part(paper, i);
	heading(paper, N_("Options of every command"));
	options_of(paper, HELP_EVERY_COMMAND);
	(void)fputc('\n', paper->to);
	paper_paragraph(
		paper, 0, 0,
		words(N_("mia help COMMAND shows examples and options; mia explain CODE says "
			 "what an error means. Times are those of this machine's time zone; "
			 "json, csv and plain have them in UTC.")));
}

/* Help on a word that several commands begin with; false when none does. */
static bool group_help(const struct paper *paper, const char *word)
{
	if (!options_is_group(word))
		return false;
	(void)fputs("mia ", paper->to);
	paper_text(paper, PAINT_STRONG, word);
	(void)fputc('\n', paper->to);
	show_group(paper, word, N_("Commands"));
	(void)fputc('\n', paper->to);
	paper_paragraph(paper, 0, 0, words(N_("mia help COMMAND shows examples and options.")));
	return true;
}

/* The command helped with: named by words, or the one --help stood behind; -1 all of them. */
static int find_command(const struct options *options, int *ret_command, struct fault *fault)
{
	size_t taken = 0;

	*ret_command = -1;
	if (options->wants_help && options->command != COMMAND_HELP) {
		*ret_command = options->has_command ? (int)options->command : -1;
		return 0;
	}
	if (options->arguments_n == 0)
		return 0;
	*ret_command = command_find(options->arguments, options->arguments_n, &taken);
	if (*ret_command < 0)
		return help_no_command(options->arguments[0], fault);
	return 0;
}

int help_show(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *format = options_value(call->options, "format");
	struct fault unknown = {0};
	int command;
	int status = find_command(call->options, &command, &unknown);

	(void)ret_answer;
	if (status != 0 && group_help(&call->out, call->options->arguments[0]))
		return 0;
	if (status != 0) {
		*fault = unknown;
		return status;
	}
	if (format != NULL && strcmp(format, "json") == 0)
		return help_list_json(call->out.to, command);
	if (format != NULL && strcmp(format, "scd") == 0)
		help_list_man(call->out.to);
	else if (command >= 0)
		show_command(&call->out, (enum command)command);
	else
		show_all(&call->out);
	return 0;
}

/* ---- explain ---- */

/* The codes that begin with the same letter, which are one kind of trouble. */
static int no_code(const char *code, struct fault *fault)
{
	char remedy[sizeof(fault->remedy)] = N_("A code is a letter and three digits, as in I014.");
	const char *first = NULL, *last = NULL;
	size_t n;
	const struct error_row *rows = error_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if ((rows[i].code[0] | 0x20) != (code[0] | 0x20))
			continue;
		if (first == NULL || strcmp(rows[i].code, first) < 0)
			first = rows[i].code;
		if (last == NULL || strcmp(rows[i].code, last) > 0)
			last = rows[i].code;
	}
	if (first != NULL)
		(void)snprintf(remedy, sizeof(remedy), N_("Codes of this kind are %s to %s."),
			       first, last);
	return fault_set(fault, "X009", "explain", remedy, N_("there is no code \"%s\""), code);
}

int help_explain(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *given = call->options->arguments[0];
	bool is_swedish = call->language == LANGUAGE_SV;
	const struct error_row *row;
	struct sheet *sheet;
	char code[8];

	text_copy(code, sizeof(code), given);
	if (code[0] >= 'a' && code[0] <= 'z')
		code[0] = (char)(code[0] - 'a' + 'A');
	row = strlen(given) < sizeof(code) ? error_find(code) : NULL;
	if (row == NULL)
		return no_code(given, fault);
	sheet = sheet_new("mia.explain/1", SHEET_FORM);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "meaning", SHEET_TEXT, N_("What"), false);
	sheet_column(sheet, "remedy", SHEET_TEXT, N_("What to do"), false);
	sheet_column(sheet, "exit", SHEET_COUNT, N_("Exit code"), false);
	sheet_add_text(sheet, row->code);
	sheet_add_text(sheet, is_swedish ? row->sv : row->en);
	sheet_add_text(sheet, is_swedish ? row->remedy_sv : row->remedy_en);
	sheet_add_number(sheet, row->exit);
	return answer_add(ret_answer, &sheet);
}

/* ---- version ---- */

int help_version(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct sheet *sheet = sheet_new("mia.version/1", SHEET_FORM);

	(void)call;
	(void)fault;
	sheet_column(sheet, "mia", SHEET_TEXT, "mia", true);
	sheet_column(sheet, "protocol", SHEET_COUNT, N_("Protocol"), false);
	sheet_column(sheet, "libsodium", SHEET_TEXT, "libsodium", true);
	sheet_column(sheet, "jansson", SHEET_TEXT, "jansson", true);
	sheet_add_text(sheet, MIA_VERSION);
	sheet_add_number(sheet, WIRE_PROTOCOL);
	sheet_add_text(sheet, sodium_version_string());
	sheet_add_text(sheet, jansson_version_str());
	return answer_add(ret_answer, &sheet);
}
