#include "proto/wire.h"

#include <assert.h>
#include <string.h>

#define RECEIPT_DOMAIN "mia/1/receipt"
#define RESULT_DOMAIN "mia/1/result"
#define RECEIPT_BYTES (8 + SIGN_HASH_BYTES + MSG_TOKEN_BYTES)

enum wire_decision wire_decide(uint64_t own_n, const uint8_t *own_hash_at_hub_n,
			       const uint8_t *own_head, uint64_t hub_n,
			       const uint8_t hub_hash[static SIGN_HASH_BYTES],
			       const uint8_t *fetched_hash_at_own_n)
{
	if (hub_n <= own_n) {
		assert(own_hash_at_hub_n != NULL);
		return memcmp(own_hash_at_hub_n, hub_hash, SIGN_HASH_BYTES) == 0 ? WIRE_STREAM
										 : WIRE_FORK;
	}
	if (fetched_hash_at_own_n == NULL)
		return WIRE_ADOPT;
	assert(own_head != NULL);
	return memcmp(fetched_hash_at_own_n, own_head, SIGN_HASH_BYTES) == 0 ? WIRE_ADOPT
									     : WIRE_FORK;
}

/* u64le n, hash, token. */
static void receipt_message(const struct msg_RECEIPT *receipt,
			    uint8_t ret_message[static RECEIPT_BYTES])
{
	for (size_t i = 0; i < 8; i++)
		ret_message[i] = (uint8_t)(receipt->n >> (8 * i));
	memcpy(ret_message + 8, receipt->hash, SIGN_HASH_BYTES);
	memcpy(ret_message + 8 + SIGN_HASH_BYTES, receipt->token, MSG_TOKEN_BYTES);
}

void wire_sign_receipt(struct msg_RECEIPT *receipt, const struct sign_key *hub)
{
	uint8_t message[RECEIPT_BYTES];

	receipt_message(receipt, message);
	sign_make(hub, RECEIPT_DOMAIN, message, sizeof(message), receipt->signature);
}

bool wire_check_receipt(const struct msg_RECEIPT *receipt,
			const uint8_t hub[static SIGN_PUBLIC_BYTES])
{
	uint8_t message[RECEIPT_BYTES];

	receipt_message(receipt, message);
	return sign_check(hub, RECEIPT_DOMAIN, message, sizeof(message), receipt->signature);
}

static void result_hash(const void *body, size_t n, uint8_t ret_hash[static SIGN_HASH_BYTES])
{
	struct sign_hash hash;

	sign_hash_start(&hash, RESULT_DOMAIN);
	sign_hash_part(&hash, body, n);
	sign_hash_end(&hash, ret_hash);
}

void wire_sign_result(const void *body, size_t n, const struct sign_key *hub,
		      uint8_t ret_signature[static SIGN_BYTES])
{
	uint8_t hash[SIGN_HASH_BYTES];

	result_hash(body, n, hash);
	sign_make(hub, RESULT_DOMAIN, hash, sizeof(hash), ret_signature);
}

bool wire_check_result(const void *body, size_t n, const uint8_t hub[static SIGN_PUBLIC_BYTES],
		       const uint8_t signature[static SIGN_BYTES])
{
	uint8_t hash[SIGN_HASH_BYTES];

	result_hash(body, n, hash);
	return sign_check(hub, RESULT_DOMAIN, hash, sizeof(hash), signature);
}

/*
 * base is twice the last wait, kept within [4/3 MIN, 4/5 MAX], so that 3/4 to 5/4 of it stays
 * within [MIN, MAX] without ever standing at either end: six sites cut off together do not come
 * back together. wait = base * 3/4 + base/2 * random / (2^32 - 1).
 */
int64_t wire_backoff(int64_t previous_ms, uint32_t random)
{
	int64_t least = WIRE_BACKOFF_MIN_MS * 4 / 3 + 1;
	int64_t most = WIRE_BACKOFF_MAX_MS * 4 / 5;
	int64_t base = previous_ms > most / 2 ? most : 2 * previous_ms;

	if (base < least)
		base = least;
	return base * 3 / 4 + base / 2 * (int64_t)random / UINT32_MAX;
}
