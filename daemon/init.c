#include "daemon/init.h"

#include "daemon/joining.h"
#include "daemon/place.h"
#include "daemon/trust.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/sign.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "lib/link.h"
#include "proto/programme_read.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES CONFIG_TEXT_BYTES
#define PROGRAMME_FILE_BYTES (1 << 20)

/* The room while it is being made: a folder beside the one it will be. */
struct making {
	const struct init_request *request;
	enum config_role role;
	const struct room_face *face;
	char dir[PATH_BYTES]; /* REQUEST-DIR.new */
	struct place place;
	bool has_state; /* made outside dir */
	char key_hex[65];
	struct roster_member card;
	struct joining joining; /* when the request has an invitation */
};

static int join(char ret_path[PATH_BYTES], const char *dir, const char *name)
{
	int n = snprintf(ret_path, PATH_BYTES, "%s/%s", dir, name);

	return n < 0 || n >= PATH_BYTES ? fail(-ENAMETOOLONG) : 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void remove_tree(const char *dir)
{
	(void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- the parts ---- */

static int make_key(const struct making *making, const char *name, uint8_t key[static 32])
{
	char path[PATH_BYTES];
	int status;

	secret_random(key, 32);
	status = join(path, making->dir, name);
	return status != 0 ? status : file_create(path, key, 32, 0600);
}

static int make_keys(struct making *making)
{
	own(secret_free) uint8_t *key = secret_new(32);
	own(sign_key_free) struct sign_key *sign = NULL;
	char path[PATH_BYTES];
	int status = key == NULL ? fail(-ENOMEM) : make_key(making, "keys/vault.key", key);

	if (status == 0 && making->role == CONFIG_SITE)
		status = make_key(making, "keys/index.key", key);
	if (status == 0)
		status = make_key(making, "keys/link.key", key);
	if (status != 0)
		return status;
	link_key_public(key, making->card.link);
	status = make_key(making, "keys/sign.key", key);
	if (status == 0)
		status = sign_key_new(key, &sign);
	if (status == 0)
		memcpy(making->card.sign, sign_key_public(sign), sizeof(making->card.sign));
	if (status != 0 || making->request->invitation == NULL)
		return status;
	status = join(path, making->dir, "card.ini");
	return status != 0 ? status
			   : joining_write_card(&making->joining, &making->card, sign, path);
}

static int copy_file(const struct making *making, const char *from, const char *name)
{
	own(buf_free) struct buf content = {0};
	char path[PATH_BYTES];
	int status = file_read(from, PROGRAMME_FILE_BYTES, &content);

	if (status == 0)
		status = join(path, making->dir, name);
	return status != 0 ? status : file_write(path, content.data, content.n, 0644);
}

static int copy_programme(const struct making *making)
{
	char signature[PATH_BYTES];
	int status = copy_file(making, making->request->programme, "programme.ini");

	(void)snprintf(signature, sizeof(signature), "%s.sig", making->request->programme);
	return status != 0 ? status : copy_file(making, signature, "programme.ini.sig");
}

/* Who makes a room may administer it; in a rehearsal the same person plays all parts. */
static void operator_line(const struct making *making, char *ret_line, size_t size)
{
	const struct passwd *account = getpwuid(geteuid());

	(void)snprintf(ret_line, size, "%s = %s\n", account == NULL ? "root" : account->pw_name,
		       making->request->is_rehearsal ? "registrar, coordinator, administrator"
						     : "administrator");
}

static int write_settings(const struct making *making)
{
	const char *values[CONFIG_FIELDS_N] = {
		[CONFIG_owner] = making->request->owner,
		[CONFIG_programme_key] = making->key_hex,
		[CONFIG_roster_file] = making->request->roster,
	};
	own(buf_free) struct buf text = {0};
	char operators[128];
	char path[PATH_BYTES];
	int status;

	if (making->place.is_machine) {
		values[CONFIG_state_dir] = making->place.state;
		values[CONFIG_run_dir] = making->place.run;
	}
	values[making->role == CONFIG_SITE ? CONFIG_hub_endpoint : CONFIG_listen_endpoint] =
		making->request->endpoint;
	operator_line(making, operators, sizeof(operators));
	config_write(&text, making->role, values, operators);
	status = text.error != 0 ? text.error : join(path, making->dir, "miad.conf");
	return status != 0 ? status : file_write(path, text.data, text.n, 0640);
}

static int write_card(struct making *making)
{
	own(buf_free) struct buf text = {0};
	char path[PATH_BYTES];
	int status;

	roster_add_card(&text, &making->card);
	status = text.error != 0 ? text.error : join(path, making->dir, "identity.ini");
	return status != 0 ? status : file_write(path, text.data, text.n, 0644);
}

/* Reads back what was written, as the daemon will, and makes the store with it. */
static int make_store(const struct making *making, int64_t at_now, struct fault *fault)
{
	own(mem_free) struct config *config = calloc(1, sizeof(*config));
	own(trust_free) struct trust trust = {0};
	struct room_settings settings;
	int64_t at_made = at_now;
	char path[PATH_BYTES];
	int status = config == NULL ? fail(-ENOMEM) : join(path, making->dir, "miad.conf");

	if (status == 0)
		status = config_read(path, making->role, config, fault);
	if (status == 0)
		status = trust_read(config, making->role, true, &trust, fault);
	if (status != 0)
		return status;
	settings = trust_room_settings(config, &trust);
	settings.is_rehearsal = making->request->is_rehearsal;
	if (making->request->invitation != NULL) {
		settings.hub = &making->joining.hub;
		settings.verified = &making->joining.verified;
	}
	if (settings.is_rehearsal) {
		at_made = (int64_t)trust.programme->operation.from * 86400;
		settings.clock_offset_s = at_made - at_now;
	}
	return making->face->create(&settings, at_made, fault);
}

/* ---- the whole ---- */

static int take_programme_key(struct making *making, struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	const char *given = making->request->programme_key;
	uint8_t key[32];
	size_t n;

	if (text_unhex(given, key, sizeof(key)) != 0) {
		if (file_read(given, 256, &content) != 0 || buf_text(&content) == NULL)
			return fault_set(fault, "R013", "--programme-key",
					 "Give the key's 64 hexadecimal digits, or the .pub file.",
					 "\"%s\" is no key and no file", given);
		given = buf_text(&content);
	}
	n = strcspn(given, " \r\n");
	text_copy(making->key_hex, sizeof(making->key_hex), given);
	if (n != 64 || text_unhex(making->key_hex, key, sizeof(key)) != 0)
		return fault_set(fault, "R013", "--programme-key",
				 "Give the key's 64 hexadecimal digits, or the .pub file.",
				 "that is not a key");
	return 0;
}

static bool is_free(const char *dir)
{
	return access(dir, F_OK) != 0 || rmdir(dir) == 0;
}

static int refuse_folder(const char *dir, struct fault *fault)
{
	return fault_set(fault, "R014", dir, "Give a folder that is not there yet.",
			 "this folder is in use; nothing in it was touched");
}

static int make_state_dir(struct making *making, struct fault *fault)
{
	char path[PATH_BYTES];
	int status;

	if (!making->place.is_machine) {
		status = join(path, making->dir, "state");
		return status != 0 ? status : file_make_dir(path, 0700);
	}
	if (!is_free(making->place.state))
		return refuse_folder(making->place.state, fault);
	status = file_make_dir(making->place.state, 0700);
	making->has_state = status == 0;
	return status;
}

/* To whom it will be; then into its place. */
static int hand_over(const struct making *making)
{
	int status = 0;

	if (making->place.is_machine)
		status = place_give(making->dir, making->role);
	if (status == 0 && making->place.is_machine)
		status = place_give(making->place.state, making->role);
	if (status == 0 && rename(making->dir, making->request->dir) != 0)
		status = fail(-errno);
	return status;
}

static int make_parts(struct making *making, int64_t at_now, struct fault *fault)
{
	char path[PATH_BYTES];
	int status = file_make_dir(making->dir, 0755);

	if (status == 0)
		status = join(path, making->dir, "keys");
	if (status == 0)
		status = file_make_dir(path, 0700);
	if (status == 0)
		status = make_state_dir(making, fault);
	if (status == 0)
		status = make_keys(making);
	if (status == 0)
		status = copy_programme(making);
	if (status == 0)
		status = write_settings(making);
	if (status == 0)
		status = write_card(making);
	if (status == 0)
		status = make_store(making, at_now, fault);
	return status;
}

int init_room(const struct init_request *request, enum config_role role,
	      const struct room_face *face, int64_t at_now, struct fault *fault)
{
	struct making making = {.request = request, .role = role, .face = face};
	size_t dir_n = strlen(request->dir);
	int status = take_programme_key(&making, fault);

	if (status == 0 && request->invitation != NULL)
		status = joining_read(request->invitation, request->owner,
				      request->by == NULL ? "phone" : request->by, at_now,
				      &making.joining, fault);
	if (status == 0 && request->invitation != NULL)
		status = joining_check(&making.joining, request->hub_key, request->invitation,
				       fault);
	if (status != 0)
		return status;
	text_copy(making.card.name, sizeof(making.card.name), request->owner);
	while (dir_n > 1 && request->dir[dir_n - 1] == '/')
		dir_n--;
	if (snprintf(making.dir, sizeof(making.dir), "%.*s.new", (int)dir_n, request->dir) >=
	    (int)sizeof(making.dir))
		return fail(-ENAMETOOLONG);
	making.dir[dir_n] = '\0';
	status = place_of(making.dir, &making.place);
	making.dir[dir_n] = '.';
	if (status != 0)
		return status;
	if (!is_free(request->dir))
		return refuse_folder(request->dir, fault);
	if (!is_free(making.dir))
		return fault_set(
			fault, "R014", making.dir,
			"It may be left from a start that was interrupted: look, and take it "
			"away.",
			"this folder is where the new one would be made");
	status = make_parts(&making, at_now, fault);
	if (status == 0)
		status = hand_over(&making);
	if (status != 0)
		remove_tree(making.dir);
	if (status != 0 && making.has_state)
		remove_tree(making.place.state);
	return status;
}
