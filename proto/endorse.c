#include "proto/endorse.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/errors.h"

#include <stdio.h>
#include <string.h>

int endorse_read(const struct request *request, const struct roster *in_force,
		 struct roster *ret_next, struct fault *fault)
{
	own(buf_free) struct buf text = {0};
	int error;

	carried_take(request, &text);
	error = text.error != 0 ? text.error
				: roster_read("roster", text.data, text.n, ret_next, fault);
	if (error == 0 && ret_next->epoch != in_force->epoch + 1)
		return fault_set(fault, "R042", "roster", error_find("R042")->remedy_en,
				 "epoch %u does not come next after the one in force (epoch %u)",
				 ret_next->epoch, in_force->epoch);
	return error;
}

const struct roster_member *endorse_unheard(const struct roster *in_force,
					    const struct roster *next,
					    const struct verified_list *list, size_t *place)
{
	while (*place < next->members_n) {
		const struct roster_member *member = &next->members[(*place)++];
		const struct roster_member *now = roster_find(in_force, member->name);

		if ((now == NULL || memcmp(now->sign, member->sign, sizeof(now->sign)) != 0) &&
		    verified_find(list, member->name, member->sign) == NULL)
			return member;
	}
	return NULL;
}

bool endorse_is_changed(const struct roster *in_force, const struct roster_member *member)
{
	const struct roster_member *now = roster_find(in_force, member->name);

	return now != NULL && (memcmp(now->sign, member->sign, sizeof(now->sign)) != 0 ||
			       memcmp(now->link, member->link, sizeof(now->link)) != 0);
}

static bool is_former(const struct roster *roster, const struct roster_former *former)
{
	for (size_t i = 0; i < roster->formers_n; i++)
		if (memcmp(roster->formers[i].sign, former->sign, sizeof(former->sign)) == 0)
			return true;
	return false;
}

int endorse_check_formers(const struct roster *in_force, const struct roster *next, uint64_t last_n,
			  struct fault *fault)
{
	for (size_t i = 0; i < next->formers_n; i++) {
		const struct roster_former *former = &next->formers[i];

		if (former->last_n > last_n && !is_former(in_force, former))
			return fault_set(fault, "R048", "roster", error_find("R048")->remedy_en,
					 "the former key of [%s] would be good up to report %llu; "
					 "there can be %llu before the draft is too old",
					 former->name, (unsigned long long)former->last_n,
					 (unsigned long long)last_n);
	}
	return 0;
}

void endorse_event(const struct roster *next, const char *operator_name,
		   char ret_text[static VERIFIED_EVENT_BYTES])
{
	char hex[2 * SIGN_HASH_BYTES + 1];

	text_hex(next->hash, sizeof(next->hash), hex);
	(void)snprintf(ret_text, VERIFIED_EVENT_BYTES, "roster_signed epoch=%u operator=%s hash=%s",
		       next->epoch, operator_name, hex);
}

static bool is_said_lost(const struct roster *next, const uint8_t sign[static SIGN_PUBLIC_BYTES])
{
	for (size_t i = 0; i < next->formers_n; i++)
		if (next->formers[i].is_lost &&
		    memcmp(next->formers[i].sign, sign, SIGN_PUBLIC_BYTES) == 0)
			return true;
	return false;
}

/* That a key is lost is told: then nobody but those who sign has vouched for the new one. */
static const char *change_of(const struct roster *now, const struct roster *next,
			     const struct roster_member *member)
{
	const struct roster_member *before = roster_find(now, member->name);

	if (before == NULL)
		return N_("new");
	if (is_said_lost(next, before->sign))
		return N_("has other keys, and the one before is lost");
	if (endorse_is_changed(now, member))
		return N_("has other keys");
	if (before->status != member->status)
		return roster_status_name(member->status);
	return N_("as before");
}

/* The fingerprint only of a sign key that is new: it was typed. None is shown before it is heard.
 */
static void add_member(struct sheet *sheet, const struct roster *in_force,
		       const struct roster *next, const struct roster_member *member)
{
	const struct roster_member *before = roster_find(in_force, member->name);
	char fingerprint[SIGN_FINGERPRINT_BYTES];

	sheet_add_text(sheet, member->name);
	sheet_add_phrase(sheet, change_of(in_force, next, member), NULL);
	if (before != NULL && memcmp(before->sign, member->sign, sizeof(member->sign)) == 0) {
		sheet_add_empty(sheet);
		return;
	}
	sign_fingerprint(member->sign, fingerprint);
	sheet_add_text(sheet, fingerprint);
}

int endorse_answer(const struct roster *in_force, const struct roster *next,
		   const struct sign_key *key, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.roster_signed/1", SHEET_TABLE);
	char fingerprint[SIGN_FINGERPRINT_BYTES], hex[2 * SIGN_BYTES + 1], epoch[16];
	uint8_t signature[SIGN_BYTES];

	(void)snprintf(epoch, sizeof(epoch), "%u", next->epoch);
	sheet_title(sheet, N_("Roster, epoch %1: signed here"), epoch, NULL);
	sheet_column(sheet, "name", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "change", SHEET_PHRASE, N_("Change"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	for (size_t i = 0; i < next->members_n; i++)
		add_member(sheet, in_force, next, &next->members[i]);
	sign_make(key, SIGNATURE_ROSTER, next->hash, sizeof(next->hash), signature);
	sign_fingerprint(sign_key_public(key), fingerprint);
	text_hex(signature, sizeof(signature), hex);
	buf_printf(&ret_answer->attachment, "key %s\nsignature %s\n", fingerprint, hex);
	return answer_add(ret_answer, &sheet);
}
