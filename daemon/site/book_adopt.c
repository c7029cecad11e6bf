#include "daemon/site/book_adopt.h"

#include "daemon/site/book_account.h"
#include "daemon/site/book_pages.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>

static uint32_t figure_of(const struct release_figures *figures, size_t measure, size_t cell)
{
	const struct release_cell *figure = &figures->cells[measure][cell];

	return figures->is_due[measure] && figure->state == CELL_VALUE ? figure->value : 0;
}

static const struct book_chapter *find_closed(const struct book *book, uint32_t period)
{
	return period < book->next ? book_find_chapter(book, period) : NULL;
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

/* What the chapter booked stays booked by name; that it was published is taken back. */
static void reopen_chapter(const struct book *book, struct book_chapter *chapter)
{
	for (size_t i = 0; i < book->programme->measures_n * PROGRAMME_CELLS_MAX; i++) {
		chapter->differences[i] -= (int32_t)chapter->figures[i];
		chapter->figures[i] = chapter->taken[i] = chapter->added[i] = 0;
	}
	for (size_t m = 0; m < book->programme->measures_n; m++)
		chapter->rests[m] = 0;
	chapter->is_adopted = false;
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

static void adopt_cell(struct book_chapter *chapter, uint16_t measure, uint8_t cell,
		       uint32_t figure)
{
	size_t place = book_place(measure, cell);

	chapter->figures[place] = figure;
	chapter->differences[place] += (int32_t)figure;
	if (figure != 0)
		chapter->rests[measure] |= UINT32_C(1) << cell;
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
			adopt_cell(chapter, (uint16_t)m, (uint8_t)c, figure_of(figures, m, c));
	chapter->is_adopted = true;
	chapter->is_changed = true;
	book->next = period + 1;
	book->is_front_changed = true;
	return 0;
}

void book_adopted(struct book *book, uint64_t head_seq)
{
	book_settle(book, -1, head_seq);
}

/* ---- what is known of it ---- */

/* Of what waits at a place, how many the advances of adopted closings before period take. */
static int64_t left_for(const struct book *book, size_t place, uint32_t period)
{
	int64_t left = 0;

	for (size_t i = 0; i < book->pages_n; i++)
		left += book->pages[i].counts[place];
	for (size_t i = 0; i < book->chapters_n; i++) {
		int32_t difference = book->chapters[i].differences[place];

		if (difference < 0 || book->chapters[i].period < period)
			left -= difference;
	}
	return left > 0 ? left : 0;
}

bool book_adoption(const struct book *book, uint32_t period, size_t measure, size_t cell,
		   uint32_t *ret_figure, uint32_t *ret_matched)
{
	const struct book_chapter *chapter = find_closed(book, period);
	size_t place = book_place((uint16_t)measure, (uint8_t)cell);
	int64_t lacks;

	if (chapter == NULL || !chapter->is_adopted)
		return false;
	lacks = chapter->differences[place] - left_for(book, place, period);
	*ret_figure = chapter->figures[place];
	*ret_matched = chapter->figures[place] - (uint32_t)(lacks > 0 ? lacks : 0);
	return true;
}

bool book_has_differences(const struct book *book)
{
	for (size_t m = 0; m < book->programme->measures_n; m++)
		for (size_t c = 0; c < book->programme->measures[m].cells_n; c++)
			if (book_net(book, book_place((uint16_t)m, (uint8_t)c), UINT32_MAX) < 0)
				return true;
	return false;
}

static bool has_advance(const struct book *book, const struct book_chapter *chapter, size_t measure)
{
	for (size_t c = 0; c < book->programme->measures[measure].cells_n; c++)
		if (chapter->differences[book_place((uint16_t)measure, (uint8_t)c)] > 0)
			return true;
	return false;
}

bool book_rests_on_adoption(const struct book *book, struct period_range range, size_t measure)
{
	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period <= range.last; i++) {
		const struct book_chapter *chapter = &book->chapters[i];

		if (has_advance(book, chapter, measure) ||
		    (chapter->period >= range.first && chapter->rests[measure] != 0))
			return true;
	}
	return false;
}
