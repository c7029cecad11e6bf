#include "daemon/site/refusal.h"

#include "lib/own.h"
#include "lib/text.h"

#include <stdio.h>
#include <string.h>

bool refusal_is_code(const char *code)
{
	return (code[0] == 'W' || code[0] == 'H') && strlen(code) == 4 &&
	       strspn(code + 1, "0123456789") == 3;
}

bool refusal_heals(const char *code)
{
	/* Chain, fork, programme, month, roster, version, suspended. */
	static const char *const healing[] = {"W003", "W004", "W005", "W009",
					      "W010", "W011", "W016"};

	for (size_t i = 0; i < array_n(healing); i++) {
		if (strcmp(code, healing[i]) == 0)
			return true;
	}
	return false;
}

int refusal_note(struct store *store, const struct msg_REFUSAL *refusal,
		 char last[static REFUSAL_CODE_BYTES], int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[64];

	if (strcmp(last, refusal->code) == 0)
		return 0;
	text_copy(last, REFUSAL_CODE_BYTES, refusal->code);
	(void)snprintf(text, sizeof(text), "refused n=%llu code=%s", (unsigned long long)refusal->n,
		       refusal->code);
	safe_write(store_safe(store), &txn);
	store_audit(store, &txn, at_now, text);
	return safe_commit(&txn);
}
