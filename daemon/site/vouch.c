#include "daemon/site/vouch.h"

#include "daemon/site/known.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct asked {
	const struct parts *parts;
	const struct roster *roster; /* in force */
	struct verifier by;
	const struct request *request;
	struct fault *fault;
};

/* ---- key show, key verify ---- */

static int show(const struct asked *asked, struct answer *ret_answer)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	int error = list == NULL ? fail(-ENOMEM) : known_load(asked->parts->store, list);

	return error != 0 ? error
			  : verified_show(list, asked->roster, asked->parts->site->id, ret_answer);
}

static int say(const char *msgid, const char *word, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.trust/1", SHEET_LINES);

	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	sheet_add_phrase(sheet, msgid, word, NULL);
	return answer_add(ret_answer, &sheet);
}

/* What the operator typed for a member, kept. */
static int verify_one(const struct asked *asked, const struct roster_member *member)
{
	struct verified verified;
	int error = verified_type(asked->request, &asked->by, member, &verified, asked->fault);

	return error != 0 ? error : known_keep(asked->parts->store, &verified);
}

static int verify(const struct asked *asked, struct answer *ret_answer)
{
	const char *name = asked->request->arguments[0];
	const struct roster_member *member = roster_find(asked->roster, name);
	int error;

	if (member == NULL)
		return fault_set(asked->fault, "X009", "NAME", "`mia key show` lists them.",
				 "the roster has no member \"%s\"", name);
	error = verify_one(asked, member);
	return error != 0 ? error : say(N_("The key of %1 is verified."), name, ret_answer);
}

/* ---- roster sign ---- */

static int read_next(const struct asked *asked, struct roster *ret_next)
{
	own(buf_free) struct buf text = {0};
	int error;

	carried_take(asked->request, &text);
	error = text.error != 0 ? text.error
				: roster_read("roster", text.data, text.n, ret_next, asked->fault);
	if (error == 0 && ret_next->epoch != asked->roster->epoch + 1)
		return fault_set(asked->fault, "R042", "roster", error_find("R042")->remedy_en,
				 "epoch %u does not come next after the one in force (epoch %u)",
				 ret_next->epoch, asked->roster->epoch);
	return error;
}

/* Every key that is new in it was heard by voice, our own too: one is asked for after another. */
static int check_keys(const struct asked *asked, const struct roster *next)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	int error = list == NULL ? fail(-ENOMEM) : known_load(asked->parts->store, list);

	for (size_t i = 0; i < next->members_n && error == 0; i++) {
		const struct roster_member *member = &next->members[i];
		const struct roster_member *now = roster_find(asked->roster, member->name);

		if (now != NULL && memcmp(now->sign, member->sign, sizeof(now->sign)) == 0)
			continue;
		if (verified_find(list, member->name, member->sign) == NULL)
			error = verify_one(asked, member);
	}
	return error;
}

static const char *change_of(const struct roster *now, const struct roster_member *member)
{
	const struct roster_member *before = roster_find(now, member->name);

	if (before == NULL)
		return N_("new");
	if (memcmp(before->sign, member->sign, sizeof(before->sign)) != 0 ||
	    memcmp(before->link, member->link, sizeof(before->link)) != 0)
		return N_("has other keys");
	if (before->status != member->status)
		return roster_status_name(member->status);
	return N_("as before");
}

static int answer_signed(const struct asked *asked, const struct roster *next,
			 struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.roster_signed/1", SHEET_TABLE);
	char fingerprint[SIGN_FINGERPRINT_BYTES], hex[2 * SIGN_BYTES + 1], epoch[16];
	uint8_t signature[SIGN_BYTES];

	(void)snprintf(epoch, sizeof(epoch), "%u", next->epoch);
	sheet_title(sheet, N_("Roster, epoch %1: signed by this site"), epoch, NULL);
	sheet_column(sheet, "name", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "change", SHEET_PHRASE, N_("Change"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	for (size_t i = 0; i < next->members_n; i++) {
		sign_fingerprint(next->members[i].sign, fingerprint);
		sheet_add_text(sheet, next->members[i].name);
		sheet_add_phrase(sheet, change_of(asked->roster, &next->members[i]), NULL);
		sheet_add_text(sheet, fingerprint);
	}
	sign_make(asked->parts->key, SIGNATURE_ROSTER, next->hash, sizeof(next->hash), signature);
	sign_fingerprint(sign_key_public(asked->parts->key), fingerprint);
	text_hex(signature, sizeof(signature), hex);
	buf_printf(&ret_answer->attachment, "key %s\nsignature %s\n", fingerprint, hex);
	return answer_add(ret_answer, &sheet);
}

/* The signature is in the audit before anybody has it. */
static int audit_signed(const struct asked *asked, const struct roster *next)
{
	own(safe_abort) struct safe_txn txn = {0};
	char event[VERIFIED_EVENT_BYTES], hex[65];

	text_hex(next->hash, sizeof(next->hash), hex);
	(void)snprintf(event, sizeof(event), "roster_signed epoch=%u operator=%s hash=%s",
		       next->epoch, asked->by.operator_name, hex);
	safe_write(store_safe(asked->parts->store), &txn);
	store_audit(asked->parts->store, &txn, asked->by.at_now, event);
	return safe_commit(&txn);
}

static int sign(const struct asked *asked, struct answer *ret_answer)
{
	own(mem_free) struct roster *next = calloc(1, sizeof(*next));
	int error = next == NULL ? fail(-ENOMEM) : read_next(asked, next);

	if (error == 0)
		error = check_keys(asked, next);
	if (error == 0)
		error = audit_signed(asked, next);
	return error != 0 ? error : answer_signed(asked, next, ret_answer);
}

/* ---- the whole ---- */

int vouch_carry_out(const struct parts *parts, const struct room_time *now,
		    const struct room_operator *who, const struct request *request,
		    struct answer *ret_answer)
{
	struct fault fault = {0};
	const struct asked asked = {.parts = parts,
				    .roster = parts->signer.roster,
				    .by = {who->name, now->at},
				    .request = request,
				    .fault = &fault};
	int error;

	if (request->command == COMMAND_KEY_SHOW)
		error = show(&asked, ret_answer);
	else if (request->command == COMMAND_KEY_VERIFY)
		error = verify(&asked, ret_answer);
	else if (request->command == COMMAND_ROSTER_SIGN)
		error = sign(&asked, ret_answer);
	else
		return -ENOENT;
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : error;
}
