#include "daemon/site/soundness.h"

#include "daemon/site/access.h"
#include "daemon/site/store.h"
#include "daemon/site/store_sound_tables.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>

#define RESTORE N_("Restore the latest backup, then `mia reconcile`.")
#define IMPORT_NOTHING                                                                             \
	N_("Import nothing before: who is not found counts twice. Restore the latest backup, "     \
	   "then `mia reconcile`.")

/* What each flaw is called, and what to do about it. */
static const struct {
	const char *id, *called, *remedy;
} flaws[] = {
	[STORE_FLAW_ROW_GONE] = {"row_gone", N_("the person's row is gone"), RESTORE},
	[STORE_FLAW_ROW] = {"row", N_("a person's row does not open"), RESTORE},
	[STORE_FLAW_ROW_OTHER] = {"row_other", N_("the person's row is not as the log says"),
				  RESTORE},
	[STORE_FLAW_KEY_GONE] = {"key_gone", N_("the person's key is gone"), RESTORE},
	[STORE_FLAW_KEY] = {"key", N_("a person's key does not open"), RESTORE},
	[STORE_FLAW_ACTS] = {"acts", N_("what is recorded of the person does not open"), RESTORE},
	[STORE_FLAW_NOT_FOUND] = {"not_found",
				  N_("the person is not found by what they are known by"),
				  IMPORT_NOTHING},
	[STORE_FLAW_FOUND_OTHER] = {"found_other",
				    N_("what the person is known by leads to another"),
				    IMPORT_NOTHING},
	[STORE_FLAW_ENTRY] = {"entry", N_("an entry of the index does not open"), IMPORT_NOTHING},
	[STORE_FLAW_ENTRY_NOBODY] = {"entry_nobody", N_("an entry of the index leads to nobody"),
				     IMPORT_NOTHING},
	[STORE_FLAW_ENTRY_MORE] = {"entry_more", N_("the person is found by what is not theirs"),
				   IMPORT_NOTHING},
	[STORE_FLAW_COUNT_PERSONS] = {"count_persons",
				      N_("the table of persons does not hold as many as it says"),
				      RESTORE},
	[STORE_FLAW_COUNT_INDEX] = {"count_index",
				    N_("the index does not hold as many entries as it says"),
				    IMPORT_NOTHING},
	[STORE_FLAW_COUNT_KEYS] = {"count_keys",
				   N_("the table of keys does not hold as many as it says"),
				   RESTORE},
	[STORE_FLAW_COUNT_HEAD] = {"count_head",
				   N_("there are not as many persons as the store says"), RESTORE},
	[STORE_FLAW_TORN] = {"torn",
			     N_("pages of the store do not hang together: the rest was not seen"),
			     RESTORE},
};

struct soundness {
	struct store *store; /* borrowed */
	struct store_sound *sound; /* owned */
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
};

void soundness_drop(void **context)
{
	struct soundness *soundness = *context;

	store_sound_free(&soundness->sound);
	free(soundness);
	*context = NULL;
}

int soundness_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	struct soundness *soundness = calloc(1, sizeof(*soundness));
	int error;

	(void)fault;
	if (soundness == NULL)
		return fail(-ENOMEM);
	*soundness = (struct soundness){.store = ask->site->parts->store, .at = ask->now->at};
	text_copy(soundness->operator_name, sizeof(soundness->operator_name), ask->who->name);
	error = store_sound_begin(soundness->store, &soundness->sound);
	if (error == 0)
		*ret_context = soundness;
	else
		free(soundness);
	return error;
}

int soundness_step(void *context, size_t most, bool *ret_is_done)
{
	struct soundness *soundness = context;

	return store_sound_step(soundness->sound, most, ret_is_done);
}

/* ---- What was found ---- */

static void add_flaw(struct sheet *sheet, const struct store_flaw *flaw)
{
	sheet_add_code(sheet, flaws[flaw->kind].id, flaws[flaw->kind].called, NULL);
	if (flaw->id == 0)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, (int64_t)flaw->id);
	sheet_add_phrase(sheet, flaws[flaw->kind].remedy, NULL);
}

static struct sheet *list_flaws(const struct store_sound *sound)
{
	struct sheet *sheet = sheet_new("mia.flaws/1", SHEET_TABLE);

	sheet_title(sheet, N_("What is damaged in the store"), NULL);
	sheet_column(sheet, "flaw", SHEET_CODE, N_("What"), false);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "remedy", SHEET_PHRASE, N_("What to do"), false);
	for (size_t i = 0; i < sound->flaws_n && i < STORE_FLAWS_MAX; i++)
		add_flaw(sheet, &sound->flaws[i]);
	if (sound->flaws_n > STORE_FLAWS_MAX)
		sheet_note(sheet, N_("There are more: these are the first."), NULL);
	return sheet;
}

/* A store so damaged that it takes no event still says so in the answer. */
static void note_flaws(const struct soundness *soundness)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[ACT_OPERATOR_BYTES + 64];

	(void)snprintf(text, sizeof(text), "store_damaged flaws=%zu operator=%s",
		       soundness->sound->flaws_n, soundness->operator_name);
	(void)kv_grow(safe_kv(store_safe(soundness->store)));
	safe_write(store_safe(soundness->store), &txn);
	store_audit(soundness->store, &txn, soundness->at, text);
	(void)safe_commit(&txn);
}

int soundness_finish(void *context, struct answer *ret_answer)
{
	struct soundness *soundness = context;
	own(sheet_free) struct sheet *sheet = NULL;
	int error = store_sound_tables(soundness->sound);

	if (error == 0)
		error = access_verify(soundness->store, soundness->sound, ret_answer);
	if (error != 0 || soundness->sound->flaws_n == 0)
		return error;
	note_flaws(soundness);
	sheet = list_flaws(soundness->sound);
	return answer_add(ret_answer, &sheet);
}
