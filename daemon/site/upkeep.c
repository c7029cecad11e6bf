#include "daemon/site/upkeep.h"

#include "daemon/site/store_forget.h"

int upkeep(struct store *store, const char **ret_event)
{
	struct kv *kv = safe_kv(store_safe(store));
	int error;

	kv_check_readers(kv);
	error = kv_grow(kv);
	*ret_event = "store_cannot_grow";
	if (error != 0 || !store_forget_is_due(store))
		return error;
	*ret_event = "forgetting_waits";
	return store_forget_resume(store);
}
