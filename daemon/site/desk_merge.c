#include "daemon/site/desk_merge.h"

#include "daemon/site/change.h"
#include "daemon/site/desk_say.h"
#include "daemon/site/store_forget.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define MORE_BYTES 40

/* ---- joining ---- */

/* A field joined: what only one has, both have; what differs is the kept case's until it is
 * settled.
 */
static void join_field(struct record *after, const struct record *drop, enum record_field field)
{
	size_t size = 0;
	char *text = record_text(after, field, &size);

	if (desk_words_is_given(after, field) || !desk_words_is_given(drop, field))
		return;
	if (text == NULL) {
		after->value[field] = drop->value[field];
		return;
	}
	/* Only read from. */
	text_copy(text, size, record_text((struct record *)(uintptr_t)drop, field, &size));
	if (field == FIELD_person_number)
		after->identity.type = drop->identity.type;
}

static void join(struct desk_case *of, const struct record *drop)
{
	for (int field = 0; field < FIELD_N; field++)
		if (!item_is_part(record_row((enum record_field)field)->part))
			join_field(&of->after, drop, (enum record_field)field);
	for (size_t i = 0; i < drop->items_n; i++)
		if (item_add(&of->after, &drop->items[i]) == -ENOSPC)
			validate_add(&of->findings, "I037", VALIDATE_ERROR, FIELD_spell_start, "");
}

static bool is_conflict(const struct desk_case *of, const struct record *drop,
			enum record_field field)
{
	const struct record *keep = &of->person.record;
	size_t size = 0;
	/* Only read from. */
	const char *ours = record_text((struct record *)(uintptr_t)keep, field, &size);
	const char *theirs = record_text((struct record *)(uintptr_t)drop, field, &size);

	if (!desk_words_is_given(keep, field) || !desk_words_is_given(drop, field))
		return false;
	if (field == FIELD_transfer_out_token) /* nobody may write it: the kept case's stands */
		return false;
	if (ours != NULL)
		return strcmp(ours, theirs) != 0;
	return keep->value[field] != drop->value[field];
}

/* ---- the table ---- */

static void add_text(const struct desk_case *of, const struct record *record,
		     enum record_field field, struct sheet *sheet)
{
	own(buf_wipe) struct buf text = {0};
	char masked[PERSON_MASKED_BYTES];

	if (field == FIELD_person_number) {
		desk_say_masked(of, record, masked);
		sheet_add_text(sheet, masked);
		return;
	}
	if (field != FIELD_transfer_out_token)
		desk_words_read(&of->words, record, field, &text);
	sheet_add_text(sheet, buf_text(&text));
}

/* True when the field has still to be settled. */
static bool add_row(const struct desk_case *of, const struct record *drop, enum record_field field,
		    struct sheet *sheet)
{
	bool is_open = is_conflict(of, drop, field) && !of->typed.has[field];
	bool is_taken =
		!desk_words_is_given(&of->person.record, field) && desk_words_is_given(drop, field);

	if (!is_open && !is_taken && !of->typed.has[field])
		return false;
	sheet_add_code(sheet, record_row(field)->id, desk_words_label(&of->words, field), NULL);
	add_text(of, &of->person.record, field, sheet);
	add_text(of, drop, field, sheet);
	if (is_open)
		sheet_add_empty(sheet);
	else
		add_text(of, &of->after, field, sheet);
	sheet_add_phrase(sheet,
			 is_open                ? N_("to be settled")
			 : of->typed.has[field] ? N_("settled")
						: N_("taken over"),
			 NULL);
	return is_open;
}

static int add_table(struct desk_case *of, const struct record *drop, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.merge/1", SHEET_TABLE);

	sheet_title(sheet, N_("Two cases become one"), NULL);
	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "keep", SHEET_TEXT, N_("Kept case"), false);
	sheet_column(sheet, "drop", SHEET_TEXT, N_("Other case"), false);
	sheet_column(sheet, "becomes", SHEET_TEXT, N_("Becomes"), false);
	sheet_column(sheet, "state", SHEET_PHRASE, N_("State"), false);
	for (int i = 0; i < FIELD_N; i++) {
		enum record_field field = (enum record_field)i;

		if (item_is_part(record_row(field)->part) || !add_row(of, drop, field, sheet))
			continue;
		validate_add(&of->findings, "D008", VALIDATE_ERROR, field, "");
	}
	return answer_add(ret_answer, &sheet);
}

/* ---- the merge ---- */

static int store(struct desk_case *of, uint64_t drop, const char *more)
{
	const struct store_origin origin = {.at = of->desk->at_now,
					    .operator_name = of->desk->operator_name};
	int error;

	if (of->findings.has_error || desk_case_is_dry_run(of))
		return 0;
	error = desk_case_note(of, "person_merged", more);
	if (error != 0)
		return error;
	error = store_merge(of->desk->store, &origin, of->person.id, drop, &of->after);
	if (error == -EEXIST) {
		validate_add(&of->findings, "D004", VALIDATE_ERROR, FIELD_person_number, "");
		return 0;
	}
	return error;
}

static int merge(struct desk_case *of, const struct desk_case *drop, struct answer *ret_answer,
		 struct fault *fault)
{
	char more[MORE_BYTES];
	int error;

	join(of, &drop->person.record);
	desk_ask_all(&of->words, false, of->today, &of->questions);
	error = desk_case_read(of, fault);
	if (error == 0)
		error = add_table(of, &drop->person.record, ret_answer);
	if (error != 0)
		return error;
	desk_case_identify(of);
	if (!change_keeps_identity(&of->after)) /* who is anonymous cannot be told to be somebody */
		validate_add(&of->findings, "D009", VALIDATE_ERROR, FIELD_N, "");
	if (!of->findings.has_error)
		desk_case_judge(of, true);
	(void)snprintf(more, sizeof(more), "other=%llu", (unsigned long long)drop->person.id);
	error = store(of, drop->person.id, more);
	return error != 0 ? error
			  : desk_say_done(of, "merge", N_("is joined with the other case"),
					  ret_answer);
}

static int refuse(struct fault *fault, const char *reason)
{
	return fault_set(fault, "X002", "KEEP DROP",
			 N_("Give two different cases of one person, the one to keep first."), "%s",
			 reason);
}

/* Both were looked at, whatever became of it. */
static int conclude(struct desk_case *of, struct desk_case *drop, int error)
{
	int noted = desk_case_note(of, "person_compared", "");

	if (noted == 0)
		noted = desk_case_note(drop, "person_compared", "");
	return error != 0 ? error : noted;
}

int desk_merge(const struct desk *desk, const struct request *request, struct answer *ret_answer,
	       struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of, drop;
	int error;

	desk_case_new(desk, request, &of);
	desk_case_new(desk, request, &drop);
	error = desk_case_open(desk, request, 0, &of, fault);
	if (error == 0)
		error = desk_case_open(desk, request, 1, &drop, fault);
	if (error != 0)
		return error;
	if (of.person.id == drop.person.id)
		return refuse(fault, N_("a case cannot be joined with itself"));
	if (of.person.is_misregistered || drop.person.is_misregistered)
		return refuse(fault, N_("one of them is out of every count already"));
	return conclude(&of, &drop, merge(&of, &drop, ret_answer, fault));
}

/* ---- erasure ---- */

static int say_erased(const char *msgid, const char *number, struct answer *ret_answer)
{
	return answer_line(ret_answer, "mia.erase/1", msgid, number, NULL);
}

/* The administrator sees nothing of the person, not even that it was the right one. */
static int check_there(const struct desk *desk, uint64_t id)
{
	own(store_person_wipe) struct store_person person;
	int error;

	store_person_clear(&person);
	error = store_load(desk->store, id, &person);
	return error == 0 && person.is_answer ? -ENOENT : error;
}

int desk_erase(const struct desk *desk, const struct request *request, struct answer *ret_answer,
	       struct fault *fault)
{
	const struct store_origin origin = {.at = desk->at_now,
					    .operator_name = desk->operator_name};
	const char *number = request->arguments[0];
	uint64_t id = 0;
	bool is_dry = request_option(request, "dry-run") != NULL;
	int error;

	if (strlen(number) > 9 || text_to_u64(number, UINT32_MAX, &id) != 0 || id == 0)
		return fault_set(fault, "X002", N_("case number"), N_("Give it as 17."),
				 N_("that is not the number of a case"));
	error = is_dry ? check_there(desk, id) : store_erase(desk->store, &origin, &id, 1);
	if (error == -ENOENT)
		return fault_set(fault, "X009", N_("case number"),
				 N_("Ask whoever reads persons for the number."),
				 N_("there is no such case, or it is erased"));
	if (error == -EINPROGRESS)
		return say_erased(N_("Case %1 is erased, but the disk is full: its key may lie in "
				     "the store's free space until there is room."),
				  number, ret_answer);
	if (error != 0)
		return error;
	return say_erased(is_dry ? N_("Case %1 would be erased for good. Nothing was changed.")
				 : N_("Case %1 is erased: nothing of the person can be read any "
				      "more. Closed figures stand."),
			  number, ret_answer);
}
