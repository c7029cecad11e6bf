#include "daemon/site/book_corrected.h"

#include "daemon/site/book_keep.h"
#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#define START (2018 * 12) /* January 2018 */
#define BLOBS_MAX 64

enum { LEFT, ENTERED };
static const struct programme_cell cells[2];
static const struct programme_measure measures[] = {
	{.number = 3, .id = "left", .span = {INT32_MIN, INT32_MAX}, .cells = cells, .cells_n = 2},
	{.number = 2,
	 .id = "entered",
	 .span = {INT32_MIN, INT32_MAX},
	 .cells = cells,
	 .cells_n = 1},
};
static const struct programme programme = {.policy.k = 5,
					   .measures = measures,
					   .measures_n = array_n(measures)};

static void put(struct book *book, uint64_t person, uint8_t cell, uint32_t period)
{
	const struct tally_entry after = {.measure = LEFT, .cell = cell, .period = period};

	assert_int_equal(book_change(book, person, person, NULL, &after), 0);
}

static void close_month(struct book *book, uint64_t head)
{
	struct release_figures figures;

	assert_int_equal(book_close(book, book_next(book), head, &figures), 0);
}

/* January: seven left by the first way and seven by the second. In February person 1 turns out to
 * have left by the second, and person 8 not at all; seven more left either way. */
static struct book *corrected_book(void)
{
	struct book *book = NULL;
	const struct book_event first = {{LEFT, 0, START}, 1}, eighth = {{LEFT, 1, START}, 8};
	const struct tally_entry second_way = {LEFT, 1, START};

	assert_int_equal(book_new(&programme, &book), 0);
	book_start_at(book, START);
	for (uint64_t person = 1; person <= 14; person++)
		put(book, person, person > 7, START);
	close_month(book, 14);
	assert_int_equal(book_change(book, 1, 15, &first, &second_way), 0);
	assert_int_equal(book_change(book, 8, 16, &eighth, NULL), 0);
	for (uint64_t person = 17; person <= 30; person++)
		put(book, person, person > 23, START + 1);
	close_month(book, 30);
	return book;
}

static struct book_corrected corrected_of(const struct book *book, uint32_t first, uint32_t last,
					  int measure, int cell)
{
	struct book_corrected corrected;

	book_corrected(book, (struct period_range){first, last}, measure, cell, &corrected);
	return corrected;
}

static void a_figure_is_what_was_newly_booked_and_what_corrections_changed(void **state)
{
	own(book_free) struct book *book = corrected_book();
	struct book_corrected first = corrected_of(book, START + 1, START + 1, LEFT, 0);
	struct book_corrected second = corrected_of(book, START + 1, START + 1, LEFT, 1);

	(void)state;
	assert_int_equal(first.figures, 6);
	assert_int_equal(first.taken, 1);
	assert_int_equal(first.added, 0);
	assert_int_equal(second.figures, 7);
	assert_int_equal(second.taken, 1);
	assert_int_equal(second.added, 1);
	assert_int_equal(second.corrected, 1);
}

static void a_closed_month_is_not_touched_by_what_came_later(void **state)
{
	own(book_free) struct book *book = corrected_book();
	struct book_corrected january = corrected_of(book, START, START, -1, -1);
	struct book_corrected both = corrected_of(book, START, START + 1, -1, -1);

	(void)state;
	assert_int_equal(january.figures, 14);
	assert_int_equal(january.taken + january.added, 0);
	assert_int_equal(january.corrected, 0);
	assert_int_equal(both.closings, 2);
	assert_int_equal(both.corrected, 1);
	assert_int_equal(corrected_of(book, START, START + 1, ENTERED, -1).corrected, 0);
}

/* ---- as kept ---- */

struct shelf {
	struct {
		uint32_t key;
		struct buf blob;
	} leaves[BLOBS_MAX];
	size_t n;
};

static int shelve(void *context, uint32_t key, const void *blob, size_t n)
{
	struct shelf *shelf = context;

	assert_true(shelf->n < BLOBS_MAX);
	shelf->leaves[shelf->n].key = key;
	buf_add(&shelf->leaves[shelf->n++].blob, blob, n);
	return 0;
}

static const void *leaf_of(const struct shelf *shelf, uint32_t least, uint32_t *ret_key,
			   size_t *ret_n)
{
	const void *found = NULL;

	*ret_key = UINT32_MAX;
	for (size_t i = 0; i < shelf->n; i++)
		if (shelf->leaves[i].key >= least && shelf->leaves[i].key < *ret_key) {
			*ret_key = shelf->leaves[i].key;
			*ret_n = shelf->leaves[i].blob.n;
			found = shelf->leaves[i].blob.data;
		}
	return found;
}

static void what_was_corrected_is_kept_with_the_books(void **state)
{
	own(book_free) struct book *book = corrected_book();
	own(book_free) struct book *again = NULL;
	struct shelf shelf = {0};
	struct book_corrected kept;
	const void *blob;
	uint32_t key = 0;
	size_t n;

	(void)state;
	assert_int_equal(book_keep(book, shelve, &shelf), 0);
	assert_int_equal(book_new(&programme, &again), 0);
	while ((blob = leaf_of(&shelf, key, &key, &n)) != NULL)
		assert_int_equal(book_restore(again, key++, blob, n), 0);
	kept = corrected_of(again, START, START + 1, LEFT, 1);
	assert_int_equal(kept.figures, 14);
	assert_int_equal(kept.taken, 1);
	assert_int_equal(kept.added, 1);
	assert_int_equal(kept.corrected, 1);
	for (size_t i = 0; i < shelf.n; i++)
		buf_free(&shelf.leaves[i].blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_figure_is_what_was_newly_booked_and_what_corrections_changed),
		cmocka_unit_test(a_closed_month_is_not_touched_by_what_came_later),
		cmocka_unit_test(what_was_corrected_is_kept_with_the_books),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
