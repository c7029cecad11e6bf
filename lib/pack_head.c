#include "lib/pack_head.h"

#include <errno.h>

/*
 * The forms 0xc0..0xdf: width bytes of big-endian number follow, which must be at least `least`,
 * the smallest that no shorter form can hold (for a signed form its magnitude, and it must be
 * negative). Forms not listed (maps, floats, ext, 0xc1) are not ours. Nil and bool have no number.
 */
struct form {
	enum pack_type type;
	uint8_t width;
	bool is_signed;
	bool is_ours;
	uint64_t least;
};

static const struct form forms[32] = {
	[0x00] = {PACK_NIL, 0, false, true, 0},
	[0x02] = {PACK_BOOL, 0, false, true, 0},
	[0x03] = {PACK_BOOL, 0, false, true, 0},
	[0x04] = {PACK_BIN, 1, false, true, 0},
	[0x05] = {PACK_BIN, 2, false, true, 1U << 8},
	[0x06] = {PACK_BIN, 4, false, true, 1U << 16},
	[0x0c] = {PACK_INT, 1, false, true, 1U << 7},
	[0x0d] = {PACK_INT, 2, false, true, 1U << 8},
	[0x0e] = {PACK_INT, 4, false, true, 1U << 16},
	[0x0f] = {PACK_INT, 8, false, true, 1ULL << 32},
	[0x10] = {PACK_INT, 1, true, true, 33},
	[0x11] = {PACK_INT, 2, true, true, (1U << 7) + 1},
	[0x12] = {PACK_INT, 4, true, true, (1U << 15) + 1},
	[0x13] = {PACK_INT, 8, true, true, (1ULL << 31) + 1},
	[0x19] = {PACK_STR, 1, false, true, 1U << 5},
	[0x1a] = {PACK_STR, 2, false, true, 1U << 8},
	[0x1b] = {PACK_STR, 4, false, true, 1U << 16},
	[0x1c] = {PACK_ARRAY, 2, false, true, 1U << 4},
	[0x1d] = {PACK_ARRAY, 4, false, true, 1U << 16},
};

/* A number of the form after its first byte: 0, -ENODATA, -EBADMSG. */
static int wide_head(const struct form *form, const uint8_t *bytes, size_t n,
		     struct pack_head *ret_head)
{
	uint64_t number = 0, sign = 1ULL << (8 * form->width - 1);

	if (n < form->width)
		return -ENODATA;
	for (size_t i = 0; i < form->width; i++)
		number = number << 8 | bytes[i];
	if (form->is_signed && (number & sign) == 0)
		return -EBADMSG;
	if (form->is_signed)
		number = (sign - 1 - (number & (sign - 1))) + 1;
	if (number < form->least)
		return -EBADMSG;
	*ret_head = (struct pack_head){form->type, form->is_signed, number, 1U + form->width};
	return 0;
}

int pack_head_read(const uint8_t *bytes, size_t n, struct pack_head *ret_head)
{
	const struct form *form;
	uint8_t first;

	if (n == 0)
		return -ENODATA;
	first = bytes[0];
	if (first < 0x80)
		*ret_head = (struct pack_head){PACK_INT, false, first, 1};
	else if (first < 0x90)
		return -EBADMSG;
	else if (first < 0xa0)
		*ret_head = (struct pack_head){PACK_ARRAY, false, first & 0x0fU, 1};
	else if (first < 0xc0)
		*ret_head = (struct pack_head){PACK_STR, false, first & 0x1fU, 1};
	else if (first >= 0xe0)
		*ret_head = (struct pack_head){PACK_INT, true, 0x100U - first, 1};
	if (first < 0xc0 || first >= 0xe0)
		return 0;
	form = &forms[first - 0xc0];
	if (!form->is_ours)
		return -EBADMSG;
	if (form->width > 0)
		return wide_head(form, bytes + 1, n - 1, ret_head);
	*ret_head = (struct pack_head){form->type, false, first & 1U, 1};
	return 0;
}
