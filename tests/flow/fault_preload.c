/*
 * A disk that fails when told to, for daemons under test (LD_PRELOAD). What MIA_FAULT_ARM names is
 * a file; while it is there it says what happens to what is written to stores (data.mdb): full
 * nothing can be allocated any more; what is allocated can be written (ENOSPC) deny nothing but
 * LMDB's own two first pages can be written either (ENOSPC) fail K          the K-th write,
 * allocation or sync fails once (EIO) kill K          the process is killed right after the K-th
 * sync Counting begins when an order is first seen; FILE.count tells how many there were.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

#define META_BYTES 8192 /* LMDB's two first pages, which are there from the start */

enum mode { MODE_NONE, MODE_FULL, MODE_DENY, MODE_FAIL, MODE_KILL };

struct order {
	enum mode mode;
	unsigned long at;
};

static char seen[64]; /* the order being counted for */
static unsigned long counted;

static struct order read_order(const char *path)
{
	struct order order = {MODE_NONE, 0};
	char text[sizeof(seen)] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return order;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	(void)close(fd);
	if (strcmp(text, seen) != 0)
		counted = 0;
	memcpy(seen, text, sizeof(seen));
	if (strncmp(text, "full", 4) == 0)
		order.mode = MODE_FULL;
	else if (strncmp(text, "deny", 4) == 0)
		order.mode = MODE_DENY;
	else if (strncmp(text, "fail ", 5) == 0)
		order.mode = MODE_FAIL;
	else if (strncmp(text, "kill ", 5) == 0)
		order.mode = MODE_KILL;
	if (order.mode == MODE_FAIL || order.mode == MODE_KILL)
		order.at = strtoul(text + 5, NULL, 10);
	return order;
}

static void tell_count(const char *path)
{
	char name[4096];
	char text[32];
	int n = snprintf(text, sizeof(text), "%12lu\n", counted); /* in place: never half read */
	int fd;

	(void)snprintf(name, sizeof(name), "%s.count", path);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	(void)!REAL(write)(fd, text, (size_t)n);
	(void)close(fd);
}

static bool is_store(int fd)
{
	char link[64];
	char path[4096];
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 8)
		return false;
	path[n] = '\0';
	return strcmp(path + n - 8, "data.mdb") == 0;
}

enum deed { DEED_WRITE, DEED_GROW, DEED_SYNC };

/* Whether an order that lasts forbids it. */
static bool is_denied(enum mode mode, enum deed deed, off_t at)
{
	if (deed == DEED_GROW)
		return mode == MODE_FULL || mode == MODE_DENY;
	return deed == DEED_WRITE && mode == MODE_DENY && at >= META_BYTES;
}

/* Before a call on fd: 0, or the errno it shall fail with. */
static int before(int fd, enum deed deed, off_t at)
{
	const char *path = getenv("MIA_FAULT_ARM");
	int saved = errno;
	struct order order;

	if (path == NULL || !is_store(fd))
		return 0;
	order = read_order(path);
	errno = saved;
	if (is_denied(order.mode, deed, at))
		return ENOSPC;
	if (order.mode != MODE_FAIL)
		return 0;
	counted++;
	tell_count(path);
	errno = saved;
	return counted == order.at ? EIO : 0;
}

static void after_sync(int fd)
{
	const char *path = getenv("MIA_FAULT_ARM");

	if (path == NULL || !is_store(fd) || read_order(path).mode != MODE_KILL)
		return;
	counted++;
	tell_count(path);
	if (counted == read_order(path).at)
		(void)kill(getpid(), SIGKILL);
}

#define FAIL_OR(fd, deed, at, call)                                                                \
	int error = before(fd, deed, at);                                                          \
                                                                                                   \
	if (error != 0) {                                                                          \
		errno = error;                                                                     \
		return -1;                                                                         \
	}                                                                                          \
	return call

static off_t place(int fd)
{
	int saved = errno;
	off_t at = lseek(fd, 0, SEEK_CUR);

	errno = saved;
	return at;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	FAIL_OR(fd, DEED_WRITE, place(fd), REAL(write)(fd, bytes, n));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	FAIL_OR(fd, DEED_WRITE, at, REAL(pwrite)(fd, bytes, n, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	FAIL_OR(fd, DEED_WRITE, at, REAL(pwrite64)(fd, bytes, n, at));
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	FAIL_OR(fd, DEED_WRITE, place(fd), REAL(writev)(fd, parts, n));
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	FAIL_OR(fd, DEED_WRITE, at, REAL(pwritev)(fd, parts, n, at));
}

int ftruncate(int fd, off_t n)
{
	FAIL_OR(fd, DEED_GROW, n, REAL(ftruncate)(fd, n));
}

/* The C library would fall back on writing. */
int posix_fallocate(int fd, off_t at, off_t n)
{
	int error = before(fd, DEED_GROW, at);

	return error != 0 ? error : REAL(posix_fallocate)(fd, at, n);
}

int fdatasync(int fd)
{
	int error = before(fd, DEED_SYNC, 0);
	int status;

	if (error != 0) {
		errno = error;
		return -1;
	}
	status = REAL(fdatasync)(fd);
	if (status == 0)
		after_sync(fd);
	return status;
}
