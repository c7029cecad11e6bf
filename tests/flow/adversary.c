/*
 * Proof obligation 6 of 3-privacy 3.6 by brute force: in a world small enough to be lived through
 * in every way it can go, an outsider who knows the rules, how many persons there can be and every
 * figure ever published, and who tries all histories, can never say for certain that a headline
 * changed by 1..k-1 persons between two closings. Each history goes through the real books.
 */
#include "daemon/site/book.h"
#include "lib/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START (2018 * 12)
#define PERSONS_MAX 6
#define MONTHS_MAX 4
#define CELLS_MAX 2
#define PATHS_MAX 81
#define GROUPS (1u << 16)
#define NOWHERE 0 /* a person's place: nowhere, or cell + 1 */

/* What a world is like. With exact totals beside the held cells it is the mutant. */
struct world {
	uint32_t k;
	unsigned persons, months, cells;
	bool has_exact_totals;
};

/* Where a person is at each closing. */
struct path {
	uint8_t place[MONTHS_MAX];
};

/* All histories that an outsider cannot tell apart, by what was published; and between which bounds
 * each change lies in them: of each cell and of their sum, from each closing (or the beginning) to
 * each later one. */
struct group {
	bool is_used;
	uint8_t seen[MONTHS_MAX * (CELLS_MAX + 1)];
	int8_t least[CELLS_MAX + 1][MONTHS_MAX][MONTHS_MAX];
	int8_t most[CELLS_MAX + 1][MONTHS_MAX][MONTHS_MAX];
};

struct outsider {
	const struct world *world;
	struct path paths[PATHS_MAX];
	unsigned paths_n;
	struct group *groups;
	size_t groups_n, histories_n, published_n;
};

static struct programme_cell cells[CELLS_MAX];
static struct programme_measure measure = {
	.number = 1,
	.id = "left",
	.cadence = CADENCE_MONTH,
	.span = {INT32_MIN, INT32_MAX},
	.cells = cells,
};
static struct programme programme = {.measures = &measure, .measures_n = 1};

/* ---- one history ---- */

struct life {
	struct book *book;
	struct book_event last[PERSONS_MAX];
	uint64_t seq;
	int8_t truth[CELLS_MAX + 1][MONTHS_MAX];
	uint8_t seen[MONTHS_MAX * (CELLS_MAX + 1)];
};

/* A person is elsewhere than a month ago. */
static void move(struct life *life, unsigned person, uint8_t from, uint8_t to, uint32_t period)
{
	struct book_event before = life->last[person];
	struct tally_entry after = {.cell = (uint8_t)(to - 1), .period = period};

	if (from != NOWHERE)
		after.period = before.entry.period;
	life->seq++;
	assert_int_equal(book_change(life->book, person + 1, life->seq,
				     from == NOWHERE ? NULL : &before,
				     to == NOWHERE ? NULL : &after),
			 0);
	life->last[person] = (struct book_event){after, life->seq};
}

static void close_month(struct life *life, const struct world *world, unsigned month)
{
	static struct release_figures figures;
	uint8_t *seen = life->seen + (size_t)month * (world->cells + 1);

	assert_int_equal(book_close(life->book, START + month, life->seq, &figures), 0);
	for (unsigned c = 0; c < world->cells; c++)
		seen[c] = (uint8_t)figures.cells[0][c].value;
	if (world->has_exact_totals)
		seen[world->cells] = (uint8_t)life->truth[world->cells][month];
}

static void live(const struct world *world, const struct path *const paths[], struct life *life)
{
	memset(life, 0, sizeof(*life));
	assert_int_equal(book_new(&programme, &life->book), 0);
	book_start_at(life->book, START);
	for (unsigned month = 0; month < world->months; month++) {
		for (unsigned p = 0; p < world->persons; p++) {
			uint8_t from = month == 0 ? NOWHERE : paths[p]->place[month - 1];
			uint8_t to = paths[p]->place[month];

			if (from != to)
				move(life, p, from, to, START + month);
			if (to != NOWHERE) {
				life->truth[to - 1][month]++;
				life->truth[world->cells][month]++;
			}
		}
		close_month(life, world, month);
	}
	book_free(&life->book);
}

/* ---- what the outsider makes of it ---- */

static struct group *find_group(struct outsider *outsider, const struct life *life)
{
	uint32_t at = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < sizeof(life->seen); i++)
		at = (at ^ life->seen[i]) * 16777619u;
	for (at %= GROUPS; outsider->groups[at].is_used; at = (at + 1) % GROUPS)
		if (memcmp(outsider->groups[at].seen, life->seen, sizeof(life->seen)) == 0)
			return &outsider->groups[at];
	assert_true(++outsider->groups_n < GROUPS / 2);
	memset(outsider->groups[at].least, INT8_MAX, sizeof(outsider->groups[at].least));
	memset(outsider->groups[at].most, INT8_MIN, sizeof(outsider->groups[at].most));
	memcpy(outsider->groups[at].seen, life->seen, sizeof(life->seen));
	outsider->groups[at].is_used = true;
	return &outsider->groups[at];
}

/* Change from the closing before first (or the beginning) to that of last. */
static void note(struct group *group, const struct life *life, unsigned headline, unsigned first,
		 unsigned last)
{
	int8_t before = first == 0 ? 0 : life->truth[headline][first - 1];
	int8_t change = (int8_t)(life->truth[headline][last] - before);

	if (change < group->least[headline][first][last])
		group->least[headline][first][last] = change;
	if (change > group->most[headline][first][last])
		group->most[headline][first][last] = change;
}

static void note_all(struct outsider *outsider, const struct life *life)
{
	const struct world *world = outsider->world;
	struct group *group = find_group(outsider, life);

	for (unsigned headline = 0; headline <= world->cells; headline++)
		for (unsigned first = 0; first < world->months; first++)
			for (unsigned last = first; last < world->months; last++)
				note(group, life, headline, first, last);
	outsider->histories_n++;
	for (size_t i = 0; i < sizeof(life->seen); i++)
		outsider->published_n += life->seen[i] != 0;
}

/* Every choice of a path for each person; persons are alike, so that the order does not matter. */
static void try_all(struct outsider *outsider, const struct path *chosen[], unsigned n,
		    unsigned from)
{
	struct life life;

	if (n == outsider->world->persons) {
		live(outsider->world, chosen, &life);
		note_all(outsider, &life);
		return;
	}
	for (unsigned i = from; i < outsider->paths_n; i++) {
		chosen[n] = &outsider->paths[i];
		try_all(outsider, chosen, n + 1, i);
	}
}

static void make_paths(struct outsider *outsider)
{
	unsigned places = outsider->world->cells + 1;
	unsigned n = 1;

	for (unsigned month = 0; month < outsider->world->months; month++)
		n *= places;
	assert_true(n <= PATHS_MAX);
	for (unsigned i = 0; i < n; i++) {
		unsigned left = i;

		for (unsigned month = 0; month < outsider->world->months; month++) {
			outsider->paths[i].place[month] = (uint8_t)(left % places);
			left /= places;
		}
	}
	outsider->paths_n = n;
}

/* How many changes of 1..k-1 persons, up or down, are certain in a group. */
static size_t certain(const struct world *world, const struct group *group)
{
	int k = (int)world->k;
	size_t n = 0;

	for (unsigned headline = 0; headline <= world->cells; headline++)
		for (unsigned first = 0; first < world->months; first++)
			for (unsigned last = first; last < world->months; last++) {
				int least = group->least[headline][first][last];
				int most = group->most[headline][first][last];

				n += (least >= 1 && most < k) || (most <= -1 && least > -k);
			}
	return n;
}

/* All that an outsider can say for certain in such a world. */
static size_t disclosed(const struct world *world)
{
	own(mem_free) struct group *groups = calloc(GROUPS, sizeof(*groups));
	own(mem_free) struct outsider *outsider = calloc(1, sizeof(*outsider));
	const struct path *chosen[PERSONS_MAX] = {0};
	size_t n = 0;

	assert_non_null(groups);
	assert_non_null(outsider);
	outsider->world = world;
	outsider->groups = groups;
	programme.policy.k = world->k;
	measure.cells_n = world->cells;
	make_paths(outsider);
	try_all(outsider, chosen, 0, 0);
	for (size_t i = 0; i < GROUPS; i++)
		n += groups[i].is_used ? certain(world, &groups[i]) : 0;
	print_message("%zu histories, %zu as seen from outside, %zu figures, %zu disclosures\n",
		      outsider->histories_n, outsider->groups_n, outsider->published_n, n);
	assert_true(outsider->published_n > 0);
	return n;
}

/* ---- the claims ---- */

static void no_history_of_one_headline_discloses_a_small_change(void **state)
{
	(void)state;
	assert_int_equal(disclosed(&(struct world){.k = 3, .persons = 6, .months = 4, .cells = 1}),
			 0);
}

static void no_history_of_a_partition_discloses_a_small_change(void **state)
{
	(void)state;
	assert_int_equal(disclosed(&(struct world){.k = 2, .persons = 4, .months = 3, .cells = 2}),
			 0);
	assert_int_equal(disclosed(&(struct world){.k = 3, .persons = 5, .months = 3, .cells = 2}),
			 0);
}

static void exact_totals_beside_held_cells_are_caught(void **state)
{
	(void)state;
	assert_true(
		disclosed(&(struct world){
			.k = 3, .persons = 5, .months = 3, .cells = 2, .has_exact_totals = true}) >
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_history_of_one_headline_discloses_a_small_change),
		cmocka_unit_test(no_history_of_a_partition_discloses_a_small_change),
		cmocka_unit_test(exact_totals_beside_held_cells_are_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
