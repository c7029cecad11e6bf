#include "lib/pack.h"

#include "lib/fail.h"
#include "lib/pack_head.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <msgpack/pack.h>
#include <stdlib.h>
#include <string.h>

static int append(void *data, const char *bytes, size_t n)
{
	buf_add(data, bytes, n);
	return 0;
}

static msgpack_packer packer_onto(struct buf *buf)
{
	msgpack_packer packer;

	msgpack_packer_init(&packer, buf, append);
	return packer;
}

/* The error of each step is in the buffer. What is one byte is written as such: it is most of what
 * a record is made of. */
void pack_array(struct buf *buf, uint32_t n)
{
	msgpack_packer packer;

	if (n < 16) {
		buf_add_byte(buf, (uint8_t)(0x90 | n));
		return;
	}
	packer = packer_onto(buf);
	(void)msgpack_pack_array(&packer, n);
}

void pack_u64(struct buf *buf, uint64_t value)
{
	msgpack_packer packer;

	if (value < 0x80) {
		buf_add_byte(buf, (uint8_t)value);
		return;
	}
	packer = packer_onto(buf);
	(void)msgpack_pack_uint64(&packer, value);
}

void pack_i64(struct buf *buf, int64_t value)
{
	msgpack_packer packer;

	if (value >= 0) {
		pack_u64(buf, (uint64_t)value);
		return;
	}
	packer = packer_onto(buf);
	(void)msgpack_pack_int64(&packer, value);
}

void pack_bool(struct buf *buf, bool value)
{
	buf_add_byte(buf, value ? 0xc3 : 0xc2);
}

void pack_nil(struct buf *buf)
{
	buf_add_byte(buf, 0xc0);
}

/* Whether a length can be written at all; else the buffer is in error. */
static bool is_length(struct buf *buf, size_t n)
{
	if (n > UINT32_MAX && buf->error == 0)
		buf->error = fail(-EMSGSIZE);
	return n <= UINT32_MAX;
}

void pack_bin(struct buf *buf, const void *bytes, size_t n)
{
	msgpack_packer packer = packer_onto(buf);

	if (!is_length(buf, n))
		return;
	(void)msgpack_pack_bin(&packer, n);
	buf_add(buf, bytes, n);
}

void pack_str(struct buf *buf, const char *text)
{
	msgpack_packer packer = packer_onto(buf);
	size_t n = strlen(text);

	if (!is_length(buf, n))
		return;
	(void)msgpack_pack_str(&packer, n);
	buf_add(buf, text, n);
}

/* Nothing at all may come as NULL, which no offset may be added to. */
struct unpack unpack_start(const void *bytes, size_t n)
{
	return (struct unpack){.bytes = bytes == NULL ? "" : bytes, .n = n};
}

static void set_error(struct unpack *in, int code)
{
	if (in->error == 0)
		in->error = fail(code);
}

/* The commonest heads, of one byte: a number under 128 and an array of under 16. Takes it and gives
 * its number, or -1: then the long way says what stands there. */
static inline int take_short(struct unpack *in, uint8_t first, uint8_t below)
{
	uint8_t byte;

	if (in->error != 0 || in->at >= in->n)
		return -1;
	byte = in->bytes[in->at];
	if (byte < first || byte >= below)
		return -1;
	in->at++;
	return byte - first;
}

/* Takes the head of a value of this type; anything else is an error and gives a zeroed head. */
static struct pack_head take_head(struct unpack *in, enum pack_type type)
{
	struct pack_head head = {.type = PACK_BAD};
	int r = in->error;

	if (r == 0)
		r = pack_head_read(in->bytes + in->at, in->n - in->at, &head);
	if (r == 0 && head.type != type)
		r = -EBADMSG;
	if (r != 0) {
		set_error(in, r);
		return (struct pack_head){.type = PACK_BAD};
	}
	in->at += head.n;
	return head;
}

/* The length of a bin or str or the count of an array: each needs at least one byte of what is left
 * per unit. 0 in error. */
static uint64_t take_length(struct unpack *in, enum pack_type type, size_t max)
{
	struct pack_head head = take_head(in, type);

	if (head.number > max)
		set_error(in, -EMSGSIZE);
	else if (head.number > in->n - in->at)
		set_error(in, -ENODATA);
	return in->error == 0 ? head.number : 0;
}

uint32_t unpack_array(struct unpack *in, uint32_t max)
{
	int few = take_short(in, 0x90, 0xa0);
	uint64_t n = (uint64_t)few;

	if (few < 0)
		n = take_length(in, PACK_ARRAY, max);
	else if (n > max)
		set_error(in, -EMSGSIZE);
	else if (n > in->n - in->at)
		set_error(in, -ENODATA);
	if (in->depth >= PACK_DEPTH_MAX)
		set_error(in, -EMSGSIZE);
	if (in->error != 0)
		return 0;
	in->depth++;
	return (uint32_t)n;
}

void unpack_array_of(struct unpack *in, uint32_t n)
{
	if (unpack_array(in, UINT32_MAX) != n)
		set_error(in, -EBADMSG);
}

void unpack_leave(struct unpack *in)
{
	if (in->error != 0)
		return;
	assert(in->depth > 0);
	in->depth--;
}

uint64_t unpack_u64(struct unpack *in, uint64_t max)
{
	int small = take_short(in, 0, 0x80);
	struct pack_head head;

	if (small >= 0 && (uint64_t)small <= max)
		return (uint64_t)small;
	if (small >= 0) {
		set_error(in, -EMSGSIZE);
		return 0;
	}
	head = take_head(in, PACK_INT);
	if (in->error == 0 && (head.is_negative || head.number > max))
		set_error(in, -EMSGSIZE);
	return in->error == 0 ? head.number : 0;
}

/* A negative magnitude is 1 .. 2^63, so that one less always fits. */
int64_t unpack_i64(struct unpack *in, int64_t min, int64_t max)
{
	int small = take_short(in, 0, 0x80);
	struct pack_head head = {.type = PACK_BAD};
	int64_t value = small;
	bool fits = true;

	if (small < 0) {
		head = take_head(in, PACK_INT);
		fits = head.is_negative || head.number <= INT64_MAX;
		value = 0;
	}
	if (head.is_negative)
		value = -(int64_t)(head.number - 1) - 1;
	else if (small < 0 && fits)
		value = (int64_t)head.number;
	if (in->error == 0 && (!fits || value < min || value > max))
		set_error(in, -EMSGSIZE);
	return in->error == 0 ? value : 0;
}

bool unpack_bool(struct unpack *in)
{
	return take_head(in, PACK_BOOL).number != 0;
}

bool unpack_nil(struct unpack *in)
{
	return take_short(in, 0xc0, 0xc1) == 0;
}

/* The bytes of a bin or str, NULL in error. */
static const uint8_t *take_run(struct unpack *in, enum pack_type type, size_t max, size_t *ret_n)
{
	*ret_n = take_length(in, type, max);
	if (in->error != 0)
		return NULL;
	in->at += *ret_n;
	return in->bytes + in->at - *ret_n;
}

const uint8_t *unpack_bin(struct unpack *in, size_t max, size_t *ret_n)
{
	return take_run(in, PACK_BIN, max, ret_n);
}

void unpack_bin_of(struct unpack *in, void *ret_bytes, size_t n)
{
	size_t found_n;
	const uint8_t *found = take_run(in, PACK_BIN, SIZE_MAX, &found_n);

	if (found != NULL && found_n != n)
		set_error(in, -EBADMSG);
	if (n == 0)
		return;
	memset(ret_bytes, 0, n);
	if (found != NULL && in->error == 0)
		memcpy(ret_bytes, found, n);
}

/* C0, DEL and C1 (U+0080..U+009F, in UTF-8 c2 80..c2 9f): what could steer a terminal. */
static bool has_control(const uint8_t *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] < 0x20 || text[i] == 0x7f)
			return true;
		if (text[i] == 0xc2 && i + 1 < n && text[i + 1] < 0xa0)
			return true;
	}
	return false;
}

static const uint8_t *take_text(struct unpack *in, size_t max, size_t *ret_n)
{
	const uint8_t *text = take_run(in, PACK_STR, max, ret_n);

	if (text == NULL)
		return NULL;
	if (text_is_utf8((const char *)text, *ret_n) && !has_control(text, *ret_n))
		return text;
	set_error(in, -EBADMSG);
	*ret_n = 0;
	return NULL;
}

void unpack_str(struct unpack *in, char *ret_text, size_t size)
{
	size_t n;
	const uint8_t *text;

	assert(size > 0);
	text = take_text(in, size - 1, &n);
	if (text != NULL)
		memcpy(ret_text, text, n);
	ret_text[n] = '\0';
}

char *unpack_str_dup(struct unpack *in, size_t max)
{
	size_t n;
	const uint8_t *text = take_text(in, max, &n);
	char *copy;

	if (text == NULL)
		return NULL;
	copy = malloc(n + 1);
	if (copy == NULL) {
		set_error(in, -ENOMEM);
		return NULL;
	}
	memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

int unpack_end(struct unpack *in)
{
	if (in->error == 0 && (in->at != in->n || in->depth != 0))
		set_error(in, -EBADMSG);
	return in->error;
}

/* Steps over a value that holds no others, or into an array. */
static uint32_t skip_head(struct unpack *in)
{
	enum pack_type type = unpack_peek(in);
	size_t n;

	if (type == PACK_ARRAY)
		return unpack_array(in, UINT32_MAX);
	if (type == PACK_BIN || type == PACK_STR)
		(void)take_run(in, type, SIZE_MAX, &n);
	else
		(void)take_head(in, type);
	return 0;
}

void unpack_skip(struct unpack *in)
{
	unsigned base = in->depth;
	uint32_t left[PACK_DEPTH_MAX + 1] = {0};

	left[base] = 1;
	while (in->error == 0) {
		unsigned depth = in->depth;
		uint32_t inner;

		if (left[depth] == 0 && depth == base)
			return;
		if (left[depth] == 0) {
			unpack_leave(in);
			continue;
		}
		left[depth]--;
		inner = skip_head(in);
		if (in->depth > depth)
			left[in->depth] = inner;
	}
}

enum pack_type unpack_peek(const struct unpack *in)
{
	struct pack_head head;

	if (in->error != 0 || pack_head_read(in->bytes + in->at, in->n - in->at, &head) != 0)
		return PACK_BAD;
	return head.type;
}
