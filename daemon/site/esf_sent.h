/*
 * Which months' sheets were handed out (`mia esf export`): a row of the store's meta a month,
 * "x.esf." and the month as u32be:
 *   [moment, operator str, rows, hash bin32, last log entry at the time]
 * hash = H("mia/1/esf", headings, line ...), the lines in order of case: by it a sheet that would
 * look different today is known, and by the log entry who changed since.
 */
#ifndef MIA_SITE_ESF_SENT_H
#define MIA_SITE_ESF_SENT_H

#include "daemon/site/act.h"
#include "lib/sign.h"

struct store;

struct esf_sent {
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
	uint64_t rows;
	uint8_t hash[SIGN_HASH_BYTES];
	uint64_t head_seq;
};

/* 0, -ENOENT never handed out, -EBADMSG, -errno. */
int esf_sent_get(struct store *store, uint32_t period, struct esf_sent *ret_sent);
/* Keeps n months from first on, and an event "esf_exported period=2018-06 rows=12 operator=anna"
 * for each, in one commit. */
int esf_sent_put(struct store *store, uint32_t first, const struct esf_sent sents[], size_t n);

#endif
