/*
 * A release: what one site says about one period, once and for ever (4.1). The payload is canonical
 * MessagePack in a container whose size depends on the programme and the period alone (3.6 point
 * 8), with at least 256 zeros of padding:
 *   [1, site str, n uint, period uint, programme bin32, audit head bin32, is_rehearsal bool,
 *    closed int, tables, padding bin]
 *   tables = [[measure number uint, cells bin of {state u8, value u32le}...]...]
 *            in measure-number order, all that are due and no others
 * hn and the signature are lib/sign's.
 */
#ifndef MIA_PROTO_RELEASE_H
#define MIA_PROTO_RELEASE_H

#include "lib/sign.h"
#include "proto/period.h"
#include "proto/programme.h"

#include "lib/buf.h"
#include "lib/pack.h"

#define RELEASE_BLOCK_BYTES 4096
#define RELEASE_PAYLOAD_MAX (16 * RELEASE_BLOCK_BYTES)
/* Months anybody may name: what lies outside is malformed. */
#define RELEASE_PERIOD_MIN (1970 * 12)
#define RELEASE_PERIOD_MAX (2199 * 12 + 11)

/* The five states of a cell, the same everywhere (2-domain). Missing is never sent: it is the hub's
 * word for no report. */
enum cell_state {
	CELL_VALUE,
	CELL_SUPPRESSED,
	CELL_MISSING,
	CELL_NOT_COLLECTED,
	CELL_ZERO /* structural zero */
};
#define CELL_STATES_N 5

struct release_cell {
	uint8_t state; /* enum cell_state */
	uint32_t value; /* 0 unless CELL_VALUE */
};

/* Figures of all measures of a programme for one release; a measure not due has is_due false.
 * Indexes are the programme's. */
struct release_figures {
	bool is_due[PROGRAMME_MEASURES_MAX];
	struct release_cell cells[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX];
};

struct release_body {
	char site[PROGRAMME_ID_BYTES];
	uint64_t n; /* 1, 2, ... without gaps */
	uint32_t period;
	uint8_t programme[PROGRAMME_HASH_BYTES];
	uint8_t audit_head[SIGN_HASH_BYTES]; /* head of the site's audit chain: the hub is its
						rollback witness */
	bool is_rehearsal;
	int64_t at_closed; /* moment of closing, UTC seconds */
	struct release_figures figures;
};

/* A signed link of a site's chain. payload is owned. */
struct release {
	uint64_t n;
	uint8_t prev[SIGN_HASH_BYTES];
	uint8_t hash[SIGN_HASH_BYTES];
	uint8_t signature[SIGN_BYTES];
	struct buf payload;
};
void release_free(struct release *release); /* frees the payload, zeroes */

/* Payload bytes of a release of period: a multiple of RELEASE_BLOCK_BYTES. */
size_t release_payload_bytes(const struct programme *programme, uint32_t period);
/* Appends the payload; -ENOMEM, or -EPERM for a cell that no site may send (missing, 1..k-1). */
int release_pack(const struct release_body *body, const struct programme *programme,
		 struct buf *ret_payload);

/* What is wrong with a payload somebody sent. */
enum release_fault {
	RELEASE_FINE,
	RELEASE_MALFORMED, /* not canonical, wrong size, padding not zero */
	RELEASE_OTHER_PROGRAMME, /* hash of a programme we do not have */
	RELEASE_OTHER_TABLES, /* tables or cells are not those due */
	RELEASE_BAD_CELL, /* a state or value no site may send, or a headline of 1..k-1 */
	RELEASE_FAULT_N,
};
/* Decodes and checks against the programme; *ret_body only when fine. */
enum release_fault release_unpack(const struct programme *programme, const void *payload, size_t n,
				  struct release_body *ret_body);
/* The head alone, whatever programme the release was made by: FINE or MALFORMED; figures are left
 * as they are. */
enum release_fault release_unpack_head(const void *payload, size_t n,
				       struct release_body *ret_body);
/* The tables alone, as they also stand in a county result (proto/county). Appends; -ENOMEM, -EPERM.
 */
int release_pack_tables(const struct release_figures *figures, const struct programme *programme,
			uint32_t period, struct buf *buf);
/* Reads them into zeroed figures; in carries MALFORMED as its error. */
enum release_fault release_unpack_tables(struct unpack *in, const struct programme *programme,
					 uint32_t period, struct release_figures *ret_figures);
const char *release_fault_name(enum release_fault fault);

/* Chains and signs: hash from prev, n and payload. Takes payload over (leaves it empty). */
void release_sign(struct release *release, uint64_t n, const uint8_t prev[static SIGN_HASH_BYTES],
		  struct buf *payload, const struct sign_key *key);
/* Signs a release that is chained already with another key; its hash stays. */
void release_sign_anew(struct release *release, const struct sign_key *key);
/* Whether hash follows from prev, n, payload and the signature is pk's. Recomputes release->hash.
 */
bool release_verify(struct release *release, const uint8_t pk[static SIGN_PUBLIC_BYTES]);
/* As release_verify(), by any of the keys (roster_keys()). */
bool release_verify_any(struct release *release, const uint8_t *const keys[], size_t keys_n);

#endif
