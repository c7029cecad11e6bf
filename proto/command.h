/*
 * The commands, declared once in proto/commands.def: dispatch in the daemon, parsing and arity in
 * mia, rights, help, completion, man page.
 */
#ifndef MIA_PROTO_COMMAND_H
#define MIA_PROTO_COMMAND_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "proto/programme.h"

#include <stdbool.h>

#define COMMAND_ARGUMENTS_MAX 128 /* identity cards of a roster */
#define COMMAND_OPTIONS_MAX 16
#define COMMAND_TEXT_BYTES 1024
#define COMMAND_PACKET_BYTES (60 * 1024)
#define REQUEST_FIELDS_MAX 128
#define REQUEST_FIELD_BYTES 256

/* Where a command is carried out. */
enum command_place { AT_SITE = 1, AT_HUB = 2, AT_BOTH = 3, AT_CLIENT = 4 };
/* Who may: EVERYONE is any local account that can open the socket, STAFF whoever has any right at
 * all. Only READER sees persons, REGISTRAR changes them too; an ADMINISTRATOR sees none. */
enum command_right {
	RIGHT_EVERYONE,
	RIGHT_STAFF,
	RIGHT_READER,
	RIGHT_REGISTRAR,
	RIGHT_ADMINISTRATOR,
	RIGHT_COORDINATOR
};

enum command {
#define COMMAND(id, words, alias, place, right, least, most, usage, summary, examples) COMMAND_##id,
#define OPTION(command, name, letter, value, help)
#include "proto/commands.def"
#undef COMMAND
#undef OPTION
	COMMAND_N,
};

struct command_row {
	const char *words; /* "import undo" */
	const char *alias; /* Swedish words, comma separated: "läge,lage"; "" none */
	unsigned place; /* enum command_place bits */
	enum command_right right;
	size_t arguments_least, arguments_most;
	const char *usage; /* "FILE" */
	const char *summary; /* msgid */
	const char *examples; /* lines "$ mia ...", msgid where they have words */
};

struct command_option {
	int command; /* enum command, or -1: every command */
	const char *name; /* "period" */
	char letter; /* or 0 */
	const char *value; /* placeholder, NULL for a switch */
	const char *help; /* msgid */
};

const struct command_row *command_row(enum command command);
const struct command_option *command_options(size_t *ret_n);
/* The command whose words (or alias) are the longest start of words[n]: it and how many words it
 * took; -1 none. */
int command_find(const char *const words[], size_t n, size_t *ret_taken);
/* Words of the nearest command, for "did you mean"; NULL none. */
const char *command_nearest(const char *word);

/* Whether a name of the command, in either language, has several words and begins with this one:
 * "person" of person find. */
bool command_begins(enum command command, const char *word);

/*
 * A request on the control socket: [1, "words", [argument...], [[option, value]...], language uint,
 * offers bytes uint, [[field, text]...]]; bytes in proto/README.md. Fields are what a person typed
 * about a person: they travel here so that they never stand in an argv. Valid when zeroed.
 */
struct request {
	enum command command;
	char arguments[8][COMMAND_TEXT_BYTES]; /* what goes to a daemon is few */
	size_t arguments_n;
	struct {
		char name[32];
		char value[COMMAND_TEXT_BYTES];
	} options[COMMAND_OPTIONS_MAX];
	size_t options_n;
	enum programme_language language;
	uint64_t stream_bytes; /* size of the file that follows in pieces; 0 none */
	struct {
		char id[PROGRAMME_ID_BYTES]; /* of record.def, or one that the form names */
		char text[REQUEST_FIELD_BYTES]; /* as typed; "" is a field made empty */
	} fields[REQUEST_FIELDS_MAX];
	size_t fields_n;
};

/* -EMSGSIZE when it is over COMMAND_PACKET_BYTES (very many long fields), -ENOMEM. */
int request_pack(const struct request *request, struct buf *ret_bytes);
/* -EBADMSG malformed; a command this version does not know is -ENOENT. Arity and option names are
 * checked against the table. */
int request_unpack(const void *bytes, size_t n, struct request *ret_request, struct fault *fault);
/* Value of an option ("" for a switch given), or NULL when it was not. */
const char *request_option(const struct request *request, const char *name);
/* Text of a field ("" for one made empty), or NULL when it was not given. */
const char *request_field(const struct request *request, const char *id);
/* Takes the fields out of memory. */
void request_wipe(struct request *request);

#endif
