#include "client/ceremony.h"

#include "client/programme_key.h"
#include "client/remote.h"
#include "client/render.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/ini.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_read.h"
#include "proto/roster.h"
#include "proto/signature.h"

#include <errno.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define PATH_BYTES 4096

/* ---- what a file is ---- */

static int note_head(void *context, const struct ini_line *line, struct fault *fault)
{
	(void)fault;
	if (strcmp(line->section, "roster") == 0)
		*(bool *)context = true;
	return 0;
}

/* A roster's first section is its head; everything else is read as a programme. */
static int is_roster(const char *path, bool *ret_is_roster, struct fault *fault)
{
	bool found = false;
	int status = ini_read_file(path, note_head, &found, fault);

	if (status == 0)
		*ret_is_roster = found;
	return status;
}

static void add_hash(struct sheet *sheet, const uint8_t hash[static 32])
{
	char hex[65];

	text_hex(hash, 32, hex);
	sheet_add_text(sheet, hex);
}

/* ---- the members ---- */

static struct sheet *members_of(const struct roster *roster, const char *path)
{
	struct sheet *sheet = sheet_new("mia.roster/1", SHEET_TABLE);
	char epoch[16];

	(void)snprintf(epoch, sizeof(epoch), "%u", roster->epoch);
	sheet_title(sheet, N_("Roster %1, epoch %2"), path, epoch, NULL);
	sheet_column(sheet, "name", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	for (size_t i = 0; i < roster->members_n; i++) {
		char fingerprint[SIGN_FINGERPRINT_BYTES];

		sign_fingerprint(roster->members[i].sign, fingerprint);
		sheet_add_text(sheet, roster->members[i].name);
		sheet_add_text(sheet, fingerprint);
	}
	return sheet;
}

/* The owner sees what is about to be signed, before the passphrase is asked for: not for scripts.
 */
static int show_before(const struct call *call, const struct roster *roster)
{
	own(answer_free) struct answer answer = {0};
	struct sheet *sheet;

	if (!remote_has_person())
		return 0;
	sheet = members_of(roster, call->options->arguments[0]);
	sheet_note(sheet,
		   N_("Whose key is new here? Compare it over the telephone before you go on."),
		   NULL);
	return answer_add(&answer, &sheet) != 0 ? fail(-ENOMEM)
						: render_answer(&answer, RENDER_TABLE, &call->talk);
}

/* ---- programme sign ---- */

/* What of the file is signed: its hash, under the domain of its kind. */
static int read_hash(const struct call *call, bool is_of_roster, uint8_t ret_hash[static 32],
		     struct fault *fault)
{
	const char *path = call->options->arguments[0];
	own(programme_free) struct programme *programme = NULL;
	struct roster roster = {0};
	int status;

	if (is_of_roster) {
		status = roster_open(path, NULL, &roster, fault);
		if (status == 0)
			memcpy(ret_hash, roster.hash, 32);
		return status == 0 ? show_before(call, &roster) : status;
	}
	status = programme_open(path, NULL, &programme, fault);
	if (status == 0)
		memcpy(ret_hash, programme->hash, 32);
	return status;
}

/* Sites may have signed it before; what stands there of an earlier content is of no use. */
static int add_to_roster(const char *path, const uint8_t hash[static 32],
			 const struct sign_key *key, struct fault *fault)
{
	struct signatures before;

	if (signature_read(path, &before, fault) != 0)
		return signature_write(path, SIGNATURE_ROSTER, hash, key);
	return signature_add(path, SIGNATURE_ROSTER, hash, key, fault);
}

static int show_signature(const char *path, bool is_of_roster, const struct sign_key *key,
			  const uint8_t hash[static 32], struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.signature/1", SHEET_FORM);
	char fingerprint[SIGN_FINGERPRINT_BYTES], signature[PATH_BYTES], hex[65];

	sign_fingerprint(sign_key_public(key), fingerprint);
	text_hex(sign_key_public(key), SIGN_PUBLIC_BYTES, hex);
	(void)snprintf(signature, sizeof(signature), "%s.sig", path);
	sheet_title(sheet,
		    is_of_roster ? N_("The roster %1 is signed") : N_("The programme %1 is signed"),
		    path, NULL);
	sheet_column(sheet, "signature", SHEET_TEXT, N_("Signature"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint of the key"), false);
	sheet_column(sheet, "key", SHEET_TEXT, N_("Public key"), false);
	sheet_column(sheet, "hash", SHEET_TEXT, N_("Hash"), false);
	sheet_add_text(sheet, signature);
	sheet_add_text(sheet, fingerprint);
	sheet_add_text(sheet, hex);
	add_hash(sheet, hash);
	if (is_of_roster)
		sheet_note(
			sheet,
			N_("With epoch 1 it counts now; later ones when two sites have signed them "
			   "too: mia roster sign %1"),
			path, NULL);
	return answer_add(ret_answer, &sheet);
}

int ceremony_sign(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	const char *key_path = options_value(call->options, "key");
	own(sign_key_free) struct sign_key *key = NULL;
	bool is_of_roster = false;
	uint8_t hash[32];
	int status;

	if (key_path == NULL)
		return fault_set(fault, "X002", "programme sign",
				 N_("Give --key FILE, and --make-key the first time."),
				 N_("the key to sign with is missing"));
	status = is_roster(path, &is_of_roster, fault);
	if (status == 0)
		status = read_hash(call, is_of_roster, hash, fault);
	if (status == 0 && options_value(call->options, "make-key") != NULL)
		status = programme_key_make(key_path, call->options, &key, fault);
	else if (status == 0)
		status = programme_key_open(key_path, call->options, &key, fault);
	if (status == 0)
		status = is_of_roster ? add_to_roster(path, hash, key, fault)
				      : signature_write(path, SIGNATURE_PROGRAMME, hash, key);
	return status == 0 ? show_signature(path, is_of_roster, key, hash, ret_answer) : status;
}

/* ---- roster build ---- */

static int read_epoch(const struct options *options, uint32_t *ret_epoch, struct fault *fault)
{
	const char *text = options_value(options, "epoch");
	uint64_t epoch = 1;

	if (text != NULL && (text_to_u64(text, UINT32_MAX, &epoch) != 0 || epoch == 0))
		return fault_set(fault, "X002", "--epoch", N_("Give a whole number from 1."),
				 N_("\"%s\" is no epoch"), text);
	*ret_epoch = (uint32_t)epoch;
	return 0;
}

static int add_cards(const struct options *options, struct buf *text, struct fault *fault)
{
	for (size_t i = 0; i < options->arguments_n; i++) {
		own(buf_free) struct buf card = {0};
		int status = file_read(options->arguments[i], FILE_BYTES_MAX, &card);

		if (status != 0)
			return fault_set(fault, "R010", options->arguments[i], "", "%s",
					 fail_text(status));
		buf_add(text, card.data, card.n);
		buf_add_byte(text, '\n');
	}
	return text->error;
}

static int show_roster(const struct roster *roster, const char *path, struct answer *ret_answer)
{
	struct sheet *sheet = members_of(roster, path);

	sheet_note(sheet,
		   N_("Compare every fingerprint over the telephone before you sign: mia programme "
		      "sign %1 --key KEY"),
		   path, NULL);
	return answer_add(ret_answer, &sheet);
}

int ceremony_roster(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = options_value(call->options, "out");
	own(buf_free) struct buf text = {0};
	struct roster roster = {0};
	uint32_t epoch = 1;
	int status = read_epoch(call->options, &epoch, fault);

	if (path == NULL)
		return fault_set(fault, "X002", "roster build", N_("Give --out FILE."),
				 N_("the roster to write is missing"));
	roster_add_head(&text, epoch);
	if (status == 0)
		status = add_cards(call->options, &text, fault);
	/* What is written is what was understood, not what the cards' files say besides. */
	if (status == 0)
		status = roster_read(path, text.data, text.n, &roster, fault);
	if (status != 0)
		return status;
	buf_clear(&text);
	roster_add_head(&text, epoch);
	for (size_t i = 0; i < roster.members_n; i++)
		roster_add_card(&text, &roster.members[i]);
	status = text.error != 0 ? text.error : file_write(path, text.data, text.n, 0644);
	return status == 0 ? show_roster(&roster, path, ret_answer) : status;
}
