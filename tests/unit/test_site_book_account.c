/*
 * A whole store that was put back from a copy and took over the months after it, under the real
 * programme: whatever is entered, undone, transferred, withdrawn, merged or erased then, published
 * + waiting + corrections + differences is what the records say, in every cell of every measure.
 */
#include "daemon/site/book_adopt.h"
#include "daemon/site/store_act.h"
#include "daemon/site/store_batch.h"
#include "daemon/site/store_forget.h"
#include "daemon/site/store_read.h"
#include "daemon/site/store_scan.h"
#include "daemon/site/store_sound_tables.h"
#include "lib/fail.h"
#include "tests/unit/fixture_store.h"

#define PERSONS 40
#define LOST_MAX 3
#define WORLDS 12

typedef int64_t cell_counts[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX];

/* People as they truly are, and a site that knows some of it. */
struct world {
	struct place *place;
	struct store *store;
	struct record people[PERSONS];
	bool is_there[PERSONS];
	bool is_out[PERSONS]; /* for good */
	uint32_t now;
	cell_counts gone; /* published of the erased */
	/* What the worlds have shown: else they claim nothing. */
	int64_t differences, published, corrections;
};

static uint64_t random_state;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint32_t draw(uint32_t below)
{
	uint64_t z = random_state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (uint32_t)((z ^ (z >> 31)) % below);
}

/* ---- truth ---- */

static int add_person(void *context, const struct store_person *person)
{
	int64_t(*truth)[PROGRAMME_CELLS_MAX] = context;

	for (size_t i = 0; i < person->contributions_n; i++)
		truth[person->contributions[i].entry.measure]
		     [person->contributions[i].entry.cell]++;
	return 0;
}

/* What the books say more than the records, by cell. */
static void count_gaps(struct store *store, cell_counts ret_gaps)
{
	uint64_t after = 0;
	bool is_done = false;
	cell_counts truth = {0};

	while (!is_done)
		assert_int_equal(store_scan(store, &after, 100, add_person, truth, &is_done), 0);
	for (size_t m = 0; m < mia->measures_n; m++) {
		for (size_t c = 0; c < mia->measures[m].cells_n; c++) {
			struct book_balance found;

			book_balance(store_book(store), m, c, &found);
			assert_true(found.waiting >= 0 && found.differences <= 0);
			ret_gaps[m][c] = found.published + found.waiting + found.corrections +
					 found.differences - truth[m][c];
		}
	}
}

/* What came of it, for the end. */
static void note(struct world *world)
{
	for (size_t m = 0; m < mia->measures_n; m++) {
		for (size_t c = 0; c < mia->measures[m].cells_n; c++) {
			struct book_balance found;

			book_balance(store_book(world->store), m, c, &found);
			world->differences -= found.differences;
			world->corrections += found.corrections != 0;
		}
	}
}

/* Whatever happened: it is no damage (mia audit verify). */
static void assert_sound(struct store *store)
{
	own(store_sound_free) struct store_sound *sound = NULL;
	bool is_done = false;

	assert_int_equal(store_sound_begin(store, &sound), 0);
	assert_int_equal(store_sound_step(sound, SIZE_MAX, &is_done), 0);
	assert_true(is_done);
	assert_int_equal(store_sound_tables(sound), 0);
	if (sound->flaws_n != 0)
		fail_msg("flaw %d of case %llu", (int)sound->flaws[0].kind,
			 (unsigned long long)sound->flaws[0].id);
}

static void assert_balanced(const struct world *world)
{
	cell_counts gaps = {0};

	assert_sound(world->store);
	count_gaps(world->store, gaps);
	assert_memory_equal(gaps, world->gone, sizeof(gaps));
}

/* ---- what happens ---- */

static int32_t day_in(uint32_t period)
{
	return period_first_day(period) + (int32_t)draw(28);
}

static void put_out(struct world *world, size_t i)
{
	world->is_there[i] = false;
	world->is_out[i] = true;
}

/* Somebody new, some of them from elsewhere. */
static struct record newcomer(size_t i, uint32_t period)
{
	struct record record = person(i);

	record.value[FIELD_entry_date] = day_in(period);
	if (draw(5) == 0)
		record.value[FIELD_transfer_in_date] = record.value[FIELD_entry_date];
	return record;
}

static void leave(struct record *record, uint32_t period)
{
	if (draw(6) == 0) {
		record->value[FIELD_transfer_out_date] = day_in(period);
		return;
	}
	record->value[FIELD_exit_date] = day_in(period);
	record->value[FIELD_result_date] = record->value[FIELD_exit_date];
	record->value[FIELD_exit_reason] = 1 + (int32_t)draw(4);
	record->value[FIELD_works_type] = 1;
}

/* A month of a person's life. */
static void live(struct world *world, size_t i)
{
	struct record *record = &world->people[i];

	if (world->is_out[i])
		return;
	if (!world->is_there[i]) {
		*record = newcomer(i, world->now);
		world->is_there[i] = true;
	} else if (record->value[FIELD_exit_date] == RECORD_MISSING) {
		leave(record, world->now);
	} else {
		record->value[FIELD_exit_reason] = 1 + (int32_t)draw(4);
	}
}

static void enter_by_hand(struct world *world, size_t i)
{
	uint64_t id = 0;

	(void)store_find(world->store, &world->people[i], &id);
	assert_int_equal(store_act(world->store, &by_hand, id,
				   id == 0 ? ACT_REGISTERED : ACT_CHANGED, &world->people[i], &id),
			 0);
}

/* Some of those who are there, in a file; sometimes the wrong one, and it is taken back. */
static void enter_by_file(struct world *world, uint32_t of_ten)
{
	struct store_batch_result result;
	uint64_t acts = 0;

	assert_int_equal(store_batch_begin(world->store, AT, "anna", "file.csv"), 0);
	for (size_t i = 0; i < PERSONS; i++)
		if (world->is_there[i] && draw(10) < of_ten)
			assert_int_equal(store_batch_add(world->store, &world->people[i], false),
					 0);
	assert_int_equal(store_batch_end(world->store, &result), 0);
	assert_balanced(world);
	if (result.batch != 0 && draw(3) == 0)
		(void)store_batch_undo(world->store, &by_hand, result.batch, &acts);
}

static bool draw_known(const struct world *world, size_t *ret_i, uint64_t *ret_id)
{
	size_t i = draw(PERSONS);

	*ret_i = i;
	return world->is_there[i] && store_find(world->store, &world->people[i], ret_id);
}

/* Of whoever is erased at most what was published stays, once a measure. */
static void erase_somebody(struct world *world)
{
	cell_counts gaps = {0};
	uint64_t id = 0;
	size_t i;

	if (!draw_known(world, &i, &id))
		return;
	assert_int_equal(store_erase(world->store, &by_hand, &id, 1), 0);
	put_out(world, i);
	count_gaps(world->store, gaps);
	for (size_t m = 0; m < mia->measures_n; m++) {
		int64_t more = 0;

		for (size_t c = 0; c < PROGRAMME_CELLS_MAX; c++) {
			assert_true(gaps[m][c] >= world->gone[m][c]);
			more += gaps[m][c] - world->gone[m][c];
		}
		assert_true(more <= 1);
	}
	memcpy(world->gone, gaps, sizeof(gaps));
}

static void withdraw_somebody(struct world *world)
{
	uint64_t id = 0;
	size_t i;

	if (!draw_known(world, &i, &id))
		return;
	world->people[i].value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	world->people[i].value[FIELD_consent_withdrawn_date] = day_in(world->now);
	assert_int_equal(store_withdraw(world->store, &by_hand, id, &world->people[i]), 0);
	put_out(world, i);
}

static void merge_two(struct world *world)
{
	uint64_t keep = 0, drop = 0;
	size_t one, other;
	int error;

	if (!draw_known(world, &one, &keep) || !draw_known(world, &other, &drop) || one == other)
		return;
	error = store_merge(world->store, &by_hand, keep, drop, &world->people[one]);
	if (error == -EINVAL) /* one of them was taken back with a file */
		return;
	assert_int_equal(error, 0);
	put_out(world, other);
}

static void misregister_somebody(struct world *world)
{
	uint64_t id = 0;
	size_t i;

	if (!draw_known(world, &i, &id))
		return;
	assert_int_equal(store_act(world->store, &by_hand, id, ACT_MISREGISTERED, &world->people[i],
				   &id),
			 0);
	put_out(world, i);
}

static void do_something(struct world *world)
{
	uint32_t what = draw(20);
	size_t i = draw(PERSONS);

	if (what == 0)
		erase_somebody(world);
	else if (what == 1)
		withdraw_somebody(world);
	else if (what == 2)
		merge_two(world);
	else if (what == 3)
		misregister_somebody(world);
	else if (what == 4)
		enter_by_file(world, 4);
	else if (what == 5)
		world->store = reopened(world->place);
	else if (world->is_there[i])
		enter_by_hand(world, i);
	assert_balanced(world);
}

/* What truly happens in a month, whoever writes it down. */
static void pass_month(struct world *world)
{
	for (int i = 0; i < 25; i++)
		live(world, draw(PERSONS));
}

static struct release_figures close_month(struct world *world)
{
	struct release_figures figures = closed(world->store);

	for (size_t m = 0; m < mia->measures_n; m++)
		for (size_t c = 0; c < mia->measures[m].cells_n; c++)
			assert_true(figures.cells[m][c].value == 0 ||
				    figures.cells[m][c].value >= mia->policy.k);
	for (size_t m = 0; m < mia->measures_n; m++)
		for (size_t c = 0; c < mia->measures[m].cells_n; c++)
			world->published += figures.cells[m][c].value;
	note(world);
	assert_balanced(world);
	world->now++;
	return figures;
}

/* ---- a copy put back ---- */

static void copy_file(const char *from_dir, const char *to_dir, const char *name)
{
	own(buf_free) struct buf content = {0};
	char from[128], to[128];

	(void)snprintf(from, sizeof(from), "%s/%s", from_dir, name);
	(void)snprintf(to, sizeof(to), "%s/%s", to_dir, name);
	assert_int_equal(file_read(from, 64 << 20, &content), 0);
	assert_int_equal(file_write(to, content.data, content.n, 0600), 0);
}

static void copy_stores(struct place *from, const char *to_dir)
{
	char folder[128];

	(void)snprintf(folder, sizeof(folder), "%s/records", to_dir);
	assert_true(file_make_dir(folder, 0700) == 0);
	(void)snprintf(folder, sizeof(folder), "%s/keys", to_dir);
	assert_true(file_make_dir(folder, 0700) == 0);
	copy_file(from->dir, to_dir, "records/data.mdb");
	copy_file(from->dir, to_dir, "keys/data.mdb");
}

static void adopt(struct world *world, uint32_t first, const struct release_figures figures[],
		  uint32_t n)
{
	struct book *book = store_book(world->store);
	struct safe_txn txn;

	book_reopen(book, first);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(book_adopt(book, first + i, &figures[i]), 0);
	book_adopted(book, store_head(world->store));
	safe_write(store_safe(world->store), &txn);
	assert_int_equal(store_keep_book(world->store, &txn), 0);
	assert_int_equal(safe_commit(&txn), 0);
	book_kept(book);
	assert_balanced(world);
}

/* Months go by; a copy is made; months go by that the copy has no record of but by their figures:
 * some closed by the copy itself as well, when it is a fork. */
static void lose(struct world *world, struct place *copy, bool is_fork)
{
	static struct release_figures figures[LOST_MAX];
	uint32_t lost = 1 + draw(LOST_MAX), first;

	world->store = opened(world->place);
	for (int month = 0; month < 3; month++) {
		pass_month(world);
		enter_by_file(world, 9);
		(void)close_month(world);
	}
	store_close(&world->place->store);
	copy_stores(world->place, copy->dir);
	world->store = opened(world->place);
	first = world->now;
	for (uint32_t month = 0; month < lost; month++) {
		pass_month(world);
		enter_by_file(world, 7);
		figures[month] = close_month(world);
	}
	world->differences = world->published = world->corrections = 0;
	store_close(&world->place->store);
	world->place = copy;
	world->store = opened(copy);
	for (uint32_t own = is_fork ? 1 + draw(LOST_MAX) : 0; own > 0; own--) {
		enter_by_file(world, 5);
		(void)closed(world->store);
	}
	adopt(world, first, figures, lost);
	world->now = book_next(store_book(world->store));
}

static void live_on_after_a_loss(bool is_fork)
{
	int64_t differences = 0, published = 0, corrections = 0;

	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct place first, copy;
		struct world world = {.place = &first, .now = first_period()};

		random_state = seed * 1009 + is_fork;
		make_place(&first);
		make_dir(&copy);
		copy.settings = first.settings;
		copy.settings.dir = copy.dir;
		lose(&world, &copy, is_fork);
		for (int month = 0; month < 4; month++) {
			pass_month(&world);
			for (int i = 0; i < 12; i++)
				do_something(&world);
			enter_by_file(&world, 8);
			(void)close_month(&world);
		}
		differences += world.differences;
		published += world.published;
		corrections += world.corrections;
		store_close(&copy.store);
		remove_place(&copy);
		remove_place(&first);
	}
	assert_true(differences > 0 && published > 0 && corrections > 0);
}

static void after_a_restore_the_books_say_what_the_records_do_whatever_happens(void **state)
{
	(void)state;
	live_on_after_a_loss(false);
}

static void after_a_fork_the_books_say_what_the_records_do_whatever_happens(void **state)
{
	(void)state;
	live_on_after_a_loss(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			after_a_restore_the_books_say_what_the_records_do_whatever_happens),
		cmocka_unit_test(after_a_fork_the_books_say_what_the_records_do_whatever_happens),
	};

	return cmocka_run_group_tests(tests, read_mia, forget_mia);
}
