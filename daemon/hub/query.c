#include "daemon/hub/query.h"

#include "daemon/hub/dump.h"
#include "daemon/hub/ledger_verify.h"
#include "daemon/hub/kept_out.h"
#include "daemon/hub/recall_sheet.h"
#include "lib/own.h"
#include "proto/approval.h"
#include "proto/ask.h"
#include "proto/events.h"
#include "proto/jsonline.h"

#include <errno.h>

struct telling {
	const struct events_ask *ask;
	struct sheet *sheet;
};

static int add_event(void *context, uint64_t number, int64_t at, const char *text)
{
	const struct telling *telling = context;

	events_add(telling->sheet, telling->ask, number, at, text);
	return 0;
}

static int answer_events(const struct query_hub *hub, const struct request *request,
			 struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct events_ask ask;
	struct telling telling = {.ask = &ask};
	struct ledger_about about;
	struct fault fault = {0};
	int status;

	if (events_read(request, &ask, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	telling.sheet = sheet = events_sheet();
	ledger_about(hub->ledger, &about);
	status = ledger_events(hub->ledger, events_first(&ask, about.state->events_n), add_event,
			       &telling);
	return status != 0 ? status : answer_add(ret_answer, &sheet);
}

static int answer_dump(const struct query_hub *hub, struct answer *ret_answer)
{
	int status = dump_ledger(hub->ledger, JSONLINE_BYTES_MAX, &ret_answer->attachment);

	return jsonline_answer(status, ret_answer);
}

int query_hub(const struct query_hub *hub, const struct room_time *now,
	      const struct request *request, struct answer *ret_answer)
{
	int status = ask_figures(hub->county, request, now->at, ret_answer);

	if (status == 0 && request->command == COMMAND_SITES && ret_answer->sheets_n > 0)
		kept_out_note(hub->programme, hub->roster, hub->suspensions, request->language,
			      ret_answer->sheets[0]);
	if (status != -ENOENT)
		return status;
	if (request->command == COMMAND_STATUS)
		return status_answer(hub, now, request, ret_answer);
	if (request->command == COMMAND_RECONCILE)
		return recall_answer(hub->recalls, hub->programme, request, ret_answer);
	if (request->command == COMMAND_EVENTS)
		return answer_events(hub, request, ret_answer);
	if (request->command == COMMAND_DUMP)
		return answer_dump(hub, ret_answer);
	if (request->command == COMMAND_AUDIT_VERIFY)
		return ledger_verify_answer(hub->ledger, hub->roster, ret_answer);
	if (request->command == COMMAND_PROGRAMME_VERSIONS)
		return approval_list(ledger_safe(hub->ledger), hub->versions, ret_answer);
	return -ENOENT;
}
