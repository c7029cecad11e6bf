/*
 * The books take over figures that the hub gave back (4.1): closings whose reports are ours and
 * which our log does not explain. What is published is what the chain says; whoever waits, or is
 * entered again, or comes, makes up for it (book_account.h). Nothing is booked by it.
 */
#ifndef MIA_SITE_BOOK_ADOPT_H
#define MIA_SITE_BOOK_ADOPT_H

#include "daemon/site/book.h"

/* Whether the books hold other figures of the period than these, or none. */
bool book_differs(const struct book *book, uint32_t period, const struct release_figures *figures);
/* Opens the closings from period on again: as many as they published, corrections and all, wait
 * without a name, to make up for what is adopted or to be booked anew. */
void book_reopen(struct book *book, uint32_t period);
/* The next period's figures as adopted (assert: book_next()). -ENOMEM: nothing changed. */
int book_adopt(struct book *book, uint32_t period, const struct release_figures *figures);
/* After the last of them: waiting corrections that the figures hold already are done with. head_seq
 * is the last log entry. */
void book_adopted(struct book *book, uint64_t head_seq);

/* What an adopted closing says of a cell and how many of it are made up for: of what waits in the
 * cell, the oldest figure has the first. False where the period is none. */
bool book_adoption(const struct book *book, uint32_t period, size_t measure, size_t cell,
		   uint32_t *ret_figure, uint32_t *ret_matched);
/* Whether any cell has a difference (book_balance()). */
bool book_has_differences(const struct book *book);
/* Whether bookings of the measure in the periods are not the log's own: a figure was adopted, or
 * made up for one that was, or one from then or before is not made up for yet. A lane that gives
 * more of the same bookings (3.3) gives "not collected" then. */
bool book_rests_on_adoption(const struct book *book, struct period_range range, size_t measure);

#endif
