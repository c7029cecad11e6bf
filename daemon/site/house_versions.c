#include "daemon/site/house_versions.h"

#include "daemon/site/demand.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 256 /* of an event */

static void put(struct safe_txn *txn, const char *key, const struct buf *bytes)
{
	if (bytes->error != 0 && txn->kv.error == 0)
		txn->kv.error = bytes->error;
	if (txn->kv.error == 0)
		safe_put(txn, STORE_META, key, strlen(key), NULL, bytes->data, bytes->n);
}

static void put_version(struct safe_txn *txn, const struct version_row *row)
{
	own(buf_free) struct buf bytes = {0};
	char key[VERSION_KEY_BYTES];

	version_row_key(row->hash, key);
	version_row_pack(row, &bytes);
	put(txn, key, &bytes);
}

static void put_pin(struct safe_txn *txn, const struct programme *programme)
{
	own(buf_free) struct buf bytes = {0};

	version_row_pack_pin(programme->hash, &bytes);
	put(txn, VERSION_PIN_KEY, &bytes);
}

static void tell(const char *event, const struct programme *programme, const char *operator_name,
		 char ret_text[static TEXT_BYTES])
{
	char hex[2 * PROGRAMME_HASH_BYTES + 1];

	text_hex(programme->hash, PROGRAMME_HASH_BYTES, hex);
	(void)snprintf(ret_text, TEXT_BYTES, "%s version=%u hash=%s%s%s", event, programme->version,
		       hex, operator_name[0] == '\0' ? "" : " operator=", operator_name);
}

/* What an approval wrote of it stays: who did it, and when. */
static int is_kept(struct store *store, const struct programme *programme, bool *ret_is_kept)
{
	own(buf_free) struct buf bytes = {0};
	struct version_row row = {0};
	int error = version_row_find(store_safe(store), programme->hash, &bytes, &row);

	if (error != 0 && error != -ENOENT)
		return error;
	*ret_is_kept = error == 0;
	return 0;
}

static int take_into_force(struct store *store, const struct room_settings *settings,
			   int64_t at_now, enum approval_step step)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[TEXT_BYTES];
	struct version_row row;
	bool is_there = false;
	int error = is_kept(store, settings->programme, &is_there);

	if (error != 0)
		return error;
	safe_write(store_safe(store), &txn);
	if (!is_there && settings->programme_text != NULL) {
		version_row_fill(settings->programme, settings->programme_text,
				 settings->programme_text_n, at_now, &row);
		put_version(&txn, &row);
	}
	if (step == APPROVAL_PIN) {
		put_pin(&txn, settings->programme);
		tell("programme_in_force", settings->programme, "", text);
		store_audit(store, &txn, at_now, text);
	}
	return safe_commit(&txn);
}

static bool is_unused(struct store *store)
{
	return store_head(store) == 0 && book_last_closed(store_book(store)) == 0;
}

int house_versions_open(struct store *store, const struct room_settings *settings, int64_t at_now,
			struct versions *ret_versions, struct fault *fault)
{
	own(versions_free) struct versions versions = {0};
	enum approval_step step = APPROVAL_NOTHING;
	int error = approval_open(store_safe(store), settings->programme, is_unused(store),
				  &versions, &step, fault);

	if (error == 0 && step != APPROVAL_NOTHING)
		error = take_into_force(store, settings, at_now, step);
	if (error != 0)
		return error;
	*ret_versions = versions;
	versions = (struct versions){0};
	return 0;
}

/* One whose demands ask for what records do not have could not be started with. */
static int judge(struct store *store, const struct versions *versions,
		 const struct approval_offer *offer, struct fault *fault)
{
	own(demands_free) struct demands *demands = NULL;
	int error = approval_judge(store_safe(store), versions, offer, fault);

	return error != 0 ? error : demands_new(offer->programme, &demands, fault);
}

int house_versions_judge(struct store *store, const struct versions *versions,
			 const struct programme *next, bool *ret_is_due, struct fault *fault)
{
	return approval_again(store_safe(store), versions, next, is_unused(store), ret_is_due,
			      fault);
}

static int keep(struct store *store, const struct approval_offer *offer, const char *operator_name,
		int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[TEXT_BYTES];
	struct version_row row;

	version_row_fill(offer->programme, offer->text, offer->n, at_now, &row);
	text_copy(row.operator_name, sizeof(row.operator_name), operator_name);
	tell(offer->is_former ? "programme_kept" : "programme_approved", offer->programme,
	     operator_name, text);
	(void)kv_grow(safe_kv(store_safe(store)));
	safe_write(store_safe(store), &txn);
	put_version(&txn, &row);
	store_audit(store, &txn, at_now, text);
	return safe_commit(&txn);
}

int house_versions_approve(struct store *store, const struct versions *versions,
			   const struct approval_offer *offer, const char *operator_name,
			   int64_t at_now, struct answer *ret_answer)
{
	struct fault fault = {0};
	int error = judge(store, versions, offer, &fault);

	if (error == -EBADMSG)
		return answer_fault(ret_answer, &fault);
	if (error == 0 && !offer->is_dry_run)
		error = keep(store, offer, operator_name, at_now);
	return error != 0 ? error : approval_answer(store_safe(store), versions, offer, ret_answer);
}
