#include "daemon/site/book_corrected.h"

#include "daemon/site/book_pages.h"

static void add_chapter(const struct book *book, const struct book_chapter *chapter, int measure,
			int cell, struct book_corrected *into)
{
	int64_t before = into->taken + into->added;

	for (size_t m = 0; m < book->programme->measures_n; m++) {
		if (measure >= 0 && (size_t)measure != m)
			continue;
		for (size_t c = 0; c < book->programme->measures[m].cells_n; c++) {
			size_t place = book_place((uint16_t)m, (uint8_t)c);

			if (cell >= 0 && (size_t)cell != c)
				continue;
			into->figures += chapter->figures[place];
			into->taken += chapter->taken[place];
			into->added += chapter->added[place];
		}
	}
	into->closings++;
	into->corrected += into->taken + into->added > before;
}

void book_corrected(const struct book *book, struct period_range range, int measure, int cell,
		    struct book_corrected *ret_corrected)
{
	struct book_corrected corrected = {0};

	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period < book->next; i++)
		if (book->chapters[i].period >= range.first &&
		    book->chapters[i].period <= range.last)
			add_chapter(book, &book->chapters[i], measure, cell, &corrected);
	*ret_corrected = corrected;
}
