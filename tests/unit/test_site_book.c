#include "daemon/site/book_keep.h"

#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define K 5
#define START (2018 * 12) /* January 2018 */
#define CLOSINGS (UINT32_C(1) << 31) /* keys of closings, as in book_keep.h */

enum { TOTAL, LEFT, ANSWERED, SEEN, MEASURES };
static const uint8_t cells_of[MEASURES] = {1, 3, 2, 1};

static struct programme_cell cells[3];
static struct programme_measure measures[MEASURES];
static struct programme programme;

static int make_programme(void **state)
{
	static const struct programme_span always = {INT32_MIN, INT32_MAX};

	(void)state;
	for (size_t m = 0; m < MEASURES; m++)
		measures[m] = (struct programme_measure){.number = (uint16_t)(10 + m),
							 .id = "measure",
							 .cadence = m == ANSWERED || m == SEEN
									    ? CADENCE_QUARTER
									    : CADENCE_MONTH,
							 .span = always,
							 .cells = cells,
							 .cells_n = cells_of[m]};
	programme = (struct programme){.policy.k = K, .measures = measures, .measures_n = MEASURES};
	return 0;
}

static struct book *new_book(void)
{
	struct book *book = NULL;

	assert_int_equal(book_new(&programme, &book), 0);
	book_start_at(book, START);
	return book;
}

static struct tally_entry entry(uint16_t measure, uint8_t cell, uint32_t period)
{
	return (struct tally_entry){.measure = measure, .cell = cell, .period = period};
}

static void put(struct book *book, uint64_t person, uint64_t seq, struct tally_entry after)
{
	assert_int_equal(book_change(book, person, seq, NULL, &after), 0);
}

/* Persons from .. from + n - 1 with log entries of the same numbers. */
static void put_many(struct book *book, uint64_t from, size_t n, struct tally_entry after)
{
	for (uint64_t person = from; person < from + n; person++)
		put(book, person, person, after);
}

static void change(struct book *book, uint64_t person, uint64_t seq, struct book_event before,
		   struct tally_entry after)
{
	assert_int_equal(book_change(book, person, seq, &before, &after), 0);
}

static void take_away(struct book *book, uint64_t person, uint64_t seq, struct book_event before)
{
	assert_int_equal(book_change(book, person, seq, &before, NULL), 0);
}

static uint32_t close_and_see(struct book *book, uint64_t head, uint16_t measure, uint8_t cell)
{
	struct release_figures figures;

	assert_int_equal(book_close(book, book_next(book), head, &figures), 0);
	return figures.cells[measure][cell].value;
}

static struct book_balance balance_of(const struct book *book, uint16_t measure, uint8_t cell)
{
	struct book_balance balance;

	book_balance(book, measure, cell, &balance);
	return balance;
}

static void four_persons_wait_and_five_are_booked(void **state)
{
	struct book *book = new_book();

	(void)state;
	put_many(book, 1, 4, entry(TOTAL, 0, START));
	assert_int_equal(close_and_see(book, 4, TOTAL, 0), 0);
	put(book, 5, 5, entry(TOTAL, 0, START + 1));
	assert_int_equal(close_and_see(book, 5, TOTAL, 0), 5);
	assert_int_equal(balance_of(book, TOTAL, 0).published, 5);
	assert_int_equal(balance_of(book, TOTAL, 0).waiting, 0);
	book_free(&book);
}

static void events_dated_after_the_period_do_not_help_to_reach_k(void **state)
{
	struct book *book = new_book();

	(void)state;
	put_many(book, 1, 4, entry(TOTAL, 0, START));
	put_many(book, 5, 3, entry(TOTAL, 0, START + 1));
	assert_int_equal(close_and_see(book, 7, TOTAL, 0), 0);
	assert_int_equal(close_and_see(book, 7, TOTAL, 0), 7);
	book_free(&book);
}

static void a_late_event_waits_with_the_others_of_its_cell(void **state)
{
	struct book *book = new_book();
	struct book_event early = {entry(TOTAL, 0, START), 1};
	struct book_event late = {entry(TOTAL, 0, START), 6};

	(void)state;
	put_many(book, 1, 5, entry(TOTAL, 0, START));
	assert_int_equal(close_and_see(book, 5, TOTAL, 0), 5);
	put(book, 6, 6, late.entry);
	assert_int_equal(book_find(book, &early, UINT64_MAX), START);
	assert_int_equal(book_find(book, &late, UINT64_MAX), 0);
	assert_int_equal(close_and_see(book, 6, TOTAL, 0), 0);
	put_many(book, 7, 4, entry(TOTAL, 0, START + 2));
	assert_int_equal(close_and_see(book, 10, TOTAL, 0), 5);
	assert_int_equal(book_find(book, &late, UINT64_MAX), START + 2);
	assert_int_equal(book_find(book, &late, 10), 0);
	assert_int_equal(book_find(book, &late, 11), START + 2);
	book_free(&book);
}

static void cells_of_a_partition_are_held_each_on_its_own(void **state)
{
	struct book *book = new_book();
	struct release_figures figures;

	(void)state;
	put_many(book, 1, 6, entry(LEFT, 0, START));
	put_many(book, 7, 4, entry(LEFT, 1, START));
	assert_int_equal(book_close(book, START, 10, &figures), 0);
	assert_int_equal(figures.cells[LEFT][0].value, 6);
	assert_int_equal(figures.cells[LEFT][1].value, 0);
	assert_int_equal(figures.cells[LEFT][2].value, 0);
	for (size_t c = 0; c < 3; c++)
		assert_int_equal(figures.cells[LEFT][c].state, CELL_VALUE);
	book_free(&book);
}

static void a_quarterly_measure_is_due_and_booked_in_the_quarters_last_month(void **state)
{
	struct book *book = new_book();
	struct release_figures figures;

	(void)state;
	put_many(book, 1, 5, entry(ANSWERED, 1, START));
	for (uint32_t period = START; period < START + 3; period++) {
		assert_int_equal(book_close(book, period, 5, &figures), 0);
		assert_int_equal(figures.is_due[ANSWERED], period == START + 2);
		assert_int_equal(figures.cells[ANSWERED][1].value, period == START + 2 ? 5 : 0);
	}
	book_free(&book);
}

static void a_waiting_event_moves_freely(void **state)
{
	struct book *book = new_book();
	struct book_event first = {entry(LEFT, 0, START), 1};

	(void)state;
	put(book, 1, 1, first.entry);
	change(book, 1, 2, first, entry(LEFT, 1, START + 3));
	assert_int_equal(balance_of(book, LEFT, 0).waiting, 0);
	assert_int_equal(balance_of(book, LEFT, 1).waiting, 1);
	assert_int_equal(balance_of(book, LEFT, 0).corrections, 0);
	take_away(book, 1, 3, (struct book_event){entry(LEFT, 1, START + 3), 2});
	assert_int_equal(balance_of(book, LEFT, 1).waiting, 0);
	book_free(&book);
}

static void a_correction_waits_until_both_cells_stay_nothing_or_k(void **state)
{
	struct book *book = new_book();
	struct release_figures figures;

	(void)state;
	put_many(book, 1, 6, entry(LEFT, 0, START));
	(void)close_and_see(book, 6, LEFT, 0);
	change(book, 1, 7, (struct book_event){entry(LEFT, 0, START), 1}, entry(LEFT, 1, START));
	assert_int_equal(balance_of(book, LEFT, 0).corrections, -1);
	assert_int_equal(balance_of(book, LEFT, 1).corrections, 1);
	/* Nothing in the from cell; then five in it, of which one may not go; then six, but none in
	 * the to cell; then enough in both. */
	assert_int_equal(close_and_see(book, 7, LEFT, 0), 0);
	put_many(book, 10, 5, entry(LEFT, 0, START + 1));
	put_many(book, 20, 5, entry(LEFT, 1, START + 1));
	assert_int_equal(close_and_see(book, 24, LEFT, 0), 5);
	put_many(book, 30, 6, entry(LEFT, 0, START + 1));
	assert_int_equal(close_and_see(book, 35, LEFT, 0), 6);
	put_many(book, 40, 6, entry(LEFT, 0, START + 1));
	put_many(book, 50, 5, entry(LEFT, 1, START + 1));
	assert_int_equal(book_close(book, START + 4, 54, &figures), 0);
	assert_int_equal(figures.cells[LEFT][0].value, 5);
	assert_int_equal(figures.cells[LEFT][1].value, 6);
	assert_int_equal(balance_of(book, LEFT, 0).corrections, 0);
	book_free(&book);
}

static void corrections_are_tried_in_the_order_they_were_recorded(void **state)
{
	struct book *book = new_book();
	struct release_figures figures;

	(void)state;
	put_many(book, 1, 6, entry(LEFT, 0, START));
	(void)close_and_see(book, 6, LEFT, 0);
	/* Person 2 is corrected first, to cell 1; only one may leave cell 0. */
	change(book, 2, 7, (struct book_event){entry(LEFT, 0, START), 2}, entry(LEFT, 1, START));
	change(book, 1, 8, (struct book_event){entry(LEFT, 0, START), 1}, entry(LEFT, 2, START));
	put_many(book, 10, 6, entry(LEFT, 0, START + 1));
	put_many(book, 20, 5, entry(LEFT, 1, START + 1));
	put_many(book, 30, 5, entry(LEFT, 2, START + 1));
	assert_int_equal(book_close(book, START + 1, 40, &figures), 0);
	assert_int_equal(figures.cells[LEFT][0].value, 5);
	assert_int_equal(figures.cells[LEFT][1].value, 6);
	assert_int_equal(figures.cells[LEFT][2].value, 5);
	book_free(&book);
}

static void a_newer_change_replaces_the_waiting_correction(void **state)
{
	struct book *book = new_book();

	(void)state;
	put_many(book, 1, 5, entry(LEFT, 0, START));
	(void)close_and_see(book, 5, LEFT, 0);
	change(book, 1, 6, (struct book_event){entry(LEFT, 0, START), 1}, entry(LEFT, 1, START));
	change(book, 1, 7, (struct book_event){entry(LEFT, 1, START), 6}, entry(LEFT, 2, START));
	assert_int_equal(balance_of(book, LEFT, 0).corrections, -1);
	assert_int_equal(balance_of(book, LEFT, 1).corrections, 0);
	assert_int_equal(balance_of(book, LEFT, 2).corrections, 1);
	/* Gone, back again, and home: nothing is left to correct, and it is booked still. */
	take_away(book, 1, 8, (struct book_event){entry(LEFT, 2, START), 7});
	assert_int_equal(balance_of(book, LEFT, 2).corrections, 0);
	put(book, 1, 9, entry(LEFT, 0, START + 2));
	assert_int_equal(balance_of(book, LEFT, 0).corrections, 0);
	assert_int_equal(balance_of(book, LEFT, 0).waiting, 0);
	take_away(book, 1, 10, (struct book_event){entry(LEFT, 0, START + 2), 9});
	assert_int_equal(balance_of(book, LEFT, 0).corrections, -1);
	book_free(&book);
}

static void a_new_date_within_the_cell_corrects_nothing(void **state)
{
	struct book *book = new_book();
	struct book_event moved = {entry(LEFT, 0, START + 9), 6};

	(void)state;
	put_many(book, 1, 5, entry(LEFT, 0, START));
	(void)close_and_see(book, 5, LEFT, 0);
	change(book, 1, 6, (struct book_event){entry(LEFT, 0, START), 1}, moved.entry);
	assert_int_equal(balance_of(book, LEFT, 0).corrections, 0);
	assert_int_equal(balance_of(book, LEFT, 0).waiting, 0);
	take_away(book, 1, 7, moved);
	assert_int_equal(balance_of(book, LEFT, 0).corrections, -1);
	book_free(&book);
}

static void what_was_corrected_away_can_be_booked_anew(void **state)
{
	struct book *book = new_book();

	(void)state;
	put_many(book, 1, 6, entry(TOTAL, 0, START));
	(void)close_and_see(book, 6, TOTAL, 0);
	take_away(book, 1, 7, (struct book_event){entry(TOTAL, 0, START), 1});
	put_many(book, 10, 6, entry(TOTAL, 0, START + 1));
	assert_int_equal(close_and_see(book, 20, TOTAL, 0), 5);
	put(book, 1, 21, entry(TOTAL, 0, START));
	assert_int_equal(balance_of(book, TOTAL, 0).waiting, 1);
	put_many(book, 30, 5, entry(TOTAL, 0, START + 2));
	assert_int_equal(close_and_see(book, 40, TOTAL, 0), 6);
	take_away(book, 1, 41, (struct book_event){entry(TOTAL, 0, START), 21});
	assert_int_equal(balance_of(book, TOTAL, 0).corrections, -1);
	book_free(&book);
}

static void a_preview_tells_what_a_close_would_and_changes_nothing(void **state)
{
	struct book *book = new_book();
	static uint32_t waiting[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX];
	struct release_figures seen, again, closed;

	(void)state;
	put_many(book, 1, 7, entry(LEFT, 0, START));
	put_many(book, 10, 3, entry(LEFT, 1, START));
	put_many(book, 20, 2, entry(LEFT, 0, START + 1));
	assert_int_equal(book_preview(book, START, &seen, waiting), 0);
	assert_int_equal(waiting[LEFT][0], 2);
	assert_int_equal(waiting[LEFT][1], 3);
	assert_int_equal(book_last_closed(book), 0);
	assert_int_equal(book_preview(book, START, &again, NULL), 0);
	assert_int_equal(book_close(book, START, 30, &closed), 0);
	assert_memory_equal(&seen, &again, sizeof(seen));
	assert_memory_equal(&seen, &closed, sizeof(seen));
	assert_int_equal(book_last_closed(book), START);
	assert_int_equal(book_next(book), START + 1);
	book_free(&book);
}

static void what_waits_in_other_books_is_absorbed(void **state)
{
	struct book *book = new_book();
	struct book *apart = NULL;

	(void)state;
	assert_int_equal(book_new(&programme, &apart), 0);
	put_many(book, 1, 3, entry(TOTAL, 0, START));
	put_many(apart, 4, 2, entry(TOTAL, 0, START));
	put_many(apart, 6, 1, entry(LEFT, 2, START + 1));
	assert_int_equal(book_absorb(book, apart), 0);
	book_free(&apart);
	assert_int_equal(balance_of(book, LEFT, 2).waiting, 1);
	assert_int_equal(close_and_see(book, 6, TOTAL, 0), 5);
	book_free(&book);
}

/* ---- Keeping ---- */

struct shelf {
	struct {
		uint32_t key;
		struct buf blob;
	} leaves[256];
	size_t n;
	size_t given; /* blobs of the last book_keep() */
};

static int shelve(void *context, uint32_t key, const void *blob, size_t n)
{
	struct shelf *shelf = context;
	size_t at = 0;

	while (at < shelf->n && shelf->leaves[at].key != key)
		at++;
	assert_true(at < array_n(shelf->leaves));
	if (at == shelf->n)
		shelf->leaves[shelf->n++].key = key;
	buf_clear(&shelf->leaves[at].blob);
	buf_add(&shelf->leaves[at].blob, blob, n);
	shelf->given++;
	return 0;
}

static void keep(struct book *book, struct shelf *shelf)
{
	shelf->given = 0;
	assert_int_equal(book_keep(book, shelve, shelf), 0);
	book_kept(book);
}

static void shelf_free(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->n; i++)
		buf_free(&shelf->leaves[i].blob);
}

/* Restores in key order, as the store does. */
static struct book *restored(const struct shelf *shelf)
{
	struct book *book = NULL;
	uint32_t from = 0;

	assert_int_equal(book_new(&programme, &book), 0);
	for (size_t i = 0; i < shelf->n; i++) {
		size_t next = shelf->n;

		for (size_t j = 0; j < shelf->n; j++) {
			if (shelf->leaves[j].key >= from &&
			    (next == shelf->n || shelf->leaves[j].key < shelf->leaves[next].key))
				next = j;
		}
		assert_true(next < shelf->n);
		assert_int_equal(book_restore(book, shelf->leaves[next].key,
					      shelf->leaves[next].blob.data,
					      shelf->leaves[next].blob.n),
				 0);
		from = shelf->leaves[next].key + 1;
	}
	return book;
}

static void only_what_changed_is_kept(void **state)
{
	struct book *book = new_book();
	struct shelf shelf = {0};

	(void)state;
	put_many(book, 1, 6, entry(LEFT, 0, START));
	put_many(book, 7, 5, entry(LEFT, 0, START + 1));
	keep(book, &shelf);
	assert_int_equal(shelf.given, 3); /* the front and two months */
	keep(book, &shelf);
	assert_int_equal(shelf.given, 0);
	put(book, 20, 20, entry(TOTAL, 0, START + 1));
	keep(book, &shelf);
	assert_int_equal(shelf.given, 1);
	(void)close_and_see(book, 20, LEFT, 0);
	keep(book, &shelf);
	assert_int_equal(shelf.given, 3); /* the front, the emptied month, the closing */
	take_away(book, 2, 21, (struct book_event){entry(LEFT, 0, START), 2});
	keep(book, &shelf);
	assert_int_equal(shelf.given, 1); /* the claims of persons 0..255 */
	shelf_free(&shelf);
	book_free(&book);
}

static void a_damaged_blob_is_refused(void **state)
{
	struct book *book = new_book();
	struct shelf shelf = {0};

	(void)state;
	put_many(book, 1, 6, entry(LEFT, 0, START));
	(void)close_and_see(book, 6, LEFT, 0);
	take_away(book, 2, 21, (struct book_event){entry(LEFT, 0, START), 2});
	put_many(book, 30, 2, entry(LEFT, 1, START));
	keep(book, &shelf);
	book_free(&book);
	assert_int_equal(shelf.n, 4);
	for (size_t i = 0; i < shelf.n; i++) {
		const struct buf *blob = &shelf.leaves[i].blob;

		for (size_t n = 0; n < blob->n; n++) {
			assert_int_equal(book_new(&programme, &book), 0);
			assert_int_equal(book_restore(book, shelf.leaves[i].key, blob->data, n),
					 -EBADMSG);
			book_free(&book);
		}
		blob->data[1] = 2; /* a form of the future */
		assert_int_equal(book_new(&programme, &book), 0);
		assert_int_equal(book_restore(book, shelf.leaves[i].key, blob->data, blob->n),
				 -EBADMSG);
		book_free(&book);
	}
	shelf_free(&shelf);
}

static void a_blob_of_an_unknown_measure_is_refused(void **state)
{
	struct book *book = new_book();
	struct buf blob = {0};

	(void)state;
	pack_array(&blob, 2);
	pack_u64(&blob, 1);
	pack_array(&blob, 1);
	pack_array(&blob, 3);
	pack_u64(&blob, 99);
	pack_u64(&blob, 0);
	pack_u64(&blob, 3);
	assert_int_equal(book_restore(book, START, blob.data, blob.n), -EBADMSG);
	buf_free(&blob);
	book_free(&book);
}

/* ---- Random histories against a model that remembers every person ---- */

#define PERSONS 400
#define MONTHS 36

/* What is true of a person and a measure, and what the figures say; cell -1: nothing. */
struct model_event {
	struct book_event truth;
	int truth_cell, booked_cell;
	uint64_t moved; /* the act that brought it into its cell, or took it away */
};

struct world {
	struct book *book;
	struct shelf shelf;
	struct model_event events[PERSONS][MEASURES];
	uint64_t seq;
	uint64_t random;
	int64_t published[MEASURES][3];
	struct release_figures releases[MONTHS + 1];
	int64_t held[MONTHS + 1]; /* of LEFT, in all its cells, after each closing */
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(struct world *world, uint64_t below)
{
	uint64_t z = world->random += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (z ^ (z >> 31)) % below;
}

/* A person's event of a measure appears, changes or goes; often enough nothing changes. */
static void act(struct world *world, uint32_t now)
{
	size_t person = draw(world, PERSONS);
	uint16_t m = (uint16_t)draw(world, MEASURES);
	struct model_event *event = &world->events[person][m];
	struct book_event before = event->truth;
	bool is_there = event->truth_cell >= 0;
	bool goes = is_there && draw(world, 4) == 0;
	struct tally_entry after =
		entry(m, (uint8_t)draw(world, cells_of[m]), now + 2 - (uint32_t)draw(world, 6));

	world->seq++;
	assert_int_equal(book_change(world->book, person + 1, world->seq, is_there ? &before : NULL,
				     goes ? NULL : &after),
			 0);
	event->truth = (struct book_event){after, world->seq};
	if (event->truth_cell != (goes ? -1 : after.cell))
		event->moved = world->seq;
	event->truth_cell = goes ? -1 : after.cell;
}

static void model_book_new(struct world *world, uint32_t period, uint16_t m, uint8_t c,
			   uint32_t *ret_flow)
{
	uint32_t waiting = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (size_t p = 0; p < PERSONS; p++) {
			struct model_event *event = &world->events[p][m];

			if (event->booked_cell >= 0 || event->truth_cell != c ||
			    event->truth.entry.period > period)
				continue;
			if (pass == 0)
				waiting++;
			else if (waiting >= K)
				event->booked_cell = c;
		}
	}
	*ret_flow = waiting >= K ? waiting : 0;
}

static struct model_event *model_next_correction(struct world *world, uint16_t m,
						 uint64_t after_seq)
{
	struct model_event *first = NULL;

	for (size_t p = 0; p < PERSONS; p++) {
		struct model_event *event = &world->events[p][m];

		if (event->booked_cell < 0 || event->booked_cell == event->truth_cell ||
		    event->moved <= after_seq)
			continue;
		if (first == NULL || event->moved < first->moved)
			first = event;
	}
	return first;
}

static void model_correct(struct world *world, uint16_t m, uint32_t flow[])
{
	struct model_event *event = NULL;
	uint64_t seq = 0;

	while ((event = model_next_correction(world, m, seq)) != NULL) {
		int to = event->truth_cell;

		seq = event->moved;
		if (flow[event->booked_cell] != 1 && flow[event->booked_cell] < K + 1)
			continue;
		if (to >= 0 && flow[to] + 1 < K)
			continue;
		flow[event->booked_cell]--;
		if (to >= 0)
			flow[to]++;
		event->booked_cell = to;
	}
}

/* Closes in the book and in the model, which must agree; every headline is 0 or >= k. */
static void close_both(struct world *world, uint32_t period)
{
	struct release_figures *figures = &world->releases[period - START];

	assert_int_equal(book_close(world->book, period, world->seq, figures), 0);
	for (uint16_t m = 0; m < MEASURES; m++) {
		uint32_t flow[3] = {0};

		assert_int_equal(figures->is_due[m], programme_is_due(&measures[m], period));
		if (figures->is_due[m]) {
			for (uint8_t c = 0; c < cells_of[m]; c++)
				model_book_new(world, period, m, c, &flow[c]);
			model_correct(world, m, flow);
		}
		for (uint8_t c = 0; c < cells_of[m]; c++) {
			uint32_t value = figures->cells[m][c].value;

			assert_true(value == 0 || value >= K);
			assert_int_equal(value, flow[c]);
			world->published[m][c] += value;
			if (m == LEFT)
				world->held[period - START] +=
					balance_of(world->book, m, c).waiting;
		}
	}
}

/* A recount of what is true equals what is published, waits, and waits to be corrected. */
static void check_balance(struct world *world)
{
	for (uint16_t m = 0; m < MEASURES; m++) {
		for (uint8_t c = 0; c < cells_of[m]; c++) {
			struct book_balance balance = balance_of(world->book, m, c);
			int64_t truth = 0;

			for (size_t p = 0; p < PERSONS; p++)
				truth += world->events[p][m].truth_cell == c;
			assert_int_equal(balance.published, world->published[m][c]);
			assert_int_equal(truth,
					 balance.published + balance.waiting + balance.corrections);
		}
	}
}

/* As a restart would: the books as the shelf has them. */
static void restart(struct world *world)
{
	keep(world->book, &world->shelf);
	book_free(&world->book);
	world->book = restored(&world->shelf);
}

static struct world *live_through(uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));
	size_t acts = 5 + seed * 7 % 120;

	assert_non_null(world);
	world->random = seed;
	world->book = new_book();
	for (size_t p = 0; p < PERSONS; p++) {
		for (size_t m = 0; m < MEASURES; m++)
			world->events[p][m].truth_cell = world->events[p][m].booked_cell = -1;
	}
	for (uint32_t period = START; period < START + MONTHS; period++) {
		for (size_t i = 0; i < acts; i++)
			act(world, period);
		check_balance(world);
		close_both(world, period);
		check_balance(world);
		if (draw(world, 3) == 0)
			restart(world);
	}
	return world;
}

static void world_free(struct world *world)
{
	shelf_free(&world->shelf);
	book_free(&world->book);
	free(world);
}

static void through_any_history_truth_is_published_and_waiting(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++)
		world_free(live_through(seed));
}

static void closed_periods_never_change(void **state)
{
	struct world *world = live_through(77);
	struct shelf before = {0};
	struct shelf after = {0};

	(void)state;
	keep(world->book, &before);
	for (size_t i = 0; i < 500; i++)
		act(world, START + MONTHS);
	close_both(world, START + MONTHS);
	keep(world->book, &after);
	/* The one closing among what was written is the new one. */
	for (size_t i = 0; i < after.n; i++)
		assert_true(after.leaves[i].key < CLOSINGS ||
			    after.leaves[i].key == CLOSINGS + START + MONTHS);
	shelf_free(&before);
	shelf_free(&after);
	world_free(world);
}

/* The same events recorded in any order give the same figures (correction-free). */
static void figures_do_not_depend_on_the_order_of_records(void **state)
{
	struct world order = {.random = 5};

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct book *forward = new_book();
		struct book *shuffled = new_book();
		struct tally_entry entries[200];
		struct release_figures a, b;

		for (size_t i = 0; i < array_n(entries); i++) {
			uint16_t m = (uint16_t)draw(&order, MEASURES);

			entries[i] = entry(m, (uint8_t)draw(&order, cells_of[m]),
					   START + (uint32_t)draw(&order, 6));
			put(forward, i + 1, i + 1, entries[i]);
		}
		for (size_t i = array_n(entries); i > 0; i--) {
			size_t at = draw(&order, i);
			struct tally_entry taken = entries[at];

			entries[at] = entries[i - 1];
			put(shuffled, i, array_n(entries) + 1 - i, taken);
		}
		for (uint32_t period = START; period < START + 6; period++) {
			assert_int_equal(book_close(forward, period, 200, &a), 0);
			assert_int_equal(book_close(shuffled, period, 200, &b), 0);
			assert_memory_equal(&a, &b, sizeof(a));
		}
		book_free(&forward);
		book_free(&shuffled);
	}
}

/*
 * Whether an outsider who sees the cells' figures of one closing, and beside them an exact total
 * of everything ever counted (cumulative; -1: there is none), knows a number of 1..k-1.
 */
static bool is_disclosed(const struct world *world, size_t month, int64_t exact_total)
{
	int64_t sum = 0;

	for (size_t c = 0; c < cells_of[LEFT]; c++) {
		int64_t flow = world->releases[month].cells[LEFT][c].value;

		if (flow > 0 && flow < K)
			return true;
		for (size_t i = 0; i <= month; i++)
			sum += world->releases[i].cells[LEFT][c].value;
	}
	return exact_total > sum && exact_total - sum < K;
}

/* Proof obligation 6 of 3.6, and its mutant: hold per cell beside exact totals. */
static void no_change_of_one_to_four_can_be_worked_out_and_the_mutant_is_caught(void **state)
{
	size_t disclosed = 0;
	size_t caught = 0;

	(void)state;
	for (uint64_t seed = 100; seed < 110; seed++) {
		struct world *world = live_through(seed);
		int64_t published = 0;

		for (size_t month = 0; month < MONTHS; month++) {
			for (size_t c = 0; c < cells_of[LEFT]; c++)
				published += world->releases[month].cells[LEFT][c].value;
			disclosed += is_disclosed(world, month, -1);
			caught += is_disclosed(world, month, published + world->held[month]);
		}
		world_free(world);
	}
	assert_int_equal(disclosed, 0);
	assert_true(caught > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_persons_wait_and_five_are_booked),
		cmocka_unit_test(events_dated_after_the_period_do_not_help_to_reach_k),
		cmocka_unit_test(a_late_event_waits_with_the_others_of_its_cell),
		cmocka_unit_test(cells_of_a_partition_are_held_each_on_its_own),
		cmocka_unit_test(a_quarterly_measure_is_due_and_booked_in_the_quarters_last_month),
		cmocka_unit_test(a_waiting_event_moves_freely),
		cmocka_unit_test(a_correction_waits_until_both_cells_stay_nothing_or_k),
		cmocka_unit_test(corrections_are_tried_in_the_order_they_were_recorded),
		cmocka_unit_test(a_newer_change_replaces_the_waiting_correction),
		cmocka_unit_test(a_new_date_within_the_cell_corrects_nothing),
		cmocka_unit_test(what_was_corrected_away_can_be_booked_anew),
		cmocka_unit_test(a_preview_tells_what_a_close_would_and_changes_nothing),
		cmocka_unit_test(what_waits_in_other_books_is_absorbed),
		cmocka_unit_test(only_what_changed_is_kept),
		cmocka_unit_test(a_damaged_blob_is_refused),
		cmocka_unit_test(a_blob_of_an_unknown_measure_is_refused),
		cmocka_unit_test(through_any_history_truth_is_published_and_waiting),
		cmocka_unit_test(closed_periods_never_change),
		cmocka_unit_test(figures_do_not_depend_on_the_order_of_records),
		cmocka_unit_test(
			no_change_of_one_to_four_can_be_worked_out_and_the_mutant_is_caught),
	};

	return cmocka_run_group_tests(tests, make_programme, NULL);
}
