#include "lib/safe_label.h"

#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#define MAGIC "mia-safe"
#define FIELDS_N 7
#define FIELDS_MAX 32 /* of a later version */
#define SUM_BYTES 16

void safe_label_pack(const struct safe_label *label, struct buf *ret_clear)
{
	const struct safe_identity *identity = &label->identity;

	pack_array(ret_clear, FIELDS_N);
	pack_str(ret_clear, MAGIC);
	pack_str(ret_clear, label->kind);
	pack_u64(ret_clear, label->schema);
	pack_bin(ret_clear, identity->store, sizeof(identity->store));
	pack_str(ret_clear, identity->owner);
	pack_bin(ret_clear, identity->programme_id, sizeof(identity->programme_id));
	pack_bool(ret_clear, identity->is_rehearsal);
}

static int other_kind(struct fault *fault, const char *path, const char *kind)
{
	return fault_set(fault, "S001", path,
			 "Check the folder in miad.conf, or move the store away.",
			 "This is another kind of store: %s", kind);
}

static int newer(struct fault *fault, const char *path, uint16_t found, uint16_t known)
{
	return fault_set(fault, "S002", path, "Install that version or a newer one.",
			 "The store was written by a newer version: format %u, known here is %u",
			 found, known);
}

int safe_label_read(const struct buf *clear, const char *kind, uint16_t schema, const char *path,
		    struct safe_label *ret_label, struct fault *fault)
{
	struct unpack in = unpack_start(clear->data, clear->n);
	struct safe_label label = {0};
	char magic[sizeof(MAGIC)];

	(void)unpack_array(&in, FIELDS_MAX);
	unpack_str(&in, magic, sizeof(magic));
	unpack_str(&in, label.kind, sizeof(label.kind));
	label.schema = (uint16_t)unpack_u64(&in, UINT16_MAX);
	if (in.error != 0 || strcmp(magic, MAGIC) != 0)
		return other_kind(fault, path, "its identity is not MIA's");
	if (strcmp(label.kind, kind) != 0)
		return other_kind(fault, path, label.kind);
	if (label.schema > schema)
		return newer(fault, path, label.schema, schema);
	unpack_bin_of(&in, label.identity.store, sizeof(label.identity.store));
	unpack_str(&in, label.identity.owner, sizeof(label.identity.owner));
	unpack_bin_of(&in, label.identity.programme_id, sizeof(label.identity.programme_id));
	label.identity.is_rehearsal = unpack_bool(&in);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return safe_label_damaged(fault, path, "its identity cannot be read");
	*ret_label = label;
	return 0;
}

/* Bound to no store, as the store's id is part of what the seal vouches for. */
static const uint8_t no_store[VAULT_STORE_BYTES];
static const struct vault_place seal_place = {.store = no_store,
					      .version = 1,
					      .key = "seal",
					      .key_n = 4};

static void sum_of(const uint8_t *sealed, size_t n, uint8_t ret_sum[static SUM_BYTES])
{
	(void)crypto_generichash(ret_sum, SUM_BYTES, sealed, n, NULL, 0);
}

void safe_label_seal(struct vault *vault, const struct buf *clear, struct buf *ret_seal)
{
	uint8_t sum[SUM_BYTES];

	vault_seal(vault, NULL, &seal_place, clear->data, clear->n, ret_seal);
	if (ret_seal->error != 0)
		return;
	sum_of(ret_seal->data, ret_seal->n, sum);
	buf_add(ret_seal, sum, sizeof(sum));
}

/* A wrong key is a seal whose sum is right and which does not open; all else is damage. */
int safe_label_check(struct vault *vault, const struct buf *clear, const struct buf *seal,
		     const char *path, struct fault *fault)
{
	own(buf_free) struct buf opened = {0};
	uint8_t sum[SUM_BYTES];
	size_t sealed_n;
	int r;

	if (seal->n < SUM_BYTES)
		return safe_label_damaged(fault, path, "its seal is cut short");
	sealed_n = seal->n - SUM_BYTES;
	sum_of(seal->data, sealed_n, sum);
	if (memcmp(sum, seal->data + sealed_n, SUM_BYTES) != 0)
		return safe_label_damaged(fault, path, "its seal is broken");
	r = vault_open(vault, NULL, &seal_place, seal->data, sealed_n, &opened);
	if (r == -EBADMSG)
		return fault_set(fault, "S003", path, "Use the vault key this store was made with.",
				 "The store is sealed with another vault key");
	if (r < 0)
		return r;
	if (opened.n != clear->n || memcmp(opened.data, clear->data, opened.n) != 0)
		return safe_label_damaged(fault, path, "its identity is not the sealed one");
	return 0;
}

void safe_counts_pack(const uint64_t counts[], size_t tables_n, struct buf *ret_packed)
{
	pack_array(ret_packed, (uint32_t)tables_n);
	for (size_t i = 0; i < tables_n; i++)
		pack_u64(ret_packed, counts[i]);
}

static int disagree(struct fault *fault, const char *path, size_t table, uint64_t there,
		    uint64_t counted)
{
	return fault_set(fault, "S005", path,
			 "Restore the store from a backup; keep this one for inspection.",
			 "Table %zu holds %llu entries where %llu were counted", table,
			 (unsigned long long)there, (unsigned long long)counted);
}

int safe_counts_check(const struct buf *packed, const uint64_t there[], size_t tables_n,
		      const char *path, struct fault *fault)
{
	struct unpack in = unpack_start(packed->data, packed->n);
	size_t counted_n = unpack_array(&in, UINT16_MAX);

	if (counted_n > tables_n)
		return fault_set(fault, "S002", path, "Install that version or a newer one.",
				 "The store was written by a newer version: it has %zu tables, "
				 "known here are %zu",
				 counted_n, tables_n);
	for (size_t i = 0; i < tables_n && in.error == 0; i++) {
		uint64_t counted = i < counted_n ? unpack_u64(&in, UINT64_MAX) : 0;

		if (in.error == 0 && there[i] != counted)
			return disagree(fault, path, i, there[i], counted);
	}
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return safe_label_damaged(fault, path, "its counts cannot be read");
	return 0;
}

int safe_label_damaged(struct fault *fault, const char *path, const char *what)
{
	return fault_set(fault, "S004", path,
			 "Restore the store from a backup; keep this one for inspection.",
			 "The store is damaged: %s", what);
}
