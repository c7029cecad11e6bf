/*
 * mia-book-play: the real books, played by a script, for tests/oracle/differ.py. One act a line on
 * stdin, numbers apart by spaces:
 *   put PERSON MEASURE CELL MONTH    somebody is counted, or elsewhere than before
 *   gone PERSON MEASURE              or not any more
 *   forget PERSON
 *   close
 *   adopt FIGURE...                  of every cell of every measure, in order
 * After each a line on stdout: the last closing's figures, then published, waiting, corrections and
 * differences, of every cell. Measures have 1 and 3 cells; k is 3, the first month 2018-01.
 */
#include "daemon/site/book_adopt.h"
#include "daemon/site/book_forget.h"
#include "lib/own.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSONS 64
#define MEASURES 2
#define CELLS 3
#define START (2018 * 12)

static struct programme_cell cells[CELLS];
static struct programme_measure measures[MEASURES] = {
	{.number = 1,
	 .id = "entered",
	 .cadence = CADENCE_MONTH,
	 .span = {INT32_MIN, INT32_MAX},
	 .cells_n = 1,
	 .cells = cells},
	{.number = 2,
	 .id = "left",
	 .cadence = CADENCE_MONTH,
	 .span = {INT32_MIN, INT32_MAX},
	 .cells_n = CELLS,
	 .cells = cells},
};
static const struct programme programme = {.measures = measures,
					   .measures_n = MEASURES,
					   .policy = {.k = 3}};

struct play {
	struct book *book;
	struct book_event last[PERSONS][MEASURES];
	bool is_there[PERSONS][MEASURES];
	uint64_t seq;
	struct release_figures figures;
};

/* The next number of the line; a script that has none is a bug of its writer. */
static uint32_t number(void)
{
	const char *word = strtok(NULL, " \n");

	assert(word != NULL);
	return (uint32_t)strtoul(word, NULL, 10);
}

static void put(struct play *play, bool is_gone)
{
	uint32_t person = number(), measure = number();
	struct book_event *last;
	struct tally_entry after = {.measure = (uint16_t)measure};
	bool was;

	assert(person < PERSONS && measure < MEASURES);
	last = &play->last[person][measure];
	was = play->is_there[person][measure];
	if (!is_gone) {
		after.cell = (uint8_t)number();
		after.period = number();
	}
	assert(was || !is_gone);
	if (book_change(play->book, person + 1, ++play->seq, was ? last : NULL,
			is_gone ? NULL : &after) < 0)
		abort();
	*last = (struct book_event){after, play->seq};
	play->is_there[person][measure] = !is_gone;
}

static void forget(struct play *play)
{
	uint32_t person = number();
	struct book_event contributions[MEASURES];
	size_t n = 0;

	assert(person < PERSONS);
	for (size_t m = 0; m < MEASURES; m++) {
		if (play->is_there[person][m])
			contributions[n++] = play->last[person][m];
		play->is_there[person][m] = false;
	}
	play->seq++;
	if (book_forget(play->book, person + 1, contributions, n) < 0)
		abort();
}

static void adopt(struct play *play)
{
	struct release_figures *figures = &play->figures;

	*figures = (struct release_figures){0};
	for (size_t m = 0; m < MEASURES; m++) {
		figures->is_due[m] = true;
		for (size_t c = 0; c < measures[m].cells_n; c++)
			figures->cells[m][c] = (struct release_cell){CELL_VALUE, number()};
	}
	if (book_adopt(play->book, book_next(play->book), figures) < 0)
		abort();
	book_adopted(play->book, play->seq);
}

static void act(struct play *play, const char *verb)
{
	if (strcmp(verb, "put") == 0 || strcmp(verb, "gone") == 0)
		put(play, strcmp(verb, "gone") == 0);
	else if (strcmp(verb, "forget") == 0)
		forget(play);
	else if (strcmp(verb, "adopt") == 0)
		adopt(play);
	else if (strcmp(verb, "close") != 0 ||
		 book_close(play->book, book_next(play->book), play->seq, &play->figures) < 0)
		abort();
}

static void tell(const struct play *play)
{
	for (size_t m = 0; m < MEASURES; m++) {
		for (size_t c = 0; c < measures[m].cells_n; c++) {
			struct book_balance balance;

			book_balance(play->book, m, c, &balance);
			(void)printf("%" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " ",
				     play->figures.cells[m][c].value, balance.published,
				     balance.waiting, balance.corrections, balance.differences);
		}
	}
	(void)printf("\n");
}

int main(void)
{
	static struct play play;
	char line[256];

	if (book_new(&programme, &play.book) < 0)
		return 1;
	book_start_at(play.book, START);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		act(&play, strtok(line, " \n"));
		tell(&play);
	}
	book_free(&play.book);
	return 0;
}
