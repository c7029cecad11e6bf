#include "lib/safe.h"

#include "lib/file.h"
#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define MAP_BYTES (1U << 20)
#define FILE_MAX (16U << 20)

static const char *const tables[] = {"people", "events", "later"};
static const char *const all_names[] = {"meta", "people", "events", "later"};
static const uint8_t vault_key[VAULT_KEY_BYTES] = {1}, other_key[VAULT_KEY_BYTES] = {2};
static const uint8_t person_bytes[VAULT_KEY_BYTES] = {3};
static const struct vault_key person = {person_bytes, 17};

static const struct safe_spec spec = {.kind = "test-records",
				      .schema = 2,
				      .tables = tables,
				      .tables_n = 2,
				      .map_bytes = MAP_BYTES};
static const struct safe_identity whose = {.owner = "haninge",
					   .programme_id = {0xaa},
					   .is_rehearsal = true};

struct stage {
	char base[64], folder[80], data[96];
	struct vault *vault;
};

static int make_stage(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));

	assert_non_null(stage);
	(void)snprintf(stage->base, sizeof(stage->base), "/tmp/test_safe.XXXXXX");
	assert_non_null(mkdtemp(stage->base));
	(void)snprintf(stage->folder, sizeof(stage->folder), "%s/store", stage->base);
	(void)snprintf(stage->data, sizeof(stage->data), "%s/data.mdb", stage->folder);
	assert_int_equal(vault_new(vault_key, NULL, &stage->vault), 0);
	assert_int_equal(safe_create(stage->folder, &spec, &whose, stage->vault), 0);
	*state = stage;
	return 0;
}

static int strike_stage(void **state)
{
	static const char *const files[] = {"store/data.mdb", "store/lock.mdb", "store/lock",
					    "store"};
	struct stage *stage = *state;

	for (size_t i = 0; i < array_n(files); i++) {
		char path[160];

		(void)snprintf(path, sizeof(path), "%s/%s", stage->base, files[i]);
		(void)remove(path);
	}
	assert_int_equal(rmdir(stage->base), 0);
	vault_free(&stage->vault);
	free(stage);
	return 0;
}

static struct safe *open_safe(const struct stage *stage)
{
	struct safe *safe = NULL;
	struct fault fault = {0};

	assert_int_equal(safe_open(stage->folder, &spec, stage->vault, &safe, &fault), 0);
	return safe;
}

static int put_one(struct safe *safe, unsigned table, const char *key, const char *value)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_write(safe, &txn);
	safe_put(&txn, table, key, strlen(key), NULL, value, strlen(value));
	return safe_commit(&txn);
}

static bool holds(struct safe *safe, unsigned table, const char *key, const char *value)
{
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};

	safe_read(safe, &txn);
	return safe_get(&txn, table, key, strlen(key), NULL, &plain) == 0 &&
	       plain.n == strlen(value) && memcmp(plain.data, value, plain.n) == 0;
}

/* Opening gives -EBADMSG and this code, and changes no byte of the file. */
static void assert_refused(const struct stage *stage, const struct safe_spec *as,
			   struct vault *vault, const char *code)
{
	own(buf_free) struct buf before = {0}, after = {0};
	struct safe *safe = NULL;
	struct fault fault = {0};

	assert_int_equal(file_read(stage->data, FILE_MAX, &before), 0);
	assert_int_equal(safe_open(stage->folder, as, vault, &safe, &fault), -EBADMSG);
	assert_null(safe);
	assert_string_equal(fault.code, code);
	assert_int_equal(file_read(stage->data, FILE_MAX, &after), 0);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.data, after.data, after.n);
}

/* Behind the safe's back. */
static void tamper(const struct stage *stage, unsigned table, const char *key, const void *value,
		   size_t n)
{
	own(kv_close) struct kv *kv = NULL;
	struct kv_txn txn;

	assert_int_equal(kv_open(stage->folder, all_names, 3, MAP_BYTES, &kv), 0);
	kv_write(kv, &txn);
	if (value == NULL)
		(void)kv_delete(&txn, table, key, strlen(key));
	else
		kv_put(&txn, table, key, strlen(key), value, n);
	assert_int_equal(kv_commit(&txn), 0);
}

static void a_value_comes_back_after_reopening(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);

	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
	safe_close(&safe);
	safe = open_safe(stage);
	assert_true(holds(safe, 1, "key", "value"));
	assert_false(holds(safe, 2, "key", "value"));
	safe_close(&safe);
}

static void the_identity_comes_back_with_a_store_id_of_its_own(void **state)
{
	static const uint8_t zeros[VAULT_STORE_BYTES];
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	const struct safe_identity *found = safe_identity(safe);

	assert_string_equal(found->owner, "haninge");
	assert_memory_equal(found->programme_id, whose.programme_id, sizeof(whose.programme_id));
	assert_true(found->is_rehearsal);
	assert_memory_not_equal(found->store, zeros, sizeof(zeros));
}

static void a_folder_with_anything_in_it_is_no_place_for_a_new_safe(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(safe_create(stage->folder, &spec, &whose, stage->vault), -EEXIST);
	assert_int_equal(safe_create(stage->base, &spec, &whose, stage->vault), -EEXIST);
}

static void a_safe_that_is_not_there_is_named_so_and_not_made(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = NULL;
	struct fault fault = {0};
	char nowhere[96];

	(void)snprintf(nowhere, sizeof(nowhere), "%s/nowhere", stage->base);
	assert_int_equal(safe_open(nowhere, &spec, stage->vault, &safe, &fault), -ENOENT);
	assert_string_equal(fault.code, "S006");
	assert_int_not_equal(access(nowhere, F_OK), 0);
}

static void a_second_open_is_busy(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	struct safe *other = NULL;
	struct fault fault;

	assert_non_null(safe);
	assert_int_equal(safe_open(stage->folder, &spec, stage->vault, &other, &fault), -EBUSY);
}

static void another_kind_is_refused_without_a_write(void **state)
{
	struct safe_spec other = spec;

	other.kind = "test-keys";
	other.tables_n = 3;
	other.map_bytes = 4 * MAP_BYTES;
	assert_refused(*state, &other, ((struct stage *)*state)->vault, "S001");
}

static void an_lmdb_file_of_somebody_else_is_refused_without_a_write(void **state)
{
	static const char identity[] = "not MessagePack of ours";
	struct stage *stage = *state;

	tamper(stage, 0, "id", identity, sizeof(identity));
	assert_refused(stage, &spec, stage->vault, "S001");
	tamper(stage, 0, "id", NULL, 0);
	assert_refused(stage, &spec, stage->vault, "S001");
}

static void a_schema_from_the_future_is_refused_without_a_write(void **state)
{
	struct safe_spec older = spec;

	older.schema = 1;
	assert_refused(*state, &older, ((struct stage *)*state)->vault, "S002");
}

static void more_tables_than_known_are_refused_as_newer(void **state)
{
	struct stage *stage = *state;
	struct safe_spec older = spec;

	older.tables_n = 1;
	assert_refused(stage, &older, stage->vault, "S002");
}

static void a_wrong_key_is_refused_without_a_write(void **state)
{
	struct stage *stage = *state;
	own(vault_free) struct vault *vault = NULL;

	assert_int_equal(vault_new(other_key, NULL, &vault), 0);
	assert_refused(stage, &spec, vault, "S003");
}

static void an_altered_row_of_meta_is_damage_and_not_a_wrong_key(void **state)
{
	static const char *const keys[] = {"id", "seal", "counts"};
	struct stage *stage = *state;

	for (size_t i = 0; i < array_n(keys); i++) {
		own(buf_free) struct buf row = {0};

		assert_int_equal(kv_peek(stage->folder, "meta", keys[i], strlen(keys[i]), &row), 0);
		for (size_t k = 0; k < 3; k++) {
			/* The last byte, the one before ... of id: rehearsal and programme id. */
			size_t at = row.n - 1 - 10 * k;

			row.data[at] ^= 1;
			tamper(stage, 0, keys[i], row.data, row.n);
			assert_refused(stage, &spec, stage->vault, "S004");
			row.data[at] ^= 1;
		}
		tamper(stage, 0, keys[i], row.data, row.n);
	}
	own(safe_close) struct safe *safe = open_safe(stage);
	assert_non_null(safe);
}

static void a_missing_seal_or_count_is_damage(void **state)
{
	struct stage *stage = *state;

	tamper(stage, 0, "counts", NULL, 0);
	assert_refused(stage, &spec, stage->vault, "S004");
	tamper(stage, 0, "seal", NULL, 0);
	assert_refused(stage, &spec, stage->vault, "S004");
}

static void a_row_taken_out_or_put_in_behind_the_safe_is_noticed(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	own(buf_free) struct buf row = {0};

	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
	safe_close(&safe);
	assert_int_equal(kv_peek(stage->folder, "people", "key", 3, &row), 0);
	tamper(stage, 1, "key", NULL, 0);
	assert_refused(stage, &spec, stage->vault, "S005");
	tamper(stage, 1, "key", row.data, row.n);
	safe = open_safe(stage);
	assert_true(holds(safe, 1, "key", "value"));
	safe_close(&safe);
	tamper(stage, 2, "key", row.data, row.n);
	assert_refused(stage, &spec, stage->vault, "S005");
}

static void a_truncated_file_is_damage(void **state)
{
	struct stage *stage = *state;

	assert_int_equal(truncate(stage->data, 3 * 4096), 0);
	assert_refused(stage, &spec, stage->vault, "S004");
}

static void a_count_that_disagrees_at_commit_writes_nothing(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	struct safe_txn txn;

	safe_write(safe, &txn);
	safe_put(&txn, 1, "key", 3, NULL, "value", 5);
	kv_put(&txn.kv, 1, "other", 5, "unsealed", 8);
	assert_int_equal(safe_commit(&txn), -EILSEQ);
	assert_false(holds(safe, 1, "key", "value"));
	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
}

static void a_value_moved_to_another_key_or_table_does_not_open(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf copy = {0}, plain = {0};
	struct kv_bytes sealed;

	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
	safe_write(safe, &txn);
	assert_true(safe_raw(&txn, 1, "key", 3, &sealed));
	buf_add(&copy, sealed.data, sealed.n);
	kv_put(&txn.kv, 1, "moved", 5, copy.data, copy.n);
	kv_put(&txn.kv, 2, "key", 3, copy.data, copy.n);
	assert_int_equal(safe_get(&txn, 1, "moved", 5, NULL, &plain), -EBADMSG);
	assert_int_equal(safe_get(&txn, 2, "key", 3, NULL, &plain), -EBADMSG);
	assert_int_equal(safe_get(&txn, 1, "key", 3, NULL, &plain), 0);
}

static void flip(const char *path, off_t at, unsigned bit)
{
	own(fd_close) int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= (uint8_t)(1U << bit);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

/* Every third bit of the value as it lies on disk. */
static void any_flipped_bit_of_a_value_on_disk_is_detected(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	own(buf_free) struct buf row = {0}, file = {0};
	const uint8_t *found;
	off_t at;

	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
	safe_close(&safe);
	assert_int_equal(kv_peek(stage->folder, "people", "key", 3, &row), 0);
	assert_int_equal(file_read(stage->data, FILE_MAX, &file), 0);
	found = memmem(file.data, file.n, row.data, row.n);
	assert_non_null(found);
	at = found - file.data;
	for (size_t bit = 0; bit < 8 * row.n; bit += 3) {
		own(buf_free) struct buf plain = {0};
		struct safe_txn txn;

		flip(stage->data, at + (off_t)(bit / 8), bit % 8);
		safe = open_safe(stage);
		safe_read(safe, &txn);
		assert_int_equal(safe_get(&txn, 1, "key", 3, NULL, &plain), -EBADMSG);
		safe_abort(&txn);
		safe_close(&safe);
		flip(stage->data, at + (off_t)(bit / 8), bit % 8);
	}
	safe = open_safe(stage);
	assert_true(holds(safe, 1, "key", "value"));
	safe_close(&safe);
}

static void a_persons_value_opens_with_that_persons_key_alone(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};
	struct kv_bytes sealed;
	uint64_t key_id = 0;

	safe_write(safe, &txn);
	safe_append(&txn, 1, "key", 3, &person, "value", 5);
	assert_int_equal(safe_get(&txn, 1, "key", 3, NULL, &plain), -EBADMSG);
	assert_true(safe_raw(&txn, 1, "key", 3, &sealed));
	assert_int_equal(vault_key_id(sealed.data, sealed.n, &key_id), 0);
	assert_int_equal(key_id, 17);
	assert_int_equal(safe_get(&txn, 1, "key", 3, &person, &plain), 0);
	assert_memory_equal(plain.data, "value", 5);
	assert_int_equal(safe_commit(&txn), 0);
}

static void a_missing_key_is_no_failure_of_the_transaction(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	own(safe_abort) struct safe_txn txn = {0};
	own(buf_free) struct buf plain = {0};

	safe_write(safe, &txn);
	assert_int_equal(safe_get(&txn, 1, "key", 3, NULL, &plain), -ENOENT);
	safe_delete(&txn, 1, "key", 3);
	assert_int_equal(safe_commit(&txn), 0);
}

static void counts_follow_puts_appends_and_deletes(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	struct safe_txn txn;

	safe_write(safe, &txn);
	safe_put(&txn, 1, "a", 1, NULL, "1", 1);
	safe_put(&txn, 1, "a", 1, NULL, "2", 1);
	safe_append(&txn, 1, "b", 1, NULL, "3", 1);
	safe_put(&txn, 2, "c", 1, NULL, "4", 1);
	safe_delete(&txn, 2, "c", 1);
	safe_put(&txn, 0, "x.mine", 6, NULL, "5", 1);
	assert_int_equal(safe_count(&txn, 1), 2);
	assert_int_equal(safe_count(&txn, 2), 0);
	assert_int_equal(safe_commit(&txn), 0);
	safe_close(&safe);
	safe = open_safe(stage);
	assert_true(holds(safe, 1, "a", "2"));
	assert_true(holds(safe, 0, "x.mine", "5"));
	safe_close(&safe);
}

static void an_append_out_of_order_writes_nothing(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	struct safe_txn txn;

	safe_write(safe, &txn);
	safe_append(&txn, 1, "b", 1, NULL, "1", 1);
	safe_append(&txn, 1, "a", 1, NULL, "2", 1);
	assert_int_equal(safe_commit(&txn), -EEXIST);
	assert_false(holds(safe, 1, "b", "1"));
}

static void a_walk_opens_values_in_key_order(void **state)
{
	struct stage *stage = *state;
	own(safe_close) struct safe *safe = open_safe(stage);
	own(safe_abort) struct safe_txn txn = {0};
	own(safe_cursor_close) struct safe_cursor cursor = {0};
	uint64_t seen = 0;

	safe_write(safe, &txn);
	for (uint64_t i = 0; i < 600; i++) {
		uint8_t key[8];

		safe_key_u64(i, key);
		safe_append(&txn, 2, key, sizeof(key), NULL, &i, sizeof(i));
	}
	for (bool is_there = safe_seek(&txn, 2, NULL, 0, &cursor); is_there;
	     is_there = safe_next(&cursor)) {
		own(buf_free) struct buf plain = {0};

		assert_int_equal(safe_cursor_value(&cursor, NULL, &plain), 0);
		assert_int_equal(safe_key_number(cursor.kv.key.data), seen);
		assert_memory_equal(plain.data, &seen, sizeof(seen));
		seen++;
	}
	assert_int_equal(seen, 600);
	safe_cursor_close(&cursor);
	assert_true(safe_last(&txn, 2, &cursor));
	assert_int_equal(safe_key_number(cursor.kv.key.data), 599);
}

static void numbered_keys_sort_as_their_numbers(void **state)
{
	static const uint64_t numbers[] = {0, 1, 255, 256, 65536, 1ULL << 32, UINT64_MAX};
	uint8_t key[8], next[8];

	(void)state;
	for (size_t i = 0; i + 1 < array_n(numbers); i++) {
		safe_key_u64(numbers[i], key);
		safe_key_u64(numbers[i + 1], next);
		assert_true(memcmp(key, next, sizeof(key)) < 0);
		assert_true(safe_key_number(key) == numbers[i]);
	}
}

static int append_number(struct safe *safe, uint64_t number)
{
	static const uint8_t value[4000];
	struct safe_txn txn;
	uint8_t key[8];

	safe_key_u64(number, key);
	safe_write(safe, &txn);
	safe_append(&txn, 1, key, sizeof(key), NULL, value, sizeof(value));
	return safe_commit(&txn);
}

static uint64_t count_of(struct safe *safe, unsigned table)
{
	own(safe_abort) struct safe_txn txn = {0};

	safe_read(safe, &txn);
	return safe_count(&txn, table);
}

static void a_full_map_leaves_all_as_it_was_and_goes_on_once_grown(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	uint64_t n = 0;
	int r = 0;

	for (; r == 0; n += r == 0)
		r = append_number(safe, n);
	assert_int_equal(r, -ENOSPC);
	assert_true(n > 50);
	assert_int_equal(count_of(safe, 1), n);
	assert_int_equal(append_number(safe, n), -ENOSPC);
	assert_int_equal(kv_grow(safe_kv(safe)), 0);
	assert_int_equal(append_number(safe, n), 0);
	safe_close(&safe);
	safe = open_safe(stage);
	assert_int_equal(count_of(safe, 1), n + 1);
	safe_close(&safe);
}

static void a_kill_within_a_transaction_leaves_the_last_commit(void **state)
{
	struct stage *stage = *state;
	pid_t child = fork();
	struct safe *safe;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct safe_txn txn;

		safe = open_safe(stage);
		(void)put_one(safe, 1, "key", "committed");
		safe_write(safe, &txn);
		safe_put(&txn, 1, "key", 3, NULL, "lost", 4);
		safe_put(&txn, 1, "lost", 4, NULL, "lost", 4);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	safe = open_safe(stage);
	assert_true(holds(safe, 1, "key", "committed"));
	assert_int_equal(count_of(safe, 1), 1);
	safe_close(&safe);
}

static void a_table_that_came_later_is_added_to_an_older_store(void **state)
{
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	struct safe_spec newer = spec;
	struct fault fault;

	assert_int_equal(put_one(safe, 1, "key", "value"), 0);
	safe_close(&safe);
	newer.schema = 3;
	newer.tables_n = 3;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(safe_open(stage->folder, &newer, stage->vault, &safe, &fault), 0);
		assert_true(holds(safe, 1, "key", "value"));
		assert_int_equal(count_of(safe, 3), i);
		assert_int_equal(put_one(safe, 3, i == 0 ? "a" : "b", "value"), 0);
		safe_close(&safe);
	}
}

static void no_value_lies_in_the_clear(void **state)
{
	static const char secret[] = "a value nobody should read on disk";
	struct stage *stage = *state;
	struct safe *safe = open_safe(stage);
	own(buf_free) struct buf file = {0};

	assert_int_equal(put_one(safe, 1, "key", secret), 0);
	assert_int_equal(put_one(safe, 0, "x.key", secret), 0);
	safe_close(&safe);
	assert_int_equal(file_read(stage->data, FILE_MAX, &file), 0);
	assert_non_null(memmem(file.data, file.n, "x.key", 5));
	assert_null(memmem(file.data, file.n, secret, 16));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_value_comes_back_after_reopening),
		TEST(the_identity_comes_back_with_a_store_id_of_its_own),
		TEST(a_folder_with_anything_in_it_is_no_place_for_a_new_safe),
		TEST(a_safe_that_is_not_there_is_named_so_and_not_made),
		TEST(a_second_open_is_busy),
		TEST(another_kind_is_refused_without_a_write),
		TEST(an_lmdb_file_of_somebody_else_is_refused_without_a_write),
		TEST(a_schema_from_the_future_is_refused_without_a_write),
		TEST(more_tables_than_known_are_refused_as_newer),
		TEST(a_wrong_key_is_refused_without_a_write),
		TEST(an_altered_row_of_meta_is_damage_and_not_a_wrong_key),
		TEST(a_missing_seal_or_count_is_damage),
		TEST(a_row_taken_out_or_put_in_behind_the_safe_is_noticed),
		TEST(a_truncated_file_is_damage),
		TEST(a_count_that_disagrees_at_commit_writes_nothing),
		TEST(a_value_moved_to_another_key_or_table_does_not_open),
		TEST(any_flipped_bit_of_a_value_on_disk_is_detected),
		TEST(a_persons_value_opens_with_that_persons_key_alone),
		TEST(a_missing_key_is_no_failure_of_the_transaction),
		TEST(counts_follow_puts_appends_and_deletes),
		TEST(an_append_out_of_order_writes_nothing),
		TEST(a_walk_opens_values_in_key_order),
		cmocka_unit_test(numbered_keys_sort_as_their_numbers),
		TEST(a_full_map_leaves_all_as_it_was_and_goes_on_once_grown),
		TEST(a_kill_within_a_transaction_leaves_the_last_commit),
		TEST(a_table_that_came_later_is_added_to_an_older_store),
		TEST(no_value_lies_in_the_clear),
	};

	return vault_start() == 0 ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
