#include "daemon/site/store_invite.h"

#include "daemon/site/store_audit.h"
#include "daemon/site/store_index.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Of meta: there once a code was given out. */
#define INVITED_KEY "x.invited"
#define BYTES_OF(text) (text), sizeof(text) - 1

static void hash_of(const struct store *store, const char *code,
		    uint8_t ret_hash[static VAULT_LOOKUP_BYTES])
{
	vault_lookup(store->vault, lookup_domain(LOOKUP_INVITATION), code, strlen(code), ret_hash);
}

bool store_invite_was_given(struct store *store, const char *code)
{
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t hash[VAULT_LOOKUP_BYTES];
	struct kv_bytes entry;

	hash_of(store, code, hash);
	safe_read(store->records, &txn);
	return safe_raw(&txn, STORE_INDEX, hash, sizeof(hash), &entry);
}

bool store_invite_is_begun(struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct kv_bytes mark;

	safe_read(store->records, &txn);
	return safe_raw(&txn, STORE_META, BYTES_OF(INVITED_KEY), &mark);
}

/* A code that nobody has, which any is but once in 2^60. */
static void make(struct store *store, char ret_code[static INVITATION_BYTES])
{
	do
		invitation_make(ret_code);
	while (store_invite_was_given(store, ret_code));
}

static int write_codes(struct store *store, const struct store_origin *origin, size_t n,
		       char (*codes)[INVITATION_BYTES])
{
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t hash[VAULT_LOOKUP_BYTES];
	char text[ACT_OPERATOR_BYTES + 32];

	(void)kv_grow(safe_kv(store->records));
	safe_write(store->records, &txn);
	for (size_t i = 0; i < n; i++) {
		hash_of(store, codes[i], hash);
		store_core_put_index(&txn, hash, STORE_INVITED);
	}
	safe_put(&txn, STORE_META, BYTES_OF(INVITED_KEY), NULL, "", 0);
	(void)snprintf(text, sizeof(text), "invitations_given operator=%s", origin->operator_name);
	store_audit(store, &txn, origin->at, text);
	return safe_commit(&txn);
}

int store_invite(struct store *store, const struct store_origin *origin, size_t n,
		 char (*ret_codes)[INVITATION_BYTES])
{
	int error;

	assert(n <= STORE_INVITE_MAX);
	if (store->is_broken)
		return fail(-EIO);
	for (size_t i = 0; i < n; i++)
		make(store, ret_codes[i]);
	error = write_codes(store, origin, n, ret_codes);
	if (error < 0)
		explicit_bzero(ret_codes, n * sizeof(*ret_codes));
	return error;
}
