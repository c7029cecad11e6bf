#include "lib/kv_file.h"

#include "lib/fail.h"
#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

/*
 * A meta page on a 64-bit machine, in its own byte order (the file never travels):
 *    0 page number u64 | pad u16 | flags u16 | lower, upper u16
 *   16 magic u32 | version u32 | address u64 | map size u64
 *   40 free list MDB_db 48, its first u32 the page size | main MDB_db 48
 *  136 last page u64 | transaction u64
 */
#define FLAGS_AT 10
#define MAGIC_AT 16
#define VERSION_AT 20
#define PAGE_SIZE_AT 40
#define LAST_PAGE_AT 136
#define TRANSACTION_AT 144
#define META_BYTES 152

#define META_FLAG 0x08
#define MAGIC 0xbeefc0deU
#define VERSION 1
#define PAGE_MIN 512
#define PAGE_MAX 65536

struct meta {
	uint32_t page_size;
	uint64_t last_page, transaction;
};

static int read_meta(int fd, off_t at, struct meta *ret_meta)
{
	uint8_t bytes[META_BYTES];
	uint32_t magic, version;
	uint16_t flags;
	ssize_t n = pread(fd, bytes, sizeof(bytes), at);

	if (n < 0)
		return fail(-errno);
	if (n != sizeof(bytes))
		return fail(-EILSEQ);
	memcpy(&flags, bytes + FLAGS_AT, sizeof(flags));
	memcpy(&magic, bytes + MAGIC_AT, sizeof(magic));
	memcpy(&version, bytes + VERSION_AT, sizeof(version));
	if ((flags & META_FLAG) == 0 || magic != MAGIC || version != VERSION)
		return fail(-EILSEQ);
	memcpy(&ret_meta->page_size, bytes + PAGE_SIZE_AT, sizeof(ret_meta->page_size));
	memcpy(&ret_meta->last_page, bytes + LAST_PAGE_AT, sizeof(ret_meta->last_page));
	memcpy(&ret_meta->transaction, bytes + TRANSACTION_AT, sizeof(ret_meta->transaction));
	return 0;
}

static int check_metas(int fd, size_t size)
{
	struct meta metas[2], *newest = &metas[0];
	int r = read_meta(fd, 0, &metas[0]);
	uint32_t page_size;

	if (r < 0)
		return r;
	page_size = metas[0].page_size;
	if (page_size < PAGE_MIN || page_size > PAGE_MAX || (page_size & (page_size - 1)) != 0)
		return fail(-EILSEQ);
	r = read_meta(fd, page_size, &metas[1]);
	if (r < 0)
		return r;
	if (metas[1].page_size != page_size)
		return fail(-EILSEQ);
	if (metas[1].transaction > metas[0].transaction)
		newest = &metas[1];
	if (newest->last_page < 1 || newest->last_page >= size / page_size)
		return fail(-EILSEQ);
	return 0;
}

int kv_file_check(const char *path, size_t *ret_bytes)
{
	own(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat status;

	if (fd < 0 && errno == ENOENT) {
		*ret_bytes = 0;
		return 0;
	}
	if (fd < 0 || fstat(fd, &status) < 0)
		return fail(-errno);
	if (!S_ISREG(status.st_mode))
		return fail(-EILSEQ);
	if (status.st_size > 0) {
		int r = check_metas(fd, (size_t)status.st_size);

		if (r < 0)
			return r;
	}
	*ret_bytes = (size_t)status.st_size;
	return 0;
}

int kv_file_allocate(int fd, size_t n)
{
	struct stat status;
	int code;

	if (fstat(fd, &status) < 0)
		return fail(-errno);
	do {
		code = posix_fallocate(fd, 0, (off_t)n);
	} while (code == EINTR);
	if (code == 0)
		return 0;
	/* What was had of it is given back; when even that fails the file is merely longer. */
	if (ftruncate(fd, status.st_size) < 0)
		(void)fail(-errno);
	return fail(-code);
}
