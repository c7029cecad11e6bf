#include "lib/kv_env.h"

#include "lib/fail.h"
#include "lib/file.h"
#include "lib/kv_file.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define NEW_FILE "new-data.mdb" /* what kv_compact() is writing */

static const struct {
	int code, error;
} errors[] = {
	{MDB_MAP_FULL, -ENOSPC},         {MDB_KEYEXIST, -EEXIST}, {MDB_NOTFOUND, -ENOENT},
	{MDB_CORRUPTED, -EILSEQ},        {MDB_INVALID, -EILSEQ},  {MDB_PAGE_NOTFOUND, -EILSEQ},
	{MDB_VERSION_MISMATCH, -EILSEQ}, {MDB_PANIC, -EIO},       {MDB_TXN_FULL, -EFBIG},
	{MDB_READERS_FULL, -EAGAIN},     {MDB_DBS_FULL, -EMFILE},
};

int kv_error(int code)
{
	if (code >= 0)
		return -code;
	for (size_t i = 0; i < array_n(errors); i++) {
		if (errors[i].code == code)
			return errors[i].error;
	}
	return -EINVAL;
}

static int join(const char *folder, const char *name, char ret_path[static PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/%s", folder, name);

	return n < 0 || n >= PATH_MAX ? fail(-ENAMETOOLONG) : 0;
}

/* Our own lock beside LMDB's, so that a second open anywhere is refused, not shared. */
static int lock_folder(const char *path, int *ret_fd)
{
	char lock[PATH_MAX];
	int r = join(path, "lock", lock);

	if (r == 0)
		r = file_lock(lock, ret_fd);
	return r == -EWOULDBLOCK ? fail(-EBUSY) : r;
}

static int check_file(const char *path, size_t *ret_bytes)
{
	char data[PATH_MAX];
	int r = join(path, "data.mdb", data);

	return r < 0 ? r : kv_file_check(data, ret_bytes);
}

static int open_tables(struct kv *kv)
{
	MDB_txn *txn;
	int code = mdb_txn_begin(kv->env, NULL, 0, &txn);

	if (code != 0)
		return fail(kv_error(code));
	for (size_t i = 0; i < kv->tables_n && code == 0; i++)
		code = mdb_dbi_open(txn, kv->names[i], MDB_CREATE, &kv->tables[i]);
	if (code == 0)
		code = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	return code != 0 ? fail(kv_error(code)) : 0;
}

static int allocate(struct kv *kv, size_t n)
{
	int fd;
	int code = mdb_env_get_fd(kv->env, &fd);

	return code != 0 ? fail(kv_error(code)) : kv_file_allocate(fd, n);
}

/* The map is never smaller than the file, which a former kv_grow() may have made longer. */
static int open_environment(struct kv *kv, size_t map_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	MDB_env *env = NULL;
	int code = mdb_env_create(&env);

	kv->env = env;
	map_bytes = (map_bytes + page - 1) / page * page;
	if (code == 0)
		code = mdb_env_set_maxdbs(kv->env, (MDB_dbi)kv->tables_n);
	if (code == 0)
		code = mdb_env_set_mapsize(kv->env, map_bytes);
	if (code == 0)
		code = mdb_env_open(kv->env, kv->path, MDB_NOTLS, 0600);
	if (code != 0)
		return fail(kv_error(code));
	return allocate(kv, map_bytes);
}

/* Takes back the file of an environment that could not be made whole. */
static void remove_new(struct kv **kv, const char *path)
{
	char data[PATH_MAX];

	kv_close(kv);
	if (join(path, "data.mdb", data) == 0)
		(void)unlink(data);
}

static int new_kv(const char *path, const char *const names[], size_t names_n, struct kv **ret_kv)
{
	own(kv_close) struct kv *kv = calloc(1, sizeof(*kv));

	assert(names_n <= KV_TABLES_MAX);
	if (kv == NULL)
		return fail(-ENOMEM);
	kv->lock_fd = -1;
	kv->path = strdup(path);
	for (; kv->tables_n < names_n; kv->tables_n++) {
		kv->names[kv->tables_n] = strdup(names[kv->tables_n]);
		if (kv->names[kv->tables_n] == NULL)
			break;
	}
	if (kv->path == NULL || kv->tables_n < names_n)
		return fail(-ENOMEM);
	*ret_kv = take(kv);
	return 0;
}

/* What a crash within kv_compact() left. */
static int remove_unfinished(const char *path)
{
	char unfinished[PATH_MAX];
	int r = join(path, NEW_FILE, unfinished);

	if (r == 0 && unlink(unfinished) != 0 && errno != ENOENT)
		r = fail(-errno);
	return r;
}

int kv_open(const char *path, const char *const names[], size_t names_n, size_t map_bytes,
	    struct kv **ret_kv)
{
	own(kv_close) struct kv *kv = NULL;
	size_t file_bytes = 0;
	int r = new_kv(path, names, names_n, &kv);

	if (r < 0)
		return r;
	assert(kv != NULL);
	r = file_make_dir(path, 0700);
	if (r == 0)
		r = lock_folder(path, &kv->lock_fd);
	if (r == 0)
		r = remove_unfinished(path);
	if (r == 0)
		r = check_file(path, &file_bytes);
	if (r < 0)
		return r;
	r = open_environment(kv, map_bytes > file_bytes ? map_bytes : file_bytes);
	if (r == 0)
		r = open_tables(kv);
	if (r < 0 && file_bytes == 0)
		remove_new(&kv, path);
	if (r < 0)
		return r;
	kv_check_readers(kv);
	*ret_kv = take(kv);
	return 0;
}

void kv_close(struct kv **kv)
{
	if (*kv == NULL)
		return;
	assert(!(*kv)->is_writing);
	if ((*kv)->env != NULL)
		mdb_env_close((*kv)->env);
	fd_close(&(*kv)->lock_fd);
	for (size_t i = 0; i < KV_TABLES_MAX; i++)
		free((*kv)->names[i]);
	free((*kv)->path);
	free(*kv);
	*kv = NULL;
}

static int peek(MDB_txn *txn, const char *table, MDB_val *key, struct buf *ret_value)
{
	MDB_dbi dbi;
	MDB_val value;
	int code = mdb_dbi_open(txn, table, 0, &dbi);

	if (code == 0)
		code = mdb_get(txn, dbi, key, &value);
	if (code != 0)
		return fail(kv_error(code));
	buf_add(ret_value, value.mv_data, value.mv_size);
	return ret_value->error;
}

int kv_peek(const char *path, const char *table, const void *key, size_t key_n,
	    struct buf *ret_value)
{
	own(fd_close) int lock_fd = -1;
	size_t file_bytes = 0;
	MDB_val sought = {key_n, (void *)(uintptr_t)key};
	MDB_env *env = NULL;
	MDB_txn *txn = NULL;
	int code, r = check_file(path, &file_bytes);

	if (r == 0 && file_bytes == 0)
		return fail(-ENOENT);
	if (r == 0)
		r = lock_folder(path, &lock_fd);
	if (r < 0)
		return r;
	code = mdb_env_create(&env);
	if (code == 0)
		code = mdb_env_set_maxdbs(env, 1);
	if (code == 0)
		code = mdb_env_open(env, path, MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0600);
	if (code == 0)
		code = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	r = code == 0 ? peek(txn, table, &sought, ret_value) : fail(kv_error(code));
	if (txn != NULL)
		mdb_txn_abort(txn);
	if (env != NULL)
		mdb_env_close(env);
	return r;
}

void kv_size(struct kv *kv, size_t *ret_map_bytes, size_t *ret_used_bytes)
{
	MDB_envinfo info = {0};
	MDB_stat status = {0};

	if (kv->env == NULL) {
		*ret_map_bytes = *ret_used_bytes = 0;
		return;
	}
	(void)mdb_env_info(kv->env, &info);
	(void)mdb_env_stat(kv->env, &status);
	*ret_map_bytes = info.me_mapsize;
	*ret_used_bytes = (info.me_last_pgno + 1) * status.ms_psize;
}

int kv_grow(struct kv *kv)
{
	size_t map_bytes, used_bytes;
	int code, r;

	assert(!kv->is_writing);
	if (kv->env == NULL)
		return fail(-EIO);
	kv_size(kv, &map_bytes, &used_bytes);
	if (map_bytes - used_bytes >= map_bytes / 4)
		return 0;
	r = allocate(kv, 2 * map_bytes);
	if (r < 0)
		return r;
	code = mdb_env_set_mapsize(kv->env, 2 * map_bytes);
	return code == 0 ? 0 : fail(kv_error(code));
}

void kv_check_readers(struct kv *kv)
{
	int dead;

	if (kv->env != NULL)
		(void)mdb_reader_check(kv->env, &dead);
}

static int sync_path(const char *path)
{
	own(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 || fsync(fd) < 0 ? fail(-errno) : 0;
}

/* mdb_env_copy2() leaves the copy in the page cache. */
int kv_copy(struct kv *kv, const char *path, bool is_compact)
{
	char data[PATH_MAX];
	int code, r = join(path, "data.mdb", data);

	assert(!kv->is_writing);
	if (kv->env == NULL)
		return fail(-EIO);
	if (r == 0)
		r = file_make_dir(path, 0700);
	if (r < 0)
		return r;
	code = mdb_env_copy2(kv->env, path, is_compact ? MDB_CP_COMPACT : 0);
	if (code != 0)
		return fail(kv_error(code));
	r = sync_path(data);
	return r < 0 ? r : sync_path(path);
}

/* The compact copy, whole and on the disk, with the room of the old map. */
static int write_new(struct kv *kv, const char *path, size_t map_bytes)
{
	own(fd_close) int fd = -1;
	int code, r = remove_unfinished(kv->path);

	if (r < 0)
		return r;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return fail(-errno);
	code = mdb_env_copyfd2(kv->env, fd, MDB_CP_COMPACT);
	if (code != 0)
		return fail(kv_error(code));
	r = kv_file_allocate(fd, map_bytes);
	if (r == 0 && fdatasync(fd) != 0)
		r = fail(-errno);
	return r;
}

/* The old file has no name any more, but its blocks still say what they said. A file system that
 * writes elsewhere keeps them nevertheless, so that this may as well fail. */
static void overwrite(int fd)
{
	static const uint8_t zeros[64 * 1024];
	struct stat about;
	off_t at = 0;

	if (fstat(fd, &about) != 0)
		return;
	while (at < about.st_size) {
		off_t left = about.st_size - at;
		size_t n = left < (off_t)sizeof(zeros) ? (size_t)left : sizeof(zeros);
		ssize_t written = pwrite(fd, zeros, n, at);

		if (written <= 0)
			return;
		at += written;
	}
	(void)fdatasync(fd);
}

/* From here on the new file is the store, come what may. */
static int change_over(struct kv *kv, const char *data, size_t map_bytes)
{
	own(fd_close) int old = open(data, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	char new_data[PATH_MAX];
	int r = join(kv->path, NEW_FILE, new_data);

	if (r < 0 || old < 0)
		return r < 0 ? r : fail(-errno);
	if (rename(new_data, data) != 0)
		return fail(-errno);
	mdb_env_close(kv->env);
	kv->env = NULL;
	r = sync_path(kv->path);
	if (r == 0)
		overwrite(old);
	if (r == 0)
		r = open_environment(kv, map_bytes);
	if (r == 0)
		r = open_tables(kv);
	if (r == 0)
		return 0;
	if (kv->env != NULL)
		mdb_env_close(kv->env);
	kv->env = NULL;
	return fail(-ENOTRECOVERABLE);
}

int kv_compact(struct kv *kv)
{
	char data[PATH_MAX], new_data[PATH_MAX];
	size_t map_bytes, used_bytes;
	int r = join(kv->path, "data.mdb", data);

	assert(!kv->is_writing);
	if (kv->env == NULL)
		return fail(-EIO);
	kv_size(kv, &map_bytes, &used_bytes);
	if (r == 0)
		r = join(kv->path, NEW_FILE, new_data);
	if (r == 0)
		r = write_new(kv, new_data, map_bytes);
	if (r == 0)
		r = change_over(kv, data, map_bytes);
	if (r < 0 && r != -ENOTRECOVERABLE)
		(void)remove_unfinished(kv->path);
	return r;
}
