/*
 * The books as blobs under 32-bit keys, canonical MessagePack, so that an act or a closing writes
 * only the leaves it changed:
 *   0                        [1, next period]
 *   month                    [1, [[measure number, cell, waiting]...]]
 *   2^30 + person / 256      [1, [[person, measure number, settled, seq, from, to]...]]   claims
 *   2^31 + month             [1, watermark, [[measure number, booked bits, [figure...]]...]]
 * A measure with corrections in its figures goes on: [taken away...], [added...], by cell. A month
 * with an account (book_account.h) goes on: [adopted 0 or 1, [[measure number, cell, difference,
 * whether its figure rests on adopted ones]...]]; so one that was opened again is kept.
 * to is 255 for an event that is gone; from and to are 0 where seq is.
 */
#ifndef MIA_SITE_BOOK_KEEP_H
#define MIA_SITE_BOOK_KEEP_H

#include "daemon/site/book.h"

/* Takes one blob; anything but 0 stops book_keep() and is returned. */
typedef int book_keep_fn(void *context, uint32_t key, const void *blob, size_t n);
/* Gives every leaf changed since book_kept(). -ENOMEM. */
int book_keep(const struct book *book, book_keep_fn *keep, void *context);
/* What book_keep() gave is durable. */
void book_kept(struct book *book);
/* Takes one kept blob into new books; keys ascend. -EBADMSG when it is none, or of a measure the
 * programme does not have; -ENOMEM. */
int book_restore(struct book *book, uint32_t key, const void *blob, size_t n);

#endif
