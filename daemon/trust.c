#include "daemon/trust.h"

#include "lib/file.h"
#include "lib/link.h"
#include "lib/own.h"
#include "lib/vault.h"
#include "proto/errors.h"
#include "proto/programme_read.h"
#include "proto/signature.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void trust_free(struct trust *trust)
{
	programme_free(&trust->programme);
	buf_free(&trust->programme_text);
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

static int read_key(const char *folder, const char *name, uint8_t **ret_key, struct fault *fault)
{
	own(secret_free) uint8_t *key = secret_new(VAULT_KEY_BYTES);
	char path[CONFIG_TEXT_BYTES + 32];
	int status;

	if (key == NULL)
		return fail(-ENOMEM);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
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
		int status =
			(rows[i].roles & role) == 0
				? 0
				: read_key(keys_folder(config), rows[i].name, rows[i].key, fault);

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

/* The key that is to be used once the roster names it, if it is there: NAME.next among the
 * credentials, or in the keys folder, where `mia key rotate` lays it. */
static int read_next(const struct config *config, const char *name, uint8_t **ret_key,
		     struct fault *fault)
{
	const char *const folders[] = {keys_folder(config), config->text[CONFIG_keys_dir]};
	char path[CONFIG_TEXT_BYTES + 32];

	for (size_t i = 0; i < array_n(folders); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folders[i], name);
		if (access(path, F_OK) == 0)
			return read_key(folders[i], name, ret_key, fault);
	}
	return 0;
}

static int public_of_sign(const uint8_t *seed, uint8_t ret_public[static 32])
{
	own(sign_key_free) struct sign_key *key = NULL;
	int status = sign_key_new(seed, &key);

	if (status == 0)
		memcpy(ret_public, sign_key_public(key), 32);
	return status;
}

static int public_of_link(const uint8_t *secret, uint8_t ret_public[static 32])
{
	link_key_public(secret, ret_public);
	return 0;
}

/* Takes NAME.next instead of the key we have, where the roster names that. */
static int follow_roster(const struct config *config, const char *name,
			 int (*public_of)(const uint8_t *, uint8_t[static 32]),
			 const uint8_t named[static 32], uint8_t **key, struct fault *fault)
{
	own(secret_free) uint8_t *next = NULL;
	uint8_t public[32];
	int status = public_of(*key, public);

	if (status != 0 || memcmp(public, named, sizeof(public)) == 0)
		return status;
	status = read_next(config, name, &next, fault);
	if (status != 0 || next == NULL)
		return status;
	status = public_of(next, public);
	if (status != 0 || memcmp(public, named, sizeof(public)) != 0)
		return status;
	secret_free(key);
	*key = take(next);
	return 0;
}

/* The roster must name us with our own keys: else we would speak with a key nobody lets in. */
static int check_member(const struct config *config, struct trust *trust, struct fault *fault)
{
	const char *owner = config->text[CONFIG_owner];
	const struct roster_member *member = roster_find(trust->roster, owner);
	uint8_t sign[32], link[32];
	int status;

	if (member == NULL)
		return fault_set(fault, "R011", config->text[CONFIG_roster_file],
				 "Ask the hub's operator for a roster with this card in it.",
				 "the roster has no member \"%s\"", owner);
	status = follow_roster(config, "sign.next", public_of_sign, member->sign, &trust->sign_seed,
			       fault);
	if (status == 0)
		status = follow_roster(config, "link.next", public_of_link, member->link,
				       &trust->link_secret, fault);
	if (status == 0)
		status = public_of_sign(trust->sign_seed, sign);
	if (status != 0)
		return status;
	if (memcmp(member->sign, sign, sizeof(member->sign)) != 0)
		return fault_set(fault, "R012", config->text[CONFIG_roster_file],
				 "Send the new identity card to the hub's operator.",
				 "the roster has another key for \"%s\" than this one", owner);
	/* No fingerprint is of the link key: whoever has it is the one to see that it was put in.
	 */
	(void)public_of_link(trust->link_secret, link);
	if (memcmp(member->link, link, sizeof(member->link)) != 0)
		return fault_set(fault, "R012", config->text[CONFIG_roster_file],
				 error_find("R012")->remedy_en,
				 "the roster has another link key for \"%s\" than this one", owner);
	return 0;
}

static int read_roster(const struct config *config, struct trust *trust, struct fault *fault)
{
	int status;

	trust->roster = calloc(1, sizeof(*trust->roster));
	if (trust->roster == NULL)
		return fail(-ENOMEM);
	status = roster_open(config->text[CONFIG_roster_file], trust->programme_key, trust->roster,
			     fault);
	return status != 0 ? status : check_member(config, trust, fault);
}

/* Text and meaning are of one reading of the file: a store keeps the text. */
static int read_programme(const struct config *config, struct trust *trust, struct fault *fault)
{
	const char *path = config->text[CONFIG_programme_file];
	int status = file_read(path, VERSION_TEXT_MAX, &trust->programme_text);

	if (status != 0)
		return programme_open(path, trust->programme_key, &trust->programme, fault);
	status = programme_read(path, trust->programme_text.data, trust->programme_text.n,
				&trust->programme, fault);
	if (status == 0)
		status = signature_verify(path, SIGNATURE_PROGRAMME, trust->programme->hash,
					  trust->programme_key, fault);
	return status;
}

int trust_read(const struct config *config, enum config_role role, bool is_new,
	       struct trust *ret_trust, struct fault *fault)
{
	own(trust_free) struct trust trust = {0};
	int status = config_key(config, CONFIG_programme_key, trust.programme_key);

	if (status == 0)
		status = read_programme(config, &trust, fault);
	if (status == 0)
		status = check_owner(config, role, &trust, fault);
	if (status == 0)
		status = read_keys(config, role, &trust, fault);
	if (status == 0 && !is_new)
		status = read_roster(config, &trust, fault);
	if (status != 0)
		return status;
	*ret_trust = trust;
	trust = (struct trust){0};
	return 0;
}

int trust_read_again(const struct config *config, enum config_role role, struct trust *ret_trust,
		     struct fault *fault)
{
	own(trust_free) struct trust trust = {0};
	int status = config_key(config, CONFIG_programme_key, trust.programme_key);

	if (status == 0)
		status = read_keys(config, role, &trust, fault);
	if (status == 0)
		status = read_roster(config, &trust, fault);
	if (status != 0)
		return status;
	*ret_trust = trust;
	trust = (struct trust){0};
	return 0;
}

void trust_replace(struct trust *trust, struct trust *next)
{
	mem_free(&trust->roster);
	secret_free(&trust->sign_seed);
	secret_free(&trust->link_secret);
	trust->roster = take(next->roster);
	trust->sign_seed = take(next->sign_seed);
	trust->link_secret = take(next->link_secret);
	trust_free(next);
}

int trust_read_version(const struct config *config, enum config_role role, struct trust *ret_trust,
		       struct fault *fault)
{
	own(trust_free) struct trust trust = {0};
	int status = config_key(config, CONFIG_programme_key, trust.programme_key);

	if (status == 0)
		status = read_programme(config, &trust, fault);
	if (status == 0)
		status = check_owner(config, role, &trust, fault);
	if (status != 0)
		return status;
	*ret_trust = trust;
	trust = (struct trust){0};
	return 0;
}

void trust_swap_version(struct trust *trust, struct trust *other)
{
	struct programme *programme = trust->programme;
	struct buf text = trust->programme_text;

	trust->programme = other->programme;
	trust->programme_text = other->programme_text;
	other->programme = programme;
	other->programme_text = text;
}

struct room_settings trust_room_settings(const struct config *config, const struct trust *trust)
{
	bool is_hub = strcmp(config->text[CONFIG_owner], ROSTER_HUB) == 0;

	return (struct room_settings){
		.owner = config->text[CONFIG_owner],
		.state_dir = config->text[CONFIG_state_dir],
		.endpoint = config->text[is_hub ? CONFIG_listen_endpoint : CONFIG_hub_endpoint],
		.programme = trust->programme,
		.programme_key = trust->programme_key,
		.programme_text = trust->programme_text.data,
		.programme_text_n = trust->programme_text.n,
		.roster = trust->roster,
		.sign_seed = trust->sign_seed,
		.link_secret = trust->link_secret,
		.vault_key = trust->vault_key,
		.index_key = trust->index_key,
		.store_bytes = config->number[CONFIG_store_mib] << 20,
	};
}
