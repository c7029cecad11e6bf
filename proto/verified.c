#include "proto/verified.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <stdio.h>
#include <string.h>
#include <errno.h>

/* ---- the row ---- */

void verified_pack(const struct verified_list *list, struct buf *ret_row)
{
	pack_array(ret_row, (uint32_t)list->n);
	for (size_t i = 0; i < list->n; i++) {
		const struct verified *row = &list->rows[i];

		pack_array(ret_row, 5);
		pack_str(ret_row, row->name);
		pack_bin(ret_row, row->sign, sizeof(row->sign));
		pack_i64(ret_row, row->at);
		pack_str(ret_row, row->operator_name);
		pack_str(ret_row, row->how);
	}
}

static void unpack_one(struct unpack *in, struct verified *ret_row)
{
	unpack_array_of(in, 5);
	unpack_str(in, ret_row->name, sizeof(ret_row->name));
	unpack_bin_of(in, ret_row->sign, sizeof(ret_row->sign));
	ret_row->at = unpack_i64(in, INT64_MIN, INT64_MAX);
	unpack_str(in, ret_row->operator_name, sizeof(ret_row->operator_name));
	unpack_str(in, ret_row->how, sizeof(ret_row->how));
	unpack_leave(in);
}

int verified_unpack(const struct buf *row, struct verified_list *ret_list)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	struct unpack in = unpack_start(row->data, row->n);

	if (list == NULL)
		return fail(-ENOMEM);
	list->n = unpack_array(&in, ROSTER_MEMBERS_MAX);
	for (size_t i = 0; i < list->n; i++)
		unpack_one(&in, &list->rows[i]);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	*ret_list = *list;
	return 0;
}

/* ---- the list ---- */

const struct verified *verified_find(const struct verified_list *list, const char *name,
				     const uint8_t sign[static SIGN_PUBLIC_BYTES])
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->rows[i].name, name) == 0 &&
		    memcmp(list->rows[i].sign, sign, SIGN_PUBLIC_BYTES) == 0)
			return &list->rows[i];
	return NULL;
}

int verified_add(struct verified_list *list, const struct verified *row)
{
	size_t place = 0;

	while (place < list->n && strcmp(list->rows[place].name, row->name) != 0)
		place++;
	if (place == ROSTER_MEMBERS_MAX)
		return fail(-ENOSPC);
	list->rows[place] = *row;
	list->n += place == list->n;
	return 0;
}

void verified_event(const struct verified *row, char ret_text[static VERIFIED_EVENT_BYTES])
{
	char fingerprint[SIGN_FINGERPRINT_BYTES];

	sign_fingerprint(row->sign, fingerprint);
	for (char *space = fingerprint; (space = strchr(space, ' ')) != NULL;)
		*space = '-';
	(void)snprintf(ret_text, VERIFIED_EVENT_BYTES,
		       "verified member=%s operator=%s how=%s fingerprint=%s", row->name,
		       row->operator_name, row->how, fingerprint);
}

/* ---- the ceremony ---- */

static int read_how(const struct request *request, char ret_how[static VERIFIED_HOW_BYTES],
		    struct fault *fault)
{
	const char *how = request_option(request, "by");

	if (how == NULL)
		how = "phone";
	if (strcmp(how, "phone") != 0 && strcmp(how, "meeting") != 0)
		return fault_set(fault, "X002", "--by", N_("Give phone or meeting."),
				 N_("\"%s\" is no way to hear a fingerprint"), how);
	text_copy(ret_how, VERIFIED_HOW_BYTES, how);
	return 0;
}

int verified_type(const struct request *request, const struct verifier *verifier,
		  const struct roster_member *member, struct verified *ret_row, struct fault *fault)
{
	const char *typed = request_field(request, member->name);
	struct verified row = {.at = verifier->at_now};
	int status = read_how(request, row.how, fault);

	if (status != 0)
		return status;
	if (typed == NULL)
		return fault_set(fault, "J001", member->name, error_find("J001")->remedy_en,
				 N_("the fingerprint was not typed"));
	if (!sign_fingerprint_matches(member->sign, typed))
		return fault_set(fault, "J002", member->name, error_find("J002")->remedy_en,
				 N_("what was typed is another fingerprint"));
	text_copy(row.name, sizeof(row.name), member->name);
	memcpy(row.sign, member->sign, sizeof(row.sign));
	text_copy(row.operator_name, sizeof(row.operator_name), verifier->operator_name);
	*ret_row = row;
	return 0;
}

static const char *const status_words[ROSTER_STATUS_N] = {
	[ROSTER_ACTIVE] = N_("takes part"),
	[ROSTER_SUSPENDED] = N_("suspended"),
	[ROSTER_RETIRED] = N_("retired"),
};

static void add_row(struct sheet *sheet, const struct verified_list *list,
		    const struct roster_member *member, const char *owner)
{
	const struct verified *row = verified_find(list, member->name, member->sign);
	bool is_own = strcmp(member->name, owner) == 0;
	char fingerprint[SIGN_FINGERPRINT_BYTES];

	/* What is to be heard from its owner is not read off this screen. */
	sign_fingerprint(member->sign, fingerprint);
	sheet_add_text(sheet, member->name);
	sheet_add_text(sheet, is_own || row != NULL ? fingerprint : NULL);
	sheet_add_phrase(sheet, status_words[member->status], NULL);
	if (is_own)
		sheet_add_phrase(sheet, N_("our own"), NULL);
	else
		sheet_add_phrase(sheet, row == NULL ? N_("no") : N_("yes"), NULL);
	if (row == NULL) {
		for (size_t i = 0; i < 3; i++)
			sheet_add_empty(sheet);
		return;
	}
	sheet_add_number(sheet, row->at);
	sheet_add_text(sheet, row->operator_name);
	sheet_add_phrase(sheet, strcmp(row->how, "meeting") == 0 ? N_("meeting") : N_("phone"),
			 NULL);
}

int verified_show(const struct verified_list *list, const struct roster *roster, const char *owner,
		  struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.keys/1", SHEET_TABLE);
	const struct roster_member *own_member = roster_find(roster, owner);
	char epoch[16];

	(void)snprintf(epoch, sizeof(epoch), "%u", roster->epoch);
	sheet_title(sheet, N_("The keys of the roster, epoch %1"), epoch, NULL);
	sheet_column(sheet, "name", SHEET_TEXT, N_("Name"), false);
	sheet_column(sheet, "fingerprint", SHEET_TEXT, N_("Fingerprint"), false);
	sheet_column(sheet, "status", SHEET_PHRASE, N_("Status"), false);
	sheet_column(sheet, "verified", SHEET_PHRASE, N_("Verified"), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "operator", SHEET_TEXT, N_("By"), false);
	sheet_column(sheet, "how", SHEET_PHRASE, N_("How"), false);
	if (own_member != NULL)
		add_row(sheet, list, own_member, owner);
	for (size_t i = 0; i < roster->members_n; i++)
		if (&roster->members[i] != own_member)
			add_row(sheet, list, &roster->members[i], owner);
	sheet_note(sheet,
		   N_("Verify a key when its owner reads the fingerprint to you: mia key verify "
		      "NAME"),
		   NULL);
	return answer_add(ret_answer, &sheet);
}
