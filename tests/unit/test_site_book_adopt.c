/*
 * Adoption (4-sync 4.1): lives that lose some months of their log and get the reports of them back,
 * at random, against the same lives without a loss.
 */
#include "daemon/site/book_adopt.h"
#include "daemon/site/book_forget.h"
#include "daemon/site/book_keep.h"
#include "lib/buf.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define K 5
#define START (2018 * 12)
#define CELLS 3
#define PERSONS 60
#define NOWHERE (-1)
#define WORLDS 3000

static struct programme_cell cells[CELLS];
static struct programme_measure measure = {
	.number = 7,
	.id = "left",
	.cadence = CADENCE_MONTH,
	.span = {INT32_MIN, INT32_MAX},
	.cells_n = CELLS,
	.cells = cells,
};
static struct programme programme = {.measures = &measure, .measures_n = 1, .policy = {.k = K}};

/* A site: its books, and what its log last said of each person. */
struct house {
	struct book *book;
	struct book_event last[PERSONS];
	int place[PERSONS];
	uint64_t seq;
};

static struct house new_house(void)
{
	struct house house = {0};

	assert_int_equal(book_new(&programme, &house.book), 0);
	book_start_at(house.book, START);
	for (size_t i = 0; i < PERSONS; i++)
		house.place[i] = NOWHERE;
	return house;
}

/* Somebody is in a cell from a month on, or gone; a change keeps the month. */
static void put(struct house *house, size_t person, int place, uint32_t period)
{
	struct book_event before = house->last[person];
	struct tally_entry after = {.cell = (uint8_t)place, .period = period};
	bool was = house->place[person] != NOWHERE;

	if (!was && place == NOWHERE)
		return;
	house->seq++;
	assert_int_equal(book_change(house->book, person + 1, house->seq, was ? &before : NULL,
				     place == NOWHERE ? NULL : &after),
			 0);
	house->last[person] = (struct book_event){after, house->seq};
	house->place[person] = place;
}

static void close_one(struct house *house, struct release_figures *ret_figures)
{
	memset(ret_figures, 0, sizeof(*ret_figures));
	assert_int_equal(book_close(house->book, book_next(house->book), house->seq, ret_figures),
			 0);
	for (size_t c = 0; c < CELLS; c++) {
		uint32_t value = ret_figures->cells[0][c].value;

		assert_true(value == 0 || value >= K);
	}
}

/* What the disk has of one life. */
static struct leaves {
	size_t n;
	uint32_t keys[512];
	struct buf blobs[512];
} disk;

static void wipe_disk(void)
{
	for (size_t i = 0; i < disk.n; i++)
		buf_free(&disk.blobs[i]);
	memset(&disk, 0, sizeof(disk));
}

static int keep_leaf(void *context, uint32_t key, const void *blob, size_t n)
{
	size_t i = 0;

	(void)context;
	while (i < disk.n && disk.keys[i] != key)
		i++;
	assert_true(i < array_n(disk.keys));
	disk.n += i == disk.n;
	disk.keys[i] = key;
	buf_clear(&disk.blobs[i]);
	buf_add(&disk.blobs[i], blob, n);
	return 0;
}

/* Everything is written and read again. */
static void copy_book(const struct house *from, struct house *to)
{
	struct book *book = NULL;
	uint32_t done = 0;

	assert_int_equal(book_keep(from->book, keep_leaf, NULL), 0);
	assert_int_equal(book_new(&programme, &book), 0);
	for (size_t given = 0; given < disk.n; given++) {
		size_t least = disk.n;

		for (size_t i = 0; i < disk.n; i++)
			if ((given == 0 || disk.keys[i] > done) &&
			    (least == disk.n || disk.keys[i] < disk.keys[least]))
				least = i;
		done = disk.keys[least];
		assert_int_equal(book_restore(book, done, disk.blobs[least].data,
					      disk.blobs[least].n),
				 0);
	}
	*to = *from;
	to->book = book;
}

static void assert_balanced(const struct house *house)
{
	for (size_t c = 0; c < CELLS; c++) {
		struct book_balance balance;
		int64_t truth = 0;

		for (size_t i = 0; i < PERSONS; i++)
			truth += house->place[i] == (int)c;
		book_balance(house->book, 0, c, &balance);
		assert_int_equal(balance.published + balance.waiting + balance.corrections +
					 balance.differences,
				 truth);
		assert_true(balance.differences <= 0);
		assert_true(balance.waiting >= 0);
	}
}

static int64_t differences(const struct house *house)
{
	int64_t sum = 0;

	for (size_t c = 0; c < CELLS; c++) {
		struct book_balance balance;

		book_balance(house->book, 0, c, &balance);
		sum += balance.differences;
	}
	return sum;
}

static uint64_t random_state;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t below)
{
	uint64_t z = random_state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (z ^ (z >> 31)) % below;
}

/* A month of newcomers, some reported late; with changes also corrections and some who go. */
static void live(struct house *house, uint32_t now, bool has_changes)
{
	for (int i = 0; i < 12; i++) {
		size_t person = draw(PERSONS);
		int place = (int)draw(CELLS);
		uint32_t late = (uint32_t)draw(3);

		if (house->place[person] == NOWHERE)
			put(house, person, place, now > START + late ? now - late : START);
		else if (has_changes)
			put(house, person, draw(4) == 0 ? NOWHERE : place,
			    house->last[person].entry.period);
	}
}

static void adopt(struct house *house, const struct release_figures figures[], uint32_t first,
		  uint32_t n)
{
	book_reopen(house->book, first);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(book_differs(house->book, first + i, &figures[i]));
		assert_int_equal(book_adopt(house->book, first + i, &figures[i]), 0);
		assert_false(book_differs(house->book, first + i, &figures[i]));
	}
	book_adopted(house->book, house->seq);
}

/* What was lost is entered again: as the log of the other house says, in another order. */
static void enter_again(struct house *house, const struct house *other, unsigned of_ten)
{
	size_t first = draw(PERSONS);

	for (size_t i = 0; i < PERSONS; i++) {
		size_t person = (first + i * 7) % PERSONS;

		if (house->place[person] != other->place[person] && draw(10) < of_ten)
			put(house, person, other->place[person], other->last[person].entry.period);
	}
}

/* Runs on without a loss in other; in house the log ends after some months, and the months after
 * are adopted. */
static void lose(struct house *house, struct house *other, bool has_changes)
{
	static struct release_figures figures[16];
	uint32_t kept = 1 + (uint32_t)draw(4), lost = 1 + (uint32_t)draw(3);

	wipe_disk();
	*other = new_house();
	for (uint32_t month = 0; month < kept; month++) {
		live(other, START + month, has_changes);
		close_one(other, &figures[0]);
	}
	copy_book(other, house);
	for (uint32_t month = 0; month < lost; month++) {
		live(other, START + kept + month, has_changes);
		close_one(other, &figures[month]);
	}
	if (draw(2) == 0)
		enter_again(house, other, 6);
	adopt(house, figures, START + kept, lost);
	assert_balanced(house);
}

static void what_is_entered_again_is_not_counted_twice(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct release_figures own, others;
		struct house house, other;

		random_state = seed * 997;

		lose(&house, &other, false);
		enter_again(&house, &other, 10);
		assert_balanced(&house);
		assert_int_equal(differences(&house), 0);
		for (uint32_t month = 0; month < 3; month++) {
			close_one(&house, &own);
			close_one(&other, &others);
			assert_memory_equal(&own, &others, sizeof(own));
			for (int i = 0; i < 9; i++) {
				size_t person = draw(PERSONS);
				uint32_t now = book_next(house.book);

				if (other.place[person] != NOWHERE)
					continue;
				put(&house, person, i % CELLS, now);
				put(&other, person, i % CELLS, now);
			}
		}
		book_free(&house.book);
		book_free(&other.book);
	}
}

static void truth_is_what_was_published_and_waits_whatever_is_entered_again(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct release_figures figures;
		struct house house, other, read;

		random_state = seed * 991;

		lose(&house, &other, true);
		for (uint32_t month = 0; month < 4; month++) {
			enter_again(&house, &other, 5);
			live(&house, book_next(house.book), true);
			assert_balanced(&house);
			copy_book(&house, &read);
			book_free(&house.book);
			house = read;
			close_one(&house, &figures);
			assert_balanced(&house);
		}
		book_free(&house.book);
		book_free(&other.book);
	}
}

static struct release_figures figure(uint32_t first_cell)
{
	struct release_figures figures = {.is_due = {true}};

	for (size_t c = 0; c < CELLS; c++)
		figures.cells[0][c].state = CELL_VALUE;
	figures.cells[0][0].value = first_cell;
	return figures;
}

static struct book_balance balance_of(const struct house *house, size_t cell)
{
	struct book_balance balance;

	book_balance(house->book, 0, cell, &balance);
	return balance;
}

/* So many newcomers in the first cell, numbered from first on. */
static void come(struct house *house, size_t first, size_t n, uint32_t period)
{
	for (size_t i = first; i < first + n; i++)
		put(house, i, 0, period);
}

static uint32_t next_figure(struct house *house)
{
	struct release_figures figures;

	close_one(house, &figures);
	assert_balanced(house);
	return figures.cells[0][0].value;
}

static void
whoever_comes_makes_up_for_an_adopted_figure_and_is_published_no_second_time(void **state)
{
	const struct release_figures six = figure(6);
	struct house house = new_house();

	(void)state;
	adopt(&house, &six, START, 1);
	come(&house, 0, 1, START + 1);
	assert_int_equal(balance_of(&house, 0).differences, -5);
	assert_int_equal(balance_of(&house, 0).waiting, 0);
	come(&house, 1, 1, START);
	assert_int_equal(balance_of(&house, 0).differences, -4);
	come(&house, 2, 8, START + 1);
	assert_int_equal(balance_of(&house, 0).differences, 0);
	assert_int_equal(balance_of(&house, 0).waiting, 4);
	assert_int_equal(next_figure(&house), 0);
	come(&house, 10, 1, START + 2);
	assert_int_equal(next_figure(&house), 5);
	assert_int_equal(balance_of(&house, 0).published, 11);
	book_free(&house.book);
}

static void who_is_dated_later_than_a_closing_is_not_booked_by_it(void **state)
{
	const struct release_figures six = figure(6);
	struct house house = new_house();

	(void)state;
	adopt(&house, &six, START, 1);
	come(&house, 0, 7, START);
	come(&house, 7, 5, START + 2);
	assert_int_equal(next_figure(&house), 0);
	assert_int_equal(next_figure(&house), 6);
	book_free(&house.book);
}

static void who_makes_up_for_a_figure_changes_and_goes_without_a_correction(void **state)
{
	const struct release_figures six = figure(6);
	struct house house = new_house();

	(void)state;
	come(&house, 0, 6, START);
	adopt(&house, &six, START, 1);
	assert_int_equal(differences(&house), 0);
	put(&house, 3, 1, START);
	assert_int_equal(balance_of(&house, 0).corrections, 0);
	assert_int_equal(balance_of(&house, 0).differences, -1);
	put(&house, 3, 0, START);
	assert_int_equal(differences(&house), 0);
	put(&house, 4, NOWHERE, START);
	assert_int_equal(differences(&house), -1);
	put(&house, 4, 0, START + 1);
	assert_int_equal(differences(&house), 0);
	assert_int_equal(next_figure(&house), 0);
	book_free(&house.book);
}

static void once_the_account_is_cleared_a_cell_is_corrected_like_any_other(void **state)
{
	const struct release_figures six = figure(6);
	struct release_figures figures;
	struct house house = new_house();

	(void)state;
	adopt(&house, &six, START, 1);
	come(&house, 0, 11, START + 1);
	assert_int_equal(next_figure(&house), 5);
	put(&house, 3, 1, START);
	assert_int_equal(balance_of(&house, 0).corrections, -1);
	come(&house, 11, 6, START + 2);
	for (size_t i = 17; i < 22; i++)
		put(&house, i, 1, START + 2);
	close_one(&house, &figures);
	assert_int_equal(figures.cells[0][0].value, 5);
	assert_int_equal(figures.cells[0][1].value, 6);
	assert_balanced(&house);
	book_free(&house.book);
}

/* A closing of our own that never counted: what it booked waits again, of both chains. */
static void a_fork_s_own_months_are_booked_anew_and_the_hub_s_stand(void **state)
{
	const struct release_figures five = figure(5);
	struct release_figures figures;
	struct house house = new_house();
	struct book_balance balance;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		put(&house, i, 0, START);
	close_one(&house, &figures);
	for (size_t i = 6; i < 13; i++)
		put(&house, i, 0, START + 1);
	close_one(&house, &figures);
	assert_int_equal(figures.cells[0][0].value, 7);
	adopt(&house, &five, START, 1);
	assert_balanced(&house);
	book_balance(house.book, 0, 0, &balance);
	assert_int_equal(balance.published, 5);
	assert_int_equal(balance.waiting, 8);
	assert_int_equal(book_next(house.book), START + 1);
	assert_int_equal(book_last_closed(house.book), START);
	close_one(&house, &figures);
	assert_int_equal(figures.cells[0][0].value, 8);
	assert_balanced(&house);
	book_free(&house.book);
}

static void a_correction_that_the_figures_hold_already_is_not_booked_again(void **state)
{
	struct house house = new_house();
	struct house other;
	struct release_figures figures;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		put(&house, i, i < 6 ? 0 : 1, START);
	close_one(&house, &figures);
	wipe_disk();
	copy_book(&house, &other);
	for (size_t i = 12; i < 24; i++)
		put(&house, i, i < 18 ? 0 : 1, START + 1);
	enter_again(&other, &house, 10);
	put(&house, 0, 1, START);
	close_one(&house, &figures);
	assert_int_equal(figures.cells[0][0].value, 5);
	assert_int_equal(figures.cells[0][1].value, 7);
	adopt(&other, &figures, START + 1, 1);
	enter_again(&other, &house, 10);
	assert_balanced(&other);
	assert_int_equal(differences(&other), 0);
	for (size_t c = 0; c < CELLS; c++) {
		struct book_balance balance;

		book_balance(other.book, 0, c, &balance);
		assert_int_equal(balance.corrections, 0);
		assert_int_equal(balance.waiting, 0);
	}
	book_free(&house.book);
	book_free(&other.book);
}

static void
a_fork_s_own_month_that_is_closed_again_books_what_it_booked_and_what_came_since(void **state)
{
	const struct release_figures five = figure(5);
	struct house house = new_house();
	struct house read;

	(void)state;
	come(&house, 0, 5, START);
	assert_int_equal(next_figure(&house), 5);
	come(&house, 5, 5, START + 1);
	assert_int_equal(next_figure(&house), 5);
	adopt(&house, &five, START, 1);
	assert_int_equal(balance_of(&house, 0).waiting, 5);
	put(&house, 9, NOWHERE, START);
	assert_int_equal(balance_of(&house, 0).corrections, -1);
	assert_balanced(&house);
	wipe_disk();
	copy_book(&house, &read);
	book_free(&house.book);
	house = read;
	assert_balanced(&house);
	come(&house, 20, 2, START + 1);
	assert_int_equal(next_figure(&house), 6); /* five, and two, less the one who is gone */
	assert_int_equal(balance_of(&house, 0).corrections, 0);
	book_free(&house.book);
}

/* Of the reopened month nothing is booked at first; what came since goes with what it booked. */
static void a_month_closed_again_that_books_less_loses_nobody(void **state)
{
	const struct release_figures nine = figure(9);
	struct house house = new_house();

	(void)state;
	come(&house, 0, 5, START);
	assert_int_equal(next_figure(&house), 5);
	come(&house, 5, 5, START + 1);
	assert_int_equal(next_figure(&house), 5);
	adopt(&house, &nine, START, 1);
	assert_int_equal(balance_of(&house, 0).waiting, 1);
	come(&house, 10, 2, START + 1);
	assert_int_equal(next_figure(&house), 0);
	assert_int_equal(balance_of(&house, 0).waiting, 3);
	put(&house, 10, NOWHERE, START); /* booked by name, and one who waits has the place */
	assert_int_equal(balance_of(&house, 0).corrections, 0);
	assert_int_equal(balance_of(&house, 0).waiting, 2);
	come(&house, 12, 2, START + 2);
	assert_int_equal(next_figure(&house), 0);
	come(&house, 14, 1, START + 3);
	assert_int_equal(next_figure(&house), 5);
	book_free(&house.book);
}

static void
whoever_is_forgotten_stays_in_the_adopted_figure_and_nobody_takes_the_place(void **state)
{
	const struct release_figures five = figure(5);
	struct house house = new_house();

	(void)state;
	come(&house, 0, 6, START);
	adopt(&house, &five, START, 1);
	assert_int_equal(balance_of(&house, 0).waiting, 1);
	assert_int_equal(book_forget(house.book, 1, &house.last[0], 1), 0);
	assert_int_equal(balance_of(&house, 0).waiting, 0); /* not booked, and never is */
	assert_int_equal(book_forget(house.book, 2, &house.last[1], 1), 0);
	assert_int_equal(balance_of(&house, 0).published, 5);
	assert_int_equal(balance_of(&house, 0).differences, 0);
	come(&house, 6, 1, START + 1);
	assert_int_equal(balance_of(&house, 0).waiting, 1);
	book_free(&house.book);
}

static void a_correction_entered_again_before_a_file_is_done_with_when_the_file_is_in(void **state)
{
	struct release_figures five_and_seven = figure(5);
	struct house house = new_house();
	struct book *file = NULL;
	struct release_figures figures;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		put(&house, i, i < 6 ? 0 : 1, START);
	close_one(&house, &figures);
	five_and_seven.cells[0][1].value = 7;
	adopt(&house, &five_and_seven, START + 1, 1);
	put(&house, 0, 1, START);
	assert_int_equal(balance_of(&house, 0).corrections, -1);
	assert_int_equal(book_new(&programme, &file), 0);
	for (size_t i = 12; i < 24; i++) {
		const struct tally_entry entry = {.cell = i < 18 ? 0 : 1, .period = START + 1};

		house.seq++;
		assert_int_equal(book_change(file, i + 1, house.seq, NULL, &entry), 0);
		house.last[i] = (struct book_event){entry, house.seq};
		house.place[i] = entry.cell;
	}
	assert_int_equal(book_absorb(house.book, file), 0);
	for (size_t c = 0; c < 2; c++) {
		assert_int_equal(balance_of(&house, c).corrections, 0);
		assert_int_equal(balance_of(&house, c).waiting, 0);
		assert_int_equal(balance_of(&house, c).differences, 0);
	}
	assert_balanced(&house);
	put(&house, 0, 0, START); /* booked where the figures have it */
	assert_int_equal(balance_of(&house, 1).corrections, -1);
	book_free(&file);
	book_free(&house.book);
}

static void of_whoever_is_forgotten_nothing_of_a_month_opened_again_is_booked(void **state)
{
	const struct release_figures none = figure(0);
	struct house house = new_house();

	(void)state;
	come(&house, 0, 5, START);
	assert_int_equal(next_figure(&house), 5);
	adopt(&house, &none, START, 1);
	assert_int_equal(balance_of(&house, 0).waiting, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(book_forget(house.book, i + 1, &house.last[i], 1), 0);
	assert_int_equal(balance_of(&house, 0).waiting, 0);
	book_free(&house.book);
}

/* What a month that is closed again does not book is not booked by name either. */
static void whoever_waits_in_a_month_closed_again_can_be_forgotten(void **state)
{
	struct release_figures figures;
	struct house house = new_house();

	(void)state;
	come(&house, 0, 5, START);
	assert_int_equal(next_figure(&house), 5);
	book_reopen(house.book, START);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(book_forget(house.book, i + 1, &house.last[i], 1), 0);
	come(&house, 5, 2, START);
	close_one(&house, &figures);
	assert_int_equal(figures.cells[0][0].value, 0);
	assert_int_equal(balance_of(&house, 0).waiting, 2);
	assert_int_equal(book_forget(house.book, 6, &house.last[5], 1), 0);
	assert_int_equal(balance_of(&house, 0).waiting, 1);
	book_free(&house.book);
}

static void of_what_waits_the_oldest_adopted_figure_has_the_first(void **state)
{
	const struct release_figures figures[] = {figure(6), figure(0), figure(7)};
	const struct period_range before = {START - 12, START - 1}, lost = {START, START + 2};
	const struct period_range after = {START + 3, START + 14};
	struct house house = new_house();
	uint32_t published = 0, matched = 0;

	(void)state;
	book_start_at(house.book, START - 1);
	assert_int_equal(next_figure(&house), 0);
	adopt(&house, figures, START, 3);
	come(&house, 0, 8, START + 2);
	assert_true(book_adoption(house.book, START, 0, 0, &published, &matched));
	assert_int_equal(published, 6);
	assert_int_equal(matched, 6);
	assert_true(book_adoption(house.book, START + 2, 0, 0, &published, &matched));
	assert_int_equal(published, 7);
	assert_int_equal(matched, 2);
	assert_false(book_adoption(house.book, START - 1, 0, 0, &published, &matched));
	assert_false(book_adoption(house.book, START + 3, 0, 0, &published, &matched));
	assert_false(book_rests_on_adoption(house.book, before, 0));
	assert_true(book_rests_on_adoption(house.book, lost, 0));
	assert_true(book_rests_on_adoption(house.book, after, 0));
	book_free(&house.book);
}

static void what_rests_on_adopted_figures_is_known_when_nothing_of_them_is_left(void **state)
{
	const struct release_figures six = figure(6);
	struct house house = new_house();
	struct house read;

	(void)state;
	adopt(&house, &six, START, 1);
	come(&house, 0, 11, START + 1);
	assert_int_equal(next_figure(&house), 5);
	assert_int_equal(next_figure(&house), 0);
	wipe_disk();
	copy_book(&house, &read);
	book_free(&house.book);
	assert_true(book_rests_on_adoption(read.book, (struct period_range){START, START}, 0));
	assert_true(
		book_rests_on_adoption(read.book, (struct period_range){START + 1, START + 1}, 0));
	assert_false(
		book_rests_on_adoption(read.book, (struct period_range){START + 2, START + 9}, 0));
	book_free(&read.book);
}

/* The chapter's leaf as it lies on disk, and what is read of it when it is damaged. */
static void an_account_is_kept_and_a_damaged_one_is_refused(void **state)
{
	static const uint8_t golden[] = {
		0x94, 0x01, 0x00, /* form, watermark */
		0x91, 0x93, 0x07, 0x00, 0x93, 0x06, 0x00, 0x00, /* measure 7: booked, figures */
		0x92, 0x01, 0x91, 0x94, 0x07, 0x00, 0x06, 0x01, /* adopted: cell 0, difference 6 */
	};
	const struct release_figures six = figure(6);
	struct house house = new_house();
	struct house read;
	size_t at = 0;

	(void)state;
	adopt(&house, &six, START, 1);
	wipe_disk();
	copy_book(&house, &read);
	while (disk.keys[at] != (UINT32_C(1) << 31) + START)
		at++;
	assert_int_equal(disk.blobs[at].n, sizeof(golden));
	assert_memory_equal(disk.blobs[at].data, golden, sizeof(golden));
	assert_int_equal(balance_of(&read, 0).differences, -6);
	book_free(&read.book);
	for (size_t i = 0; i < sizeof(golden); i++) {
		uint8_t other[sizeof(golden)];

		assert_int_equal(book_new(&programme, &read.book), 0);
		assert_int_equal(book_restore(read.book, disk.keys[at], golden, i), -EBADMSG);
		book_free(&read.book);
		memcpy(other, golden, sizeof(golden));
		other[i] = 0xC0; /* nil, which is nowhere in it */
		assert_int_equal(book_new(&programme, &read.book), 0);
		assert_int_equal(book_restore(read.book, disk.keys[at], other, sizeof(other)),
				 -EBADMSG);
		book_free(&read.book);
	}
	book_free(&house.book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_entered_again_is_not_counted_twice),
		cmocka_unit_test(truth_is_what_was_published_and_waits_whatever_is_entered_again),
		cmocka_unit_test(
			whoever_comes_makes_up_for_an_adopted_figure_and_is_published_no_second_time),
		cmocka_unit_test(who_is_dated_later_than_a_closing_is_not_booked_by_it),
		cmocka_unit_test(who_makes_up_for_a_figure_changes_and_goes_without_a_correction),
		cmocka_unit_test(once_the_account_is_cleared_a_cell_is_corrected_like_any_other),
		cmocka_unit_test(a_fork_s_own_months_are_booked_anew_and_the_hub_s_stand),
		cmocka_unit_test(a_correction_that_the_figures_hold_already_is_not_booked_again),
		cmocka_unit_test(
			a_fork_s_own_month_that_is_closed_again_books_what_it_booked_and_what_came_since),
		cmocka_unit_test(a_month_closed_again_that_books_less_loses_nobody),
		cmocka_unit_test(
			whoever_is_forgotten_stays_in_the_adopted_figure_and_nobody_takes_the_place),
		cmocka_unit_test(
			a_correction_entered_again_before_a_file_is_done_with_when_the_file_is_in),
		cmocka_unit_test(of_whoever_is_forgotten_nothing_of_a_month_opened_again_is_booked),
		cmocka_unit_test(whoever_waits_in_a_month_closed_again_can_be_forgotten),
		cmocka_unit_test(an_account_is_kept_and_a_damaged_one_is_refused),
		cmocka_unit_test(of_what_waits_the_oldest_adopted_figure_has_the_first),
		cmocka_unit_test(
			what_rests_on_adopted_figures_is_known_when_nothing_of_them_is_left),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	wipe_disk();
	return failed;
}
