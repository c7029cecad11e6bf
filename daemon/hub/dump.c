#include "daemon/hub/dump.h"

#include "lib/text.h"

#include <errno.h>
#include <inttypes.h>

#define HEX_AT_ONCE 256

struct dump {
	struct buf *lines;
	size_t max;
};

/* Text of the ledger is free of control characters: only these two need a backslash. */
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

static int end_line(const struct dump *dump)
{
	buf_add_text(dump->lines, "}\n");
	if (dump->lines->error == 0 && dump->lines->n > dump->max)
		return fail(-EMSGSIZE);
	return dump->lines->error;
}

static int add_release(void *context, const char *site, const struct release *release,
		       int64_t at_received)
{
	const struct dump *dump = context;

	buf_add_text(dump->lines, "{\"kind\":\"release\"");
	add_text(dump->lines, "site", site);
	buf_printf(dump->lines, ",\"n\":%" PRIu64 ",\"at\":%" PRId64, release->n, at_received);
	add_hex(dump->lines, "prev", release->prev, sizeof(release->prev));
	add_hex(dump->lines, "payload", release->payload.data, release->payload.n);
	add_hex(dump->lines, "signature", release->signature, sizeof(release->signature));
	add_hex(dump->lines, "hash", release->hash, sizeof(release->hash));
	return end_line(dump);
}

static int add_quarantined(void *context, const char *site, const char *code, int64_t at,
			   const void *message, size_t n)
{
	const struct dump *dump = context;

	buf_add_text(dump->lines, "{\"kind\":\"quarantine\"");
	add_text(dump->lines, "site", site);
	add_text(dump->lines, "code", code);
	buf_printf(dump->lines, ",\"at\":%" PRId64, at);
	add_hex(dump->lines, "message", message, n);
	return end_line(dump);
}

static int add_result(void *context, const struct ledger_result *result)
{
	const struct dump *dump = context;

	buf_printf(dump->lines, "{\"kind\":\"result\",\"period\":%" PRIu32 ",\"at\":%" PRId64,
		   result->period, result->at_made);
	add_hex(dump->lines, "body", result->body, result->body_n);
	add_hex(dump->lines, "signature", result->signature, SIGN_BYTES);
	return end_line(dump);
}

static int add_event(void *context, uint64_t number, int64_t at, const char *text)
{
	const struct dump *dump = context;

	buf_printf(dump->lines, "{\"kind\":\"event\",\"number\":%" PRIu64 ",\"at\":%" PRId64,
		   number, at);
	add_text(dump->lines, "text", text);
	return end_line(dump);
}

int dump_ledger(struct ledger *ledger, size_t max, struct buf *ret_lines)
{
	struct dump dump = {ret_lines, max};
	struct ledger_about about;
	int status;

	ledger_about(ledger, &about);
	buf_add_text(ret_lines, "{\"kind\":\"hub\"");
	add_hex(ret_lines, "instance", about.instance, MSG_INSTANCE_BYTES);
	buf_printf(ret_lines, ",\"rehearsal\":%s", about.is_rehearsal ? "true" : "false");
	status = end_line(&dump);
	if (status == 0)
		status = ledger_walk(ledger, add_release, &dump);
	if (status == 0)
		status = ledger_walk_quarantine(ledger, add_quarantined, &dump);
	if (status == 0)
		status = ledger_walk_results(ledger, add_result, &dump);
	if (status == 0)
		status = ledger_events(ledger, 1, add_event, &dump);
	return status;
}
