/*
 * The bare loop of an import: libcsv, MessagePack, XChaCha20-Poly1305, LMDB, and nothing between
 * them. Records by sequential id, look-up hashes sorted and written at the end, random nonces drawn
 * in bulk, counters as one blob a month, commits of 10,000.
 */
#ifndef MIA_TESTS_BENCH_BARE_H
#define MIA_TESTS_BENCH_BARE_H

#include "tests/bench/bench.h"

/* Imports path into a new folder dir. has_person_keys: every record is sealed under a key of its
 * own, which is kept sealed in a second environment, as a site must (4.5). 0 or -errno. */
int bench_bare_import(const char *path, const char *dir, bool has_person_keys);

#endif
