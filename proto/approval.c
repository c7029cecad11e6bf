#include "proto/approval.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "proto/programme_change.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- a start ---- */

/* Gathers those before now. */
struct gathering {
	struct versions *versions;
	struct fault *fault;
};

static int gather(void *context, const struct version_row *row)
{
	const struct gathering *gathering = context;

	if (row->version >= gathering->versions->now->version)
		return 0;
	return versions_add(gathering->versions, row->text, row->n, gathering->fault);
}

static int damaged(struct fault *fault)
{
	return fault_set(fault, "S004", "x.version",
			 "Restore the last backup and keep the damaged files.",
			 "a kept version of the programme is damaged");
}

/* What the store knows of a version; all zeros when nothing. text is not kept. */
static int find_row(struct safe *safe, const uint8_t hash[static PROGRAMME_HASH_BYTES],
		    struct version_row *ret_row)
{
	own(buf_free) struct buf bytes = {0};
	struct version_row row = {0};
	int status = version_row_find(safe, hash, &bytes, &row);

	if (status != 0 && status != -ENOENT)
		return status;
	row.text = NULL;
	*ret_row = row;
	return 0;
}

/* A store's first version was approved by nobody. */
static bool is_approved(const struct version_row *row)
{
	return row->operator_name[0] != '\0';
}

static int too_old(const struct programme *now, const struct version_row *was, struct fault *fault)
{
	char hex[17];

	text_hex(was->hash, 8, hex);
	return fault_set(fault, "S016", now->id,
			 "Put the newer programme file back; versions only go forward.",
			 "this is version %u, and version %u (%s...) has been in force here",
			 now->version, was->version, hex);
}

int approval_check_age(struct safe *safe, const struct programme *now, struct fault *fault)
{
	uint8_t pinned[PROGRAMME_HASH_BYTES];
	struct version_row was;
	int status = version_row_pinned(safe, pinned);

	if (status == 0)
		status = find_row(safe, pinned, &was);
	if (status != 0)
		return status == -ENOENT || status == -EBADMSG ? 0 : status;
	return now->version < was.version ? too_old(now, &was, fault) : 0;
}

/* Another version than the one that was in force. */
static int judge_next(struct safe *safe, const uint8_t pinned[static PROGRAMME_HASH_BYTES],
		      const struct programme *now, enum approval_step *ret_step,
		      struct fault *fault)
{
	struct version_row was, next;
	int status = find_row(safe, pinned, &was);

	if (status == 0)
		status = find_row(safe, now->hash, &next);
	if (status != 0)
		return status;
	if (now->version < was.version)
		return too_old(now, &was, fault);
	if (!is_approved(&next))
		return fault_set(fault, "S017", now->id,
				 "Approve it while the former one is in force, then reload: mia "
				 "programme approve FILE. A daemon that does not start needs the "
				 "former file back first.",
				 "version %u was never approved here; version %u is in force",
				 now->version, was.version);
	*ret_step = APPROVAL_PIN;
	return 0;
}

static int judge_start(struct safe *safe, const struct programme *now, bool is_unused,
		       enum approval_step *ret_step, struct fault *fault)
{
	uint8_t pinned[PROGRAMME_HASH_BYTES];
	struct version_row kept;
	int status = version_row_pinned(safe, pinned);

	*ret_step = APPROVAL_PIN;
	if (status != 0)
		return status == -ENOENT ? 0 : status;
	if (memcmp(pinned, now->hash, sizeof(pinned)) != 0)
		return is_unused ? 0 : judge_next(safe, pinned, now, ret_step, fault);
	status = find_row(safe, pinned, &kept);
	*ret_step = status == 0 && kept.version == 0 ? APPROVAL_KEEP : APPROVAL_NOTHING;
	return status;
}

int approval_open(struct safe *safe, const struct programme *now, bool is_unused,
		  struct versions *ret_versions, enum approval_step *ret_step, struct fault *fault)
{
	struct versions versions = {.now = now};
	struct gathering gathering = {&versions, fault};
	struct fault reason = {0};
	enum approval_step step = APPROVAL_NOTHING;
	int status = judge_start(safe, now, is_unused, &step, &reason);

	if (status == 0)
		status = version_row_walk(safe, gather, &gathering);
	if (status != 0)
		versions_free(&versions);
	if (status == -EBADMSG && reason.code[0] == '\0')
		return damaged(fault);
	if (status == -EBADMSG && fault != NULL)
		*fault = reason;
	if (status != 0)
		return status;
	*ret_versions = versions;
	*ret_step = step;
	return 0;
}

int approval_again(struct safe *safe, const struct versions *versions, const struct programme *next,
		   bool is_unused, bool *ret_is_due, struct fault *fault)
{
	own(versions_free) struct versions then = {0};
	enum approval_step step = APPROVAL_NOTHING;
	int status = approval_open(safe, next, is_unused, &then, &step, fault);

	if (status == 0)
		*ret_is_due = step == APPROVAL_PIN || then.former_n != versions->former_n;
	return status;
}

/* ---- an offer ---- */

/* The first thing that must not change, and how many. */
struct found {
	struct programme_change first;
	size_t n;
};

static int note_change(void *context, const struct programme_change *change)
{
	struct found *found = context;

	if (found->n++ == 0)
		found->first = *change;
	return 0;
}

static int check_changes(const struct programme *before, const struct programme *after, int32_t on,
			 struct fault *fault)
{
	struct found found = {.n = 0};
	char place[PROGRAMME_ID_BYTES * 2];
	const struct error_row *row;

	(void)programme_changes(before, after, on, note_change, &found);
	if (found.n == 0)
		return 0;
	row = error_find(found.first.code);
	(void)snprintf(place, sizeof(place), "[%s%s%s]", found.first.section,
		       found.first.id[0] == '\0' ? "" : " ", found.first.id);
	return fault_set(fault, found.first.code, place, row == NULL ? "" : row->remedy_en,
			 "from version %u to version %u: %s, of %zu changes that may not be made",
			 before->version, after->version, found.first.what, found.n);
}

static int check_known(struct safe *safe, const struct versions *versions,
		       const struct programme *offered, struct fault *fault)
{
	struct version_row kept;
	int status = find_row(safe, offered->hash, &kept);

	if (status != 0)
		return status == -EBADMSG ? damaged(fault) : status;
	if (memcmp(versions->now->hash, offered->hash, sizeof(offered->hash)) == 0)
		return fault_set(fault, "X028", offered->id, "Nothing is to be done.",
				 "version %u is in force here", offered->version);
	if (is_approved(&kept) && offered->version > versions->now->version)
		return fault_set(fault, "X028", offered->id,
				 "Put its file and FILE.sig in the place of the programme file, "
				 "then reload: mia reload.",
				 "version %u is approved here already", offered->version);
	if (versions_find(versions, offered->hash) != NULL)
		return fault_set(fault, "X028", offered->id, "Nothing is to be done.",
				 "version %u is known here, as one before the one in force",
				 offered->version);
	return 0;
}

static int check_order(const struct versions *versions, const struct approval_offer *offer,
		       struct fault *fault)
{
	const uint32_t now = versions->now->version, offered = offer->programme->version;

	if (!offer->is_former && offered < now)
		return fault_set(fault, "P066", offer->programme->id,
				 "Take the newest version; with --former an older one is kept "
				 "to read the reports that were made by it.",
				 "this is version %u, and version %u is in force", offered, now);
	if (offer->is_former && offered >= now)
		return fault_set(
			fault, "P066", offer->programme->id, "Leave --former out.",
			"--former is for versions before %u, which is in force; this is %u", now,
			offered);
	return 0;
}

int approval_judge(struct safe *safe, const struct versions *versions,
		   const struct approval_offer *offer, struct fault *fault)
{
	const struct programme *now = versions->now, *offered = offer->programme;
	int status;

	if (strcmp(now->id, offered->id) != 0 ||
	    strcmp(now->case_number, offered->case_number) != 0)
		return fault_set(
			fault, "S011", offered->id, "Take a version of this programme.",
			"this is the programme \"%s\", case %s, and here \"%s\" is in force",
			offered->id, offered->case_number, now->id);
	status = check_known(safe, versions, offered, fault);
	if (status == 0)
		status = check_order(versions, offer, fault);
	if (status != 0 || offer->is_former)
		return status != 0 ? status : check_changes(offered, now, offer->on, fault);
	for (size_t i = 0; i < versions->former_n && status == 0; i++)
		status = check_changes(versions->former[i], offered, offer->on, fault);
	return status != 0 ? status : check_changes(now, offered, offer->on, fault);
}

/* ---- what people read ---- */

static void number_text(uint32_t number, char ret_text[static 12])
{
	(void)snprintf(ret_text, 12, "%u", number);
}

/* New measures that have begun: what was recorded before is not told to the books again. */
static void add_late(struct sheet *sheet, const struct programme *now,
		     const struct approval_offer *offer)
{
	char day[DATE_TEXT_BYTES];

	for (size_t m = 0; m < offer->programme->measures_n; m++) {
		const struct programme_measure *measure = &offer->programme->measures[m];

		if (programme_measure_by_number(now, measure->number) >= 0 ||
		    measure->span.from > offer->on || offer->is_former)
			continue;
		date_format(offer->on, day);
		sheet_add_phrase(sheet,
				 N_("The measure %1 is new and began before %2: it counts what is "
				    "recorded or changed from the start with this version on."),
				 measure->id, day, NULL);
	}
}

static const char *message_of(const struct approval_offer *offer)
{
	if (offer->is_former)
		return offer->is_dry_run
			       ? N_("Version %1 can be kept, to read reports that were made by it; "
				    "%2 stays in force. Nothing was changed.")
			       : N_("Version %1 is kept: after `mia reload` reports that were made "
				    "by it are read too; %2 stays in force.");
	return offer->is_dry_run ? N_("Version %1 can be approved; %2 is in force. Nothing was "
				      "changed.")
				 : N_("Version %1 is approved. Put its file and FILE.sig in the "
				      "place of the programme file and run `mia reload`; until "
				      "then %2 is in force.");
}

int approval_answer(struct safe *safe, const struct versions *versions,
		    const struct approval_offer *offer, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.programme_approval/1", SHEET_LINES);
	own(buf_free) struct buf bytes = {0};
	struct version_row row = {0};
	char version[12], now[12];
	int status = 0;

	number_text(offer->programme->version, version);
	number_text(versions->now->version, now);
	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	sheet_add_phrase(sheet, message_of(offer), version, now, NULL);
	add_late(sheet, versions->now, offer);
	if (offer->is_dry_run)
		status = version_row_find(safe, versions->now->hash, &bytes, &row);
	if (status == 0 && offer->is_dry_run)
		buf_add(&ret_answer->attachment, row.text, row.n);
	status = answer_add(ret_answer, &sheet);
	return status != 0 ? status : ret_answer->attachment.error;
}

struct listing {
	struct sheet *sheet;
	const struct versions *versions;
};

static const char *state_of(const struct versions *versions, const struct version_row *row)
{
	if (memcmp(row->hash, versions->now->hash, sizeof(row->hash)) == 0)
		return N_("in force");
	return row->version > versions->now->version ? N_("approved, waits for its file")
						     : N_("earlier");
}

static int list_one(void *context, const struct version_row *row)
{
	const struct listing *listing = context;
	char hex[2 * PROGRAMME_HASH_BYTES + 1];

	text_hex(row->hash, sizeof(row->hash), hex);
	sheet_add_number(listing->sheet, row->version);
	sheet_add_phrase(listing->sheet, state_of(listing->versions, row), NULL);
	sheet_add_number(listing->sheet, row->at);
	sheet_add_text(listing->sheet, row->operator_name);
	sheet_add_text(listing->sheet, hex);
	return 0;
}

int approval_list(struct safe *safe, const struct versions *versions, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.programme_versions/1", SHEET_TABLE);
	struct listing listing = {sheet, versions};
	int status;

	sheet_title(sheet, N_("Versions of the programme %1"), versions->now->id, NULL);
	sheet_column(sheet, "version", SHEET_COUNT, N_("Version"), true);
	sheet_column(sheet, "state", SHEET_PHRASE, N_("State"), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("Since"), false);
	sheet_column(sheet, "operator", SHEET_TEXT, N_("Approved by"), false);
	sheet_column(sheet, "hash", SHEET_TEXT, N_("Hash"), false);
	status = version_row_walk(safe, list_one, &listing);
	return status != 0 ? status : answer_add(ret_answer, &sheet);
}
