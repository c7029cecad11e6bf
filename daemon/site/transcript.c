#include "daemon/site/transcript.h"

#include "daemon/site/published.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>

#define HEX_AT_ONCE 256

struct transcript {
	struct buf *lines;
	size_t max;
};

/* Our own texts: without control characters, so that only these two need a backslash. */
static void add_text(struct buf *lines, const char *key, const char *text)
{
	buf_printf(lines, ",\"%s\":\"", key);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_byte(lines, '\\');
		buf_add_byte(lines, (uint8_t)*text);
	}
	buf_add_byte(lines, '"');
}

static void add_hex(struct buf *lines, const char *key, const uint8_t *bytes, size_t n)
{
	char hex[2 * HEX_AT_ONCE + 1];

	buf_printf(lines, ",\"%s\":\"", key);
	for (size_t at = 0; at < n; at += HEX_AT_ONCE) {
		text_hex(bytes + at, n - at < HEX_AT_ONCE ? n - at : HEX_AT_ONCE, hex);
		buf_add_text(lines, hex);
	}
	buf_add_byte(lines, '"');
}

static int end_line(const struct transcript *transcript)
{
	buf_add_text(transcript->lines, "}\n");
	if (transcript->lines->error == 0 && transcript->lines->n > transcript->max)
		return fail(-EMSGSIZE);
	return transcript->lines->error;
}

static int add_site(const struct transcript *transcript, const struct parts *parts)
{
	buf_add_text(transcript->lines, "{\"kind\":\"site\"");
	add_text(transcript->lines, "site", parts->site->id);
	buf_printf(transcript->lines, ",\"rehearsal\":%s",
		   store_is_rehearsal(parts->store) ? "true" : "false");
	return end_line(transcript);
}

static int add_release(const struct transcript *transcript, const struct parts *parts, uint64_t n)
{
	own(release_free) struct release release = {0};
	int64_t at_send = 0;
	int error = outbox_load(parts->outbox, n, &release, &at_send);

	if (error != 0)
		return error;
	buf_add_text(transcript->lines, "{\"kind\":\"release\"");
	add_text(transcript->lines, "site", parts->site->id);
	buf_printf(transcript->lines, ",\"n\":%" PRIu64 ",\"at\":%" PRId64, n, at_send);
	add_hex(transcript->lines, "prev", release.prev, sizeof(release.prev));
	add_hex(transcript->lines, "payload", release.payload.data, release.payload.n);
	add_hex(transcript->lines, "signature", release.signature, sizeof(release.signature));
	add_hex(transcript->lines, "hash", release.hash, sizeof(release.hash));
	return end_line(transcript);
}

static int add_result(void *context, const void *bytes, size_t n)
{
	const struct transcript *transcript = context;

	buf_add_text(transcript->lines, "{\"kind\":\"result\"");
	add_hex(transcript->lines, "message", bytes, n);
	return end_line(transcript);
}

static int add_event(const struct transcript *transcript, const struct parts *parts, uint64_t n)
{
	own(buf_free) struct buf text = {0};
	int64_t at = 0;
	int error = store_audit_read(parts->store, n, &at, &text);

	if (error != 0)
		return error;
	if (buf_text(&text) == NULL)
		return fail(-ENOMEM);
	buf_printf(transcript->lines, "{\"kind\":\"event\",\"number\":%" PRIu64 ",\"at\":%" PRId64,
		   n, at);
	add_text(transcript->lines, "text", buf_text(&text));
	return end_line(transcript);
}

int transcript_write(const struct parts *parts, size_t max, struct buf *ret_lines)
{
	struct transcript transcript = {ret_lines, max};
	uint64_t events_n = store_audit_count(parts->store);
	int error = add_site(&transcript, parts);

	for (uint64_t n = 1; error == 0 && n <= outbox_last(parts->outbox); n++)
		error = add_release(&transcript, parts, n);
	if (error == 0)
		error = published_walk(parts->store, add_result, &transcript);
	for (uint64_t n = 1; error == 0 && n <= events_n; n++)
		error = add_event(&transcript, parts, n);
	return error;
}
