#include "daemon/config.h"

#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>

#define TEXT CONFIG_TEXT
#define PATH CONFIG_PATH
#define NUMBER CONFIG_NUMBER
#define KEY CONFIG_KEY
#define SITE CONFIG_SITE
#define HUB CONFIG_HUB
#define BOTH CONFIG_BOTH
static const struct config_row rows[CONFIG_FIELDS_N] = {
#define SETTING(field, type_, section_, key_, roles_, fallback_, least_, most_, en_, sv_)          \
	[CONFIG_##field] = {.section = (section_),                                                 \
			    .key = (key_),                                                         \
			    .fallback = (fallback_),                                               \
			    .type = (type_),                                                       \
			    .roles = (roles_),                                                     \
			    .least = (least_),                                                     \
			    .most = (most_),                                                       \
			    .en = (en_),                                                           \
			    .sv = (sv_)},
#include "daemon/config.def"
#undef SETTING
};

#define STAFF (1u << RIGHT_STAFF)
#define SEES_PERSONS (1u << RIGHT_READER)
#define ADMINISTERS (1u << RIGHT_ADMINISTRATOR)
/* The words of [operators], each a right and all it includes. */
static const struct {
	const char *word;
	unsigned rights;
} right_words[] = {
	{"reader", STAFF | SEES_PERSONS},
	{"registrar", STAFF | SEES_PERSONS | 1u << RIGHT_REGISTRAR},
	{"coordinator", STAFF | 1u << RIGHT_COORDINATOR},
	{"administrator", STAFF | ADMINISTERS},
};

const struct config_row *config_row(enum config_field field)
{
	return &rows[field];
}

struct reading {
	struct config *config;
	enum config_role role;
	const char *path;
};

static int find_row(const char *section, const char *key)
{
	for (int field = 0; field < CONFIG_FIELDS_N; field++)
		if (strcmp(rows[field].section, section) == 0 && strcmp(rows[field].key, key) == 0)
			return field;
	return -1;
}

static int unknown_key(const struct ini_line *line, const char *place, struct fault *fault)
{
	const char *words[CONFIG_FIELDS_N];
	char remedy[sizeof(fault->remedy)];
	int nearest;

	for (int field = 0; field < CONFIG_FIELDS_N; field++)
		words[field] = rows[field].key;
	nearest = text_nearest(line->key, words, CONFIG_FIELDS_N);
	if (nearest >= 0)
		(void)snprintf(remedy, sizeof(remedy), "Did you mean \"%s\" in [%s]?",
			       rows[nearest].key, rows[nearest].section);
	else
		text_copy(remedy, sizeof(remedy), "See miad.conf(5) for the settings there are.");
	return fault_set(fault, "C010", place, remedy, "there is no setting \"%s\" in [%s]",
			 line->key, line->section);
}

static int set_number(struct config *config, int field, const char *value, const char *place,
		      struct fault *fault)
{
	const struct config_row *row = &rows[field];
	uint64_t number = 0;

	if (text_to_u64(value, row->most, &number) != 0 || number < row->least)
		return fault_set(fault, "C011", place, "Give a whole number within those bounds.",
				 "%s must be a number from %llu to %llu, not \"%s\"", row->key,
				 (unsigned long long)row->least, (unsigned long long)row->most,
				 value);
	config->number[field] = number;
	return 0;
}

static int set_text(struct config *config, int field, const char *value, const char *place,
		    struct fault *fault)
{
	const struct config_row *row = &rows[field];
	size_t n = strlen(value);

	if (n < row->least || n > row->most)
		return fault_set(fault, "C011", place, "Give a value of that length.",
				 "%s must have %llu to %llu characters", row->key,
				 (unsigned long long)row->least, (unsigned long long)row->most);
	if (row->type == CONFIG_KEY) {
		uint8_t key[32];

		if (text_unhex(value, key, sizeof(key)) != 0)
			return fault_set(fault, "C011", place, "Give 64 hexadecimal digits.",
					 "%s is not a key", row->key);
	}
	if (field == CONFIG_language && strcmp(value, "sv") != 0 && strcmp(value, "en") != 0)
		return fault_set(fault, "C011", place, "Write sv or en.",
				 "\"%s\" is not a language mia speaks", value);
	text_copy(config->text[field], CONFIG_TEXT_BYTES, value);
	return 0;
}

/* A path of the file counts from the file's own folder. */
static void set_path(struct config *config, int field, const char *value)
{
	const char *slash = strrchr(config->path, '/');
	size_t folder_n = slash == NULL ? 0 : (size_t)(slash - config->path) + 1;
	char joined[CONFIG_TEXT_BYTES] = "";

	if (value[0] == '/')
		folder_n = 0;
	if (folder_n + strlen(value) < sizeof(joined)) {
		memcpy(joined, config->path, folder_n);
		text_copy(joined + folder_n, sizeof(joined) - folder_n, value);
	}
	text_copy(config->text[field], CONFIG_TEXT_BYTES, joined);
}

static int set_value(struct config *config, int field, const char *value, const char *place,
		     struct fault *fault)
{
	int status = 0;

	switch (rows[field].type) {
	case CONFIG_NUMBER:
		status = set_number(config, field, value, place, fault);
		break;
	case CONFIG_TEXT:
	case CONFIG_KEY:
		status = set_text(config, field, value, place, fault);
		break;
	case CONFIG_PATH:
		status = set_text(config, field, value, place, fault);
		if (status == 0)
			set_path(config, field, value);
		break;
	}
	return status;
}

static int add_right(struct config_operator *operator, const char * word, const char *place,
		     struct fault *fault)
{
	for (size_t i = 0; i < array_n(right_words); i++) {
		if (strcmp(right_words[i].word, word) == 0) {
			operator->rights |= right_words[i].rights;
			return 0;
		}
	}
	return fault_set(fault, "C012", place,
			 "Rights are reader, registrar, coordinator and administrator.",
			 "\"%s\" is not a right", word);
}

/* Two lines would make the rights a matter of their order, and slip past config_check_duties(). */
static int check_operator_once(const struct config *config, const struct config_operator *added,
			       const char *place, struct fault *fault)
{
	for (size_t i = 0; i < config->operators_n; i++) {
		const struct config_operator *row = &config->operators[i];

		if (row->uid == added->uid)
			return fault_set(fault, "C014", place,
					 "Give all rights of an account in one line.",
					 "\"%s\" has its rights already, as \"%s\"", added->name,
					 row->name);
	}
	return 0;
}

static int add_operator(struct config *config, const struct ini_line *line, const char *place,
			struct fault *fault)
{
	struct config_operator *operator= & config->operators[config->operators_n];
	char words[200];
	char *rest = words;
	const struct passwd *account = getpwnam(line->key);

	if (config->operators_n == CONFIG_OPERATORS_MAX)
		return fault_set(fault, "C012", place, "Give rights to fewer accounts.",
				 "more than %d operators", CONFIG_OPERATORS_MAX);
	if (account == NULL)
		return fault_set(fault, "C012", place, "Create the account, or take the line away.",
				 "this machine has no account \"%s\"", line->key);
	text_copy(operator->name, sizeof(operator->name), line->key);
	operator->uid = account->pw_uid;
	operator->rights = 0;
	text_copy(words, sizeof(words), line->value);
	for (char *word = strsep(&rest, ", "); word != NULL; word = strsep(&rest, ", ")) {
		int status = word[0] == '\0' ? 0 : add_right(operator, word, place, fault);

		if (status != 0)
			return status;
	}
	if (check_operator_once(config, operator, place, fault) != 0)
		return -EBADMSG;
	config->operators_n++;
	return 0;
}

static int take_line(void *context, const struct ini_line *line, struct fault *fault)
{
	struct reading *reading = context;
	char place[256];
	int field = find_row(line->section, line->key);

	ini_place(place, reading->path, line->line);
	if (strcmp(line->section, "operators") == 0)
		return add_operator(reading->config, line, place, fault);
	if (field < 0)
		return unknown_key(line, place, fault);
	if ((rows[field].roles & reading->role) == 0)
		return fault_set(fault, "C013", place, "Take the line away.",
				 "%s in [%s] is not a setting of a %s", line->key, line->section,
				 reading->role == CONFIG_SITE ? "site" : "hub");
	if (reading->config->line[field] != 0)
		return fault_set(fault, "C014", place, "Keep one of the two lines.",
				 "%s stands in line %u already", line->key,
				 reading->config->line[field]);
	reading->config->line[field] = line->line;
	return set_value(reading->config, field, line->value, place, fault);
}

static int fill_defaults(struct config *config, enum config_role role, struct fault *fault)
{
	for (int field = 0; field < CONFIG_FIELDS_N; field++) {
		const struct config_row *row = &rows[field];
		int status;

		if ((row->roles & role) == 0 || config->line[field] != 0)
			continue;
		if (row->fallback == NULL)
			return fault_set(fault, "C015", config->path,
					 "Add the line; miad.conf(5) says what it means.",
					 "%s in [%s] is not set", row->key, row->section);
		status = set_value(config, field, row->fallback, "config.def", fault);
		if (status != 0)
			return status;
	}
	return 0;
}

int config_read(const char *path, enum config_role role, struct config *ret_config,
		struct fault *fault)
{
	own(mem_free) struct config *config = calloc(1, sizeof(*config));
	struct reading reading = {.config = config, .role = role, .path = path};
	int status;

	if (config == NULL)
		return fail(-ENOMEM);
	text_copy(config->path, sizeof(config->path), path);
	status = ini_read_file(path, take_line, &reading, fault);
	if (status == 0)
		status = fill_defaults(config, role, fault);
	if (status == 0)
		*ret_config = *config;
	return status;
}

int config_check_duties(const struct config *config, struct fault *fault)
{
	for (size_t i = 0; i < config->operators_n; i++) {
		const struct config_operator *row = &config->operators[i];

		if ((row->rights & SEES_PERSONS) == 0)
			continue;
		if (row->uid == 0)
			return fault_set(fault, "C016", config->path,
					 "Give the right to the account of whoever reads.",
					 "\"%s\" appoints the operators and may not read persons",
					 row->name);
		if ((row->rights & ADMINISTERS) != 0)
			return fault_set(fault, "C016", config->path,
					 "Give administrator to another account.",
					 "\"%s\" may read persons and may not be administrator",
					 row->name);
	}
	return 0;
}

int config_key(const struct config *config, enum config_field field, uint8_t ret_key[static 32])
{
	return text_unhex(config->text[field], ret_key, 32);
}

unsigned config_rights(const struct config *config, uint32_t uid, const char **ret_name)
{
	for (size_t i = 0; i < config->operators_n; i++) {
		if (config->operators[i].uid == uid) {
			*ret_name = config->operators[i].name;
			return config->operators[i].rights | 1u << RIGHT_EVERYONE;
		}
	}
	*ret_name = "";
	return 1u << RIGHT_EVERYONE;
}

void config_write(struct buf *buf, enum config_role role, const char *const values[],
		  const char *operators)
{
	const char *section = "";

	buf_printf(buf,
		   "# Settings of a MIA %s. Every setting there is stands here; miad.conf(5).\n",
		   role == CONFIG_SITE ? "site" : "hub");
	for (int field = 0; field < CONFIG_FIELDS_N; field++) {
		const struct config_row *row = &rows[field];

		if ((row->roles & role) == 0)
			continue;
		if (strcmp(section, row->section) != 0)
			buf_printf(buf, "\n[%s]\n", row->section);
		section = row->section;
		buf_printf(buf, "# %s\n# %s\n", row->en, row->sv);
		if (values[field] != NULL)
			buf_printf(buf, "%s = %s\n", row->key, values[field]);
		else
			buf_printf(buf, "# %s = %s\n", row->key,
				   row->fallback == NULL ? "" : row->fallback);
	}
	buf_printf(buf,
		   "\n[operators]\n"
		   "# account = reader, registrar, coordinator, administrator\n"
		   "# konto = reader (läser), registrar (registrerar), coordinator (samordnar),"
		   " administrator\n%s",
		   operators);
}
