#include "daemon/site/book_account.h"

#include "daemon/site/book_pages.h"

#include <assert.h>

int64_t book_net(const struct book *book, size_t place, uint32_t period)
{
	int64_t net = 0;

	for (size_t i = 0; i < book->pages_n && book->pages[i].period <= period; i++)
		net += book->pages[i].counts[place];
	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period <= period; i++)
		net -= book->chapters[i].differences[place];
	return net;
}

uint32_t book_waiting(const struct book *book, size_t place, uint32_t period)
{
	int64_t net = book_net(book, place, period);

	return net > 0 ? (uint32_t)net : 0;
}

/* How many wait in the pages up to period, and no longer. */
static uint32_t take_from_pages(struct book *book, size_t place, uint32_t period)
{
	uint32_t taken = 0;

	for (size_t i = 0; i < book->pages_n && book->pages[i].period <= period; i++) {
		if (book->pages[i].counts[place] == 0)
			continue;
		taken += book->pages[i].counts[place];
		book->pages[i].counts[place] = 0;
		book->pages[i].is_changed = true;
	}
	return taken;
}

static void move_difference(struct book_chapter *chapter, size_t place, int64_t by)
{
	assert(chapter != NULL); /* whoever moves has seen that there is one */
	chapter->differences[place] += (int32_t)by;
	chapter->is_changed = true;
}

bool book_clear(struct book *book, size_t place, uint32_t period)
{
	bool was_open = false;

	(void)take_from_pages(book, place, period);
	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period <= period; i++) {
		if (book->chapters[i].differences[place] == 0)
			continue;
		move_difference(&book->chapters[i], place, -book->chapters[i].differences[place]);
		was_open = true;
	}
	return was_open;
}

void book_loosen(struct book *book, struct book_chapter *chapter, size_t place)
{
	move_difference(chapter, place, -(int64_t)take_from_pages(book, place, chapter->period));
}

/* ---- advances ---- */

/* The first closing with an advance at a place that is not made up for, or NULL. */
static struct book_chapter *find_advance(const struct book *book, size_t place)
{
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].differences[place] > 0)
			return &book->chapters[i];
	return NULL;
}

bool book_has_advance(const struct book *book, size_t measure, size_t cell)
{
	return find_advance(book, book_place((uint16_t)measure, (uint8_t)cell)) != NULL;
}

static bool has_advance(const struct book *book, size_t measure)
{
	for (size_t c = 0; c < book->programme->measures[measure].cells_n; c++)
		if (book_has_advance(book, measure, c))
			return true;
	return false;
}

static bool is_held(const struct book *book, const struct book_claim *claim)
{
	size_t from = book_place(claim->measure, claim->from);

	if (find_advance(book, from) == NULL || book_net(book, from, UINT32_MAX) < 1)
		return false;
	return claim->to == BOOK_CELL_NONE ||
	       book_net(book, book_place(claim->measure, claim->to), UINT32_MAX) < 0;
}

/* The first recorded correction of a measure that adopted figures hold, or NULL. */
static struct book_claim *find_held(const struct book *book, size_t measure)
{
	struct book_claim *first = NULL;

	for (size_t i = 0; i < book->claims_room; i++) {
		struct book_claim *claim = &book->claims[i];

		if (claim->person == 0 || claim->seq == 0 || claim->measure != measure)
			continue;
		if ((first == NULL || claim->seq < first->seq) && is_held(book, claim))
			first = claim;
	}
	return first;
}

/* Somebody who waits in from takes the place of who left it; who came to to is one of those that
 * its figure had in advance. */
static void settle_held(struct book *book, struct book_claim *claim)
{
	size_t from = book_place(claim->measure, claim->from);

	move_difference(find_advance(book, from), from, 1);
	if (claim->to != BOOK_CELL_NONE) {
		size_t to = book_place(claim->measure, claim->to);

		move_difference(find_advance(book, to), to, -1);
	}
	claim->seq = 0;
	claim->settled = book->latest;
	claim->is_changed = true;
}

void book_settle(struct book *book, int measure, uint64_t seq)
{
	if (seq > book->latest)
		book->latest = seq;
	for (size_t m = 0; book->latest > 0 && m < book->programme->measures_n; m++) {
		struct book_claim *claim;

		if ((measure >= 0 && m != (size_t)measure) || !has_advance(book, m))
			continue;
		while ((claim = find_held(book, m)) != NULL)
			settle_held(book, claim);
	}
}

void book_make_up(struct book *book, size_t place)
{
	struct book_chapter *chapter = find_advance(book, place);

	if (chapter != NULL && book_net(book, place, UINT32_MAX) <= 0)
		move_difference(chapter, place, -1);
}

void book_drop_loose(struct book *book, uint32_t period, size_t place)
{
	struct book_chapter *chapter = book_find_chapter(book, period);

	if (chapter != NULL && chapter->differences[place] < 0)
		move_difference(chapter, place, 1);
}
