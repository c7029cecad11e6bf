/*
 * What only the site's own books know of a figure: what of it is corrections, and what waits behind
 * it (3.1).
 */
#ifndef MIA_SITE_REASON_H
#define MIA_SITE_REASON_H

#include "daemon/site/parts.h"
#include "proto/why.h"

/*
 * "mia.why.books/1", a table, a row a cell of the figure's measure (the one asked for, or all), of
 * this site: cell, booked (newly, in the months asked for), taken and added (by corrections booked
 * in them), value (what the reports said of it: booked - taken + added), waiting (events not booked
 * in any report yet) and corrections (what corrections that wait will add); while somebody of
 * adopted figures is missing, differences too (book_balance()). NULL when memory is out.
 */
struct sheet *reason_sheet(const struct parts *parts, const struct why *why);
/* Whether the figure asked about has a part of this site's in it. */
bool reason_is_ours(const struct parts *parts, const struct why *why);
/* The revision index: notes how many of our reports hold corrections of earlier months. */
void reason_note(const struct parts *parts, enum programme_language language, struct sheet *sheet);

#endif
