/*
 * The hub's ledger: one safe, append-only. Every accepted release of every site as it came, so that
 * all figures can be computed again from the chains; never incremented, never deleted by protocol.
 * Keys and values (canonical MessagePack, sealed):
 *   release     site u16be, n u64be   [prev bin32, payload bin, signature bin64, at received int]
 *   quarantine  number u64be          [site, code, at int, message bin]   refused material, for the
 *                                     operator
 *   event       number u64be          [at int, text, head bin32]   the audit chain: head =
 *                                     H("mia/1/audit", head before, u64 at, text), 0 before event 1
 *   result      period u32be          [at made int, body bin, signature bin64]   the signed county
 *                                     results
 * Sites are numbered by the ledger in the order they first report (meta row "x.sites", an array of
 * ids), since the programme's order may change. This module opens and writes;
 * daemon/hub/ledger_read reads.
 */
#ifndef MIA_HUB_LEDGER_H
#define MIA_HUB_LEDGER_H

#include "daemon/hub/ledger_row.h"
#include "daemon/hub/ledger_state.h"
#include "lib/safe.h"
#include "proto/msg.h"
#include "proto/release.h"

struct ledger;

struct ledger_settings {
	const char *dir; /* state folder: DIR/ledger */
	const uint8_t *vault_key;
	const struct programme *programme;
	uint64_t map_bytes;
	bool is_rehearsal; /* for create; open reads it from the store */
};

/* 0, -EEXIST, -errno. */
int ledger_create(const struct ledger_settings *settings);
/* Opens and follows every chain from its start: -EBADMSG with fault S... of the store, S007 open in
 * another daemon, S011 of another programme, H001 a row damaged or a chain that does not hold. */
int ledger_open(const struct ledger_settings *settings, struct ledger **ret_ledger,
		struct fault *fault);
void ledger_close(struct ledger **ledger);

struct ledger_about {
	const uint8_t *instance; /* MSG_INSTANCE_BYTES, random, made at creation */
	const struct ledger_state *state; /* as stored: sites and their heads, counts */
	bool is_rehearsal;
	size_t map_bytes, used_bytes;
};
void ledger_about(const struct ledger *ledger, struct ledger_about *ret_about);
struct safe *ledger_safe(const struct ledger *ledger); /* borrowed, for ledger_read */

/* Head of a site's chain as stored: n 0 and h0 when there is none. */
void ledger_head(const struct ledger *ledger, const char *site, uint64_t *ret_n,
		 uint8_t ret_hash[static SIGN_HASH_BYTES]);

/*
 * A group of changes, durable together: the first change opens it, ledger_commit() ends it. Heads
 * and counts follow only when commit gives 0; after a failure everything is as before. Failures of
 * a change (-ENOSPC, -ENOMEM, -EIO) are kept and come at commit.
 */
/* The next release of a site's chain (n = head + 1 within the group, verified by the caller). */
void ledger_add(struct ledger *ledger, const char *site, const struct release *release,
		int64_t at_now);
void ledger_quarantine(struct ledger *ledger, const char *site, const char *code,
		       const void *message, size_t n, int64_t at_now);
/* text is "event key=value ...", UTF-8 without control characters. */
void ledger_audit(struct ledger *ledger, int64_t at_now, const char *text);
void ledger_keep_result(struct ledger *ledger, uint32_t period, const void *body, size_t n,
			const uint8_t signature[static SIGN_BYTES], int64_t at_now);
/* A row of the hub's own in meta; name begins with "x.". value NULL: it could not be made, so
 * nothing of the group will be (-ECANCELED at commit). */
void ledger_put_row(struct ledger *ledger, const char *name, const void *value, size_t n);
/* 0 also when there was nothing to commit. */
int ledger_commit(struct ledger *ledger);

#endif
