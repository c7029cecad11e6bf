/*
 * A disk that fails when told to, for daemons under test (LD_PRELOAD). What MIA_FAULT_ARM names is
 * a file; while it is there it says what happens to what is written in folders called state:
 *
 *   full     nothing can be allocated any more; what is allocated can be written (ENOSPC)
 *   deny     nothing but LMDB's own two first pages can be written either (ENOSPC)
 *   fail K   the K-th write, allocation or sync of a store fails once (EIO)
 *   short    every second write of a store writes only half
 *   eintr    every second write of a store is interrupted before it begins (EINTR)
 *   lie      a sync does nothing and says it did
 *   kill K   the process is killed right after the K-th step: a sync, a commit of LMDB's (a write
 *            of its first two pages, synchronous by its descriptor), a file put in place
 *   term K   it is sent SIGTERM then
 *
 * Counting begins when an order is first seen; FILE.count tells how many there were.
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

enum mode {
	MODE_NONE,
	MODE_FULL,
	MODE_DENY,
	MODE_FAIL,
	MODE_SHORT,
	MODE_EINTR,
	MODE_LIE,
	MODE_KILL,
	MODE_TERM,
};

static const struct {
	const char *word;
	enum mode mode;
} modes[] = {
	{"full", MODE_FULL},   {"deny", MODE_DENY}, {"fail ", MODE_FAIL}, {"short", MODE_SHORT},
	{"eintr", MODE_EINTR}, {"lie", MODE_LIE},   {"kill ", MODE_KILL}, {"term ", MODE_TERM},
};

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
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		size_t n = strlen(modes[i].word);

		if (strncmp(text, modes[i].word, n) != 0)
			continue;
		order.mode = modes[i].mode;
		order.at = strtoul(text + n, NULL, 10);
	}
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

/* The path of what is written to; empty when it has none. */
static void path_of(int fd, char *ret_path, size_t n)
{
	char link[64];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, ret_path, n - 1);
	ret_path[length < 0 ? 0 : length] = '\0';
}

static bool is_store(int fd)
{
	char path[4096];
	size_t n;

	path_of(fd, path, sizeof(path));
	n = strlen(path);
	return n >= 8 && strcmp(path + n - 8, "data.mdb") == 0;
}

static bool is_state(int fd)
{
	char path[4096];

	path_of(fd, path, sizeof(path));
	return strstr(path, "/state/") != NULL;
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

/* A step is done: is it the one after which it ends? */
static void after_step(void)
{
	const char *path = getenv("MIA_FAULT_ARM");
	int saved = errno;
	struct order order = {MODE_NONE, 0};

	if (path != NULL)
		order = read_order(path);
	if (order.mode == MODE_KILL || order.mode == MODE_TERM) {
		counted++;
		tell_count(path);
		if (counted == order.at)
			(void)kill(getpid(), order.mode == MODE_KILL ? SIGKILL : SIGTERM);
	}
	errno = saved;
}

/* How many bytes of a write are written; -1: it is interrupted. */
static ssize_t portion(int fd, size_t n)
{
	const char *path = getenv("MIA_FAULT_ARM");
	int saved = errno;
	struct order order;

	if (path == NULL || !is_store(fd))
		return (ssize_t)n;
	order = read_order(path);
	errno = saved;
	if ((order.mode != MODE_SHORT && order.mode != MODE_EINTR) || ++counted % 2 != 0)
		return (ssize_t)n;
	tell_count(path);
	errno = order.mode == MODE_EINTR ? EINTR : saved;
	return order.mode == MODE_EINTR ? -1 : (ssize_t)(n / 2);
}

static bool is_lie(void)
{
	const char *path = getenv("MIA_FAULT_ARM");

	return path != NULL && read_order(path).mode == MODE_LIE;
}

static off_t place(int fd)
{
	int saved = errno;
	off_t at = lseek(fd, 0, SEEK_CUR);

	errno = saved;
	return at;
}

/* A write at a place, by the C library's own: 0, or -1 with errno, before it; n may become less. */
static int begin_write(int fd, off_t at, size_t *n)
{
	int error = before(fd, DEED_WRITE, at);
	ssize_t part;

	if (error != 0) {
		errno = error;
		return -1;
	}
	part = portion(fd, *n);
	if (part < 0)
		return -1;
	*n = (size_t)part;
	return 0;
}

static ssize_t end_write(int fd, off_t at, ssize_t written)
{
	if (written > 0 && at < META_BYTES && is_store(fd))
		after_step();
	return written;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
	off_t at = place(fd);

	return begin_write(fd, at, &n) != 0 ? -1 : end_write(fd, at, REAL(write)(fd, bytes, n));
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	return begin_write(fd, at, &n) != 0 ? -1
					    : end_write(fd, at, REAL(pwrite)(fd, bytes, n, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	return begin_write(fd, at, &n) != 0 ? -1
					    : end_write(fd, at, REAL(pwrite64)(fd, bytes, n, at));
}

/* Of several parts a short write is the first of them alone. */
ssize_t writev(int fd, const struct iovec *parts, int parts_n)
{
	size_t n = 2;
	off_t at = place(fd);

	if (begin_write(fd, at, &n) != 0)
		return -1;
	return end_write(fd, at, REAL(writev)(fd, parts, n == 1 ? 1 : parts_n));
}

ssize_t pwritev(int fd, const struct iovec *parts, int parts_n, off_t at)
{
	size_t n = 2;

	if (begin_write(fd, at, &n) != 0)
		return -1;
	return end_write(fd, at, REAL(pwritev)(fd, parts, n == 1 ? 1 : parts_n, at));
}

int ftruncate(int fd, off_t n)
{
	int error = before(fd, DEED_GROW, n);

	if (error == 0)
		return REAL(ftruncate)(fd, n);
	errno = error;
	return -1;
}

/* The C library would fall back on writing. */
int posix_fallocate(int fd, off_t at, off_t n)
{
	int error = before(fd, DEED_GROW, at);

	return error != 0 ? error : REAL(posix_fallocate)(fd, at, n);
}

static int sync_by(int fd, int (*sync_file)(int))
{
	int error = before(fd, DEED_SYNC, 0);
	int status;

	if (error != 0) {
		errno = error;
		return -1;
	}
	if (!is_state(fd))
		return sync_file(fd);
	status = is_lie() ? 0 : sync_file(fd);
	if (status == 0)
		after_step();
	return status;
}

int fdatasync(int fd)
{
	return sync_by(fd, REAL(fdatasync));
}

int fsync(int fd)
{
	return sync_by(fd, REAL(fsync));
}

int rename(const char *from, const char *to)
{
	int status = REAL(rename)(from, to);

	if (status == 0 && strstr(to, "/state/") != NULL)
		after_step();
	return status;
}
