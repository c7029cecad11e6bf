/*
 * MessagePack, the canonical subset both parties agree on (4-sync): arrays by position, shortest
 * forms, unsigned and signed integers, bin, str, bool, nil; no maps, floats or ext. Written with
 * msgpack-c; read with a bounded cursor of our own, because a count from outside must be checked
 * against the bytes that are there (msgpack_unpack_next reserves gigabytes for a five-byte
 * message).
 */
#ifndef MIA_LIB_PACK_H
#define MIA_LIB_PACK_H

#include "lib/buf.h"
#include "lib/pack_head.h"

#include <stdbool.h>

/* Writers append to buf and carry its error. */
void pack_array(struct buf *buf, uint32_t n);
void pack_u64(struct buf *buf, uint64_t value);
void pack_i64(struct buf *buf, int64_t value);
void pack_bool(struct buf *buf, bool value);
void pack_nil(struct buf *buf);
void pack_bin(struct buf *buf, const void *bytes, size_t n);
void pack_str(struct buf *buf, const char *text);

/*
 * The cursor: error is 0 or the first failure (-EBADMSG malformed or non-canonical, -EMSGSIZE over
 * a bound the caller gave, -ENODATA short), after which every read gives zero / empty. Nesting is
 * bounded to PACK_DEPTH_MAX. Views point into the bytes.
 */
#define PACK_DEPTH_MAX 8

struct unpack {
	const uint8_t *bytes;
	size_t n;
	size_t at;
	unsigned depth;
	int error;
};

struct unpack unpack_start(const void *bytes, size_t n);

/* An array header: its count, refused when over max or over the bytes left. Every array_enter needs
 * its unpack_leave(). */
uint32_t unpack_array(struct unpack *in, uint32_t max);
/* As unpack_array(), and anything but exactly n is -EBADMSG. */
void unpack_array_of(struct unpack *in, uint32_t n);
/* Leaves the array last entered (only depth is counted). */
void unpack_leave(struct unpack *in);
uint64_t unpack_u64(struct unpack *in, uint64_t max);
int64_t unpack_i64(struct unpack *in, int64_t min, int64_t max);
bool unpack_bool(struct unpack *in);
/* Takes a nil when one stands next and says so. */
bool unpack_nil(struct unpack *in);
/* A view of at most max bytes; *ret_n is its length. */
const uint8_t *unpack_bin(struct unpack *in, size_t max, size_t *ret_n);
/* Exactly n bytes of bin, copied. */
void unpack_bin_of(struct unpack *in, void *ret_bytes, size_t n);
/* A str of valid UTF-8 without NUL or control characters into ret_text[size] with NUL; longer than
 * size - 1 is -EMSGSIZE. */
void unpack_str(struct unpack *in, char *ret_text, size_t size);
/* As unpack_str(), of any length up to max, as an owned C string; NULL in error. */
char *unpack_str_dup(struct unpack *in, size_t max);

/* The verdict: 0 when everything was read well, nothing is left over and every array was left; else
 * -EBADMSG, -EMSGSIZE or -ENODATA. */
int unpack_end(struct unpack *in);

/* Steps over one value of any canonical type, nested to the depth bound: for tools that print what
 * they do not know. */
void unpack_skip(struct unpack *in);

/* The type of the value that stands next, without reading it. */
enum pack_type unpack_peek(const struct unpack *in);

#endif
