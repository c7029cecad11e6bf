/*
 * The chain of the log worked out anew (4.1): from the sealed bytes alone, so that it holds of
 * those whose key is gone as well.
 */
#ifndef MIA_SITE_STORE_VERIFY_H
#define MIA_SITE_STORE_VERIFY_H

#include <stdbool.h>

struct store;

/* Whether the entries of the log lead to the head that is kept: 0 and the verdict, -errno. Takes
 * about a second for a million entries. */
int store_verify(struct store *store, bool *ret_holds);

#endif
