/*
 * Memory taken piece by piece and given back at once: what a parser builds and never changes
 * afterwards (a programme). Pieces stay where they are.
 */
#ifndef MIA_PROTO_ARENA_H
#define MIA_PROTO_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void); /* NULL when memory is out */
void arena_free(struct arena **arena);
/* Zeroed room for n things of size bytes each, aligned for any type; n may be 0. NULL when memory
 * is out or the product is too large. */
void *arena_take(struct arena *arena, size_t n, size_t size);
/* A copy of n bytes of text and a NUL; NULL when memory is out. */
char *arena_text(struct arena *arena, const char *text, size_t n);

#endif
