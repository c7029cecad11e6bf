#include "daemon/rotation.h"

#include "lib/file.h"
#include "lib/link.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "proto/errors.h"
#include "proto/roster_next.h"
#include "proto/welcome.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES (CONFIG_TEXT_BYTES + 32)
#define CARD_BYTES_MAX 8192

static const char *path_of(const struct config *config, const char *name,
			   char ret_path[static PATH_BYTES])
{
	(void)snprintf(ret_path, PATH_BYTES, "%s/%s", config->text[CONFIG_keys_dir], name);
	return ret_path;
}

static int read_key(const struct config *config, const char *name, uint8_t **ret_key,
		    struct fault *fault)
{
	own(secret_free) uint8_t *key = secret_new(SIGN_SEED_BYTES);
	char path[PATH_BYTES];
	int status = key == NULL ? fail(-ENOMEM)
				 : file_read_key(path_of(config, name, path), SIGN_SEED_BYTES, key,
						 fault);

	if (status == 0)
		*ret_key = take(key);
	return status;
}

static int move(const struct config *config, const char *from, const char *to)
{
	char path[PATH_BYTES], target[PATH_BYTES];

	if (rename(path_of(config, from, path), path_of(config, to, target)) != 0 &&
	    errno != ENOENT)
		return fail(-errno);
	return 0;
}

/* The keys of a change that is over take the place of those before it. *ret_is_under_way: they are
 * not in use yet. */
static int make_room(const struct config *config, const struct trust *trust, bool *ret_is_under_way,
		     struct fault *fault)
{
	own(secret_free) uint8_t *next = NULL;
	char path[PATH_BYTES];
	int status;

	*ret_is_under_way = false;
	if (access(path_of(config, "sign.next", path), F_OK) != 0)
		return 0;
	status = read_key(config, "sign.next", &next, fault);
	if (status != 0)
		return status;
	*ret_is_under_way = memcmp(next, trust->sign_seed, SIGN_SEED_BYTES) != 0;
	if (*ret_is_under_way)
		return 0;
	if (getenv("CREDENTIALS_DIRECTORY") != NULL)
		return fault_set(fault, "J006", path,
				 N_("Put sign.next and link.next in the place of the credentials "
				    "sign.key and link.key, and remove them here."),
				 N_("the keys in use lie here, and not among the credentials"));
	status = move(config, "link.next", "link.key");
	return status != 0 ? status : move(config, "sign.next", "sign.key");
}

static int make_link(const struct config *config, const char *name, uint8_t ret_public[static 32])
{
	own(secret_free) uint8_t *key = secret_new(LINK_KEY_BYTES);
	char path[PATH_BYTES];

	if (key == NULL)
		return fail(-ENOMEM);
	secret_random(key, LINK_KEY_BYTES);
	link_key_public(key, ret_public);
	return file_write(path_of(config, name, path), key, LINK_KEY_BYTES, 0600);
}

/* Comes last: a rotation is under way when it is there. */
static int make_sign(const struct config *config, const char *name, struct sign_key **ret_key)
{
	own(secret_free) uint8_t *seed = secret_new(SIGN_SEED_BYTES);
	own(sign_key_free) struct sign_key *key = NULL;
	char path[PATH_BYTES];
	int status;

	if (seed == NULL)
		return fail(-ENOMEM);
	secret_random(seed, SIGN_SEED_BYTES);
	status = sign_key_new(seed, &key);
	if (status == 0)
		status = file_create(path_of(config, name, path), seed, SIGN_SEED_BYTES, 0600);
	if (status == 0)
		*ret_key = take(key);
	return status;
}

static void path_beside(const struct config *config, const char *name,
			char ret_path[static PATH_BYTES])
{
	const char *slash = strrchr(config->path, '/');

	(void)snprintf(ret_path, PATH_BYTES, "%.*s%s",
		       slash == NULL ? 0 : (int)(slash - config->path) + 1, config->path, name);
}

static int write_card(const struct config *config, struct welcome_card *card,
		      const struct sign_key *key, const struct sign_key *former)
{
	own(buf_free) struct buf text = {0};
	char path[PATH_BYTES];

	welcome_card_sign(card, key);
	if (former != NULL)
		welcome_card_vouch(card, former);
	welcome_card_add(&text, card);
	path_beside(config, "card.ini", path);
	return text.error != 0 ? text.error : file_write(path, text.data, text.n, 0600);
}

static bool has_card(const struct config *config, const uint8_t sign[static SIGN_PUBLIC_BYTES])
{
	own(buf_free) struct buf text = {0};
	struct welcome_card card;
	char path[PATH_BYTES];

	path_beside(config, "card.ini", path);
	return file_read(path, CARD_BYTES_MAX, &text) == 0 &&
	       welcome_card_read(path, text.data, text.n, &card, NULL) == 0 &&
	       memcmp(card.member.sign, sign, sizeof(card.member.sign)) == 0;
}

/* The keys are there; their card is too, unless we were cut short between the two. */
static int finish(const struct config *config, const struct sign_key *former, struct fault *fault)
{
	own(secret_free) uint8_t *seed = NULL, *link = NULL;
	own(sign_key_free) struct sign_key *key = NULL;
	struct welcome_card card = {0};
	char path[PATH_BYTES];
	int status = read_key(config, "sign.next", &seed, fault);

	if (status == 0)
		status = read_key(config, "link.next", &link, fault);
	if (status == 0)
		status = sign_key_new(seed, &key);
	if (status != 0)
		return status;
	if (has_card(config, sign_key_public(key)))
		return fault_set(fault, "J006", path_of(config, "sign.next", path),
				 error_find("J006")->remedy_en,
				 N_("the roster in force does not yet name the key made before"));
	text_copy(card.member.name, sizeof(card.member.name), config->text[CONFIG_owner]);
	memcpy(card.member.sign, sign_key_public(key), sizeof(card.member.sign));
	link_key_public(link, card.member.link);
	return write_card(config, &card, key, former);
}

int rotation_begin(const struct config *config, const struct trust *trust, struct fault *fault)
{
	own(sign_key_free) struct sign_key *former = NULL, *key = NULL;
	struct welcome_card card = {0};
	bool is_under_way;
	int status = make_room(config, trust, &is_under_way, fault);

	text_copy(card.member.name, sizeof(card.member.name), config->text[CONFIG_owner]);
	if (status == 0)
		status = sign_key_new(trust->sign_seed, &former);
	if (status == 0 && is_under_way)
		return finish(config, former, fault);
	if (status == 0)
		status = make_link(config, "link.next", card.member.link);
	if (status == 0)
		status = make_sign(config, "sign.next", &key);
	if (status != 0)
		return status;
	memcpy(card.member.sign, sign_key_public(key), sizeof(card.member.sign));
	return write_card(config, &card, key, former);
}

/* The hub of the invitation is the one we know. */
static int read_invitation(const struct config *config, const char *path,
			   struct welcome *ret_welcome, struct fault *fault)
{
	own(mem_free) struct roster *roster = calloc(1, sizeof(*roster));
	uint8_t key[32];
	int status = roster == NULL ? fail(-ENOMEM) : config_key(config, CONFIG_programme_key, key);

	if (status == 0)
		status = roster_open(config->text[CONFIG_roster_file], key, roster, fault);
	if (status == 0)
		status = welcome_read(path, ret_welcome, fault);
	if (status != 0)
		return status;
	if (strcmp(ret_welcome->site, config->text[CONFIG_owner]) != 0 ||
	    memcmp(ret_welcome->hub_sign, roster_find(roster, ROSTER_HUB)->sign, 32) != 0)
		return fault_set(fault, "J003", path, error_find("J003")->remedy_en,
				 N_("it is for another site, or of another hub"));
	return 0;
}

/* Keys that are not in use any more, or not yet, and what each is called then: it may be the only
 * copy of a key that is not lost after all. */
static const struct {
	const char *name, *aside;
} lost[] = {
	{"link.key", "link.lost"},
	{"sign.key", "sign.lost"},
	{"link.next", "link.next.lost"},
	{"sign.next", "sign.next.lost"},
};

static int put_aside(const struct config *config)
{
	int status = 0;

	for (size_t i = 0; i < array_n(lost) && status == 0; i++)
		status = move(config, lost[i].name, lost[i].aside);
	return status;
}

static int check_aside(const struct config *config, struct fault *fault)
{
	char path[PATH_BYTES];

	for (size_t i = 0; i < array_n(lost); i++) {
		if (access(path_of(config, lost[i].aside, path), F_OK) != 0)
			continue;
		return fault_set(fault, "J006", path,
				 N_("Move what ends in .lost away, or remove it when newer keys "
				    "are in force; then once more."),
				 N_("keys that were put aside before lie here still"));
	}
	return 0;
}

/* New keys in the place of those that are lost, and the card of them. */
static int replace_keys(const struct config *config, const char *code,
			struct roster_member *ret_member)
{
	own(sign_key_free) struct sign_key *key = NULL;
	struct welcome_card card = {0};
	int status = put_aside(config);

	if (status == 0)
		status = make_link(config, "link.key", card.member.link);
	if (status == 0)
		status = make_sign(config, "sign.key", &key);
	if (status != 0)
		return status;
	text_copy(card.member.name, sizeof(card.member.name), config->text[CONFIG_owner]);
	text_copy(card.code, sizeof(card.code), code);
	memcpy(card.member.sign, sign_key_public(key), sizeof(card.member.sign));
	*ret_member = card.member;
	return write_card(config, &card, key, NULL);
}

static int write_draft(const struct config *config, struct roster *roster,
		       const struct roster_member *hub)
{
	own(mem_free) struct roster *next = calloc(1, sizeof(*next));
	const struct roster_step step = {.member = *hub, .is_lost = true};
	own(buf_free) struct buf text = {0};
	char path[PATH_BYTES];
	int status = next == NULL ? fail(-ENOMEM) : 0;

	if (status != 0)
		return status;
	roster_next_start(roster, next);
	status = roster_next_take(next, &step);
	roster_add_all(&text, next);
	path_beside(config, "draft.ini", path);
	if (status == 0)
		status = text.error;
	return status != 0 ? status : file_write(path, text.data, text.n, 0644);
}

static int replace_hub(const struct config *config, const char *roster_file, struct fault *fault)
{
	own(mem_free) struct roster *roster = calloc(1, sizeof(*roster));
	struct roster_member hub;
	uint8_t key[32];
	int status = roster == NULL ? fail(-ENOMEM) : config_key(config, CONFIG_programme_key, key);

	if (status == 0)
		status = roster_open(roster_file, key, roster, fault);
	if (status == 0)
		status = check_aside(config, fault);
	if (status == 0)
		status = replace_keys(config, "", &hub);
	return status != 0 ? status : write_draft(config, roster, &hub);
}

int rotation_replace(const struct config *config, const char *file, struct fault *fault)
{
	struct roster_member member;
	struct welcome welcome;
	int status;

	if (strcmp(config->text[CONFIG_owner], ROSTER_HUB) == 0)
		return replace_hub(config, file, fault);
	status = read_invitation(config, file, &welcome, fault);
	if (status == 0)
		status = check_aside(config, fault);
	return status != 0 ? status : replace_keys(config, welcome.code, &member);
}
