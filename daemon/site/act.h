/*
 * An act: one entry of the site's log, about one person (an answer counts as one here). Sealed
 * under the person's key it holds, as canonical MessagePack:
 *   [ person, at, operator str, batch, person's previous seq or 0, kind,
 *     change (change.h), told ], with other behind the kind when it is not 0
 *   other = ACT_CONDENSED: the person's last seq before, which nobody can open any more, 0 of
 *           somebody new; ACT_MERGED and ACT_MISREGISTERED: the other case of the same person
 *   told = [[measure number, cell, period] or [measure number]...]: what the books were told, so
 *          that what they know of a person is read from the log and never worked out again by a
 *          later programme; a bare number is a contribution that went
 * A person is the fold of their acts.
 */
#ifndef MIA_SITE_ACT_H
#define MIA_SITE_ACT_H

#include "daemon/site/book.h"

#define ACT_OPERATOR_BYTES 64

enum store_act {
	ACT_REGISTERED = 1,
	ACT_CHANGED,
	ACT_CORRECTED,
	ACT_ANSWERED,
	ACT_UNDONE,
	ACT_MISREGISTERED,
	ACT_CONDENSED, /* the person begins anew as an anonymous one (condense.h) */
	ACT_MERGED /* takes the other case over */
};

/* Who does it and when. */
struct store_origin {
	int64_t at;
	const char *operator_name;
	uint64_t batch; /* 0: by hand */
};

/* A person as folded from the log; contributions are what the books know of them. */
struct store_person {
	uint64_t id;
	uint64_t last_seq;
	bool is_answer;
	bool is_misregistered; /* by an undo: known, but nothing is said or counted of them */
	bool is_condensed; /* the record is what was kept; contributions say what it counts as */
	struct record record;
	struct book_event contributions[PROGRAMME_MEASURES_MAX];
	size_t contributions_n;
};
void store_person_clear(struct store_person *person);
void store_person_wipe(struct store_person *person); /* own(store_person_wipe) */

/* What a change of record does to a person's contributions. */
struct act_step {
	bool has_before, has_after;
	struct book_event before;
	struct tally_entry after;
};
struct act_steps {
	const struct programme *programme;
	struct act_step steps[PROGRAMME_MEASURES_MAX];
	size_t n;
	uint64_t other; /* what the act names besides: 0 nothing */
};
void act_compare(const struct programme *programme, const struct store_person *person,
		 const struct tally *after, struct act_steps *ret_steps);
/* The same, and what does not change is told again: for an act that begins the person anew. */
void act_retell(const struct programme *programme, const struct store_person *person,
		const struct tally *after, struct act_steps *ret_steps);
/* What a person counts as now, as the books were told. */
void act_counted(const struct store_person *person, struct tally *ret_tally);

/* An entry's head, as read. */
struct act {
	uint64_t person;
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
	uint64_t batch;
	uint64_t prev;
	enum store_act kind;
	uint64_t other; /* 0: none */
};

/* Appends the entry that changes person to after, told the books as steps; the buffer carries the
 * error. */
void act_pack(const struct store_origin *origin, enum store_act kind,
	      const struct store_person *person, const struct record *after,
	      const struct act_steps *steps, struct buf *ret_bytes);
/* The head alone: 0 or -EBADMSG. */
int act_read(const void *bytes, size_t n, struct act *ret_act);
/* Folds entry seq into person: record, contributions, last_seq. -EBADMSG when it is none, of
 * another person, or not the next of theirs. */
int act_fold(const struct programme *programme, uint64_t seq, const void *bytes, size_t n,
	     struct store_person *person);

#endif
