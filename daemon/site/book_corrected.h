/*
 * What of published figures is corrections of closed months, booked forward (3.1): known to the
 * books alone, for a report carries sums.
 */
#ifndef MIA_SITE_BOOK_CORRECTED_H
#define MIA_SITE_BOOK_CORRECTED_H

#include "daemon/site/book.h"

/* figures = what was newly booked - taken + added; of adopted ones nobody knows, and all of it is
 * taken as newly booked. */
struct book_corrected {
	int64_t figures, taken, added;
	uint32_t closings; /* months closed */
	uint32_t corrected; /* of them those with a correction in */
};
/* Of the months closed in the range. measure -1: all; cell -1: all cells of the measure. */
void book_corrected(const struct book *book, struct period_range range, int measure, int cell,
		    struct book_corrected *ret_corrected);

#endif
