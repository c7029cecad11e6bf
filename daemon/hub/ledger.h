/*
 * The hub's ledger: one safe, append-only. Every accepted release of every site as it came, so that
 * all figures can be computed again from the chains; never incremented, never deleted by protocol.
 * Tables:
 * - release, site u16be and n u64be: prev, payload, signature, at received
 * - quarantine, number u64be: site, code, at, message; refused material, for the operator
 * - event, number u64be: the audit chain, head = H("mia/1/audit", head, at, text)
 * - result, period u32be: at made, body, signature; the signed county results
 *
 * Sites are numbered by the ledger in the order they first report (meta row "x.sites"), since the
 * programme's order may change.
 */
#ifndef MIA_HUB_LEDGER_H
#define MIA_HUB_LEDGER_H

#include "lib/safe.h"
#include "proto/msg.h"
#include "proto/release.h"

struct ledger;

struct ledger_settings {
	const char *dir; /* state folder: DIR/ledger */
	const uint8_t *vault_key;
	const struct programme *programme;
	uint64_t map_bytes;
	bool is_rehearsal;
};

int ledger_create(const struct ledger_settings *settings, struct fault *fault);
int ledger_open(const struct ledger_settings *settings, struct ledger **ret_ledger,
		struct fault *fault);
void ledger_close(struct ledger **ledger);
const uint8_t *
ledger_instance(const struct ledger *ledger); /* MSG_INSTANCE_BYTES, random, made at creation */
bool ledger_is_rehearsal(const struct ledger *ledger);
struct safe *ledger_safe(struct ledger *ledger);

/* Head of a site's chain as stored: n 0 and h0 when there is none. */
void ledger_head(const struct ledger *ledger, const char *site, uint64_t *ret_n,
		 uint8_t ret_hash[static SIGN_HASH_BYTES]);

/* A group of changes, durable together: heads follow only when commit gives 0, and after a failure
 * everything is as before. One group at a time. */
int ledger_begin(struct ledger *ledger);
/* The next release of a site's chain (n = head + 1 within the group, verified by the caller).
 * -ENOMEM and the transaction's errors come at commit. */
void ledger_add(struct ledger *ledger, const char *site, const struct release *release,
		int64_t at_now);
void ledger_quarantine(struct ledger *ledger, const char *site, const char *code,
		       const void *message, size_t n, int64_t at_now);
/* text is "event key=value ...". */
void ledger_audit(struct ledger *ledger, int64_t at_now, const char *text);
void ledger_keep_result(struct ledger *ledger, uint32_t period, const void *body, size_t n,
			const uint8_t signature[static SIGN_BYTES], int64_t at_now);
int ledger_commit(struct ledger *ledger);

/* A stored release: -ENOENT, -EBADMSG damaged. */
int ledger_load(struct ledger *ledger, const char *site, uint64_t n, struct release *ret_release,
		int64_t *ret_at_received);
/* Every release, site by site in chain order; non-zero from visit stops and is returned. */
typedef int ledger_visit_fn(void *context, const char *site, const struct release *release,
			    int64_t at_received);
int ledger_walk(struct ledger *ledger, ledger_visit_fn *visit, void *context);
/* Audit events from number (1..) on, and quarantined messages; *text is valid in the call. */
typedef int ledger_event_fn(void *context, uint64_t number, int64_t at, const char *text);
int ledger_events(struct ledger *ledger, uint64_t from, ledger_event_fn *visit, void *context);
uint64_t ledger_events_n(const struct ledger *ledger);
typedef int ledger_quarantine_fn(void *context, const char *site, const char *code, int64_t at,
				 const void *message, size_t n);
int ledger_walk_quarantine(struct ledger *ledger, ledger_quarantine_fn *visit, void *context);

/* Rows of the hub's own in meta ("x.NAME"): -ENOENT. Put takes part in the open group. */
int ledger_get_row(struct ledger *ledger, const char *name, struct buf *ret_value);
void ledger_put_row(struct ledger *ledger, const char *name, const void *value, size_t n);

#endif
