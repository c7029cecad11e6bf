#include "daemon/site/transcript.h"

#include "daemon/site/outbox_past.h"
#include "daemon/site/published.h"
#include "lib/own.h"
#include "proto/jsonline.h"

#include <errno.h>

static int add_site(const struct jsonline *to, const struct parts *parts)
{
	jsonline_start(to, "site");
	jsonline_text(to, "site", parts->site->id);
	jsonline_bool(to, "rehearsal", store_is_rehearsal(parts->store));
	return jsonline_end(to);
}

static int add_release(const struct jsonline *to, const struct parts *parts, uint64_t n)
{
	own(release_free) struct release release = {0};
	int64_t at_send = 0;
	int error = outbox_load(parts->outbox, n, &release, &at_send);

	return error != 0 ? error : jsonline_release(to, parts->site->id, &release, at_send);
}

struct archive {
	const struct jsonline *to;
	const char *site;
};

static int add_superseded(void *context, uint64_t number, const struct release *release,
			  int64_t at_send)
{
	const struct archive *archive = context;

	(void)number;
	return jsonline_superseded(archive->to, archive->site, release, at_send);
}

static int add_result(void *context, const void *bytes, size_t n)
{
	const struct jsonline *to = context;

	jsonline_start(to, "result");
	jsonline_hex(to, "message", bytes, n);
	return jsonline_end(to);
}

static int add_event(const struct jsonline *to, const struct parts *parts, uint64_t n)
{
	own(buf_free) struct buf text = {0};
	struct store_event event;
	int error = store_audit_read(parts->store, n, &event, &text);

	if (error != 0)
		return error;
	if (buf_text(&text) == NULL)
		return fail(-ENOMEM);
	jsonline_start(to, "event");
	jsonline_number(to, "number", (int64_t)n);
	jsonline_number(to, "at", event.at);
	jsonline_hex(to, "salt", event.salt, sizeof(event.salt));
	jsonline_text(to, "text", buf_text(&text));
	return jsonline_end(to);
}

int transcript_write(const struct parts *parts, size_t max, struct buf *ret_lines)
{
	struct jsonline to = {ret_lines, max};
	struct archive archive = {&to, parts->site->id};
	uint64_t events_n = store_audit_count(parts->store);
	int error = add_site(&to, parts);

	for (uint64_t n = 1; error == 0 && n <= outbox_last(parts->outbox); n++)
		error = add_release(&to, parts, n);
	if (error == 0)
		error = outbox_past_walk(parts->store, add_superseded, &archive);
	if (error == 0)
		error = published_walk(parts->store, add_result, &to);
	for (uint64_t n = 1; error == 0 && n <= events_n; n++)
		error = add_event(&to, parts, n);
	return error;
}
