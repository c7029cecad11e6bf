#include "daemon/site/book_adopt.h"

#include "daemon/site/book_pages.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>

static uint32_t figure_of(const struct release_figures *figures, size_t measure, size_t cell)
{
	const struct release_cell *figure = &figures->cells[measure][cell];

	return figures->is_due[measure] && figure->state == CELL_VALUE ? figure->value : 0;
}

static struct book_chapter *find_closed(const struct book *book, uint32_t period)
{
	for (size_t i = 0; i < book->chapters_n && period < book->next; i++)
		if (book->chapters[i].period == period)
			return &book->chapters[i];
	return NULL;
}

bool book_differs(const struct book *book, uint32_t period, const struct release_figures *figures)
{
	const struct book_chapter *chapter = find_closed(book, period);

	if (chapter == NULL)
		return true;
	for (size_t m = 0; m < book->programme->measures_n; m++) {
		for (size_t c = 0; c < book->programme->measures[m].cells_n; c++) {
			size_t place = book_place((uint16_t)m, (uint8_t)c);

			if (chapter->figures[place] != figure_of(figures, m, c))
				return true;
		}
	}
	return false;
}

/* What waits at a place, dated up to period, waits there no longer. */
static uint32_t take_waiting(struct book *book, size_t place, uint32_t period)
{
	uint32_t taken = 0;

	for (size_t i = 0; i < book->pages_n && book->pages[i].period <= period; i++) {
		taken += book->pages[i].counts[place];
		if (book->pages[i].counts[place] != 0)
			book->pages[i].is_changed = true;
		book->pages[i].counts[place] = 0;
	}
	return taken;
}

static void reopen_chapter(struct book *book, struct book_chapter *chapter)
{
	for (size_t i = 0; i < book->programme->measures_n * PROGRAMME_CELLS_MAX; i++) {
		bool is_booked =
			(chapter->booked[i / PROGRAMME_CELLS_MAX] >> i % PROGRAMME_CELLS_MAX & 1) !=
			0;

		chapter->differences[i] -= (int32_t)chapter->figures[i];
		if (is_booked)
			chapter->differences[i] -= (int32_t)take_waiting(book, i, chapter->period);
		chapter->figures[i] = chapter->taken[i] = chapter->added[i] = 0;
	}
	chapter->is_adopted = true;
	chapter->watermark = BOOK_ALWAYS;
	chapter->is_changed = true;
}

void book_reopen(struct book *book, uint32_t period)
{
	if (period >= book->next)
		return;
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].period >= period && book->chapters[i].period < book->next)
			reopen_chapter(book, &book->chapters[i]);
	book->next = period;
	book->is_front_changed = true;
}

/* A figure that is not 0 booked what waited in its cell, then as now. */
static void adopt_cell(struct book *book, struct book_chapter *chapter, size_t measure, size_t cell,
		       uint32_t figure)
{
	size_t place = book_place((uint16_t)measure, (uint8_t)cell);

	if (figure != 0)
		chapter->booked[measure] |= UINT32_C(1) << cell;
	if ((chapter->booked[measure] >> cell & 1) == 0)
		return;
	chapter->figures[place] = figure;
	chapter->differences[place] += (int32_t)figure;
	chapter->differences[place] -= (int32_t)take_waiting(book, place, chapter->period);
}

int book_adopt(struct book *book, uint32_t period, const struct release_figures *figures)
{
	struct book_chapter *chapter;

	assert(period == book->next);
	chapter = book_chapter(book, period);
	if (chapter == NULL)
		return fail(-ENOMEM);
	for (size_t m = 0; m < book->programme->measures_n; m++)
		for (size_t c = 0; c < book->programme->measures[m].cells_n; c++)
			adopt_cell(book, chapter, m, c, figure_of(figures, m, c));
	chapter->is_adopted = true;
	chapter->watermark = BOOK_ALWAYS;
	chapter->is_changed = true;
	book->next = period + 1;
	book->is_front_changed = true;
	book_even(book);
	return 0;
}

void book_adopted(struct book *book, uint64_t head_seq)
{
	for (size_t i = 0; i < book->claims_room; i++)
		if (book->claims[i].person != 0 && book->claims[i].seq != 0)
			(void)book_match_claim(book, i, head_seq);
}

bool book_adoption(const struct book *book, uint32_t period, size_t measure, size_t cell,
		   uint32_t *ret_figure, uint32_t *ret_matched)
{
	const struct book_chapter *chapter = find_closed(book, period);
	size_t place = book_place((uint16_t)measure, (uint8_t)cell);
	int32_t lacks;

	if (chapter == NULL || !chapter->is_adopted)
		return false;
	lacks = chapter->differences[place] > 0 ? chapter->differences[place] : 0;
	*ret_figure = chapter->figures[place];
	*ret_matched = chapter->figures[place] - (uint32_t)lacks;
	return true;
}
