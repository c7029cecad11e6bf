/*
 * What the books are in memory; for the books' own modules alone. Three kinds of leaves, each kept
 * as a blob of its own when it changed:
 *   page     a month: how many events dated in it wait, by measure and cell
 *   chapter  a closing: its watermark, which cells booked, what was published; or one whose figures
 *            were adopted, or that was opened again, and what of them is not made up for
 *            (book_account.h)
 *   claim    a person and a measure whose booked event was changed: what of it is settled and what
 *            waits to be corrected
 * Measures are programme indexes here and numbers in the blobs.
 */
#ifndef MIA_SITE_BOOK_PAGES_H
#define MIA_SITE_BOOK_PAGES_H

#include "proto/programme.h"

#define BOOK_CELL_NONE 0xFF

struct book_page {
	uint32_t period;
	bool is_changed;
	uint32_t *counts; /* owned: [measure * PROGRAMME_CELLS_MAX + cell] */
};

struct book_chapter {
	uint32_t period;
	bool is_changed;
	uint64_t watermark; /* last log entry when it closed */
	uint32_t *booked; /* owned: [measure], bit c: cell c booked what waited */
	uint32_t *figures; /* owned: as counts */
	uint32_t *taken, *added; /* owned: what of the figures corrections took away and added */
	bool is_adopted; /* its figures, if it has any, came back from the hub */
	int32_t *differences; /* owned: as counts (book_account.h) */
	uint32_t
		*rests; /* owned: as booked: cells whose figures were adopted or made up for such */
};

/*
 * settled: what the log says of person and measure up to this entry is what is published. seq: the
 * log entry of a waiting correction -from +to, or 0; to may be BOOK_CELL_NONE.
 */
struct book_claim {
	uint64_t person; /* 0: a free slot */
	uint64_t settled;
	uint64_t seq;
	uint16_t measure;
	uint8_t from, to;
	bool is_changed;
};

struct book {
	const struct programme *programme;
	uint32_t next; /* period to be closed next: chapters from it on were opened again */
	uint64_t latest; /* the last log entry told since the books were opened, or 0 */
	bool is_front_changed;
	struct book_page *pages; /* by period */
	size_t pages_n, pages_room;
	struct book_chapter *chapters; /* by period */
	size_t chapters_n, chapters_room;
	struct book_claim *claims; /* open addressing; room is 0 or a power of two */
	size_t claims_n, claims_room;
};

size_t book_place(uint16_t measure, uint8_t cell); /* in counts and figures */
void book_drop(struct book *book); /* frees what the books own; the struct itself stays */

/* The month's page, made when there is none; NULL when memory is out. */
struct book_page *book_page(struct book *book, uint32_t period);
/* The period's chapter, or NULL. */
struct book_chapter *book_find_chapter(const struct book *book, uint32_t period);
/* The same, made empty when there is none (assert: after the last); NULL when memory is out. */
struct book_chapter *book_chapter(struct book *book, uint32_t period);

/* The claim of person (not 0) and measure, or NULL; pointers hold until the next book_make_claim().
 */
struct book_claim *book_find_claim(const struct book *book, uint64_t person, uint16_t measure);
/* The same, made empty when there is none; NULL when memory is out. */
struct book_claim *book_make_claim(struct book *book, uint64_t person, uint16_t measure);

#endif
