/*
 * How a table fits on a paper: how wide each column wants to be, how narrow it can be, and what it
 * is given. Words are never torn while there is another way: headings and texts are broken between
 * words, figures never, bars become shorter.
 */
#ifndef MIA_CLIENT_FIT_H
#define MIA_CLIENT_FIT_H

#include "client/paper.h"
#include "lib/buf.h"
#include "proto/sheet.h"

#define FIT_GAP 2 /* blanks between two columns */

/* Widths in terminal columns. least <= snug <= natural. */
struct fit_column {
	size_t least; /* what it can shrink to */
	size_t snug; /* its cells unbroken, its heading broken between words */
	size_t natural; /* nothing broken */
	size_t width; /* given by fit_share() */
	bool is_shown;
};

struct fit {
	struct fit_column columns[SHEET_COLUMNS_MAX];
	size_t columns_n;
};

/* Every column, shown. 0 or -ENOMEM. */
int fit_measure(const struct sheet *sheet, const struct paper *paper, struct fit *ret_fit);
/* What the columns shown need at least, with the gaps between them. */
size_t fit_least(const struct fit *fit);
/* Gives every column shown its width; there must be room for the least. */
void fit_share(struct fit *fit, size_t width);
/* Appends a column's heading in capitals, which set it apart without colour. */
int fit_add_heading(struct buf *to, const struct sheet_column *column);
/* Appends text in lines of at most width columns, ended by \n but the last: broken between words,
 * and within one that is longer than a line. */
void fit_break(struct buf *to, const struct buf *text, size_t width);

#endif
