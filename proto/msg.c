#include "proto/msg.h"

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Each pass over messages.def defines the field macros anew: the count of a message's fields, then
 * its three verbs. The parameter is `field`, as a member is called what it likes. */

#define U64(field) +1
#define STR(field, size) +1
#define BYTES(field, size) +1
#define BIN(field, most) +1
#define MESSAGE(id, number, sender, fields) enum { FIELDS_OF_##id = 0 fields };
#include "proto/messages.def"
#undef MESSAGE
#undef U64
#undef STR
#undef BYTES
#undef BIN

#define U64(field) pack_u64(to, from->field);
#define STR(field, size) pack_str(to, from->field);
#define BYTES(field, size) pack_bin(to, from->field, size);
#define BIN(field, most)                                                                           \
	assert(from->field##_n <= (most));                                                         \
	pack_bin(to, from->field, from->field##_n);
#define MESSAGE(id, number, sender, fields)                                                        \
	static void pack_##id(const struct msg *msg, struct buf *to)                               \
	{                                                                                          \
		const struct msg_##id *from = &msg->id;                                            \
                                                                                                   \
		fields                                                                             \
	}
#include "proto/messages.def"
#undef MESSAGE
#undef U64
#undef STR
#undef BYTES
#undef BIN

#define U64(field) to->field = unpack_u64(in, UINT64_MAX);
#define STR(field, size) unpack_str(in, to->field, size);
#define BYTES(field, size) unpack_bin_of(in, to->field, size);
#define BIN(field, most) to->field = unpack_bin(in, most, &to->field##_n);
#define MESSAGE(id, number, sender, fields)                                                        \
	static void unpack_##id(struct unpack *in, struct msg *msg)                                \
	{                                                                                          \
		struct msg_##id *to = &msg->id;                                                    \
                                                                                                   \
		fields                                                                             \
	}
#include "proto/messages.def"
#undef MESSAGE
#undef U64
#undef STR
#undef BYTES
#undef BIN

/* Text of a message is free of control characters (lib/pack): only these two need a backslash. */
static void print_text(struct buf *to, const char *text)
{
	buf_add_byte(to, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_byte(to, '\\');
		buf_add_byte(to, (uint8_t)*text);
	}
	buf_add_byte(to, '"');
}

static void print_hex(struct buf *to, const uint8_t *bytes, size_t n)
{
	char hex[2 * 64 + 1];

	buf_add_byte(to, '"');
	for (size_t at = 0; at < n; at += 64) {
		text_hex(bytes + at, n - at < 64 ? n - at : 64, hex);
		buf_add_text(to, hex);
	}
	buf_add_byte(to, '"');
}

#define U64(field) buf_printf(to, ",\"" #field "\":%" PRIu64, from->field);
#define STR(field, size)                                                                           \
	buf_add_text(to, ",\"" #field "\":");                                                      \
	print_text(to, from->field);
#define BYTES(field, size)                                                                         \
	buf_add_text(to, ",\"" #field "\":");                                                      \
	print_hex(to, from->field, size);
#define BIN(field, most)                                                                           \
	buf_add_text(to, ",\"" #field "\":");                                                      \
	print_hex(to, from->field, from->field##_n);
#define MESSAGE(id, number, sender, fields)                                                        \
	static void print_##id(const struct msg *msg, struct buf *to)                              \
	{                                                                                          \
		const struct msg_##id *from = &msg->id;                                            \
                                                                                                   \
		fields                                                                             \
	}
#include "proto/messages.def"
#undef MESSAGE
#undef U64
#undef STR
#undef BYTES
#undef BIN

static const struct row {
	const char *name;
	enum msg_type type;
	enum msg_sender sender;
	uint32_t fields_n;
	void (*pack)(const struct msg *msg, struct buf *to);
	void (*unpack)(struct unpack *in, struct msg *msg);
	void (*print)(const struct msg *msg, struct buf *to);
} rows[] = {
#define MESSAGE(id, number, sender, fields)                                                        \
	{#id, MSG_##id, sender, FIELDS_OF_##id, pack_##id, unpack_##id, print_##id},
#include "proto/messages.def"
#undef MESSAGE
};

static const struct row *find_row(uint64_t type)
{
	for (size_t i = 0; i < array_n(rows); i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

void msg_pack(const struct msg *msg, struct buf *ret_bytes)
{
	const struct row *row = find_row(msg->type);

	assert(row != NULL);
	pack_array(ret_bytes, 1 + row->fields_n);
	pack_u64(ret_bytes, row->type);
	row->pack(msg, ret_bytes);
}

/* senders is a set of enum msg_sender bits. */
static int unpack_from(const void *bytes, size_t n, unsigned senders, struct msg *ret_msg)
{
	struct unpack in = unpack_start(bytes, n);
	struct msg msg = {0};
	const struct row *row;
	uint32_t elements;
	int r;

	if (n > MSG_BYTES_MAX)
		return fail(-EMSGSIZE);
	elements = unpack_array(&in, UINT16_MAX);
	row = find_row(unpack_u64(&in, UINT64_MAX));
	if (in.error != 0 || row == NULL || elements != 1 + row->fields_n ||
	    (row->sender & senders) == 0)
		return fail(-EBADMSG);
	msg.type = row->type;
	row->unpack(&in, &msg);
	unpack_leave(&in);
	r = unpack_end(&in);
	if (r != 0)
		return fail(r == -EMSGSIZE ? -EMSGSIZE : -EBADMSG);
	*ret_msg = msg;
	return 0;
}

int msg_unpack(const void *bytes, size_t n, enum msg_sender sender, struct msg *ret_msg)
{
	return unpack_from(bytes, n, sender, ret_msg);
}

const char *msg_name(unsigned type)
{
	const struct row *row = find_row(type);

	return row == NULL ? NULL : row->name;
}

int msg_print_json(const void *bytes, size_t n, struct buf *ret_json)
{
	struct msg msg;
	const struct row *row;

	if (unpack_from(bytes, n, FROM_SITE | FROM_HUB, &msg) != 0)
		return fail(-EBADMSG);
	row = find_row(msg.type);
	assert(row != NULL);
	buf_printf(ret_json, "{\"type\":\"%s\"", row->name);
	row->print(&msg, ret_json);
	buf_add_text(ret_json, "}\n");
	return ret_json->error;
}
