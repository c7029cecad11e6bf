/*
 * JSON lines, one object a line: how `mia dump` gives every byte that a store sent or received.
 * Bytes are lower-case hex. Texts are the house's own, without control characters.
 */
#ifndef MIA_PROTO_JSONLINE_H
#define MIA_PROTO_JSONLINE_H

#include "proto/answer.h"

/* max: what the whole may not pass, in bytes. lines carries the error. Borrowed. */
struct jsonline {
	struct buf *lines;
	size_t max;
};

/* The most that fits an answer. */
#define JSONLINE_BYTES_MAX (ANSWER_BYTES_MAX - 65536)

/* {"kind":"KIND" and so on, then the end. */
void jsonline_start(const struct jsonline *to, const char *kind);
void jsonline_text(const struct jsonline *to, const char *key, const char *text);
void jsonline_number(const struct jsonline *to, const char *key, int64_t number);
void jsonline_bool(const struct jsonline *to, const char *key, bool value);
void jsonline_hex(const struct jsonline *to, const char *key, const void *bytes, size_t n);
/* 0, -EMSGSIZE over max, -ENOMEM. */
int jsonline_end(const struct jsonline *to);

/* A release: kind "release", site, n, at, prev, payload, signature, hash. As jsonline_end(). */
int jsonline_release(const struct jsonline *to, const char *site, const struct release *release,
		     int64_t at);
/* The same, kind "superseded": what the chain holds no more, and the archive does. */
int jsonline_superseded(const struct jsonline *to, const char *site, const struct release *release,
			int64_t at);
/* An audit event: kind "event", number, at, text. As jsonline_end(). */
int jsonline_event(const struct jsonline *to, uint64_t number, int64_t at, const char *text);

/* The answer of a dump that ended with status: the fault H004 for -EMSGSIZE, else status. */
int jsonline_answer(int status, struct answer *ret_answer);

#endif
