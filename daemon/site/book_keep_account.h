/*
 * What of the blobs of the books (book_keep.h) is about accounts, and how a blob names measures and
 * cells; for book_keep.c alone.
 */
#ifndef MIA_SITE_BOOK_KEEP_ACCOUNT_H
#define MIA_SITE_BOOK_KEEP_ACCOUNT_H

#include "lib/buf.h"
#include "lib/pack.h"

#include <stdbool.h>

struct book;
struct book_chapter;

/* A measure's number as its index, and a cell of it; 0 in error. */
uint16_t book_read_measure(const struct book *book, struct unpack *in);
uint8_t book_read_cell(const struct book *book, uint16_t measure, struct unpack *in);

/* Whether a chapter has anything to say of accounts. */
bool book_has_account(const struct book *book, const struct book_chapter *chapter);
/* [adopted 0 or 1, [[measure number, cell, difference, rests 0 or 1]...]]. */
void book_pack_account(const struct book *book, const struct book_chapter *chapter,
		       struct buf *blob);
void book_restore_account(const struct book *book, struct book_chapter *chapter, struct unpack *in);

#endif
