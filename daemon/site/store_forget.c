#include "daemon/site/store_forget.h"

#include "daemon/site/change.h"
#include "daemon/site/store_audit.h"
#include "daemon/site/store_core.h"
#include "daemon/site/store_erased.h"
#include "daemon/site/store_keys.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_renew.h"
#include "lib/date.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define REPLAYED_BY "mia" /* operator of what STATE/erased says */

bool store_must_forget(const struct record *record)
{
	return !change_keeps_identity(record);
}

int store_withdraw(struct store *store, const struct store_origin *origin, uint64_t id,
		   const struct record *after)
{
	uint64_t ret_id = 0;
	int error;

	assert(id != 0 && store_must_forget(after));
	error = store_act(store, origin, id, ACT_CHANGED, after, &ret_id);
	if (error < 0)
		return error;
	return store->is_forget_due ? fail(-EINPROGRESS) : 0;
}

int store_merge(struct store *store, const struct store_origin *origin, uint64_t keep,
		uint64_t drop, const struct record *given)
{
	return store_act_merge(store, origin, keep, drop, given);
}

bool store_forget_is_due(const struct store *store)
{
	return store->is_forget_due;
}

int store_forget_resume(struct store *store)
{
	int error;

	if (store->run != NULL)
		return 0; /* its keys are not yet what they will be */
	error = store_renew_settle(store);
	return error < 0 ? error : store_erase_finish(store);
}

/* ---- What STATE/erased says of an older copy ---- */

/* Whether the person has the very key that was destroyed. */
static int is_back(struct store *store, const struct store_forgotten *line, bool *ret_is_back)
{
	uint8_t key[VAULT_KEY_BYTES];
	uint8_t print[STORE_PRINT_BYTES];
	int error = store_keys_get(store, line->person, key);

	*ret_is_back = false;
	if (error == 0) {
		store_erased_print(safe_identity(store->records)->store, key, print);
		*ret_is_back = memcmp(print, line->print, sizeof(print)) == 0;
	}
	explicit_bzero(key, sizeof(key));
	return error == -ENOENT ? 0 : error;
}

static void say_why(const struct store_forgotten *line, struct record *record)
{
	switch (line->why) {
	case STORE_WHY_ERASED:
		break;
	case STORE_WHY_WITHDRAWN:
		record->value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
		record->value[FIELD_consent_withdrawn_date] = line->day;
		break;
	case STORE_WHY_REFUSED:
		record->value[FIELD_consent] = RECORD_CONSENT_REFUSED;
		record->identity.type = ID_ANONYMOUS;
		break;
	case STORE_WHY_PROTECTED:
		record->value[FIELD_protected] = 1;
		record->identity.type = ID_ANONYMOUS;
		break;
	}
}

static int withdraw_again(struct store *store, const struct store_forgotten *line)
{
	const struct store_origin origin = {.at = date_to_moment(line->day),
					    .operator_name = REPLAYED_BY};
	own(store_person_wipe) struct store_person person;
	int error;

	store_person_clear(&person);
	error = store_load(store, line->person, &person);
	if (error < 0)
		return error;
	say_why(line, &person.record);
	return store_withdraw(store, &origin, line->person, &person.record);
}

static int forget_again(struct store *store, const struct store_forgotten *line)
{
	const struct store_origin origin = {.at = date_to_moment(line->day),
					    .operator_name = REPLAYED_BY};
	bool back = false;
	int error = is_back(store, line, &back);

	if (error < 0 || !back)
		return error;
	if (line->why == STORE_WHY_ERASED)
		error = store_erase(store, &origin, &line->person, 1);
	else
		error = withdraw_again(store, line);
	return error == -EINPROGRESS ? 0 : error;
}

/* A full disk must not keep the house shut: what is left is tried again each minute. */
static int may_wait(int error)
{
	return error == -ENOSPC || error == -EDQUOT ? 0 : error;
}

int store_forget_replay(struct store *store, struct fault *fault)
{
	own(store_erased_free) struct store_erased erased = {0};
	int error = may_wait(store_forget_resume(store));

	if (error == 0)
		error = store_erased_read(store->dir, safe_identity(store->records)->store, &erased,
					  fault);
	for (size_t i = 0; i < erased.n && error == 0; i++)
		error = forget_again(store, &erased.lines[i]);
	return error;
}
