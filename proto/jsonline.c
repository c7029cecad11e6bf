#include "proto/jsonline.h"

#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>

#define HEX_AT_ONCE 256

void jsonline_start(const struct jsonline *to, const char *kind)
{
	buf_printf(to->lines, "{\"kind\":\"%s\"", kind);
}

void jsonline_text(const struct jsonline *to, const char *key, const char *text)
{
	buf_printf(to->lines, ",\"%s\":\"", key);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_byte(to->lines, '\\');
		buf_add_byte(to->lines, (uint8_t)*text);
	}
	buf_add_byte(to->lines, '"');
}

void jsonline_number(const struct jsonline *to, const char *key, int64_t number)
{
	buf_printf(to->lines, ",\"%s\":%" PRId64, key, number);
}

void jsonline_bool(const struct jsonline *to, const char *key, bool value)
{
	buf_printf(to->lines, ",\"%s\":%s", key, value ? "true" : "false");
}

void jsonline_hex(const struct jsonline *to, const char *key, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;
	char hex[2 * HEX_AT_ONCE + 1];

	buf_printf(to->lines, ",\"%s\":\"", key);
	for (size_t at = 0; at < n; at += HEX_AT_ONCE) {
		text_hex(from + at, n - at < HEX_AT_ONCE ? n - at : HEX_AT_ONCE, hex);
		buf_add_text(to->lines, hex);
	}
	buf_add_byte(to->lines, '"');
}

int jsonline_end(const struct jsonline *to)
{
	buf_add_text(to->lines, "}\n");
	if (to->lines->error == 0 && to->lines->n > to->max)
		return fail(-EMSGSIZE);
	return to->lines->error;
}

static int add_release(const struct jsonline *to, const char *kind, const char *site,
		       const struct release *release, int64_t at)
{
	jsonline_start(to, kind);
	jsonline_text(to, "site", site);
	jsonline_number(to, "n", (int64_t)release->n);
	jsonline_number(to, "at", at);
	jsonline_hex(to, "prev", release->prev, sizeof(release->prev));
	jsonline_hex(to, "payload", release->payload.data, release->payload.n);
	jsonline_hex(to, "signature", release->signature, sizeof(release->signature));
	jsonline_hex(to, "hash", release->hash, sizeof(release->hash));
	return jsonline_end(to);
}

int jsonline_release(const struct jsonline *to, const char *site, const struct release *release,
		     int64_t at)
{
	return add_release(to, "release", site, release, at);
}

int jsonline_superseded(const struct jsonline *to, const char *site, const struct release *release,
			int64_t at)
{
	return add_release(to, "superseded", site, release, at);
}

int jsonline_event(const struct jsonline *to, uint64_t number, int64_t at, const char *text)
{
	jsonline_start(to, "event");
	jsonline_number(to, "number", (int64_t)number);
	jsonline_number(to, "at", at);
	jsonline_text(to, "text", text);
	return jsonline_end(to);
}

int jsonline_answer(int status, struct answer *ret_answer)
{
	struct fault fault = {0};

	if (status != -EMSGSIZE)
		return status;
	(void)fault_set(&fault, "H004", "dump", "Take a backup of the store instead.",
			"it would be larger than an answer can be (%d MiB)",
			ANSWER_BYTES_MAX / 1048576);
	return answer_fault(ret_answer, &fault);
}
