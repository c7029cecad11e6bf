/*
 * The books (3.1), the heart of a site: what is published comes from here, never from records.
 * Books are written once, closed periods never change, corrections are booked forward. Held in
 * memory, kept in the store as one blob a month.
 *
 * Waiting events are counts by measure, cell and month. A figure is booked when at least k distinct
 * persons wait in it, dated not later than the period's last day; then all of them are. Which
 * events those were needs no mark in the records: an event dated m and recorded as log entry s is
 * booked by the first closing p >= m of its cell that booked and whose watermark is >= s.
 */
#ifndef MIA_SITE_BOOK_H
#define MIA_SITE_BOOK_H

#include "daemon/site/tally.h"
#include "proto/release.h"

struct book;

/* Borrows the programme; first_period is the first that will be closed. */
int book_new(const struct programme *programme, struct book **ret_book);
void book_free(struct book **book);

/* A contribution and the log entry that made it. */
struct book_event {
	struct tally_entry entry;
	uint64_t seq;
};

/* The period in which an event is booked, or 0 while it waits. before_seq: as things stood when
 * that log entry was made (UINT64_MAX: now). */
uint32_t book_find(const struct book *book, const struct book_event *event, uint64_t before_seq);

/*
 * A contribution appears (before NULL), changes, or goes (after NULL), by log entry seq about
 * person (0 for answers). Waiting events move freely; a booked one becomes a waiting correction
 * -before +after, which replaces an earlier waiting correction of the same person and measure.
 * -ENOMEM.
 */
int book_change(struct book *book, uint64_t person, uint64_t seq, const struct book_event *before,
		const struct tally_entry *after);

/*
 * Closes a period (the one after the last closed; assert): books what reaches k, tries waiting
 * corrections in recorded order, whole or not at all, and gives the period's figures: every
 * headline 0 or >= k. head_seq is the last log entry: the watermark. -ENOMEM.
 */
int book_close(struct book *book, uint32_t period, uint64_t head_seq,
	       struct release_figures *ret_figures);
/* What book_close() would give now, changing nothing. waiting[measure][cell] counts what stays; may
 * be NULL. */
int book_preview(const struct book *book, uint32_t period, struct release_figures *ret_figures,
		 uint32_t (*ret_waiting)[PROGRAMME_CELLS_MAX]);

uint32_t book_last_closed(const struct book *book); /* 0: none */
void book_start_at(struct book *book,
		   uint32_t first_period); /* a new store: the first period to close */
uint32_t book_next(const struct book *book); /* the period to be closed next */
/* Everything ever booked and everything waiting, by measure and cell, and corrections waiting:
 * truth = published + waiting. */
struct book_balance {
	int64_t published, waiting,
		corrections; /* corrections: what waiting corrections will add */
};
void book_balance(const struct book *book, size_t measure, size_t cell,
		  struct book_balance *ret_balance);

/* Keeping: blobs by key (month number, or 0 for closings and corrections). Only what changed since
 * book_kept() is given. */
typedef int book_keep_fn(void *context, uint32_t key, const void *blob, size_t n);
int book_keep(const struct book *book, book_keep_fn *keep, void *context);
void book_kept(struct book *book);
/* Takes one kept blob in: -EBADMSG when it is none. */
int book_restore(struct book *book, uint32_t key, const void *blob, size_t n);

#endif
