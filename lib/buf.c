#include "lib/buf.h"

#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 64

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

void buf_wipe(struct buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->capacity);
	buf_free(buf);
}

void buf_clear(struct buf *buf)
{
	buf->n = 0;
	buf->error = 0;
}

/* Not realloc(): the bytes left behind may be a record's, and buf_wipe() could not reach them. */
static int move_to(struct buf *buf, size_t capacity)
{
	uint8_t *data = malloc(capacity);

	if (data == NULL)
		return fail(-ENOMEM);
	if (buf->data != NULL) {
		memcpy(data, buf->data, buf->n);
		explicit_bzero(buf->data, buf->capacity);
		free(buf->data);
	}
	buf->data = data;
	buf->capacity = capacity;
	return 0;
}

static int grow(struct buf *buf, size_t n)
{
	size_t capacity = buf->capacity < FIRST_BYTES ? FIRST_BYTES : buf->capacity;
	size_t wanted;

	if (n >= SIZE_MAX / 4 || buf->n >= SIZE_MAX / 4)
		return buf->error = fail(-ENOMEM);
	wanted = buf->n + n + 1;
	while (capacity < wanted)
		capacity *= 2;
	return buf->error = move_to(buf, capacity);
}

/* Room for n bytes beyond those used, and one more, so that buf_text() after a last append seldom
 * moves anything. */
static int reserve(struct buf *buf, size_t n)
{
	if (buf->error != 0)
		return buf->error;
	return n < buf->capacity - buf->n ? 0 : grow(buf, n);
}

uint8_t *buf_extend(struct buf *buf, size_t n)
{
	uint8_t *room;

	if (reserve(buf, n) != 0)
		return NULL;
	room = buf->data + buf->n;
	buf->n += n;
	return room;
}

void buf_add(struct buf *buf, const void *bytes, size_t n)
{
	uint8_t *room = buf_extend(buf, n);

	if (room != NULL && n > 0)
		memcpy(room, bytes, n);
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_add_byte(struct buf *buf, uint8_t byte)
{
	buf_add(buf, &byte, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n < 0) {
		if (buf->error == 0)
			buf->error = fail(-EINVAL);
		return;
	}
	/* The NUL that vsnprintf() insists on falls on the spare byte of reserve(). */
	if (reserve(buf, (size_t)n) != 0)
		return;
	va_start(arguments, format);
	(void)vsnprintf((char *)buf->data + buf->n, (size_t)n + 1, format, arguments);
	va_end(arguments);
	buf->n += (size_t)n;
}

void buf_add_u32le(struct buf *buf, uint32_t value)
{
	uint8_t bytes[4];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	buf_add(buf, bytes, sizeof(bytes));
}

void buf_add_u64le(struct buf *buf, uint64_t value)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	buf_add(buf, bytes, sizeof(bytes));
}

void buf_drop(struct buf *buf, size_t n)
{
	assert(n <= buf->n);
	if (n == 0)
		return;
	buf->n -= n;
	memmove(buf->data, buf->data + n, buf->n);
}

const char *buf_text(struct buf *buf)
{
	if (reserve(buf, 0) != 0)
		return NULL;
	buf->data[buf->n] = '\0';
	return (const char *)buf->data;
}
