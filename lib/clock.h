/*
 * The clock, for the event loop only (tests/PLAN): everything else takes the time as an argument
 * and can be tested a year ahead. A rehearsal store may set its wall clock; a real one never (3.2,
 * 1-architecture).
 */
#ifndef MIA_LIB_CLOCK_H
#define MIA_LIB_CLOCK_H

#include <stdint.h>

/* offset_s is added to the system's wall clock; 0 everywhere but in a rehearsal. Valid when zeroed.
 */
struct clock {
	int64_t offset_s;
};

/* Wall time in UTC seconds since 1970, with the rehearsal offset. */
int64_t clock_now(const struct clock *clock);

/* Sets the offset so that clock_now() continues from at_now. */
void clock_set(struct clock *clock, int64_t at_now);

/* Monotonic milliseconds, counting suspended time; only differences mean anything. */
int64_t clock_mono_ms(void);

#endif
