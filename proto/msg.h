/*
 * The messages of the wire (4.1), declared once in proto/messages.def: struct, encoding, bounded
 * decoding, who may send it. One message is one ZeroMQ frame: a canonical MessagePack array [type
 * uint, field...]. proto/README.md gives every byte.
 */
#ifndef MIA_PROTO_MSG_H
#define MIA_PROTO_MSG_H

#include "lib/buf.h"
#include "lib/sign.h"
#include "proto/programme.h"

#define MSG_NONCE_BYTES 16
#define MSG_TOKEN_BYTES 16
#define MSG_INSTANCE_BYTES 16
#define MSG_BYTES_MAX (1024 * 1024)

enum msg_sender { FROM_SITE = 1, FROM_HUB = 2 };

/* Field macros of messages.def: U64(name), STR(name, size), BYTES(name, size), BIN(name, most). */
enum msg_type {
#define MESSAGE(id, number, sender, fields) MSG_##id = (number),
#include "proto/messages.def"
#undef MESSAGE
};

#define U64(name) uint64_t name;
#define STR(name, size) char name[size];
#define BYTES(name, size) uint8_t name[size];
#define BIN(name, most)                                                                            \
	const uint8_t *name; /* a view into the message */                                         \
	size_t name##_n;
#define MESSAGE(id, number, sender, fields)                                                        \
	struct msg_##id {                                                                          \
		fields                                                                             \
	};
#include "proto/messages.def"
#undef MESSAGE
#undef U64
#undef STR
#undef BYTES
#undef BIN

struct msg {
	enum msg_type type;
	union {
#define MESSAGE(id, number, sender, fields) struct msg_##id id;
#include "proto/messages.def"
#undef MESSAGE
	};
};

/* Appends the message; the buffer carries the error. */
void msg_pack(const struct msg *msg, struct buf *ret_bytes);
/* -EBADMSG malformed, non-canonical, unknown type, or one that sender may not send; -EMSGSIZE over
 * a bound. BIN fields are views into bytes. */
int msg_unpack(const void *bytes, size_t n, enum msg_sender sender, struct msg *ret_msg);
/* "HELLO" ... of a type, NULL when unknown. */
const char *msg_name(unsigned type);
/* Appends a message as one line of JSON (bin as hex), for dump and inspect: -EBADMSG when it is
 * none. */
int msg_print_json(const void *bytes, size_t n, struct buf *ret_json);

#endif
