#include "daemon/hub/ledger.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define KIND "hub-ledger"
#define SCHEMA 1
#define OWNER "hub"
#define INSTANCE_ROW "x.instance"

static const char *const tables[] = {"release", "quarantine", "event", "result"};

struct ledger {
	struct vault *vault;
	struct safe *safe;
	uint8_t instance[MSG_INSTANCE_BYTES];
	struct ledger_state stored,
		group; /* group: as it will be once the open transaction is durable */
	struct safe_txn txn;
	bool is_open; /* a group */
};

static int path_of(const struct ledger_settings *settings, char ret_path[PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/ledger", settings->dir);

	return n < 0 || n >= PATH_MAX ? fail(-ENAMETOOLONG) : 0;
}

static struct safe_spec spec_of(const struct ledger_settings *settings)
{
	return (struct safe_spec){
		.kind = KIND,
		.schema = SCHEMA,
		.tables = tables,
		.tables_n = array_n(tables),
		.map_bytes = settings->map_bytes,
	};
}

static void programme_id(const struct programme *programme, uint8_t ret_id[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, "mia/1/programme-id");
	sign_hash_part(&hash, programme->id, strlen(programme->id));
	sign_hash_part(&hash, programme->case_number, strlen(programme->case_number));
	sign_hash_end(&hash, ret_id);
}

static int put_instance(const char *path, const struct safe_spec *spec, struct vault *vault)
{
	own(safe_close) struct safe *safe = NULL;
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t instance[MSG_INSTANCE_BYTES];
	struct fault fault;
	int status = safe_open(path, spec, vault, &safe, &fault);

	if (status != 0)
		return status == -EBADMSG ? fail(-EIO) : status;
	secret_random(instance, sizeof(instance));
	safe_write(safe, &txn);
	safe_put(&txn, LEDGER_META, INSTANCE_ROW, strlen(INSTANCE_ROW), NULL, instance,
		 sizeof(instance));
	return safe_commit(&txn);
}

int ledger_create(const struct ledger_settings *settings)
{
	const struct safe_spec spec = spec_of(settings);
	struct safe_identity identity = {.owner = OWNER, .is_rehearsal = settings->is_rehearsal};
	own(vault_free) struct vault *vault = NULL;
	char path[PATH_MAX];
	int status = path_of(settings, path);

	programme_id(settings->programme, identity.programme_id);
	if (status == 0)
		status = vault_new(settings->vault_key, NULL, &vault);
	if (status == 0)
		status = safe_create(path, &spec, &identity, vault);
	return status != 0 ? status : put_instance(path, &spec, vault);
}

/* ---- opening ---- */

static int read_instance(struct ledger *ledger, struct safe_txn *txn)
{
	own(buf_free) struct buf row = {0};
	int status = safe_get(txn, LEDGER_META, INSTANCE_ROW, strlen(INSTANCE_ROW), NULL, &row);

	if (status == 0 && row.n != sizeof(ledger->instance))
		status = fail(-EBADMSG);
	if (status == 0)
		memcpy(ledger->instance, row.data, sizeof(ledger->instance));
	return status == -ENOENT ? fail(-EBADMSG) : status;
}

static int read_state(struct ledger *ledger, const char *path, struct fault *fault)
{
	own(safe_abort) struct safe_txn txn = {0};
	int status;

	safe_read(ledger->safe, &txn);
	status = read_instance(ledger, &txn);
	if (status == 0)
		status = ledger_state_read(&txn, &ledger->stored);
	if (status == -EBADMSG)
		return fault_set(
			fault, "H001", path,
			"Keep this ledger for inspection and restore a backup, or begin an empty "
			"one: the sites fill it again.",
			"a row of the ledger is damaged, or a site's chain does not hold");
	return status;
}

static int check_programme(const struct ledger *ledger, const struct programme *programme,
			   const char *path, struct fault *fault)
{
	uint8_t id[SIGN_HASH_BYTES];

	programme_id(programme, id);
	if (memcmp(id, safe_identity(ledger->safe)->programme_id, sizeof(id)) == 0)
		return 0;
	return fault_set(fault, "S011", path, "Point state in miad.conf at this programme's store.",
			 "the ledger is not of the programme \"%s\"", programme->id);
}

int ledger_open(const struct ledger_settings *settings, struct ledger **ret_ledger,
		struct fault *fault)
{
	own(ledger_close) struct ledger *ledger = NULL;
	const struct safe_spec spec = spec_of(settings);
	char path[PATH_MAX];
	int status = path_of(settings, path);

	if (status != 0)
		return status;
	ledger = calloc(1, sizeof(*ledger));
	if (ledger == NULL)
		return fail(-ENOMEM);
	status = vault_new(settings->vault_key, NULL, &ledger->vault);
	if (status == 0)
		status = safe_open(path, &spec, ledger->vault, &ledger->safe, fault);
	if (status == -EBUSY)
		status = fault_set(fault, "S007", path, "Stop the other daemon first.",
				   "the ledger is open in another daemon");
	if (status == 0)
		status = check_programme(ledger, settings->programme, path, fault);
	if (status == 0)
		status = read_state(ledger, path, fault);
	if (status == 0)
		*ret_ledger = take(ledger);
	return status;
}

void ledger_close(struct ledger **ledger)
{
	if (*ledger == NULL)
		return;
	safe_abort(&(*ledger)->txn);
	safe_close(&(*ledger)->safe);
	vault_free(&(*ledger)->vault);
	free(*ledger);
	*ledger = NULL;
}

/* ---- what is stored ---- */

void ledger_about(const struct ledger *ledger, struct ledger_about *ret_about)
{
	*ret_about = (struct ledger_about){
		.instance = ledger->instance,
		.state = &ledger->stored,
		.is_rehearsal = safe_identity(ledger->safe)->is_rehearsal,
	};
	kv_size(safe_kv(ledger->safe), &ret_about->map_bytes, &ret_about->used_bytes);
}

struct safe *ledger_safe(const struct ledger *ledger)
{
	return ledger->safe;
}

void ledger_head(const struct ledger *ledger, const char *site, uint64_t *ret_n,
		 uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	int number = ledger_state_find(&ledger->stored, site);

	if (number < 0) {
		*ret_n = 0;
		sign_chain_start(site, ret_hash);
		return;
	}
	*ret_n = ledger->stored.sites[number].n;
	memcpy(ret_hash, ledger->stored.sites[number].hash, SIGN_HASH_BYTES);
}

/* ---- a group ---- */

/* Room is made between groups, as the map cannot grow in a transaction; where the disk has none
 * left the commit says so. */
static struct safe_txn *group_of(struct ledger *ledger)
{
	if (ledger->is_open)
		return &ledger->txn;
	kv_check_readers(safe_kv(ledger->safe));
	(void)kv_grow(safe_kv(ledger->safe));
	ledger->group = ledger->stored;
	safe_write(ledger->safe, &ledger->txn);
	ledger->is_open = true;
	return &ledger->txn;
}

/* Puts a row that was packed; a failure to pack becomes the group's. */
static void put(struct ledger *ledger, enum ledger_table table, const void *key, size_t key_n,
		const struct buf *row)
{
	struct safe_txn *txn = group_of(ledger);

	if (row->error != 0 && txn->kv.error == 0)
		txn->kv.error = row->error;
	if (txn->kv.error == 0)
		safe_put(txn, table, key, key_n, NULL, row->data, row->n);
}

/* Number of a site that may be new; -1 when there are too many, which is the group's failure. */
static int number_of(struct ledger *ledger, const char *site)
{
	own(buf_free) struct buf row = {0};
	int number = ledger_state_find(&ledger->group, site);

	if (number >= 0)
		return number;
	number = ledger_state_add(&ledger->group, site);
	if (number < 0 && ledger->txn.kv.error == 0)
		ledger->txn.kv.error = fail(-ENOSPC);
	ledger_state_pack_sites(&ledger->group, &row);
	put(ledger, LEDGER_META, LEDGER_SITES_ROW, strlen(LEDGER_SITES_ROW), &row);
	return number;
}

void ledger_add(struct ledger *ledger, const char *site, const struct release *release,
		int64_t at_now)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[LEDGER_RELEASE_KEY_BYTES];
	struct ledger_entry *entry;
	int number;

	(void)group_of(ledger);
	number = number_of(ledger, site);
	if (number < 0)
		return;
	entry = &ledger->group.sites[number];
	assert(release->n == entry->n + 1);
	assert(memcmp(release->prev, entry->hash, SIGN_HASH_BYTES) == 0);
	ledger_row_release_key((unsigned)number, release->n, key);
	ledger_row_pack_release(release, at_now, &row);
	put(ledger, LEDGER_RELEASE, key, sizeof(key), &row);
	entry->n = release->n;
	memcpy(entry->hash, release->hash, SIGN_HASH_BYTES);
}

void ledger_quarantine(struct ledger *ledger, const char *site, const char *code,
		       const void *message, size_t n, int64_t at_now)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[8];

	(void)group_of(ledger);
	pack_array(&row, 4);
	pack_str(&row, site);
	pack_str(&row, code);
	pack_i64(&row, at_now);
	pack_bin(&row, message, n);
	safe_key_u64(++ledger->group.quarantined_n, key);
	put(ledger, LEDGER_QUARANTINE, key, sizeof(key), &row);
}

void ledger_audit(struct ledger *ledger, int64_t at_now, const char *text)
{
	own(buf_free) struct buf row = {0};
	struct ledger_event event = {.at = at_now};
	uint8_t key[8];

	(void)group_of(ledger);
	text_copy(event.text, sizeof(event.text), text);
	ledger_row_chain_event(&event, ledger->group.audit_head);
	memcpy(ledger->group.audit_head, event.head, sizeof(event.head));
	ledger_row_pack_event(&event, &row);
	safe_key_u64(++ledger->group.events_n, key);
	put(ledger, LEDGER_EVENT, key, sizeof(key), &row);
}

void ledger_keep_result(struct ledger *ledger, uint32_t period, const void *body, size_t n,
			const uint8_t signature[static SIGN_BYTES], int64_t at_now)
{
	own(buf_free) struct buf row = {0};
	uint8_t key[LEDGER_PERIOD_KEY_BYTES];

	pack_array(&row, 3);
	pack_i64(&row, at_now);
	pack_bin(&row, body, n);
	pack_bin(&row, signature, SIGN_BYTES);
	ledger_row_period_key(period, key);
	put(ledger, LEDGER_RESULT, key, sizeof(key), &row);
}

void ledger_put_row(struct ledger *ledger, const char *name, const void *value, size_t n)
{
	struct safe_txn *txn = group_of(ledger);

	if (value == NULL && txn->kv.error == 0)
		txn->kv.error = fail(-ECANCELED);
	if (txn->kv.error == 0)
		safe_put(txn, LEDGER_META, name, strlen(name), NULL, value, n);
}

int ledger_commit(struct ledger *ledger)
{
	int status;

	if (!ledger->is_open)
		return 0;
	ledger->is_open = false;
	status = safe_commit(&ledger->txn);
	safe_abort(&ledger->txn);
	if (status == 0)
		ledger->stored = ledger->group;
	return status;
}
