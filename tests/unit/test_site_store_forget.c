#include "daemon/site/store_erased.h"
#include "daemon/site/store_forget.h"
#include "daemon/site/store_keys.h"
#include "daemon/site/store_scan.h"
#include "tests/unit/fixture_store.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "lib/fail.h"

#define NUMBER "197603122388" /* one of Skatteverket's test numbers */
#define NAME "Planterad Persson"
#define WINDOW 16

/* ---- A disk that dies at its k-th promise, in place of the C library's ---- */

static unsigned long promises, die_at, fail_at_promise;

static int promise(void)
{
	promises++;
	if (promises == die_at)
		(void)kill(getpid(), SIGKILL);
	if (promises == fail_at_promise) {
		errno = ENOSPC;
		return -1;
	}
	return 0;
}

int fdatasync(int fd)
{
	return promise() < 0 ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return promise() < 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

/* ---- Places ---- */

/* The two environments of a place, copied into another as a backup does: not STATE/erased. */
static void copy_stores(const struct place *from, const char *to_dir)
{
	static const char *const files[] = {"records/data.mdb", "keys/data.mdb"};
	char path[128], to[128];

	(void)snprintf(to, sizeof(to), "%s/records", to_dir);
	assert_int_equal(file_make_dir(to, 0700), 0);
	(void)snprintf(to, sizeof(to), "%s/keys", to_dir);
	assert_int_equal(file_make_dir(to, 0700), 0);
	for (size_t i = 0; i < array_n(files); i++) {
		own(buf_free) struct buf content = {0};

		(void)snprintf(path, sizeof(path), "%s/%s", from->dir, files[i]);
		(void)snprintf(to, sizeof(to), "%s/%s", to_dir, files[i]);
		assert_int_equal(file_read(path, 64 << 20, &content), 0);
		assert_int_equal(file_write(to, content.data, content.n, 0600), 0);
	}
}

static struct place copied(const struct place *from)
{
	struct place copy = {.settings = from->settings};

	make_dir(&copy);
	copy_stores(from, copy.dir);
	return copy;
}

/* ---- Persons ---- */

/* With a number and a name. */
static struct record planted(void)
{
	struct record record = person(0);

	record.identity.type = ID_PERSONNUMMER;
	(void)snprintf(record.identity.number, sizeof(record.identity.number), "%s", NUMBER);
	(void)snprintf(record.identity.name, sizeof(record.identity.name), "%s", NAME);
	record.value[FIELD_birth_date] = day(1976, 3, 12);
	return record;
}

static struct record withdrawn(struct record record)
{
	record.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	record.value[FIELD_consent_withdrawn_date] = day(2018, 5, 1);
	return record;
}

static void change(struct store *store, uint64_t id, struct record record)
{
	uint64_t same = 0;

	assert_int_equal(store_act(store, &by_hand, id, ACT_CHANGED, &record, &same), 0);
	assert_int_equal(same, id);
}

/* Persons 1..n: the first is the planted one. */
static void register_some(struct store *store, size_t n)
{
	(void)registered(store, planted());
	for (size_t i = 1; i < n; i++)
		(void)registered(store, person(i));
}

static int erase(struct store *store, uint64_t id)
{
	return store_erase(store, &by_hand, &id, 1);
}

static struct store_person loaded(struct store *store, uint64_t id)
{
	struct store_person person;

	assert_int_equal(store_load(store, id, &person), 0);
	return person;
}

static bool is_found(struct store *store, struct record record)
{
	uint64_t id;

	return store_find(store, &record, &id);
}

/* ---- What is left ---- */

/* What could tell of a person: the key as it lies, wrapped, and as it is. */
struct remains {
	uint8_t wrapped[VAULT_KEY_BYTES + VAULT_OVERHEAD_BYTES];
	uint8_t key[VAULT_KEY_BYTES];
	size_t found;
};

static void note_key(struct store *store, uint64_t id, struct remains *ret_remains)
{
	own(safe_abort) struct safe_txn txn = {0};
	struct kv_bytes sealed;
	uint8_t place[8];

	*ret_remains = (struct remains){0};
	safe_key_u64(id, place);
	safe_read(store->keys, &txn);
	assert_true(safe_raw(&txn, STORE_KEY, place, sizeof(place), &sealed));
	assert_int_equal(sealed.n, sizeof(ret_remains->wrapped));
	memcpy(ret_remains->wrapped, sealed.data, sealed.n);
	assert_int_equal(store_keys_get(store, id, ret_remains->key), 0);
}

static bool holds(const struct buf *content, const void *bytes, size_t n)
{
	return memmem(content->data, content->n, bytes, n) != NULL;
}

/* Beside the wrapped key's version and number, which say nothing: any part of nonce, key and tag.
 */
static void search(const char *path, void *context)
{
	struct remains *remains = context;
	own(buf_free) struct buf content = {0};
	bool found;

	assert_int_equal(file_read(path, 64 << 20, &content), 0);
	found = holds(&content, remains->key, sizeof(remains->key)) ||
		holds(&content, NUMBER, strlen(NUMBER)) ||
		holds(&content, &NUMBER[2], strlen(NUMBER) - 2) ||
		holds(&content, NAME, strlen(NAME));
	for (size_t at = 9; at + WINDOW <= sizeof(remains->wrapped) && !found; at++)
		found = holds(&content, remains->wrapped + at, WINDOW);
	remains->found += found;
}

static size_t count_remains(const struct place *place, struct remains *remains)
{
	remains->found = 0;
	each_file(place->dir, search, remains);
	return remains->found;
}

/* How many log entries of a person open with any key that the store has. */
static size_t count_readable(struct store *store, uint64_t person)
{
	size_t n = 0;

	for (uint64_t seq = 1; seq <= store_head(store); seq++) {
		uint64_t owner = 0;

		assert_int_equal(store_load_owner(store, seq, &owner), 0);
		for (uint64_t id = 1; owner == person && id < store->head.next_person; id++) {
			own(safe_abort) struct safe_txn txn = {0};
			own(buf_wipe) struct buf plain = {0};
			uint8_t key[VAULT_KEY_BYTES], place[8];
			const struct vault_key with = {key, person};

			if (store_keys_get(store, id, key) != 0)
				continue;
			safe_key_u64(seq, place);
			safe_read(store->records, &txn);
			n += safe_get(&txn, STORE_LOG, place, sizeof(place), &with, &plain) == 0;
		}
	}
	return n;
}

static int count_person(void *context, const struct store_person *person)
{
	size_t *n = context;

	(void)person;
	(*n)++;
	return 0;
}

static size_t scanned(struct store *store)
{
	uint64_t after = 0;
	bool is_done = false;
	size_t n = 0;

	while (!is_done)
		assert_int_equal(store_scan(store, &after, 100, count_person, &n, &is_done), 0);
	return n;
}

static void assert_last_event(struct store *store, const char *expected)
{
	own(buf_free) struct buf text = {0};
	struct store_event event;

	assert_int_equal(store_audit_read(store, store_audit_count(store), &event, &text), 0);
	assert_string_equal(buf_text(&text), expected);
}

/* ---- Erasure ---- */

static void of_an_erased_person_nothing_is_left_in_any_file_or_copy(void **state)
{
	struct place place, copy;
	struct store *store;
	struct remains remains;

	(void)state;
	make_place(&place);
	store = opened(&place);
	register_some(store, 7);
	note_key(store, 1, &remains);
	assert_int_equal(count_readable(store, 1), 1);
	assert_int_equal(count_remains(&place, &remains), 1); /* the keys, as it should be */
	assert_int_equal(erase(store, 1), 0);
	assert_false(store_forget_is_due(store));
	assert_last_event(store, "person_erased case=1 operator=anna");
	assert_int_equal(count_readable(store, 1), 0);
	assert_int_equal(count_remains(&place, &remains), 0);
	store_close(&store);
	copy = copied(&place);
	assert_int_equal(count_remains(&copy, &remains), 0);
	store = opened(&copy);
	assert_int_equal(count_readable(store, 1), 0);
	assert_int_equal(count_readable(store, 2), 1);
	store_close(&store);
	remove_place(&copy);
	remove_place(&place);
}

static void an_erased_person_is_nobody(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_person person_now;
	uint64_t both[] = {2, 3};

	register_some(store, 7);
	assert_int_equal(erase(store, 1), 0);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(store_persons(store), 6);
		assert_int_equal(scanned(store), 6);
		assert_int_equal(store_load(store, 1, &person_now), -ENOENT);
		assert_int_equal(erase(store, 1), -ENOENT);
		assert_false(is_found(store, planted()));
		assert_true(is_found(store, person(1)));
		store = reopened(place);
	}
	assert_int_equal(store_erase(store, &by_hand, both, 2), 0);
	assert_int_equal(store_persons(store), 4);
	assert_int_equal(erase(store, 99), -ENOENT);
	assert_int_equal(registered(store, planted()), 8); /* a number is given once */
}

static void a_person_who_is_not_there_keeps_others_from_being_erased_with_them(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	uint64_t some[] = {2, 99};

	register_some(store, 3);
	assert_int_equal(store_erase(store, &by_hand, some, 2), -ENOENT);
	assert_int_equal(store_persons(store), 3);
	store = reopened(place);
	assert_int_equal(store_persons(store), 3);
}

static void counts_stand_and_what_was_not_booked_never_is(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record late = person(20);

	register_some(store, 6);
	assert_int_equal(closed_value(store, "entered"), 6);
	late.value[FIELD_entry_date] = day(2018, 2, 5);
	(void)registered(store, late);
	assert_int_equal(balance(store, "entered", 0).waiting, 1);
	assert_int_equal(erase(store, 1), 0); /* booked */
	assert_int_equal(erase(store, 7), 0); /* waits */
	for (int round = 0; round < 2; round++) {
		assert_int_equal(balance(store, "entered", 0).published, 6);
		assert_int_equal(balance(store, "entered", 0).waiting, 0);
		assert_int_equal(balance(store, "entered", 0).corrections, 0);
		store = reopened(place);
	}
}

static void a_correction_that_waits_goes_with_the_person(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = planted();
	uint64_t same = 0;

	register_some(store, 12);
	assert_int_equal(closed_value(store, "entered"), 12);
	assert_int_equal(store_act(store, &by_hand, 1, ACT_MISREGISTERED, &record, &same), 0);
	assert_int_equal(balance(store, "entered", 0).corrections, -1);
	assert_int_equal(erase(store, 1), 0);
	assert_int_equal(balance(store, "entered", 0).corrections, 0);
	store = reopened(place);
	assert_int_equal(balance(store, "entered", 0).corrections, 0);
	assert_int_equal(balance(store, "entered", 0).published, 12);
	assert_int_equal(closed_value(store, "entered"), 0);
}

static void a_batch_under_way_is_not_disturbed(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);

	register_some(store, 2);
	assert_int_equal(store_batch_begin(store, AT, "anna", "april.csv"), 0);
	assert_int_equal(erase(store, 1), -EBUSY);
	store_batch_abort(store);
	assert_int_equal(erase(store, 1), 0);
}

static void an_import_of_an_erased_person_is_not_taken_back(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;
	struct record record = planted();
	uint64_t acts = 0;

	assert_int_equal(store_batch_begin(store, AT, "anna", "april.csv"), 0);
	assert_int_equal(store_batch_add(store, &record, false), 0);
	assert_int_equal(store_batch_end(store, &result), 0);
	assert_int_equal(erase(store, 1), 0);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), -ENODATA);
}

/* ---- An older copy put back ---- */

static void an_older_copy_that_is_put_back_forgets_again(void **state)
{
	struct place place, copy;
	struct store *store;
	struct remains remains;

	(void)state;
	make_place(&place);
	store = opened(&place);
	register_some(store, 7);
	note_key(store, 1, &remains);
	store_close(&store);
	copy = copied(&place);
	store = opened(&place);
	assert_int_equal(erase(store, 1), 0);
	store_close(&store);
	copy_stores(&copy, place.dir); /* without STATE/erased, which stays */
	assert_true(count_remains(&place, &remains) > 0);
	store = opened(&place);
	assert_int_equal(store_persons(store), 6);
	assert_false(is_found(store, planted()));
	assert_last_event(store, "person_erased case=1 operator=mia");
	assert_int_equal(count_remains(&place, &remains), 0);
	store_close(&store);
	remove_place(&copy);
	remove_place(&place);
}

static void somebody_else_who_got_the_number_after_a_restore_is_not_forgotten(void **state)
{
	struct place place, copy;
	struct store *store;

	(void)state;
	make_place(&place);
	copy = copied(&place);
	store = opened(&place);
	register_some(store, 2);
	assert_int_equal(erase(store, 1), 0);
	store_close(&store);
	copy_stores(&copy, place.dir);
	store = opened(&place);
	assert_int_equal(registered(store, person(50)), 1);
	store_close(&store);
	store = opened(&place);
	assert_true(is_found(store, person(50)));
	assert_int_equal(store_persons(store), 1);
	store_close(&store);
	remove_place(&copy);
	remove_place(&place);
}

static void a_withdrawal_is_done_again_on_an_older_copy(void **state)
{
	struct place place, copy;
	struct store *store;
	struct remains remains;
	struct record after = withdrawn(planted());
	struct store_person now;

	(void)state;
	make_place(&place);
	store = opened(&place);
	register_some(store, 6);
	note_key(store, 1, &remains);
	store_close(&store);
	copy = copied(&place);
	store = opened(&place);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0);
	store_close(&store);
	copy_stores(&copy, place.dir);
	store = opened(&place);
	now = loaded(store, 1);
	assert_true(now.is_condensed);
	assert_string_equal(now.record.identity.number, "");
	assert_int_equal(now.record.value[FIELD_consent], RECORD_CONSENT_WITHDRAWN);
	assert_int_equal(now.record.value[FIELD_consent_withdrawn_date], date_of_moment(AT));
	assert_int_equal(count_remains(&place, &remains), 0);
	assert_int_equal(balance(store, "entered", 0).waiting, 6);
	store_close(&store);
	remove_place(&copy);
	remove_place(&place);
}

static void edit_list(const struct place *place, size_t at, char byte)
{
	own(buf_free) struct buf text = {0};
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/erased", place->dir);
	assert_int_equal(file_read(path, 1 << 20, &text), 0);
	assert_true(at < text.n);
	text.data[at] = (uint8_t)byte;
	assert_int_equal(file_write(path, text.data, text.n, 0600), 0);
}

static void a_damaged_list_of_the_forgotten_is_refused_with_its_line(void **state)
{
	struct place place;
	struct store *store = NULL;
	struct fault fault = {0};

	(void)state;
	make_place(&place);
	store = opened(&place);
	register_some(store, 3);
	assert_int_equal(erase(store, 1), 0);
	store_close(&store);
	edit_list(&place, 7, '2'); /* case 2 */
	assert_int_equal(store_open(&place.settings, &store, &fault), -EBADMSG);
	assert_string_equal(fault.code, "S015");
	assert_non_null(strstr(fault.reason, "Line 1"));
	edit_list(&place, 7, '1');
	store = opened(&place);
	assert_int_equal(store_persons(store), 2);
	store_close(&store);
	remove_place(&place);
}

static void the_list_of_another_store_is_refused(void **state)
{
	const uint8_t one[VAULT_STORE_BYTES] = {1}, other[VAULT_STORE_BYTES] = {2};
	const struct store_forgotten line = {.why = STORE_WHY_ERASED, .person = 17, .day = 17000};
	own(store_erased_free) struct store_erased erased = {0};
	struct fault fault = {0};
	struct place place;

	(void)state;
	make_place(&place);
	assert_int_equal(store_erased_read(place.dir, one, &erased, &fault), 0);
	assert_int_equal(erased.n, 0);
	assert_int_equal(store_erased_add(place.dir, one, &line, 1), 0);
	assert_int_equal(store_erased_read(place.dir, other, &erased, &fault), -EBADMSG);
	assert_string_equal(fault.code, "S015");
	remove_place(&place);
}

static void a_line_without_its_end_does_not_count_and_is_overwritten(void **state)
{
	const uint8_t one[VAULT_STORE_BYTES] = {1};
	struct store_forgotten line = {.why = STORE_WHY_REFUSED, .person = 17, .day = 17000};
	own(store_erased_free) struct store_erased erased = {0};
	own(buf_free) struct buf text = {0};
	struct place place;
	char path[128];

	(void)state;
	make_place(&place);
	(void)snprintf(path, sizeof(path), "%s/erased", place.dir);
	assert_int_equal(store_erased_add(place.dir, one, &line, 1), 0);
	assert_int_equal(file_read(path, 1 << 20, &text), 0);
	assert_int_equal(truncate(path, (off_t)text.n - 5), 0);
	assert_int_equal(store_erased_read(place.dir, one, &erased, NULL), 0);
	assert_int_equal(erased.n, 0);
	line.person = 18;
	assert_int_equal(store_erased_add(place.dir, one, &line, 1), 0);
	line.person = 19;
	assert_int_equal(store_erased_add(place.dir, one, &line, 1), 0);
	assert_int_equal(store_erased_read(place.dir, one, &erased, NULL), 0);
	assert_int_equal(erased.n, 2);
	assert_int_equal(erased.lines[0].person, 18);
	assert_int_equal(erased.lines[1].person, 19);
	assert_int_equal(erased.lines[1].why, STORE_WHY_REFUSED);
	assert_int_equal(erased.lines[1].day, 17000);
	remove_place(&place);
}

/* ---- Withdrawal ---- */

static void of_somebody_who_takes_consent_back_sex_and_year_are_kept(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct remains remains;
	struct store_person now;
	struct record after = withdrawn(planted());
	struct record expected;

	register_some(store, 7);
	note_key(store, 1, &remains);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0);
	record_clear(&expected);
	expected.identity.type = ID_ANONYMOUS;
	expected.value[FIELD_sex] = 1;
	expected.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	expected.value[FIELD_consent_date] = day(2018, 1, 2);
	expected.value[FIELD_consent_withdrawn_date] = day(2018, 5, 1);
	expected.value[FIELD_entry_date] = day(2018, 1, 1);
	for (int round = 0; round < 2; round++) {
		now = loaded(store, 1);
		assert_true(now.is_condensed);
		assert_int_equal(now.record.identity.type, ID_ANONYMOUS);
		assert_string_equal(now.record.identity.name, "");
		assert_string_equal(now.record.identity.local_id, "");
		assert_memory_equal(now.record.value, expected.value, sizeof(expected.value));
		assert_int_equal(now.record.items_n, 0);
		assert_int_equal(count_readable(store, 1), 1);
		assert_int_equal(count_remains(place, &remains), 0);
		assert_int_equal(store_persons(store), 7);
		assert_int_equal(scanned(store), 7);
		store = reopened(place);
	}
}

static void the_books_know_no_difference_when_somebody_withdraws(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record after = withdrawn(planted());
	struct record later = withdrawn(person(8));

	register_some(store, 6);
	assert_int_equal(closed_value(store, "entered"), 6);
	for (size_t i = 6; i < 11; i++) { /* five who wait */
		struct record record = person(i);

		record.value[FIELD_entry_date] = day(2018, 2, 1);
		(void)registered(store, record);
	}
	later.value[FIELD_entry_date] = day(2018, 2, 1);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0);
	assert_int_equal(store_withdraw(store, &by_hand, 9, &later), 0);
	assert_int_equal(balance(store, "entered", 0).published, 6);
	assert_int_equal(balance(store, "entered", 0).waiting, 5);
	assert_int_equal(balance(store, "entered", 0).corrections, 0);
	store = reopened(place);
	assert_int_equal(closed_value(store, "entered"), 5);
	/* Booked persons who are corrected now are corrected in the books. */
	assert_int_equal(store_act(store, &by_hand, 9, ACT_MISREGISTERED, &later, &(uint64_t){0}),
			 0);
	assert_int_equal(balance(store, "entered", 0).corrections, -1);
	assert_int_equal(balance(store, "entered", 0).waiting, 0);
}

static void a_correction_that_waits_outlives_a_withdrawal(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record left = person(1);
	struct record after;

	for (size_t i = 0; i < 6; i++) {
		struct record record = person(i);

		record.value[FIELD_exit_date] = day(2018, 1, 25);
		record.value[FIELD_exit_reason] = 1;
		record.value[FIELD_result_date] = day(2018, 1, 26);
		(void)registered(store, record);
	}
	assert_int_equal(closed_value(store, "entered"), 6);
	change(store, 2, left); /* the exit was none: it is gone */
	assert_int_equal(balance(store, "left", 0).corrections, -1);
	after = withdrawn(left);
	assert_int_equal(store_withdraw(store, &by_hand, 2, &after), 0);
	assert_int_equal(balance(store, "left", 0).corrections, -1);
	assert_int_equal(balance(store, "entered", 0).published, 6);
}

static void who_withdrew_changes_no_figure_by_what_is_corrected_later(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record after = withdrawn(planted());

	register_some(store, 6);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0);
	after.value[FIELD_sex] = 2;
	change(store, 1, after);
	assert_int_equal(loaded(store, 1).record.value[FIELD_sex], 2);
	assert_true(loaded(store, 1).is_condensed);
	assert_int_equal(balance(store, "entered", 0).waiting, 6);
	assert_int_equal(closed_value(store, "entered"), 6);
}

static void who_gives_consent_again_is_a_whole_record_again(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record after = withdrawn(planted());
	struct store_person now;

	register_some(store, 6);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0);
	change(store, 1, planted());
	now = loaded(store, 1);
	assert_false(now.is_condensed);
	assert_string_equal(now.record.identity.number, NUMBER);
	assert_int_equal(balance(store, "entered", 0).waiting, 6);
	assert_int_equal(store_withdraw(store, &by_hand, 1, &after), 0); /* and takes it back */
	now = loaded(store, 1);
	assert_true(now.is_condensed);
	assert_int_equal(count_readable(store, 1), 1);
}

static struct store_batch_result import_one(struct store *store, struct record record)
{
	struct store_batch_result result = {0};

	assert_int_equal(store_batch_begin(store, AT, "anna", "maj.csv"), 0);
	assert_int_equal(store_batch_add(store, &record, false), 0);
	assert_int_equal(store_batch_end(store, &result), 0);
	return result;
}

static void an_import_that_tells_of_a_withdrawal_forgets(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct remains remains;
	struct store_batch_result result;
	uint64_t acts = 0;

	register_some(store, 6);
	note_key(store, 1, &remains);
	result = import_one(store, withdrawn(planted()));
	assert_int_equal(result.changed, 1);
	assert_false(store_forget_is_due(store));
	assert_true(loaded(store, 1).is_condensed);
	assert_int_equal(count_remains(place, &remains), 0);
	assert_int_equal(count_readable(store, 1), 1);
	assert_int_equal(balance(store, "entered", 0).waiting, 6);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), -ENODATA);
	/* The next file has the row again: nobody is counted twice. */
	result = import_one(store, withdrawn(planted()));
	assert_int_equal(result.unchanged, 1);
	assert_int_equal(store_persons(store), 6);
}

static void somebody_who_becomes_protected_or_refuses_is_condensed_too(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record hidden = planted(), refused = person(1);
	struct store_person now;

	register_some(store, 6);
	hidden.value[FIELD_protected] = 1;
	hidden.identity.type = ID_ANONYMOUS;
	hidden.identity.number[0] = hidden.identity.name[0] = '\0';
	assert_int_equal(import_one(store, hidden).changed, 1);
	now = loaded(store, 1);
	assert_true(now.is_condensed);
	assert_int_equal(now.record.value[FIELD_protected], 1);
	assert_int_equal(now.record.value[FIELD_birth_date], RECORD_MISSING);
	refused.value[FIELD_consent] = RECORD_CONSENT_REFUSED;
	refused.identity.type = ID_ANONYMOUS;
	change(store, 2, refused);
	assert_true(loaded(store, 2).is_condensed);
	assert_int_equal(count_readable(store, 2), 1);
	assert_int_equal(balance(store, "entered", 0).waiting, 6);
}

static void who_refused_from_the_start_is_an_ordinary_anonymous_record(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record refuser;

	record_clear(&refuser);
	refuser.identity.type = ID_ANONYMOUS;
	strcpy(refuser.identity.local_id, "V1");
	refuser.value[FIELD_consent] = RECORD_CONSENT_REFUSED;
	refuser.value[FIELD_entry_date] = day(2018, 1, 20);
	(void)registered(store, refuser);
	assert_false(loaded(store, 1).is_condensed);
	assert_int_equal(loaded(store, 1).record.value[FIELD_entry_date], day(2018, 1, 20));
	refuser.value[FIELD_sex] = 2;
	assert_int_equal(import_one(store, refuser).changed, 1);
	assert_false(loaded(store, 1).is_condensed);
}

static void who_is_new_and_has_withdrawn_is_counted_and_kept_condensed(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;
	uint64_t acts = 0;

	result = import_one(store, withdrawn(planted()));
	assert_int_equal(result.registered, 1);
	assert_true(loaded(store, 1).is_condensed);
	assert_int_equal(loaded(store, 1).record.value[FIELD_birth_date], RECORD_MISSING);
	assert_int_equal(balance(store, "entered", 0).waiting, 1);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), 0);
	assert_int_equal(balance(store, "entered", 0).waiting, 0);
}

/* ---- Merging ---- */

static void two_cases_of_one_person_become_one(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record given = planted();
	uint64_t id = 0;

	register_some(store, 7);
	assert_int_equal(closed_value(store, "entered"), 7);
	assert_int_equal(store_merge(store, &by_hand, 3, 1, &given), 0);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(store_persons(store), 6);
		assert_int_equal(balance(store, "entered", 0).corrections, -1);
		assert_int_equal(balance(store, "entered", 0).waiting, 0);
		assert_string_equal(loaded(store, 3).record.identity.number, NUMBER);
		assert_true(loaded(store, 1).is_misregistered);
		assert_true(store_find(store, &given, &id));
		assert_int_equal(id, 3);
		given = person(2); /* what case 3 was found by leads to it still */
		assert_true(store_find(store, &given, &id));
		assert_int_equal(id, 3);
		given = person(0); /* and what case 1 was */
		assert_true(store_find(store, &given, &id));
		assert_int_equal(id, 3);
		store = reopened(place);
		given = planted();
	}
}

static void a_merge_that_cannot_be_whole_is_refused(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record given = person(1), others = person(3);

	register_some(store, 5);
	assert_int_equal(store_merge(store, &by_hand, 2, 2, &given), -EINVAL);
	assert_int_equal(store_merge(store, &by_hand, 2, 77, &given), -ENOENT);
	assert_int_equal(store_merge(store, &by_hand, 2, 3, &others), -EEXIST);
	others = withdrawn(given);
	assert_int_equal(store_merge(store, &by_hand, 2, 3, &others), -EINVAL);
	assert_int_equal(store_persons(store), 5);
	assert_int_equal(store_merge(store, &by_hand, 2, 3, &given), 0);
	assert_int_equal(store_merge(store, &by_hand, 2, 3, &given), -EINVAL);
}

static void whoever_was_merged_is_forgotten_with_the_person(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct remains remains;
	struct record given = planted(), after = withdrawn(planted());

	register_some(store, 7);
	note_key(store, 1, &remains);
	assert_int_equal(store_merge(store, &by_hand, 3, 1, &given), 0);
	assert_int_equal(erase(store, 3), 0);
	assert_int_equal(count_readable(store, 1), 0);
	assert_int_equal(count_readable(store, 3), 0);
	assert_int_equal(count_remains(place, &remains), 0);
	given = person(4);
	note_key(store, 4, &remains);
	assert_int_equal(store_merge(store, &by_hand, 5, 4, &given), 0);
	after = withdrawn(given);
	assert_int_equal(store_withdraw(store, &by_hand, 5, &after), 0);
	assert_int_equal(count_readable(store, 4), 0);
	assert_int_equal(count_readable(store, 5), 1);
	assert_int_equal(count_remains(place, &remains), 0);
}

/* ---- Power cuts and full disks ---- */

typedef int deed_fn(struct store *store);

static int erase_first(struct store *store)
{
	return erase(store, 1);
}

static int withdraw_first(struct store *store)
{
	struct record after = withdrawn(planted());

	return store_withdraw(store, &by_hand, 1, &after);
}

static int import_withdrawal(struct store *store)
{
	struct record after = withdrawn(planted());
	struct store_batch_result result;
	int error = store_batch_begin(store, AT, "anna", "maj.csv");

	if (error == 0)
		error = store_batch_add(store, &after, false);
	return error == 0 ? store_batch_end(store, &result) : error;
}

/* Does a deed in a child that is killed at its k-th promise; true when it was. */
static bool kill_within(struct place *place, deed_fn *deed, unsigned long k)
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		struct store *store = opened(place);

		promises = 0;
		die_at = k;
		_exit(deed(store) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFSIGNALED(status);
}

/* Whatever the moment: after the next start it is done or was never begun, and nothing is half. */
static void each_kill(deed_fn *deed, bool is_erasure)
{
	struct place place;
	struct remains remains;
	struct store *store;
	bool was_killed = true;
	unsigned long k = 0, done_n = 0, undone_n = 0;

	while (was_killed) {
		make_place(&place);
		store = opened(&place);
		register_some(store, 6);
		note_key(store, 1, &remains);
		store_close(&store);
		was_killed = kill_within(&place, deed, ++k);
		store = opened(&place);
		if (is_found(store, planted()) && !loaded(store, 1).is_condensed) {
			undone_n++;
			assert_int_equal(store_persons(store), 6);
			assert_int_equal(deed(store), 0);
		} else {
			done_n++;
		}
		assert_false(store_forget_is_due(store));
		assert_int_equal(store_persons(store), is_erasure ? 5 : 6);
		assert_int_equal(balance(store, "entered", 0).waiting, is_erasure ? 5 : 6);
		assert_int_equal(count_readable(store, 1), is_erasure ? 0 : 1);
		assert_int_equal(count_remains(&place, &remains), 0);
		store_close(&store);
		remove_place(&place);
	}
	assert_true(k > 8 && done_n > 4 && undone_n > 0);
}

static void a_kill_within_an_erasure_leaves_it_done_or_not_begun(void **state)
{
	(void)state;
	each_kill(erase_first, true);
}

static void a_kill_within_a_withdrawal_leaves_it_done_or_not_begun(void **state)
{
	(void)state;
	each_kill(withdraw_first, false);
}

static void a_kill_within_an_import_that_forgets_leaves_it_done_or_not_begun(void **state)
{
	(void)state;
	each_kill(import_withdrawal, false);
}

static void a_disk_that_is_full_at_any_step_delays_the_end_and_loses_nothing(void **state)
{
	struct place place;
	struct remains remains;
	struct store *store;
	unsigned long k = 0;
	int error = -ENOSPC;

	(void)state;
	while (error != 0) {
		make_place(&place);
		store = opened(&place);
		register_some(store, 6);
		note_key(store, 1, &remains);
		promises = 0;
		fail_at_promise = ++k;
		error = erase(store, 1);
		fail_at_promise = 0;
		if (error == -EINPROGRESS && store_check(store) == 0)
			assert_int_equal(store_forget_resume(store), 0);
		store_close(&store);
		store = opened(&place);
		if (is_found(store, planted()))
			assert_int_equal(erase(store, 1), 0);
		assert_int_equal(store_persons(store), 5);
		assert_int_equal(count_remains(&place, &remains), 0);
		store_close(&store);
		remove_place(&place);
		assert_true(k < 100);
	}
	assert_true(k > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_an_erased_person_nothing_is_left_in_any_file_or_copy),
		IN_A_PLACE(an_erased_person_is_nobody),
		IN_A_PLACE(a_person_who_is_not_there_keeps_others_from_being_erased_with_them),
		IN_A_PLACE(counts_stand_and_what_was_not_booked_never_is),
		IN_A_PLACE(a_correction_that_waits_goes_with_the_person),
		IN_A_PLACE(a_batch_under_way_is_not_disturbed),
		IN_A_PLACE(an_import_of_an_erased_person_is_not_taken_back),
		cmocka_unit_test(an_older_copy_that_is_put_back_forgets_again),
		cmocka_unit_test(somebody_else_who_got_the_number_after_a_restore_is_not_forgotten),
		cmocka_unit_test(a_withdrawal_is_done_again_on_an_older_copy),
		cmocka_unit_test(a_damaged_list_of_the_forgotten_is_refused_with_its_line),
		cmocka_unit_test(the_list_of_another_store_is_refused),
		cmocka_unit_test(a_line_without_its_end_does_not_count_and_is_overwritten),
		IN_A_PLACE(of_somebody_who_takes_consent_back_sex_and_year_are_kept),
		IN_A_PLACE(the_books_know_no_difference_when_somebody_withdraws),
		IN_A_PLACE(a_correction_that_waits_outlives_a_withdrawal),
		IN_A_PLACE(who_withdrew_changes_no_figure_by_what_is_corrected_later),
		IN_A_PLACE(who_gives_consent_again_is_a_whole_record_again),
		IN_A_PLACE(an_import_that_tells_of_a_withdrawal_forgets),
		IN_A_PLACE(somebody_who_becomes_protected_or_refuses_is_condensed_too),
		IN_A_PLACE(who_refused_from_the_start_is_an_ordinary_anonymous_record),
		IN_A_PLACE(who_is_new_and_has_withdrawn_is_counted_and_kept_condensed),
		IN_A_PLACE(two_cases_of_one_person_become_one),
		IN_A_PLACE(a_merge_that_cannot_be_whole_is_refused),
		IN_A_PLACE(whoever_was_merged_is_forgotten_with_the_person),
		cmocka_unit_test(a_kill_within_an_erasure_leaves_it_done_or_not_begun),
		cmocka_unit_test(a_kill_within_a_withdrawal_leaves_it_done_or_not_begun),
		cmocka_unit_test(a_kill_within_an_import_that_forgets_leaves_it_done_or_not_begun),
		cmocka_unit_test(a_disk_that_is_full_at_any_step_delays_the_end_and_loses_nothing),
	};

	return cmocka_run_group_tests(tests, read_mia, forget_mia);
}
