#include "daemon/site/store_verify.h"

#include "daemon/site/store_core.h"
#include "lib/own.h"

#include <string.h>

int store_verify(struct store *store, bool *ret_holds)
{
	own(safe_abort) struct safe_txn txn = {0};
	uint8_t chain[SIGN_HASH_BYTES] = {0};

	safe_read(store->records, &txn);
	for (uint64_t seq = 1; seq <= store->head.seq; seq++) {
		struct kv_bytes sealed;
		uint8_t key[8];

		safe_key_u64(seq, key);
		if (!safe_raw(&txn, STORE_LOG, key, sizeof(key), &sealed)) {
			*ret_holds = false;
			return txn.kv.error;
		}
		store_core_chain(chain, sealed.data, sealed.n);
	}
	*ret_holds = memcmp(chain, store->head.chain, sizeof(chain)) == 0;
	return txn.kv.error;
}
