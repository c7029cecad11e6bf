/*
 * The account of a cell: what waits in it once figures were adopted (4.1), that is, reports of ours
 * that the hub gave back and that our own log does not explain any more.
 *
 * An adopted figure is an advance. Its persons are in the published sum, and nobody can tell which
 * of ours they were; so whoever waits in the cell, entered again or new, dated then or later, first
 * makes up for the advance, and is published no second time. Each closing has, by measure and cell,
 * a difference:
 *   above 0   so many were published by an adopted figure and are not made up for yet;
 *   below 0   so many that a closing of ours booked wait again, as it was opened again: the hub has
 *             another report of that month. Nobody can tell who, and nobody need.
 * What waits dated up to a month is what its pages hold less the differences of closings up to it.
 * Above 0 it is booked once it is k or more, like everything; that clears the account, and from
 * then on the cell is like any other. Below 0 it is a named difference: published and known of
 * nobody.
 *
 * Who makes up for an advance is not booked: they change and go as one who waits. So figures change
 * by bookings and corrections alone, whatever is entered again and however often.
 */
#ifndef MIA_SITE_BOOK_ACCOUNT_H
#define MIA_SITE_BOOK_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct book_chapter;

/* What waits at a place (book_place()) dated up to period; UINT32_MAX: in all. */
int64_t book_net(const struct book *book, size_t place, uint32_t period);
/* The same, 0 where it is below. */
uint32_t book_waiting(const struct book *book, size_t place, uint32_t period);
/* Whether adopted figures of a cell are not made up for by bookings yet: of who waits there nobody
 * can tell whether they are published. */
bool book_has_advance(const struct book *book, size_t measure, size_t cell);
/* What waits up to period is booked, and the account is cleared: whether there was one. */
bool book_clear(struct book *book, size_t place, uint32_t period);
/* What waits up to the chapter's month counts with what waits again in it. */
void book_loosen(struct book *book, struct book_chapter *chapter, size_t place);

/* After log entry seq (0: none): corrections of a measure (-1: of all) that adopted figures hold
 * already are done with as of the last entry told: more wait in the cell they leave than were paid
 * in advance, and too few in the one they come to. What is published stays as it is. */
void book_settle(struct book *book, int measure, uint64_t seq);
/* Somebody who waited is forgotten (3.1, Erasure): a figure that they made up for stands, and
 * nobody need make up for it again. Before they are taken from their page. */
void book_make_up(struct book *book, size_t place);
/* Somebody whom a closing booked is forgotten: if it was opened again, one fewer waits in it. */
void book_drop_loose(struct book *book, uint32_t period, size_t place);

#endif
