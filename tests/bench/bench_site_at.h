/*
 * The moment benches live in: all that is in a bench file or a bench chain lies before it.
 */
#ifndef MIA_TESTS_BENCH_SITE_AT_H
#define MIA_TESTS_BENCH_SITE_AT_H

#define BENCH_AT 1609459200 /* 2021-01-01 */

#endif
