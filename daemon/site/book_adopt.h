/*
 * The books take over figures that the hub gave back (4.1): closings whose reports are ours and
 * which our log does not explain. What is published is what the chain says; what of it our events
 * can be matched with is matched (book_match.h). Nothing is booked by it.
 */
#ifndef MIA_SITE_BOOK_ADOPT_H
#define MIA_SITE_BOOK_ADOPT_H

#include "daemon/site/book.h"

/* Whether the books hold other figures of the period than these, or none. */
bool book_differs(const struct book *book, uint32_t period, const struct release_figures *figures);
/* Opens the closings from period on again: what they booked of ours waits without a name, to be
 * matched or booked anew; what corrections did in them is part of it. */
void book_reopen(struct book *book, uint32_t period);
/* The next period's figures as adopted (assert: book_next()). -ENOMEM: nothing changed. */
int book_adopt(struct book *book, uint32_t period, const struct release_figures *figures);
/* After the last of them: waiting corrections that the figures hold already are done with. head_seq
 * is the last log entry. */
void book_adopted(struct book *book, uint64_t head_seq);

/* What an adopted closing says of a cell and how many of it are matched; false where the period is
 * none. */
bool book_adoption(const struct book *book, uint32_t period, size_t measure, size_t cell,
		   uint32_t *ret_figure, uint32_t *ret_matched);

#endif
