/*
 * A machine's clocks that jump when told to, for daemons under test (LD_PRELOAD). What MIA_CLOCK
 * names is a file of two int64, in the machine's byte order: seconds added to the clock of the day,
 * milliseconds added to the clocks that only go forward.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

#define NSEC_PER_SEC 1000000000L

struct jump {
	_Atomic int64_t day_s, mono_ms;
};

static struct jump none;
static struct jump *jump = &none;

__attribute__((constructor)) static void open_jump(void)
{
	const char *path = getenv("MIA_CLOCK");
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	void *mapped;

	if (fd < 0)
		return;
	mapped = mmap(NULL, sizeof(*jump), PROT_READ, MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED)
		jump = mapped;
	(void)close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *ret_now)
{
	int status = REAL(clock_gettime)(clock, ret_now);
	int64_t ms;

	if (status != 0)
		return status;
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		ret_now->tv_sec += atomic_load(&jump->day_s);
		break;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_BOOTTIME:
		ms = atomic_load(&jump->mono_ms);
		ret_now->tv_sec += ms / 1000;
		ret_now->tv_nsec += ms % 1000 * 1000000;
		if (ret_now->tv_nsec >= NSEC_PER_SEC) {
			ret_now->tv_sec++;
			ret_now->tv_nsec -= NSEC_PER_SEC;
		}
		break;
	default:
		break;
	}
	return 0;
}

time_t time(time_t *ret_now)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (ret_now != NULL)
		*ret_now = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret_now, void *restrict zone)
{
	struct timespec now = {0};

	(void)zone;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	*ret_now = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
	return 0;
}
