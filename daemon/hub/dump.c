#include "daemon/hub/dump.h"

#include "proto/jsonline.h"

static int add_release(void *context, const char *site, const struct release *release,
		       int64_t at_received)
{
	return jsonline_release(context, site, release, at_received);
}

static int add_quarantined(void *context, const char *site, const char *code, int64_t at,
			   const void *message, size_t n)
{
	const struct jsonline *to = context;

	jsonline_start(to, "quarantine");
	jsonline_text(to, "site", site);
	jsonline_text(to, "code", code);
	jsonline_number(to, "at", at);
	jsonline_hex(to, "message", message, n);
	return jsonline_end(to);
}

static int add_result(void *context, const struct ledger_result *result)
{
	const struct jsonline *to = context;

	jsonline_start(to, "result");
	jsonline_number(to, "period", result->period);
	jsonline_number(to, "at", result->at_made);
	jsonline_hex(to, "body", result->body, result->body_n);
	jsonline_hex(to, "signature", result->signature, SIGN_BYTES);
	return jsonline_end(to);
}

static int add_event(void *context, uint64_t number, int64_t at, const char *text)
{
	return jsonline_event(context, number, at, text);
}

int dump_ledger(struct ledger *ledger, size_t max, struct buf *ret_lines)
{
	struct jsonline to = {ret_lines, max};
	struct ledger_about about;
	int status;

	ledger_about(ledger, &about);
	jsonline_start(&to, "hub");
	jsonline_hex(&to, "instance", about.instance, MSG_INSTANCE_BYTES);
	jsonline_bool(&to, "rehearsal", about.is_rehearsal);
	status = jsonline_end(&to);
	if (status == 0)
		status = ledger_walk(ledger, add_release, &to);
	if (status == 0)
		status = ledger_walk_quarantine(ledger, add_quarantined, &to);
	if (status == 0)
		status = ledger_walk_results(ledger, add_result, &to);
	if (status == 0)
		status = ledger_events(ledger, 1, add_event, &to);
	return status;
}
