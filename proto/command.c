#include "proto/command.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define REQUEST_VERSION 1
#define REQUEST_ARGUMENTS_MAX array_n(((struct request *)NULL)->arguments)
#define NAME_BYTES 64 /* the longest words or alias, and NUL */
#define NAMES_MAX ((size_t)COMMAND_N * 6) /* words, aliases, and the first word of each */

/* OPTION rows of every command. */
#define COMMAND_ANY (-1)

static const struct command_row rows[] = {
#define COMMAND(id, words, alias, place, right, least, most, usage, summary, examples)             \
	[COMMAND_##id] = {words, alias, place, right, least, most, usage, summary, examples},
#define OPTION(command, name, letter, value, help)
#include "proto/commands.def"
#undef COMMAND
#undef OPTION
};

static const struct command_option options[] = {
#define COMMAND(id, words, alias, place, right, least, most, usage, summary, examples)
#define OPTION(command, name, letter, value, help) {COMMAND_##command, name, letter, value, help},
#include "proto/commands.def"
#undef COMMAND
#undef OPTION
};

const struct command_row *command_row(enum command command)
{
	assert((size_t)command < COMMAND_N);
	return &rows[command];
}

const struct command_option *command_options(size_t *ret_n)
{
	*ret_n = array_n(options);
	return options;
}

/* ---- names ---- */

/* A name of a command: its words, or one of its aliases. */
struct name {
	enum command command;
	char text[NAME_BYTES];
};

/* Cuts the next item up to separator off *rest into item; false when nothing is left. */
static bool next_item(const char **rest, char separator, char item[static NAME_BYTES])
{
	size_t n = strcspn(*rest, (char[]){separator, '\0'});

	if (**rest == '\0')
		return false;
	assert(n < NAME_BYTES);
	memcpy(item, *rest, n);
	item[n] = '\0';
	*rest += n + ((*rest)[n] == separator ? 1 : 0);
	return true;
}

/* All names of all commands, in table order. */
static size_t list_names(struct name names[static NAMES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < COMMAND_N; i++) {
		const char *aliases = rows[i].alias;

		names[n].command = (enum command)i;
		text_copy(names[n++].text, NAME_BYTES, rows[i].words);
		while (n < NAMES_MAX && next_item(&aliases, ',', names[n].text))
			names[n++].command = (enum command)i;
	}
	return n;
}

/* How many of words[n] spell the whole name; 0 when they do not. */
static size_t words_spelling(const char *const words[], size_t n, const char *name)
{
	char word[NAME_BYTES];
	size_t taken = 0;

	while (next_item(&name, ' ', word)) {
		if (taken == n || !text_same_word(words[taken], word))
			return 0;
		taken++;
	}
	return taken;
}

int command_find(const char *const words[], size_t n, size_t *ret_taken)
{
	struct name names[NAMES_MAX];
	size_t names_n = list_names(names);
	size_t longest = 0;
	int found = -1;

	for (size_t i = 0; i < names_n; i++) {
		size_t taken = words_spelling(words, n, names[i].text);

		if (taken > longest) {
			longest = taken;
			found = (int)names[i].command;
		}
	}
	if (found >= 0)
		*ret_taken = longest;
	return found;
}

bool command_begins(enum command command, const char *word)
{
	struct name names[NAMES_MAX];
	size_t n = list_names(names);

	for (size_t i = 0; i < n; i++) {
		const char *rest = names[i].text;
		char first[NAME_BYTES];

		if (names[i].command == command && strchr(rest, ' ') != NULL &&
		    next_item(&rest, ' ', first) && text_same_word(first, word))
			return true;
	}
	return false;
}

/* Who mistypes "programme" has perhaps not come to its second word: first words count too. */
const char *command_nearest(const char *word)
{
	struct name names[NAMES_MAX];
	const char *texts[NAMES_MAX];
	size_t n = list_names(names);
	size_t whole_n = n;
	int nearest;

	for (size_t i = 0; i < whole_n && n < NAMES_MAX; i++) {
		const char *rest = names[i].text;

		if (strchr(rest, ' ') != NULL && next_item(&rest, ' ', names[n].text))
			names[n++].command = names[i].command;
	}
	for (size_t i = 0; i < n; i++)
		texts[i] = names[i].text;
	nearest = text_nearest(word, texts, n);
	return nearest < 0 ? NULL : rows[names[nearest].command].words;
}

/* ---- requests ---- */

static void pack_fields(const struct request *request, struct buf *to)
{
	pack_array(to, (uint32_t)request->fields_n);
	for (size_t i = 0; i < request->fields_n; i++) {
		pack_array(to, 2);
		pack_str(to, request->fields[i].id);
		pack_str(to, request->fields[i].text);
	}
}

int request_pack(const struct request *request, struct buf *ret_bytes)
{
	size_t before = ret_bytes->n;

	assert(request->arguments_n <= REQUEST_ARGUMENTS_MAX);
	assert(request->options_n <= COMMAND_OPTIONS_MAX);
	assert(request->fields_n <= REQUEST_FIELDS_MAX);

	pack_array(ret_bytes, 7);
	pack_u64(ret_bytes, REQUEST_VERSION);
	pack_str(ret_bytes, command_row(request->command)->words);
	pack_array(ret_bytes, (uint32_t)request->arguments_n);
	for (size_t i = 0; i < request->arguments_n; i++)
		pack_str(ret_bytes, request->arguments[i]);
	pack_array(ret_bytes, (uint32_t)request->options_n);
	for (size_t i = 0; i < request->options_n; i++) {
		pack_array(ret_bytes, 2);
		pack_str(ret_bytes, request->options[i].name);
		pack_str(ret_bytes, request->options[i].value);
	}
	pack_u64(ret_bytes, request->language);
	pack_u64(ret_bytes, request->stream_bytes);
	pack_fields(request, ret_bytes);
	if (ret_bytes->error == 0 && ret_bytes->n - before > COMMAND_PACKET_BYTES)
		return fail(-EMSGSIZE);
	return ret_bytes->error;
}

static void unpack_arguments(struct unpack *in, struct request *to)
{
	to->arguments_n = unpack_array(in, REQUEST_ARGUMENTS_MAX);
	for (size_t i = 0; i < to->arguments_n; i++)
		unpack_str(in, to->arguments[i], sizeof(to->arguments[i]));
	unpack_leave(in);
}

static void unpack_options(struct unpack *in, struct request *to)
{
	to->options_n = unpack_array(in, COMMAND_OPTIONS_MAX);
	for (size_t i = 0; i < to->options_n; i++) {
		unpack_array_of(in, 2);
		unpack_str(in, to->options[i].name, sizeof(to->options[i].name));
		unpack_str(in, to->options[i].value, sizeof(to->options[i].value));
		unpack_leave(in);
	}
	unpack_leave(in);
}

static void unpack_fields(struct unpack *in, struct request *to)
{
	to->fields_n = unpack_array(in, REQUEST_FIELDS_MAX);
	for (size_t i = 0; i < to->fields_n; i++) {
		unpack_array_of(in, 2);
		unpack_str(in, to->fields[i].id, sizeof(to->fields[i].id));
		unpack_str(in, to->fields[i].text, sizeof(to->fields[i].text));
		unpack_leave(in);
	}
	unpack_leave(in);
}

/* The whole array; words go to words[]. 0, or what unpack_end() says. */
static int unpack_request(const void *bytes, size_t n, struct request *to,
			  char words[static NAME_BYTES])
{
	struct unpack in = unpack_start(bytes, n);

	if (n > COMMAND_PACKET_BYTES)
		return -EMSGSIZE;
	unpack_array_of(&in, 7);
	if (unpack_u64(&in, REQUEST_VERSION) != REQUEST_VERSION)
		return -EBADMSG;
	unpack_str(&in, words, NAME_BYTES);
	unpack_arguments(&in, to);
	unpack_options(&in, to);
	to->language = (enum programme_language)unpack_u64(&in, LANGUAGE_EN);
	to->stream_bytes = unpack_u64(&in, INT64_MAX);
	unpack_fields(&in, to);
	unpack_leave(&in);
	return unpack_end(&in);
}

/* The command of exactly these English words that a daemon carries out, or -1. */
static int find_words(const char *words)
{
	for (int i = 0; i < COMMAND_N; i++)
		if (strcmp(rows[i].words, words) == 0 && (rows[i].place & AT_BOTH) != 0)
			return i;
	return -1;
}

/* A command's own option goes before one of the same name that every command has. */
static const struct command_option *find_option(enum command command, const char *name)
{
	const struct command_option *found = NULL;

	for (size_t i = 0; i < array_n(options); i++) {
		if (strcmp(options[i].name, name) != 0)
			continue;
		if (options[i].command == (int)command)
			return &options[i];
		if (options[i].command == COMMAND_ANY)
			found = &options[i];
	}
	return found;
}

static int check_option(const struct request *request, size_t at, struct fault *fault)
{
	const char *name = request->options[at].name;
	const char *words = rows[request->command].words;
	const struct command_option *option = find_option(request->command, name);

	if (option == NULL)
		return fault_set(fault, "X002", words, N_("See `mia help COMMAND` for its form."),
				 N_("there is no option --%s here"), name);
	if (option->value == NULL && request->options[at].value[0] != '\0')
		return fault_set(fault, "X002", words, N_("See `mia help COMMAND` for its form."),
				 N_("option --%s takes no value"), name);
	for (size_t i = 0; i < at; i++)
		if (strcmp(request->options[i].name, name) == 0)
			return fault_set(fault, "X002", words, N_("Give it once."),
					 N_("option --%s stands twice"), name);
	return 0;
}

/* A field named twice would leave open which of the two is meant. Neither is repeated. */
static int check_fields(const struct request *request, struct fault *fault)
{
	const char *words = rows[request->command].words;

	for (size_t i = 0; i < request->fields_n; i++) {
		const char *id = request->fields[i].id;

		if (id[0] == '\0')
			return fault_set(fault, "X002", words,
					 N_("See `mia help COMMAND` for its form."),
					 N_("a field has no name"));
		for (size_t j = 0; j < i; j++)
			if (strcmp(request->fields[j].id, id) == 0)
				return fault_set(fault, "X002", words, N_("Give it once."),
						 N_("the field %s stands twice"), id);
	}
	return 0;
}

static int check_form(const struct request *request, struct fault *fault)
{
	const struct command_row *row = &rows[request->command];
	int r = 0;

	if (request->arguments_n < row->arguments_least ||
	    request->arguments_n > row->arguments_most)
		return fault_set(fault, "X002", row->words,
				 N_("See `mia help COMMAND` for its form."),
				 N_("%zu arguments were given; it takes %zu to %zu"),
				 request->arguments_n, row->arguments_least, row->arguments_most);
	for (size_t i = 0; i < request->options_n && r == 0; i++)
		r = check_option(request, i, fault);
	return r == 0 ? check_fields(request, fault) : r;
}

int request_unpack(const void *bytes, size_t n, struct request *ret_request, struct fault *fault)
{
	own(request_wipe) struct request request = {0};
	char words[NAME_BYTES] = "";
	int command;
	int r;

	if (unpack_request(bytes, n, &request, words) != 0)
		return fault_set(fault, "X010", "request",
				 N_("Use a mia of the same version as the daemon."),
				 N_("the request is malformed"));
	command = find_words(words);
	if (command < 0) {
		(void)fault_set(fault, "X001", "request", N_("See `mia help` for the commands."),
				N_("this daemon knows no command \"%s\""), words);
		return fail(-ENOENT);
	}
	request.command = (enum command)command;
	r = check_form(&request, fault);
	if (r == 0)
		*ret_request = request;
	return r;
}

const char *request_option(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->options_n; i++)
		if (strcmp(request->options[i].name, name) == 0)
			return request->options[i].value;
	return NULL;
}

const char *request_field(const struct request *request, const char *id)
{
	for (size_t i = 0; i < request->fields_n; i++)
		if (strcmp(request->fields[i].id, id) == 0)
			return request->fields[i].text;
	return NULL;
}

void request_wipe(struct request *request)
{
	explicit_bzero(request->fields, sizeof(request->fields));
	request->fields_n = 0;
}
