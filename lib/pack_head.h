/*
 * The first bytes of a MessagePack value of the canonical subset (see lib/pack.h, which is what
 * everybody else uses): its type and its number, refused unless in the shortest form.
 */
#ifndef MIA_LIB_PACK_HEAD_H
#define MIA_LIB_PACK_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pack_type { PACK_ARRAY, PACK_INT, PACK_BOOL, PACK_NIL, PACK_BIN, PACK_STR, PACK_BAD };

/* number is an integer's magnitude, a bool, a length or a count; n is the bytes the head takes. A
 * negative magnitude is 1 .. 2^63. */
struct pack_head {
	enum pack_type type;
	bool is_negative;
	uint64_t number;
	size_t n;
};

/* Reads the head that stands first in n bytes: 0, -ENODATA short, -EBADMSG not shortest or not of
 * the subset (maps, floats, ext). Source: the MessagePack specification, "Formats". Not born with
 * fail(), as unpack_peek() asks without failing. */
int pack_head_read(const uint8_t *bytes, size_t n, struct pack_head *ret_head);

#endif
