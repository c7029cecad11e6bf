/*
 * Memory that runs out when told to, for daemons under test (LD_PRELOAD). What MIA_MEMORY names is
 * a file of two uint64, in the machine's byte order: which allocation from now on fails, 0 for
 * none, and how many there were. It fails once: whoever asks again gets it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);

struct order {
	_Atomic uint64_t at, counted;
};

static struct order *order;

__attribute__((constructor)) static void open_order(void)
{
	const char *path = getenv("MIA_MEMORY");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *mapped;

	if (fd < 0)
		return;
	mapped = mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED)
		order = mapped;
	(void)close(fd);
}

static bool is_refused(void)
{
	if (order == NULL || atomic_load(&order->at) == 0)
		return false;
	if (atomic_fetch_add(&order->counted, 1) + 1 != atomic_load(&order->at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return is_refused() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return is_refused() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
	return is_refused() ? NULL : __libc_realloc(old, n);
}

void *reallocarray(void *old, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}
