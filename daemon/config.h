/*
 * The settings of a daemon: an ini file whose keys are the rows of config.def, and [operators],
 * which maps account names to rights. Read whole or refused with file, line and remedy; keys of the
 * other role are refused too, since they would say something that is not so.
 */
#ifndef MIA_DAEMON_CONFIG_H
#define MIA_DAEMON_CONFIG_H

#include "lib/buf.h"
#include "lib/fail.h"
#include "proto/command.h"

#define CONFIG_TEXT_BYTES 4096
#define CONFIG_OPERATORS_MAX 64

enum config_role { CONFIG_SITE = 1, CONFIG_HUB = 2, CONFIG_BOTH = 3 };
enum config_type { CONFIG_TEXT, CONFIG_PATH, CONFIG_NUMBER, CONFIG_KEY };

enum config_field {
#define SETTING(field, type, section, key, roles, fallback, least, most, en, sv) CONFIG_##field,
#include "daemon/config.def"
#undef SETTING
	CONFIG_FIELDS_N,
};

struct config_row {
	const char *section, *key;
	const char *fallback; /* NULL: must be set */
	enum config_type type;
	unsigned roles; /* enum config_role bits */
	uint64_t least, most;
	const char *en, *sv;
};
const struct config_row *config_row(enum config_field field);

/* An account and its rights: bit r is enum command_right r. uid is resolved when read. */
struct config_operator {
	char name[64];
	uint32_t uid;
	unsigned rights;
};

struct config {
	char path[CONFIG_TEXT_BYTES];
	char text[CONFIG_FIELDS_N]
		 [CONFIG_TEXT_BYTES]; /* paths are absolute or relative to the caller */
	uint64_t number[CONFIG_FIELDS_N]; /* of NUMBER rows */
	unsigned line[CONFIG_FIELDS_N]; /* where it was set; 0 by default */
	struct config_operator operators[CONFIG_OPERATORS_MAX];
	size_t operators_n;
};

/* Reads and checks path for a role: -EBADMSG with fault (codes C010...), -ENOMEM. An operator whose
 * account does not exist is a fault. */
int config_read(const char *path, enum config_role role, struct config *ret_config,
		struct fault *fault);
/* Who reads persons appoints nobody (5-cli): no account is administrator and reader or registrar,
 * and root, who writes this file, is neither of the two. -EBADMSG with fault C016. Not asked of a
 * rehearsal, where one account plays all parts and nobody is real. */
int config_check_duties(const struct config *config, struct fault *fault);
/* Parses a KEY's 64 hex digits. */
int config_key(const struct config *config, enum config_field field, uint8_t ret_key[static 32]);
/* Rights of an account: what [operators] gives, and always RIGHT_EVERYONE. *ret_name is its name.
 */
unsigned config_rights(const struct config *config, uint32_t uid, const char **ret_name);

/* Appends a commented settings file of the role; values[f] NULL leaves the default as a comment. */
void config_write(struct buf *buf, enum config_role role, const char *const values[],
		  const char *operators);

#endif
