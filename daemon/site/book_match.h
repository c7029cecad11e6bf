/*
 * Where an event stands in the books, and how it is matched with figures that were adopted (4.1):
 * the hub gave back reports that our own log does not explain any more, or has others than ours.
 *
 * What of ours is dated in or before an adopted month, in a cell its figures show, is matched with
 * them, whenever it was or is entered, unless an earlier closing booked it: all of it together, as
 * nobody can tell who was meant. The closing's difference, by measure and cell, is its figure less
 * how many those are:
 *   above 0   the figure has so many more than we know of: a named difference. Later events never
 *             fill it.
 *   below 0   so many of ours wait, nobody can tell who: they are booked once k wait in the cell,
 *             like everything else.
 * A matched event is not corrected: one that changes its cell or goes leaves its place to another,
 * and takes it again, if nobody did, when it comes back to the cell, whenever it is dated then.
 * So figures change by bookings alone, which are 0 or at least k, whatever is entered again and
 * however often.
 */
#ifndef MIA_SITE_BOOK_MATCH_H
#define MIA_SITE_BOOK_MATCH_H

#include "daemon/site/tally.h"

struct book;
struct book_chapter;

/* A contribution and the log entry that made it. */
struct book_event {
	struct tally_entry entry;
	uint64_t seq;
};

/* The period whose closing first booked the event, or 0: what waits or was only ever corrected
 * into the figures. before_seq: as things stood when that log entry was made (UINT64_MAX: now). */
uint32_t book_find(const struct book *book, const struct book_event *event, uint64_t before_seq);
/* Whether the person's event counts as booked. */
bool book_is_booked(const struct book *book, uint64_t person, const struct book_event *event);

/* So many events of nobody known before, by measure, cell and month: matched, or waiting. -ENOMEM:
 * nothing changed. */
int book_add_waiting(struct book *book, const struct tally_entry *entry, uint32_t n);
/* Brings an event that waits, or that nobody knew (before NULL), where it now is (after NULL: it is
 * gone). -ENOMEM: nothing changed. */
int book_move_waiting(struct book *book, const struct tally_entry *before,
		      const struct tally_entry *after);
/* An event that waits, or that nobody knew, comes to the cell in which the person was matched once:
 * true when it has its place in the figure again. */
bool book_come_back(struct book *book, uint64_t person, uint64_t seq,
		    const struct tally_entry *before, const struct tally_entry *after);
/* The adopted closing a booked event is matched in; or, when it leaves its cell, one that has more
 * of ours there than its figure shows; or NULL. */
struct book_chapter *book_find_match(const struct book *book, uint64_t person,
				     const struct book_event *before,
				     const struct tally_entry *after);
/* A booked event changes that book_find_match() found a closing for. -ENOMEM: nothing changed. */
int book_move_matched(struct book *book, struct book_chapter *chapter, uint64_t person,
		      uint64_t seq, const struct tally_entry *before,
		      const struct tally_entry *after);

/* Of differences below 0, by place in the counts: how many events dated up to period wait. */
uint32_t book_count_surplus(const struct book *book, size_t place, uint32_t period);
/* They are booked. */
void book_take_surplus(struct book *book, size_t place, uint32_t period);
/* One fewer of them, when there are any: whoever it was is forgotten. */
void book_drop_surplus(struct book *book, const struct book_chapter *chapter, size_t place);
/* A waiting correction that the adopted figures hold already, as one has more of ours in from and
 * one fewer in to: done with it. True when it was. */
bool book_match_claim(struct book *book, size_t claim_i, uint64_t seq);
/* What is too much in a closing is what a later one lacks, as far as it goes. */
void book_even(struct book *book);

#endif
