#include "lib/kv.h"

#include "lib/file.h"
#include "lib/kv_file.h"
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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define MAP_BYTES (1U << 20)

static const char *const names[] = {"one", "two"};

struct place {
	char folder[64], data[96], copy[96];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->folder, sizeof(place->folder), "/tmp/test_kv.XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	(void)snprintf(place->data, sizeof(place->data), "%s/data.mdb", place->folder);
	(void)snprintf(place->copy, sizeof(place->copy), "%s/copy", place->folder);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	static const char *const files[] = {"copy/data.mdb", "copy/lock.mdb", "copy/lock",
					    "data.mdb",      "lock.mdb",      "lock"};
	struct place *place = *state;

	for (size_t i = 0; i < array_n(files); i++) {
		char path[160];

		(void)snprintf(path, sizeof(path), "%s/%s", place->folder, files[i]);
		(void)unlink(path);
	}
	(void)rmdir(place->copy);
	(void)rmdir(place->folder);
	free(place);
	return 0;
}

static struct kv *open_kv(const char *folder)
{
	struct kv *kv = NULL;

	assert_int_equal(kv_open(folder, names, array_n(names), MAP_BYTES, &kv), 0);
	return kv;
}

static int put_one(struct kv *kv, const char *key, const char *value)
{
	own(kv_abort) struct kv_txn txn = {0};

	kv_write(kv, &txn);
	kv_put(&txn, 0, key, strlen(key), value, strlen(value));
	return kv_commit(&txn);
}

static bool has(struct kv *kv, const char *key, const char *value)
{
	own(kv_abort) struct kv_txn txn = {0};
	struct kv_bytes found;

	kv_read(kv, &txn);
	return kv_get(&txn, 0, key, strlen(key), &found) && found.n == strlen(value) &&
	       memcmp(found.data, value, found.n) == 0;
}

static void a_committed_value_is_there_after_reopening(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder);

	assert_int_equal(put_one(kv, "key", "value"), 0);
	kv_close(&kv);
	assert_null(kv);
	kv = open_kv(place->folder);
	assert_true(has(kv, "key", "value"));
	kv_close(&kv);
}

static void an_aborted_value_is_not(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	kv_write(kv, &txn);
	kv_put(&txn, 0, "key", 3, "value", 5);
	kv_abort(&txn);
	kv_abort(&txn);
	assert_false(has(kv, "key", "value"));
}

static void tables_are_apart(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	own(kv_abort) struct kv_txn txn = {0};
	struct kv_bytes value;

	kv_write(kv, &txn);
	kv_put(&txn, 0, "key", 3, "value", 5);
	assert_false(kv_get(&txn, 1, "key", 3, &value));
	assert_int_equal(kv_count(&txn, 0), 1);
	assert_int_equal(kv_count(&txn, 1), 0);
}

static void a_second_open_is_busy_until_the_first_closes(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder), *other = NULL;
	own(buf_free) struct buf value = {0};

	assert_int_equal(kv_open(place->folder, names, 2, MAP_BYTES, &other), -EBUSY);
	assert_int_equal(kv_peek(place->folder, "one", "key", 3, &value), -EBUSY);
	assert_null(other);
	kv_close(&kv);
	kv = open_kv(place->folder);
	kv_close(&kv);
}

static void the_map_is_allocated_on_disk_and_private(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct stat status;

	assert_non_null(kv);
	assert_int_equal(stat(place->data, &status), 0);
	assert_true(status.st_size >= MAP_BYTES);
	assert_true((size_t)status.st_blocks * 512 >= MAP_BYTES);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_key_out_of_order_cannot_be_appended(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	kv_write(kv, &txn);
	kv_append(&txn, 0, "b", 1, "1", 1);
	kv_append(&txn, 0, "a", 1, "2", 1);
	assert_int_equal(txn.error, -EEXIST);
	kv_append(&txn, 0, "c", 1, "3", 1);
	assert_int_equal(kv_commit(&txn), -EEXIST);
	assert_false(has(kv, "b", "1"));
}

static void deleting_says_whether_it_was_there(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	assert_int_equal(put_one(kv, "key", "value"), 0);
	kv_write(kv, &txn);
	assert_true(kv_delete(&txn, 0, "key", 3));
	assert_false(kv_delete(&txn, 0, "key", 3));
	assert_int_equal(kv_commit(&txn), 0);
	assert_false(has(kv, "key", "value"));
}

static void writing_in_a_read_is_an_error(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	kv_read(kv, &txn);
	kv_put(&txn, 0, "key", 3, "value", 5);
	assert_int_equal(kv_commit(&txn), -EACCES);
	assert_false(has(kv, "key", "value"));
}

static void a_reader_sees_the_state_it_began_with(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	own(kv_abort) struct kv_txn reader = {0};
	struct kv_bytes value;

	assert_int_equal(put_one(kv, "key", "old"), 0);
	kv_read(kv, &reader);
	assert_int_equal(put_one(kv, "key", "new"), 0);
	assert_true(kv_get(&reader, 0, "key", 3, &value));
	assert_memory_equal(value.data, "old", 3);
	assert_true(has(kv, "key", "new"));
}

static void a_walk_goes_in_key_order_from_where_it_is_set(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	own(kv_abort) struct kv_txn txn = {0};
	struct kv_cursor cursor;

	kv_write(kv, &txn);
	kv_put(&txn, 0, "c", 1, "3", 1);
	kv_put(&txn, 0, "a", 1, "1", 1);
	kv_put(&txn, 0, "e", 1, "5", 1);
	assert_true(kv_seek(&txn, 0, NULL, 0, &cursor));
	assert_memory_equal(cursor.key.data, "a", 1);
	kv_cursor_close(&cursor);
	assert_true(kv_seek(&txn, 0, "b", 1, &cursor));
	assert_memory_equal(cursor.key.data, "c", 1);
	assert_memory_equal(cursor.value.data, "3", 1);
	assert_true(kv_next(&cursor));
	assert_memory_equal(cursor.key.data, "e", 1);
	assert_false(kv_next(&cursor));
	kv_cursor_close(&cursor);
	assert_false(kv_seek(&txn, 0, "f", 1, &cursor));
	assert_true(kv_last(&txn, 0, &cursor));
	assert_memory_equal(cursor.key.data, "e", 1);
	kv_cursor_close(&cursor);
	assert_false(kv_last(&txn, 1, &cursor));
}

static void deleting_while_walking_misses_nothing(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	own(kv_abort) struct kv_txn txn = {0};
	own(kv_cursor_close) struct kv_cursor cursor = {0};
	unsigned seen = 0;

	kv_write(kv, &txn);
	for (unsigned i = 0; i < 1000; i++) {
		uint8_t key[2] = {(uint8_t)(i >> 8), (uint8_t)i};

		kv_append(&txn, 0, key, 2, "some value", 10);
	}
	for (bool is_there = kv_seek(&txn, 0, NULL, 0, &cursor); is_there;
	     is_there = kv_next(&cursor)) {
		uint8_t key[2] = {cursor.key.data[0], cursor.key.data[1]};

		assert_int_equal(key[0] << 8 | key[1], seen++);
		assert_true(kv_delete(&txn, 0, key, 2));
	}
	assert_int_equal(seen, 1000);
	assert_int_equal(kv_count(&txn, 0), 0);
}

static void a_cursor_may_outlive_its_write(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	own(kv_abort) struct kv_txn txn = {0};
	own(kv_cursor_close) struct kv_cursor cursor = {0};

	kv_write(kv, &txn);
	kv_put(&txn, 0, "a", 1, "1", 1);
	assert_true(kv_seek(&txn, 0, NULL, 0, &cursor));
	assert_int_equal(kv_commit(&txn), 0);
}

/* Values of 4000 bytes until nothing more goes in: the number of the first that did not. */
static int fill(struct kv *kv, unsigned *ret_n)
{
	static const uint8_t value[4000];
	unsigned n = 0;
	int r = 0;

	while (r == 0) {
		struct kv_txn txn;
		uint8_t key[2] = {(uint8_t)(n >> 8), (uint8_t)n};

		kv_write(kv, &txn);
		kv_append(&txn, 1, key, 2, value, sizeof(value));
		r = kv_commit(&txn);
		n += r == 0;
	}
	*ret_n = n;
	return r;
}

static uint64_t count_two(struct kv *kv)
{
	own(kv_abort) struct kv_txn txn = {0};

	kv_read(kv, &txn);
	return kv_count(&txn, 1);
}

static void a_full_map_leaves_all_as_it_was_until_it_grows(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder);
	size_t map_bytes, used_bytes;
	unsigned n;

	assert_int_equal(put_one(kv, "key", "value"), 0);
	assert_int_equal(fill(kv, &n), -ENOSPC);
	assert_true(n > 50);
	assert_int_equal(count_two(kv), n);
	assert_true(has(kv, "key", "value"));
	assert_int_equal(kv_grow(kv), 0);
	kv_size(kv, &map_bytes, &used_bytes);
	assert_int_equal(map_bytes, 2 * MAP_BYTES);
	assert_true(used_bytes > MAP_BYTES / 2 && used_bytes <= MAP_BYTES);
	assert_int_equal(put_one(kv, "after", "growth"), 0);
	kv_close(&kv);
	kv = open_kv(place->folder);
	kv_size(kv, &map_bytes, &used_bytes);
	assert_int_equal(map_bytes, 2 * MAP_BYTES);
	assert_true(has(kv, "after", "growth"));
	assert_int_equal(count_two(kv), n);
	kv_close(&kv);
}

static void a_map_with_room_does_not_grow(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	size_t map_bytes, used_bytes;

	assert_int_equal(kv_grow(kv), 0);
	kv_size(kv, &map_bytes, &used_bytes);
	assert_int_equal(map_bytes, MAP_BYTES);
}

/* The file size limit stands in for a full disk: what cannot be had leaves no half file. */
static void a_store_that_cannot_be_allocated_is_not_made(void **state)
{
	struct place *place = *state;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = {MAP_BYTES / 2, MAP_BYTES / 2};
		struct kv *kv = NULL;
		int r;

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		r = kv_open(place->folder, names, 2, MAP_BYTES, &kv);
		_exit(r == -EFBIG && access(place->data, F_OK) != 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void growth_that_cannot_be_had_leaves_the_map(void **state)
{
	struct place *place = *state;
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = {3 * MAP_BYTES / 2, 3 * MAP_BYTES / 2};
		struct kv *kv = open_kv(place->folder);
		size_t map_bytes, used_bytes;
		struct stat file;
		unsigned n;

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		if (fill(kv, &n) != -ENOSPC || kv_grow(kv) != -EFBIG)
			_exit(1);
		kv_size(kv, &map_bytes, &used_bytes);
		(void)stat(place->data, &file);
		_exit(map_bytes == MAP_BYTES && file.st_size == MAP_BYTES && count_two(kv) == n
			      ? 0
			      : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_kill_within_a_transaction_leaves_the_last_commit(void **state)
{
	struct place *place = *state;
	pid_t child = fork();
	struct kv *kv;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct kv_txn txn;

		kv = open_kv(place->folder);
		(void)put_one(kv, "key", "committed");
		kv_write(kv, &txn);
		kv_put(&txn, 0, "key", 3, "lost", 4);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	kv = open_kv(place->folder);
	assert_true(has(kv, "key", "committed"));
	assert_int_equal(put_one(kv, "key", "next"), 0);
	kv_close(&kv);
}

static void write_at(const char *path, off_t at, const void *bytes, size_t n)
{
	own(fd_close) int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), n);
}

static void a_truncated_file_is_refused_before_mapping(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder);
	size_t map_bytes, used_bytes;
	unsigned n;

	assert_int_equal(fill(kv, &n), -ENOSPC);
	kv_size(kv, &map_bytes, &used_bytes);
	kv_close(&kv);
	assert_int_equal(truncate(place->data, (off_t)used_bytes), 0);
	kv = open_kv(place->folder);
	kv_close(&kv);
	assert_int_equal(truncate(place->data, (off_t)used_bytes - 1), 0);
	assert_int_equal(kv_open(place->folder, names, 2, MAP_BYTES, &kv), -EILSEQ);
	assert_int_equal(truncate(place->data, 100), 0);
	assert_int_equal(kv_open(place->folder, names, 2, MAP_BYTES, &kv), -EILSEQ);
	assert_null(kv);
}

static void a_foreign_file_is_refused_untouched(void **state)
{
	struct place *place = *state;
	own(buf_free) struct buf content = {0};
	char text[9000];
	struct kv *kv = NULL;

	memset(text, 'x', sizeof(text));
	assert_int_equal(file_write(place->data, text, sizeof(text), 0600), 0);
	assert_int_equal(kv_open(place->folder, names, 2, MAP_BYTES, &kv), -EILSEQ);
	assert_int_equal(file_read(place->data, MAP_BYTES, &content), 0);
	assert_int_equal(content.n, sizeof(text));
	assert_memory_equal(content.data, text, sizeof(text));
}

static void a_damaged_meta_page_is_refused(void **state)
{
	/* Offsets of magic, version and page size, in either meta page. */
	static const off_t at[] = {16, 20, 40, 4096 + 16, 4096 + 20, 4096 + 40};
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder);

	kv_close(&kv);
	for (size_t i = 0; i < array_n(at); i++) {
		own(buf_free) struct buf before = {0};
		uint8_t byte;

		assert_int_equal(file_read(place->data, 2 * MAP_BYTES, &before), 0);
		byte = before.data[at[i]] ^ 0x40;
		write_at(place->data, at[i], &byte, 1);
		assert_int_equal(kv_open(place->folder, names, 2, MAP_BYTES, &kv), -EILSEQ);
		write_at(place->data, at[i], &before.data[at[i]], 1);
	}
	kv = open_kv(place->folder);
	kv_close(&kv);
}

static void a_peek_reads_one_value_and_writes_nothing(void **state)
{
	struct place *place = *state;
	own(buf_free) struct buf value = {0}, before = {0}, after = {0};
	struct kv *kv = open_kv(place->folder);

	assert_int_equal(put_one(kv, "key", "value"), 0);
	kv_close(&kv);
	assert_int_equal(file_read(place->data, 2 * MAP_BYTES, &before), 0);
	assert_int_equal(kv_peek(place->folder, "one", "key", 3, &value), 0);
	assert_int_equal(kv_peek(place->folder, "one", "other", 5, &value), -ENOENT);
	assert_int_equal(kv_peek(place->folder, "three", "key", 3, &value), -ENOENT);
	assert_int_equal(value.n, 5);
	assert_memory_equal(value.data, "value", 5);
	assert_int_equal(file_read(place->data, 2 * MAP_BYTES, &after), 0);
	assert_int_equal(before.n, after.n);
	assert_memory_equal(before.data, after.data, after.n);
}

static void a_peek_where_nothing_is_makes_nothing(void **state)
{
	struct place *place = *state;
	own(buf_free) struct buf value = {0};

	assert_int_equal(kv_peek(place->copy, "one", "key", 3, &value), -ENOENT);
	assert_int_not_equal(access(place->copy, F_OK), 0);
	assert_int_equal(kv_peek(place->folder, "one", "key", 3, &value), -ENOENT);
	assert_int_not_equal(access(place->data, F_OK), 0);
}

static void a_copy_opens_with_all_that_was_committed(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_kv(place->folder), *copy;

	assert_int_equal(put_one(kv, "key", "value"), 0);
	assert_int_equal(kv_copy(kv, place->copy, false), 0);
	assert_int_equal(kv_copy(kv, place->copy, false), -EEXIST);
	copy = open_kv(place->copy);
	assert_true(has(copy, "key", "value"));
	kv_close(&copy);
	kv_close(&kv);
}

static bool holds(const char *path, const char *text)
{
	own(buf_free) struct buf content = {0};

	assert_int_equal(file_read(path, 16 * MAP_BYTES, &content), 0);
	return memmem(content.data, content.n, text, strlen(text)) != NULL;
}

static void a_compact_copy_holds_no_deleted_bytes(void **state)
{
	static const char secret[] = "a-deleted-secret-that-stays-in-the-file";
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	assert_int_equal(put_one(kv, "key", secret), 0);
	kv_write(kv, &txn);
	(void)kv_delete(&txn, 0, "key", 3);
	assert_int_equal(kv_commit(&txn), 0);
	assert_true(holds(place->data, secret));
	assert_int_equal(kv_copy(kv, place->copy, true), 0);
	kv_check_readers(kv);
	{
		char data[128];

		(void)snprintf(data, sizeof(data), "%s/data.mdb", place->copy);
		assert_false(holds(data, secret));
	}
}

static const char secret_value[] = "a-deleted-secret-that-stays-in-the-file";

/* A folder whose file still holds what was deleted from it. */
static struct kv *open_with_remains(const struct place *place)
{
	struct kv *kv = open_kv(place->folder);
	struct kv_txn txn;

	assert_int_equal(put_one(kv, "gone", secret_value), 0);
	assert_int_equal(put_one(kv, "key", "value"), 0);
	kv_write(kv, &txn);
	(void)kv_delete(&txn, 0, "gone", 4);
	assert_int_equal(kv_commit(&txn), 0);
	assert_true(holds(place->data, secret_value));
	return kv;
}

static void a_compacted_file_holds_what_is_there_and_nothing_deleted(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_with_remains(place);
	size_t before, after, used;
	struct stat about;

	kv_size(kv, &before, &used);
	assert_int_equal(kv_compact(kv), 0);
	kv_size(kv, &after, &used);
	assert_int_equal(after, before);
	assert_true(has(kv, "key", "value"));
	assert_false(holds(place->data, secret_value));
	assert_int_equal(put_one(kv, "more", "again"), 0);
	assert_int_equal(kv_compact(kv), 0);
	kv_close(&kv);
	assert_int_equal(stat(place->data, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_true((uint64_t)about.st_blocks * 512 >= MAP_BYTES);
	kv = open_kv(place->folder);
	assert_true(has(kv, "key", "value"));
	assert_true(has(kv, "more", "again"));
	kv_close(&kv);
}

static void the_blocks_of_the_file_before_are_overwritten(void **state)
{
	struct place *place = *state;
	own(kv_close) struct kv *kv = open_with_remains(place);
	own(fd_close) int old = open(place->data, O_RDONLY | O_CLOEXEC);
	own(mem_free) char *content = malloc(MAP_BYTES);

	assert_non_null(content);
	assert_int_equal(kv_compact(kv), 0);
	assert_int_equal(pread(old, content, MAP_BYTES, 0), MAP_BYTES);
	assert_null(memmem(content, MAP_BYTES, secret_value, strlen(secret_value)));
}

static void what_a_crash_left_of_a_compaction_is_removed(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_with_remains(place);
	char left[128];

	kv_close(&kv);
	(void)snprintf(left, sizeof(left), "%s/new-data.mdb", place->folder);
	assert_int_equal(file_write(left, secret_value, strlen(secret_value), 0600), 0);
	kv = open_kv(place->folder);
	assert_int_not_equal(access(left, F_OK), 0);
	assert_true(has(kv, "key", "value"));
	kv_close(&kv);
}

static void a_compaction_without_room_leaves_all_as_it_was(void **state)
{
	struct place *place = *state;
	struct kv *kv = open_with_remains(place);
	struct rlimit before, tight;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	tight = (struct rlimit){MAP_BYTES / 2, before.rlim_max};
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	assert_true(kv_compact(kv) < 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(has(kv, "key", "value"));
	assert_int_equal(put_one(kv, "more", "again"), 0);
	assert_int_equal(kv_compact(kv), 0);
	assert_false(holds(place->data, secret_value));
	kv_close(&kv);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_committed_value_is_there_after_reopening),
		TEST(an_aborted_value_is_not),
		TEST(tables_are_apart),
		TEST(a_second_open_is_busy_until_the_first_closes),
		TEST(the_map_is_allocated_on_disk_and_private),
		TEST(a_key_out_of_order_cannot_be_appended),
		TEST(deleting_says_whether_it_was_there),
		TEST(writing_in_a_read_is_an_error),
		TEST(a_reader_sees_the_state_it_began_with),
		TEST(a_walk_goes_in_key_order_from_where_it_is_set),
		TEST(deleting_while_walking_misses_nothing),
		TEST(a_cursor_may_outlive_its_write),
		TEST(a_full_map_leaves_all_as_it_was_until_it_grows),
		TEST(a_map_with_room_does_not_grow),
		TEST(a_store_that_cannot_be_allocated_is_not_made),
		TEST(growth_that_cannot_be_had_leaves_the_map),
		TEST(a_kill_within_a_transaction_leaves_the_last_commit),
		TEST(a_truncated_file_is_refused_before_mapping),
		TEST(a_foreign_file_is_refused_untouched),
		TEST(a_damaged_meta_page_is_refused),
		TEST(a_peek_reads_one_value_and_writes_nothing),
		TEST(a_peek_where_nothing_is_makes_nothing),
		TEST(a_copy_opens_with_all_that_was_committed),
		TEST(a_compact_copy_holds_no_deleted_bytes),
		TEST(a_compacted_file_holds_what_is_there_and_nothing_deleted),
		TEST(the_blocks_of_the_file_before_are_overwritten),
		TEST(what_a_crash_left_of_a_compaction_is_removed),
		TEST(a_compaction_without_room_leaves_all_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
