/*
 * A site's store of our own in the bench's folder.
 */
#ifndef MIA_TESTS_BENCH_SITE_H
#define MIA_TESTS_BENCH_SITE_H

#include "daemon/site/intake.h"
#include "tests/bench/bench_site_at.h"
#include "tests/bench/bench.h"

extern const uint8_t bench_site_vault_key[VAULT_KEY_BYTES];

struct bench_site {
	struct programme *programme;
	struct store *store;
	char dir[BENCH_PATH_BYTES];
};

/* A new store in dir/name, opened. 0 or -errno, printed. */
int bench_site_open(const struct bench_settings *settings, const char *name,
		    struct bench_site *ret_site);
/* The file at path, through the whole of the site's own pipeline and stored. */
int bench_site_import(struct bench_site *site, const char *path, struct intake_counts *ret_counts);
/* Closes the store alone and opens it again: how long that took. */
int bench_site_reopen(struct bench_site *site, double *ret_s);
/* Closes it and deletes the folder; usable as own(). */
void bench_site_close(struct bench_site *site);

#endif
