/*
 * How a batch is written: for store_run.c alone. In chunks beyond the head, keys before what they
 * seal, and at last one commit with the head.
 */
#ifndef MIA_SITE_STORE_WRITE_H
#define MIA_SITE_STORE_WRITE_H

#include "daemon/site/store_batch_row.h"
#include "daemon/site/store_core.h"
#include "daemon/site/store_set.h"

/* An act not yet written: its bytes lie in pending_bytes. */
struct store_pending {
	uint64_t person;
	size_t n;
	uint8_t flags;
	bool is_new;
	bool is_renewed; /* gets another key, under which the act is sealed */
};

/* What the books are to be told of a person they know already. */
struct store_told {
	uint64_t person, seq;
	struct act_step step;
};

struct store_run {
	bool is_trial;
	int error;
	struct store_batch_row row;
	struct store_head head; /* with everything written so far; next_person: with pending ones */
	uint64_t first_person; /* from here on they are this batch's */
	struct store_set had;
	struct book *fresh; /* what new persons add to the books */
	struct store_told *told; /* what known ones change */
	size_t told_n, told_room;
	struct store_person_row *rows; /* of known ones */
	size_t rows_n, rows_room;
	struct store_pending *pending; /* STORE_CHUNK */
	size_t pending_n;
	struct buf pending_bytes;
	uint8_t *keys; /* STORE_CHUNK keys, locked: of new persons, then of renewed ones */
	size_t renewed_n; /* of the whole batch */
};

/* Writes the pending acts, if any, and forgets them. */
int store_write_pending(struct store *store, struct store_run *run);
/* Whether they are as many as one commit should take. */
bool store_write_is_due(const struct store *store, const struct store_run *run);
/* Writes index entries of new persons that are too many for the last commit; *ret_first is the
 * first entry left for it. Those written point beyond the head until then: x.sweep tells a start
 * after a crash. */
int store_write_index(struct store *store, struct store_run *run, size_t *ret_first);
/* The commit that makes the batch count. The store's books are as they shall be. */
int store_write_last(struct store *store, struct store_run *run, size_t index_first);

#endif
