#include "client/options.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

#define OPTIONS_MAX 256 /* rows of commands.def */
#define LETTERS_BYTES (OPTIONS_MAX * 2 + 4)
#define FIRST_VALUE 256 /* a long option's number; below are letters */
#define VERSION_VALUE 255
#define COMMAND_ANY (-1)

/* The table in getopt's form: row i has the number FIRST_VALUE + i. */
struct grammar {
	struct option longs[OPTIONS_MAX + 2];
	const char *names[OPTIONS_MAX + 1]; /* of longs, for the nearest */
	size_t n;
	char letters[LETTERS_BYTES];
};

bool options_belongs(const struct command_option *row, enum command command)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	if (row->command == (int)command)
		return true;
	if (row->command != COMMAND_ANY)
		return false;
	/* A command's own option goes before one of the same name that every command has. */
	for (size_t i = 0; i < n; i++)
		if (rows[i].command == (int)command && strcmp(rows[i].name, row->name) == 0)
			return false;
	return true;
}

static void add_row(struct grammar *grammar, const struct command_option *row, size_t at)
{
	size_t letters_n = strlen(grammar->letters);

	grammar->names[grammar->n] = row->name;
	grammar->longs[grammar->n++] = (struct option){
		.name = row->name,
		.has_arg = row->value != NULL ? required_argument : no_argument,
		.val = (int)(FIRST_VALUE + at),
	};
	if (row->letter == 0 || strchr(grammar->letters, row->letter) != NULL)
		return;
	grammar->letters[letters_n] = row->letter;
	grammar->letters[letters_n + 1] = row->value != NULL ? ':' : '\0';
}

/* Options before the command are those of all commands, and --version. start is getopt's mark: "+"
 * stops at the first word, "-" gives every word in its place. */
static void make_grammar(struct grammar *grammar, int command, const char *start)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	assert(n <= OPTIONS_MAX);
	*grammar = (struct grammar){0};
	(void)snprintf(grammar->letters, sizeof(grammar->letters), "%s:", start);
	for (size_t i = 0; i < n; i++)
		if (command >= 0 ? options_belongs(&rows[i], (enum command)command)
				 : rows[i].command == COMMAND_ANY)
			add_row(grammar, &rows[i], i);
	if (command < 0) {
		grammar->names[grammar->n] = "version";
		grammar->longs[grammar->n++] =
			(struct option){.name = "version", .val = VERSION_VALUE};
	}
}

static const struct command_option *row_of(const struct grammar *grammar, int value)
{
	size_t n;
	const struct command_option *rows = command_options(&n);

	if (value >= FIRST_VALUE)
		return &rows[value - FIRST_VALUE];
	for (size_t i = 0; i < grammar->n; i++) {
		int long_value = grammar->longs[i].val;

		if (long_value >= FIRST_VALUE && rows[long_value - FIRST_VALUE].letter == value)
			return &rows[long_value - FIRST_VALUE];
	}
	return NULL;
}

/* ---- complaints ---- */

static int complain_option(const struct grammar *grammar, char *const argv[], int at,
			   const char *place, struct fault *fault)
{
	char remedy[sizeof(fault->remedy)];
	const char *word = at > 0 && at <= optind ? argv[at] : "";
	char name[64];
	int nearest;

	if (optopt != 0 && optopt < VERSION_VALUE)
		return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
				 N_("there is no option -%c here"), optopt);
	text_copy(name, sizeof(name), word + strspn(word, "-"));
	name[strcspn(name, "=")] = '\0';
	nearest = text_nearest(name, grammar->names, grammar->n);
	if (optopt != 0)
		return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
				 N_("option --%s takes no value"), name);
	if (nearest >= 0) {
		(void)snprintf(remedy, sizeof(remedy), N_("Did you mean --%s?"),
			       grammar->names[nearest]);
		return fault_set(fault, "X002", place, remedy, N_("there is no option --%s here"),
				 name);
	}
	return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
			 N_("there is no option --%s here"), name);
}

static int complain_value(const struct command_option *row, const char *place, struct fault *fault)
{
	return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
			 N_("option --%s needs a value: %s"), row != NULL ? row->name : "?",
			 row != NULL ? row->value : "?");
}

bool options_is_group(const char *word)
{
	for (int i = 0; i < COMMAND_N; i++)
		if (command_begins((enum command)i, word))
			return true;
	return false;
}

static int complain_command(const char *word, struct fault *fault)
{
	const char *nearest = command_nearest(word);
	char remedy[sizeof(fault->remedy)];

	if (options_is_group(word)) {
		(void)snprintf(remedy, sizeof(remedy), N_("See `mia help %s` for what follows it."),
			       word);
		return fault_set(fault, "X001", "mia", remedy,
				 N_("\"%s\" is the beginning of several commands"), word);
	}
	if (nearest == NULL)
		return fault_set(fault, "X001", "mia", N_("See `mia help` for the commands."),
				 N_("there is no command \"%s\""), word);
	(void)snprintf(remedy, sizeof(remedy), N_("Did you mean `mia %s`?"), nearest);
	return fault_set(fault, "X001", "mia", remedy, N_("there is no command \"%s\""), word);
}

/* ---- reading ---- */

static int take_option(struct options *options, const struct command_option *row, const char *place,
		       struct fault *fault)
{
	assert(row != NULL); /* getopt gives what the grammar has */
	if (strcmp(row->name, "help") == 0) {
		options->wants_help = true;
		return 0;
	}
	if (options_value(options, row->name) != NULL)
		return fault_set(fault, "X002", place, N_("Give it once."),
				 N_("option --%s stands twice"), row->name);
	if (options->given_n == COMMAND_OPTIONS_MAX)
		return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
				 N_("there are too many options"));
	options->given[options->given_n].row = row;
	options->given[options->given_n++].value = optarg != NULL ? optarg : "";
	return 0;
}

/* "--period --lang sv": what stands where the value should is the next option; "--period=--x" is
 * meant. */
static bool has_swallowed_option(char *const argv[])
{
	return optarg != NULL && argv[optind - 1] == optarg && strncmp(optarg, "--", 2) == 0;
}

static int take_argument(struct options *options, const char *place, const char *word,
			 struct fault *fault)
{
	if (options->arguments_n == COMMAND_ARGUMENTS_MAX)
		return fault_set(fault, "X002", place, N_("See `mia help COMMAND` for its form."),
				 N_("there are too many arguments"));
	options->arguments[options->arguments_n++] = word;
	return 0;
}

static void choose(struct options *options, enum command command)
{
	options->command = command;
	options->has_command = true;
}

/* Options, and words where the grammar gives them, of argv[1..argc) until the end or the first
 * complaint. */
static int read_words(int argc, char *argv[], const struct grammar *grammar,
		      struct options *options, struct fault *fault)
{
	const char *place = options->has_command ? command_row(options->command)->words : "mia";
	int status = 0;

	optind = 0; /* glibc: begin anew, with the mark read again */
	opterr = 0;
	while (status == 0) {
		int at = optind > 0 ? optind : 1;
		int value = getopt_long(argc, argv, grammar->letters, grammar->longs, NULL);

		if (value == -1)
			break;
		if (value == 1)
			status = take_argument(options, place, optarg, fault);
		else if (value == '?')
			status = complain_option(grammar, argv, at, place, fault);
		else if (value == ':')
			status = complain_value(row_of(grammar, optopt), place, fault);
		else if (value == VERSION_VALUE)
			choose(options, COMMAND_VERSION);
		else if (has_swallowed_option(argv))
			status = complain_value(row_of(grammar, value), place, fault);
		else
			status = take_option(options, row_of(grammar, value), place, fault);
	}
	/* What stands after "--". */
	while (status == 0 && options->has_command && optind < argc && grammar->letters[0] == '-')
		status = take_argument(options, place, argv[optind++], fault);
	return status;
}

static int check_arguments(const struct options *options, struct fault *fault)
{
	const struct command_row *row = command_row(options->command);

	if (options->wants_help || (options->arguments_n >= row->arguments_least &&
				    options->arguments_n <= row->arguments_most))
		return 0;
	if (options->arguments_n < row->arguments_least)
		return fault_set(fault, "X002", row->words,
				 N_("See `mia help COMMAND` for its form."),
				 N_("it needs more: mia %s %s"), row->words, row->usage);
	return fault_set(fault, "X002", row->words, N_("See `mia help COMMAND` for its form."),
			 N_("\"%s\" is one word too many: mia %s %s"),
			 options->arguments[row->arguments_most], row->words, row->usage);
}

static bool asks_for_help(char *const argv[])
{
	for (; *argv != NULL && strcmp(*argv, "--") != 0; argv++)
		if (strcmp(*argv, "-h") == 0 || strcmp(*argv, "--help") == 0)
			return true;
	return false;
}

/* Words that are no command, from argv[1] on: "person --help" is the help on its group. */
static int read_group(int argc, char *argv[], struct options *options, struct fault *fault)
{
	struct grammar grammar;

	if (!options_is_group(argv[1]) || !asks_for_help(argv))
		return complain_command(argv[1], fault);
	choose(options, COMMAND_HELP);
	make_grammar(&grammar, COMMAND_HELP, "-");
	return read_words(argc, argv, &grammar, options, fault);
}

int options_read(int argc, char *argv[], struct options *ret_options, struct fault *fault)
{
	struct options options = {.command = COMMAND_STATUS};
	struct grammar grammar;
	size_t taken = 0;
	int command, first, status;

	make_grammar(&grammar, COMMAND_ANY, "+");
	status = read_words(argc, argv, &grammar, &options, fault);
	first = optind;
	if (status == 0 && !options.has_command && first < argc) {
		command = command_find((const char *const *)&argv[first], (size_t)(argc - first),
				       &taken);
		if (command < 0) {
			first -= 1; /* argv[0] of what follows is a program's name */
			status = read_group(argc - first, argv + first, &options, fault);
		} else {
			choose(&options, (enum command)command);
			make_grammar(&grammar, command, "-");
			first += (int)taken - 1; /* stands where a program's name does */
			status = read_words(argc - first, argv + first, &grammar, &options, fault);
		}
	}
	*ret_options = options;
	return status == 0 ? check_arguments(&options, fault) : status;
}

const char *options_value(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->given_n; i++)
		if (strcmp(options->given[i].row->name, name) == 0)
			return options->given[i].value;
	return NULL;
}

/* Of a character that a terminal obeys: ASCII's, or C1's two bytes. */
static size_t control_bytes(const char *at)
{
	unsigned char first = (unsigned char)at[0];

	if (first < 0x20 || first == 0x7f)
		return 1;
	return first == 0xc2 && (unsigned char)at[1] >= 0x80 && (unsigned char)at[1] < 0xa0 ? 2 : 0;
}

static bool has_control(const char *word)
{
	for (; *word != '\0'; word++)
		if (control_bytes(word) > 0)
			return true;
	return false;
}

/* In the shell's $'...', where such a character can be written without being one. */
static void add_escaped(struct buf *to, const char *word)
{
	size_t left = 0; /* of a character to be escaped */
	char hex[8];

	buf_add_text(to, "$'");
	for (; *word != '\0'; word++) {
		if (left == 0)
			left = control_bytes(word);
		if (left > 0) {
			(void)snprintf(hex, sizeof(hex), "\\x%02x", (unsigned char)*word);
			buf_add_text(to, hex);
			left--;
			continue;
		}
		if (*word == '\'' || *word == '\\')
			buf_add_byte(to, '\\');
		buf_add_byte(to, (uint8_t)*word);
	}
	buf_add_byte(to, '\'');
}

void options_add_word(struct buf *to, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-./,:=@%+";
	bool is_plain = word[0] != '\0';

	if (has_control(word)) {
		add_escaped(to, word);
		return;
	}
	for (const char *at = word; *at != '\0'; at++)
		if ((unsigned char)*at < 0x80 && strchr(plain, *at) == NULL)
			is_plain = false;
	if (is_plain) {
		buf_add_text(to, word);
		return;
	}
	buf_add_byte(to, '\'');
	for (; *word != '\0'; word++)
		if (*word == '\'')
			buf_add_text(to, "'\\''");
		else
			buf_add_byte(to, (uint8_t)*word);
	buf_add_byte(to, '\'');
}
