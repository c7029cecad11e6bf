/* A stage whose first report came back. Include after fixture_site.h. */
#ifndef MIA_TESTS_FIXTURE_ADOPTED_H
#define MIA_TESTS_FIXTURE_ADOPTED_H

#include "daemon/site/book_adopt.h"

/* Six have entered in the first month, by the report, and who they were is lost. */
static inline void take_over_six(struct stage *stage)
{
	struct book *book = store_book(stage->parts.store);
	struct release_figures figures = {0};
	size_t entered = (size_t)programme_measure_index(stage->mia, "entered");

	figures.is_due[entered] = true;
	figures.cells[entered][0] = (struct release_cell){.state = CELL_VALUE, .value = 6};
	assert_int_equal(book_adopt(book, book_next(book), &figures), 0);
	book_adopted(book, store_head(stage->parts.store));
}

#endif
