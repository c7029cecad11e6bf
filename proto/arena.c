#include "proto/arena.h"

#include "lib/own.h"

#include <stdint.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)64 * 1024)

/* Chunks hang in a list, youngest first; a piece larger than a chunk gets one of its own. */
struct chunk {
	struct chunk *older;
	size_t used, size;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct chunk *youngest;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena **arena)
{
	if (*arena == NULL)
		return;
	for (struct chunk *chunk = (*arena)->youngest; chunk != NULL;) {
		struct chunk *older = chunk->older;

		free(chunk);
		chunk = older;
	}
	free(*arena);
	*arena = NULL;
}

static struct chunk *add_chunk(struct arena *arena, size_t bytes)
{
	size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (chunk == NULL)
		return NULL;
	chunk->size = size;
	chunk->older = arena->youngest;
	arena->youngest = chunk;
	return chunk;
}

void *arena_take(struct arena *arena, size_t n, size_t size)
{
	const size_t unit = _Alignof(max_align_t);
	struct chunk *chunk = arena->youngest;
	size_t bytes;
	void *piece;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes / unit + 1) * unit;
	if (chunk == NULL || chunk->size - chunk->used < bytes)
		chunk = add_chunk(arena, bytes);
	if (chunk == NULL)
		return NULL;
	piece = chunk->bytes + chunk->used;
	chunk->used += bytes;
	return piece;
}

char *arena_text(struct arena *arena, const char *text, size_t n)
{
	char *copy = arena_take(arena, n + 1, 1);

	if (copy != NULL && n > 0)
		memcpy(copy, text, n);
	return copy;
}
