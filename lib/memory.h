/*
 * How much memory is the process's own, for `mia status` and the benches.
 */
#ifndef MIA_LIB_MEMORY_H
#define MIA_LIB_MEMORY_H

#include <stdint.h>

/* Bytes of anonymous memory in use (RssAnon of proc(5)); 0 when the system does not say. */
int64_t memory_own_bytes(void);

#endif
