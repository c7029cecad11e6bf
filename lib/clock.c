#include "lib/clock.h"

#include <time.h>

int64_t clock_now(const struct clock *clock)
{
	return (int64_t)time(NULL) + clock->offset_s;
}

void clock_set(struct clock *clock, int64_t at_now)
{
	clock->offset_s = at_now - (int64_t)time(NULL);
}

int64_t clock_mono_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
