/*
 * The rules of the road that both ends follow (4.1): constants, the decision after WELCOME, what a
 * receipt and a result are signatures over.
 */
#ifndef MIA_PROTO_WIRE_H
#define MIA_PROTO_WIRE_H

#include "proto/msg.h"

#define WIRE_PROTOCOL 1
#define WIRE_WINDOW 8 /* releases under way without a receipt */
#define WIRE_SILENCE_MS 60000 /* no receipt for so long with work outstanding: a new connection */
#define WIRE_BACKOFF_MIN_MS 1000
#define WIRE_BACKOFF_MAX_MS 300000
#define WIRE_DOMAIN "mia" /* ZAP domain */

/* What a site does when it learns the hub's (n', h'). */
enum wire_decision {
	WIRE_STREAM, /* h' is our hash at n': send from n' + 1 (normal, hub restored, hub lost
			everything: the same case) */
	WIRE_ADOPT, /* n' > n and the hub's chain holds our head: we were restored; fetch, verify
		       our own signatures, adopt, alarm */
	WIRE_FORK, /* what the hub accepted stands: archive ours, adopt the hub's, alarm */
};

/*
 * own_hash_at(n) gives our hash at n' when n' <= own_n. When n' > own_n the decision is between
 * ADOPT and FORK and is made after FETCH, by whether the fetched chain goes through our head:
 * fetched_hash_at_own_n is NULL before the fetch (then ADOPT is given, provisionally). Nothing is
 * decided on a number alone.
 */
enum wire_decision wire_decide(uint64_t own_n, const uint8_t *own_hash_at_hub_n,
			       const uint8_t *own_head, uint64_t hub_n,
			       const uint8_t hub_hash[static SIGN_HASH_BYTES],
			       const uint8_t *fetched_hash_at_own_n);

/* Receipts: Ed25519 over LP("mia/1/receipt") u64le n hash token. */
void wire_sign_receipt(struct msg_RECEIPT *receipt, const struct sign_key *hub);
bool wire_check_receipt(const struct msg_RECEIPT *receipt,
			const uint8_t hub[static SIGN_PUBLIC_BYTES]);
/* Results: over LP("mia/1/result") H("mia/1/result", body). */
void wire_sign_result(const void *body, size_t n, const struct sign_key *hub,
		      uint8_t ret_signature[static SIGN_BYTES]);
bool wire_check_result(const void *body, size_t n, const uint8_t hub[static SIGN_PUBLIC_BYTES],
		       const uint8_t signature[static SIGN_BYTES]);

/* Next wait before dialling again: doubles from MIN to MAX; random is 0..UINT32_MAX and gives +-25
 * % jitter. previous_ms 0 starts. */
int64_t wire_backoff(int64_t previous_ms, uint32_t random);

#endif
