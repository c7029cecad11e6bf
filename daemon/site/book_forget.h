/*
 * A person leaves the books for good (3.1, Erasure): what they published stands, what was not
 * booked never is.
 */
#ifndef MIA_SITE_BOOK_FORGET_H
#define MIA_SITE_BOOK_FORGET_H

#include "daemon/site/book.h"

/* Takes out what waits of a person: their events that no closing has booked, and corrections of
 * those that were. contributions as the log last gave them. -ENOMEM: nothing changed. */
int book_forget(struct book *book, uint64_t person, const struct book_event contributions[],
		size_t n);

#endif
