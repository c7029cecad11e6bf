/*
 * A growing run of bytes that carries its own error: a run of appends is checked once, at the end
 * (6-style, FAILURE).
 */
#ifndef MIA_LIB_BUF_H
#define MIA_LIB_BUF_H

#include <stddef.h>
#include <stdint.h>

/* data is owned, n bytes used of capacity; error is 0 or the first -errno, after which nothing is
 * appended. Valid when zeroed. */
struct buf {
	uint8_t *data;
	size_t n;
	size_t capacity;
	int error;
};

/* Frees and zeroes; usable as own(buf_free) struct buf b = {0}. */
void buf_free(struct buf *buf);

/* As buf_free, and wipes the bytes first: for buffers that held secrets or record values. */
void buf_wipe(struct buf *buf);

/* Forgets the content and the error, keeps the memory. */
void buf_clear(struct buf *buf);

/* Room for n more bytes: gives where to write them (already counted in buf->n), NULL when the
 * buffer is in error. */
uint8_t *buf_extend(struct buf *buf, size_t n);

void buf_add(struct buf *buf, const void *bytes, size_t n);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, uint8_t byte);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Little-endian integers. */
void buf_add_u32le(struct buf *buf, uint32_t value);
void buf_add_u64le(struct buf *buf, uint64_t value);

/* Drops the first n bytes (n <= buf->n), moving the rest down. */
void buf_drop(struct buf *buf, size_t n);

/* Appends a NUL that is not counted, so that data reads as a C string. NULL when the buffer is in
 * error. */
const char *buf_text(struct buf *buf);

#endif
