#include "daemon/trust.h"

#include "lib/file.h"
#include "lib/own.h"
#include "lib/vault.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <string.h>

void trust_free(struct trust *trust)
{
	programme_free(&trust->programme);
	mem_free(&trust->roster);
	secret_free(&trust->sign_seed);
	secret_free(&trust->link_secret);
	secret_free(&trust->vault_key);
	secret_free(&trust->index_key);
}

/* systemd's credentials come first: they never lie on the disk in clear. */
static const char *keys_folder(const struct config *config)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	return credentials != NULL ? credentials : config->text[CONFIG_keys_dir];
}

static int read_key(const struct config *config, const char *name, uint8_t **ret_key,
		    struct fault *fault)
{
	own(secret_free) uint8_t *key = secret_new(VAULT_KEY_BYTES);
	char path[CONFIG_TEXT_BYTES + 32];
	int status;

	if (key == NULL)
		return fail(-ENOMEM);
	(void)snprintf(path, sizeof(path), "%s/%s", keys_folder(config), name);
	status = file_read_key(path, VAULT_KEY_BYTES, key, fault);
	if (status == 0)
		*ret_key = take(key);
	return status;
}

static int read_keys(const struct config *config, enum config_role role, struct trust *trust,
		     struct fault *fault)
{
	const struct {
		const char *name;
		uint8_t **key;
		unsigned roles;
	} rows[] = {
		{"sign.key", &trust->sign_seed, CONFIG_BOTH},
		{"link.key", &trust->link_secret, CONFIG_BOTH},
		{"vault.key", &trust->vault_key, CONFIG_BOTH},
		{"index.key", &trust->index_key, CONFIG_SITE},
	};

	for (size_t i = 0; i < array_n(rows); i++) {
		int status = (rows[i].roles & role) == 0
				     ? 0
				     : read_key(config, rows[i].name, rows[i].key, fault);

		if (status != 0)
			return status;
	}
	return 0;
}

static int check_owner(const struct config *config, enum config_role role,
		       const struct trust *trust, struct fault *fault)
{
	const char *owner = config->text[CONFIG_owner];

	if (role == CONFIG_HUB && strcmp(owner, ROSTER_HUB) != 0)
		return fault_set(fault, "R015", config->path, "Write owner = hub.",
				 "a hub's owner is \"hub\", not \"%s\"", owner);
	if (role == CONFIG_SITE && programme_site_index(trust->programme, owner) < 0)
		return fault_set(fault, "R015", config->path,
				 "Write one of the programme's site ids.",
				 "the programme has no site \"%s\"", owner);
	return 0;
}

/* The roster must name us with our own keys: else we would speak with a key nobody lets in. */
static int check_member(const struct config *config, const struct trust *trust, struct fault *fault)
{
	const char *owner = config->text[CONFIG_owner];
	const struct roster_member *member = roster_find(trust->roster, owner);
	own(sign_key_free) struct sign_key *key = NULL;
	int status = sign_key_new(trust->sign_seed, &key);

	if (status != 0)
		return status;
	if (member == NULL)
		return fault_set(fault, "R011", config->text[CONFIG_roster_file],
				 "Ask the hub's operator for a roster with this card in it.",
				 "the roster has no member \"%s\"", owner);
	if (memcmp(member->sign, sign_key_public(key), sizeof(member->sign)) != 0)
		return fault_set(fault, "R012", config->text[CONFIG_roster_file],
				 "Send the new identity card to the hub's operator.",
				 "the roster has another key for \"%s\" than this one", owner);
	return 0;
}

static int read_roster(const struct config *config, const uint8_t key[static 32],
		       struct trust *trust, struct fault *fault)
{
	int status;

	trust->roster = calloc(1, sizeof(*trust->roster));
	if (trust->roster == NULL)
		return fail(-ENOMEM);
	status = roster_open(config->text[CONFIG_roster_file], key, trust->roster, fault);
	return status != 0 ? status : check_member(config, trust, fault);
}

int trust_read(const struct config *config, enum config_role role, bool is_new,
	       struct trust *ret_trust, struct fault *fault)
{
	own(trust_free) struct trust trust = {0};
	uint8_t key[32];
	int status = config_key(config, CONFIG_programme_key, key);

	if (status == 0)
		status = programme_open(config->text[CONFIG_programme_file], key, &trust.programme,
					fault);
	if (status == 0)
		status = check_owner(config, role, &trust, fault);
	if (status == 0)
		status = read_keys(config, role, &trust, fault);
	if (status == 0 && !is_new)
		status = read_roster(config, key, &trust, fault);
	if (status != 0)
		return status;
	*ret_trust = trust;
	trust = (struct trust){0};
	return 0;
}

struct room_settings trust_room_settings(const struct config *config, const struct trust *trust)
{
	bool is_hub = strcmp(config->text[CONFIG_owner], ROSTER_HUB) == 0;

	return (struct room_settings){
		.owner = config->text[CONFIG_owner],
		.state_dir = config->text[CONFIG_state_dir],
		.endpoint = config->text[is_hub ? CONFIG_listen_endpoint : CONFIG_hub_endpoint],
		.programme = trust->programme,
		.roster = trust->roster,
		.sign_seed = trust->sign_seed,
		.link_secret = trust->link_secret,
		.vault_key = trust->vault_key,
		.index_key = trust->index_key,
		.store_bytes = config->number[CONFIG_store_mib] << 20,
	};
}
