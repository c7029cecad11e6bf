/*
 * Proof obligation 6 of 3-privacy 3.6 by brute force: in a world small enough to be lived through
 * in every way it can go, an outsider who knows the rules, how many persons there can be and every
 * figure ever published, and who tries all histories, can never say for certain that a headline
 * changed by 1..k-1 persons between two closings. Each history goes through the real books. In some
 * worlds the site loses the months after a backup, gets their reports back and goes on (4-sync
 * 4.1), or finds that a copy of it has reported in its stead; whoever was lost is entered again,
 * before it or after, late or never.
 *
 * Usage: adversary [--large]     with larger worlds, some minutes more
 */
#include "daemon/site/book_adopt.h"
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
#define PATHS_MAX 128
#define GROUPS (1u << 17)
#define NOWHERE 0 /* a person's place: nowhere, or cell + 1 */

enum mutant {
	MUTANT_NONE,
	MUTANT_EXACT_TOTALS, /* beside the held cells */
	MUTANT_REPORTED_AGAIN, /* the lost months */
	MUTANT_COUNTED_APART, /* whoever comes later: no later event fills a difference (4.1) */
};

/* When somebody is known to us who changed in the lost months. */
enum again {
	AGAIN_BEFORE, /* the adoption, or all the time: then to the copy as well */
	AGAIN_AFTER,
	AGAIN_LATE, /* after the next closing */
	AGAIN_NEVER, /* not before they change the next time */
	AGAIN_OURS, /* all the time, and to the copy not */
	AGAIN_N,
};

#define AT_ONCE (1 << AGAIN_BEFORE | 1 << AGAIN_AFTER)

/* What a world is like. */
struct world {
	uint32_t k;
	unsigned persons, months, cells;
	unsigned lost; /* months after the first whose reports come back, 0: none */
	unsigned own; /* months after the first that we closed ourselves, and a copy of us reported
		       */
	unsigned known; /* bits: the outsider knows that all were lost in these ways; 0: nothing */
	enum mutant mutant;
};

/* Where a person is at each closing. */
struct path {
	uint8_t place[MONTHS_MAX];
	enum again again;
};

/* All histories that an outsider cannot tell apart, by what was published; and between which bounds
 * each change lies in them: of each cell and of their sum, from each closing (or the beginning) to
 * each later one. */
struct group {
	bool is_used;
	uint8_t seen[2 * MONTHS_MAX * (CELLS_MAX + 1)];
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
	const struct world *world;
	const struct path *const *paths;
	struct book *book;
	struct book *apart; /* of the mutant: of events dated after the lost months */
	struct book_event last[PERSONS_MAX];
	uint8_t known[PERSONS_MAX]; /* place, as the log has it */
	uint64_t seq;
	int8_t truth[CELLS_MAX + 1][MONTHS_MAX];
	/* The months as reported, and the months as reported again. */
	uint8_t seen[2 * MONTHS_MAX * (CELLS_MAX + 1)];
};

static struct book *book_for(const struct life *life, uint32_t period)
{
	return life->apart != NULL && period > START + life->world->lost ? life->apart : life->book;
}

/* A person is elsewhere than the log has it. */
static void move(struct life *life, unsigned person, uint8_t to, unsigned month)
{
	struct book_event before = life->last[person];
	struct tally_entry after = {.cell = (uint8_t)(to - 1), .period = START + month};
	uint8_t from = life->known[person];

	if (from == to)
		return;
	if (from != NOWHERE)
		after.period = before.entry.period;
	life->seq++;
	assert_int_equal(book_change(book_for(life, after.period), person + 1, life->seq,
				     from == NOWHERE ? NULL : &before,
				     to == NOWHERE ? NULL : &after),
			 0);
	life->last[person] = (struct book_event){after, life->seq};
	life->known[person] = to;
}

/* What happens to everybody in a month, but for those of whom nothing is known. */
static void pass_month(struct life *life, unsigned month, bool (*is_unknown)(enum again again))
{
	for (unsigned p = 0; p < life->world->persons; p++) {
		const struct path *path = life->paths[p];
		uint8_t from = month == 0 ? NOWHERE : path->place[month - 1];

		if (from != path->place[month] && !is_unknown(path->again))
			move(life, p, path->place[month], month);
	}
}

static bool is_nobody(enum again again)
{
	(void)again;
	return false;
}

static bool is_ours_alone(enum again again)
{
	return again == AGAIN_OURS;
}

static bool is_the_copy_s_alone(enum again again)
{
	return again != AGAIN_OURS && again != AGAIN_BEFORE;
}

/* Changes of the lost months are entered again, dated as they were. */
static void enter_again(struct life *life)
{
	for (unsigned p = 0; p < life->world->persons; p++) {
		const struct path *path = life->paths[p];

		for (unsigned month = 1; path->again == AGAIN_AFTER && month <= life->world->lost;
		     month++)
			if (path->place[month] != path->place[month - 1])
				move(life, p, path->place[month], month);
	}
}

/* Who was not known yet at the closing after is, as they were then, dated as when they were lost.
 */
static void enter_late(struct life *life)
{
	for (unsigned p = 0; p < life->world->persons; p++)
		if (life->paths[p]->again == AGAIN_LATE)
			move(life, p, life->paths[p]->place[life->world->lost + 1],
			     life->world->lost);
}

static void close_month(struct life *life, unsigned month, uint8_t seen[])
{
	static struct release_figures figures, apart;
	const struct world *world = life->world;

	seen += (size_t)month * (world->cells + 1);
	assert_int_equal(book_close(life->book, START + month, life->seq, &figures), 0);
	if (life->apart != NULL)
		assert_int_equal(book_close(life->apart, START + month, life->seq, &apart), 0);
	for (unsigned c = 0; c < world->cells; c++) {
		seen[c] = (uint8_t)figures.cells[0][c].value;
		if (life->apart != NULL)
			seen[c] += (uint8_t)apart.cells[0][c].value;
	}
	if (world->mutant == MUTANT_EXACT_TOTALS)
		seen[world->cells] = (uint8_t)life->truth[world->cells][month];
}

static void begin(struct life *life)
{
	book_free(&life->book);
	assert_int_equal(book_new(&programme, &life->book), 0);
	book_start_at(life->book, START);
	memset(life->known, NOWHERE, sizeof(life->known));
	life->seq = 0;
}

/* The reports that were seen of the lost months become ours. */
static void adopt(struct life *life)
{
	const struct world *world = life->world;

	book_reopen(life->book, START + 1);
	for (unsigned month = 1; month <= world->lost; month++) {
		struct release_figures reported = {.is_due = {true}};

		for (unsigned c = 0; c < world->cells; c++) {
			reported.cells[0][c].state = CELL_VALUE;
			reported.cells[0][c].value =
				life->seen[(size_t)month * (world->cells + 1) + c];
		}
		assert_int_equal(book_adopt(life->book, START + month, &reported), 0);
	}
	book_adopted(life->book, life->seq);
	if (world->mutant == MUTANT_COUNTED_APART) {
		assert_int_equal(book_new(&programme, &life->apart), 0);
		book_start_at(life->apart, START + world->lost + 1);
	}
}

/* The books as they were after the first month, and what became of them until the reports of the
 * months after it came back. */
static void restore(struct life *life)
{
	uint8_t unseen[sizeof(life->seen)];
	const struct world *world = life->world;

	begin(life);
	pass_month(life, 0, is_nobody);
	close_month(life, 0, unseen);
	for (unsigned month = 1; month <= world->own || month <= world->lost; month++) {
		pass_month(life, month, month > world->lost ? is_nobody : is_the_copy_s_alone);
		if (month <= world->own)
			close_month(life, month, unseen);
	}
	if (world->mutant == MUTANT_REPORTED_AGAIN) {
		for (unsigned month = 1; month <= world->lost; month++)
			close_month(life, month, life->seen + sizeof(life->seen) / 2);
	} else {
		adopt(life);
	}
	enter_again(life);
}

static void count_truth(struct life *life)
{
	const struct world *world = life->world;

	for (unsigned month = 0; month < world->months; month++) {
		for (unsigned p = 0; p < world->persons; p++) {
			uint8_t place = life->paths[p]->place[month];

			if (place == NOWHERE)
				continue;
			life->truth[place - 1][month]++;
			life->truth[world->cells][month]++;
		}
	}
}

static void live(const struct world *world, const struct path *const paths[], struct life *life)
{
	memset(life, 0, sizeof(*life));
	life->world = world;
	life->paths = paths;
	count_truth(life);
	begin(life);
	for (unsigned month = 0; month < world->months; month++) {
		if (world->lost > 0 && month == world->lost + 1)
			restore(life);
		if (world->lost > 0 && month == world->lost + 2)
			enter_late(life);
		if (month > world->own || month <= world->lost)
			pass_month(life, month,
				   month == 0 || month > world->lost ? is_nobody : is_ours_alone);
		close_month(life, month, life->seen);
	}
	book_free(&life->book);
	book_free(&life->apart);
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

static bool is_changed_in_lost(const struct world *world, const struct path *path)
{
	for (unsigned month = 1; month <= world->lost; month++)
		if (path->place[month] != path->place[month - 1])
			return true;
	return false;
}

static bool can_be(const struct world *world, enum again again)
{
	if (again == AGAIN_OURS && world->own == 0)
		return false;
	return world->known == 0 || (world->known >> again & 1) != 0;
}

/* A path, and if something of it is lost also those that are entered again at another time. */
static void add_path(struct outsider *outsider, struct path path)
{
	bool is_lost = is_changed_in_lost(outsider->world, &path);

	for (int again = 0; again < (is_lost ? AGAIN_N : 1); again++) {
		if (is_lost && !can_be(outsider->world, (enum again)again))
			continue;
		assert_true(outsider->paths_n < PATHS_MAX);
		path.again = (enum again)again;
		outsider->paths[outsider->paths_n++] = path;
	}
}

static void make_paths(struct outsider *outsider)
{
	unsigned places = outsider->world->cells + 1;
	unsigned n = 1;

	for (unsigned month = 0; month < outsider->world->months; month++)
		n *= places;
	for (unsigned i = 0; i < n; i++) {
		struct path path = {{0}, AGAIN_BEFORE};
		unsigned left = i;

		for (unsigned month = 0; month < outsider->world->months; month++) {
			path.place[month] = (uint8_t)(left % places);
			left /= places;
		}
		add_path(outsider, path);
	}
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

/* All that an outsider can say for certain in such a world; and in how many ways it can look. */
static size_t look(const struct world *world, size_t *ret_views)
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
	*ret_views = outsider->groups_n;
	return n;
}

static size_t disclosed(const struct world *world)
{
	size_t views;

	return look(world, &views);
}

/* Nothing is disclosed. And where nobody can move from cell to cell, the same can be seen as
 * without a loss: who was entered again at once lost nothing, and nothing else can be seen than
 * that. (Who moves after an adoption is not corrected but comes: that can be seen of k or more.) */
static void assert_safe(const struct world *world)
{
	struct world whole = *world;
	size_t views, views_of_whole;

	whole.lost = whole.own = 0;
	assert_int_equal(look(world, &views), 0);
	if (world->cells > 1)
		return;
	assert_int_equal(look(&whole, &views_of_whole), 0);
	assert_int_equal(views, views_of_whole);
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
	assert_true(disclosed(&(struct world){.k = 3,
					      .persons = 5,
					      .months = 3,
					      .cells = 2,
					      .mutant = MUTANT_EXACT_TOTALS}) > 0);
}

static void a_restored_site_looks_like_one_that_lost_nothing(void **state)
{
	static const struct world worlds[] = {
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 1},
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 2},
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 2, .known = AT_ONCE},
		{.k = 2, .persons = 5, .months = 3, .cells = 1, .lost = 1},
		{.k = 2, .persons = 5, .months = 4, .cells = 1, .lost = 2, .known = AT_ONCE},
		{.k = 3, .persons = 5, .months = 3, .cells = 1, .lost = 1},
		{.k = 2, .persons = 3, .months = 3, .cells = 2, .lost = 1},
	};

	(void)state;
	for (size_t i = 0; i < array_n(worlds); i++)
		assert_safe(&worlds[i]);
}

static void a_site_whose_copy_reported_looks_like_one_without_a_copy(void **state)
{
	static const struct world worlds[] = {
		{.k = 2, .persons = 3, .months = 4, .cells = 1, .lost = 1, .own = 1},
		{.k = 2, .persons = 3, .months = 4, .cells = 1, .lost = 1, .own = 2},
		{.k = 2, .persons = 3, .months = 4, .cells = 1, .lost = 2, .own = 1},
		{.k = 2, .persons = 3, .months = 3, .cells = 2, .lost = 1, .own = 1},
	};

	(void)state;
	for (size_t i = 0; i < array_n(worlds); i++)
		assert_safe(&worlds[i]);
}

/* Of restores: all entered again before, or all after; of forks also that the copy knew none of it.
 * Not who knows for certain that nobody was entered again by the next closing: see the README. */
static void who_knows_when_the_lost_were_entered_again_learns_no_more(void **state)
{
	static const struct world worlds[] = {
		{.k = 2, .lost = 1, .known = 1 << AGAIN_BEFORE},
		{.k = 2, .lost = 2, .known = 1 << AGAIN_BEFORE},
		{.k = 2, .lost = 1, .known = 1 << AGAIN_AFTER},
		{.k = 2, .lost = 2, .known = 1 << AGAIN_AFTER},
		{.k = 3, .lost = 2, .known = 1 << AGAIN_AFTER},
		{.k = 2, .lost = 1, .own = 1, .known = 1 << AGAIN_BEFORE},
		{.k = 2, .lost = 1, .own = 1, .known = 1 << AGAIN_AFTER},
		{.k = 2, .lost = 1, .own = 1, .known = 1 << AGAIN_OURS},
		{.k = 2, .lost = 2, .own = 2, .known = 1 << AGAIN_OURS},
		{.k = 2, .lost = 1, .own = 2, .known = 1 << AGAIN_OURS},
	};
	struct world two_cells = {.k = 3, .persons = 5, .months = 3, .cells = 2, .lost = 1};

	(void)state;
	for (size_t i = 0; i < array_n(worlds); i++) {
		struct world world = worlds[i];

		world.cells = 1;
		world.persons = 5;
		world.months = 4;
		assert_int_equal(disclosed(&world), 0);
	}
	two_cells.known = 1 << AGAIN_AFTER;
	assert_int_equal(disclosed(&two_cells), 0);
}

static void larger_worlds_with_a_loss_look_like_those_without(void **state)
{
	static const struct world worlds[] = {
		{.k = 2, .persons = 5, .months = 4, .cells = 1, .lost = 1},
		{.k = 2, .persons = 5, .months = 4, .cells = 1, .lost = 2},
		{.k = 3, .persons = 5, .months = 4, .cells = 1, .lost = 2},
		{.k = 2, .persons = 4, .months = 3, .cells = 2, .lost = 1},
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 1, .own = 1},
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 1, .own = 2},
		{.k = 2, .persons = 4, .months = 4, .cells = 1, .lost = 2, .own = 2},
	};

	(void)state;
	for (size_t i = 0; i < array_n(worlds); i++)
		assert_safe(&worlds[i]);
}

static void lost_months_that_are_reported_again_are_caught(void **state)
{
	(void)state;
	assert_true(disclosed(&(struct world){.k = 3,
					      .persons = 5,
					      .months = 3,
					      .cells = 1,
					      .lost = 1,
					      .mutant = MUTANT_REPORTED_AGAIN}) > 0);
}

static void differences_that_later_events_do_not_fill_are_caught(void **state)
{
	(void)state;
	assert_true(disclosed(&(struct world){.k = 2,
					      .persons = 4,
					      .months = 4,
					      .cells = 1,
					      .lost = 1,
					      .mutant = MUTANT_COUNTED_APART}) > 0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_history_of_one_headline_discloses_a_small_change),
		cmocka_unit_test(no_history_of_a_partition_discloses_a_small_change),
		cmocka_unit_test(exact_totals_beside_held_cells_are_caught),
		cmocka_unit_test(a_restored_site_looks_like_one_that_lost_nothing),
		cmocka_unit_test(a_site_whose_copy_reported_looks_like_one_without_a_copy),
		cmocka_unit_test(who_knows_when_the_lost_were_entered_again_learns_no_more),
		cmocka_unit_test(lost_months_that_are_reported_again_are_caught),
		cmocka_unit_test(differences_that_later_events_do_not_fill_are_caught),
	};
	const struct CMUnitTest larger[] = {
		cmocka_unit_test(larger_worlds_with_a_loss_look_like_those_without),
	};

	if (argc > 1 && strcmp(argv[1], "--large") == 0)
		return cmocka_run_group_tests(larger, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
