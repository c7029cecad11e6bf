/*
 * The books (3.1), the heart of a site: what is published comes from here, never from records.
 * Books are written once, closed periods never change, corrections are booked forward. They hold
 * counts, and of persons only the numbers of those whose booked events were changed.
 *
 * Waiting events are counts by measure, cell and month. Every cell of a measure is a headline: it
 * is booked when at least k distinct persons wait in it, dated not later than the period's last
 * day; then all of them are. (A measure's total is the sum of its published cells and is published
 * nowhere beside them.) Which events those were needs no mark in the records: an event dated m and
 * recorded as log entry s is booked by the first closing p >= m in which its cell booked and whose
 * watermark, the last log entry at the time, is >= s.
 *
 * That rule tells of an event as it was first booked. Once a booked event is changed there is a
 * claim for its person and measure, which says up to which log entry the log and the published
 * figures agree ("settled"), and which correction -from +to waits, if any:
 * - a booked event changes to another cell, or is gone: a correction waits, numbered by the change;
 * - it changes within its cell: settled by the change;
 * - it changes to the same cell while a correction waits: the correction stays as it was;
 * - to another: the same from, the new to, numbered by the new change;
 * - back to its own cell: the correction goes, settled by the change;
 * - a correction is applied by a close: settled by the close's watermark.
 *
 * An event is booked when its claim settled it (settled >= its log entry) or the rule above books
 * it. So the caller need know nothing but the last entry of the log about a person and measure.
 */
#ifndef MIA_SITE_BOOK_H
#define MIA_SITE_BOOK_H

#include "daemon/site/tally.h"
#include "proto/release.h"

struct book;

/* Empty books. Borrows the programme. */
int book_new(const struct programme *programme, struct book **ret_book);
void book_free(struct book **book);
/* Exchanges the content of two books of the same programme, so that a pointer to the first stays
 * good: going back to what the store holds is one restored and swapped in. */
void book_swap(struct book *book, struct book *other);

/* A new store: the first period to close. */
void book_start_at(struct book *book, uint32_t first_period);
uint32_t book_last_closed(const struct book *book); /* 0: none */
uint32_t book_next(const struct book *book); /* the period to be closed next */

/* A contribution and the log entry that made it. */
struct book_event {
	struct tally_entry entry;
	uint64_t seq;
};

/* The period whose closing first booked the event, or 0: what waits or was only ever corrected
 * into the figures. before_seq: as things stood when that log entry was made (UINT64_MAX: now). */
uint32_t book_find(const struct book *book, const struct book_event *event, uint64_t before_seq);

/*
 * A contribution appears (before NULL), changes, or goes (after NULL), by log entry seq about
 * person; an answer has a number like a person's, never 0. before is the contribution as the log
 * last gave it, whether it waits, is booked, or has a correction waiting or applied; measure the
 * same in both. -ENOMEM: nothing changed.
 */
int book_change(struct book *book, uint64_t person, uint64_t seq, const struct book_event *before,
		const struct tally_entry *after);
/* Adds what waits in another book (one that nothing was booked in): a batch's new persons,
 * collected apart until the batch is whole. -ENOMEM. */
int book_absorb(struct book *book, const struct book *other);

/*
 * Closes a period (assert: book_next()): books what reaches k, tries waiting corrections in
 * recorded order, whole or not at all, and gives the period's figures: every cell of a measure that
 * is due is 0 or >= k. A correction is booked when that still holds with it; so no sum over a
 * quarter or a year can turn negative. Measures that are not due book and correct nothing. head_seq
 * is the last log entry: the watermark. -ENOMEM: nothing changed.
 */
int book_close(struct book *book, uint32_t period, uint64_t head_seq,
	       struct release_figures *ret_figures);
/* What book_close() would give now, changing nothing. waiting[measure][cell] counts what stays; may
 * be NULL. */
int book_preview(const struct book *book, uint32_t period, struct release_figures *ret_figures,
		 uint32_t (*ret_waiting)[PROGRAMME_CELLS_MAX]);

/* Everything ever booked and everything waiting, by measure and cell, and corrections waiting:
 * truth = published + waiting + corrections + differences. */
struct book_balance {
	int64_t published, waiting;
	int64_t corrections; /* what waiting corrections will add */
	int64_t differences; /* never above 0: published, and known of nobody (book_account.h) */
};
void book_balance(const struct book *book, size_t measure, size_t cell,
		  struct book_balance *ret_balance);

#endif
