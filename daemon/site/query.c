#include "daemon/site/query.h"

#include "daemon/site/access.h"
#include "daemon/site/preview.h"
#include "daemon/site/reason.h"
#include "daemon/site/transcript.h"
#include "lib/own.h"
#include "proto/ask.h"
#include "proto/events.h"
#include "proto/jsonline.h"

#include <errno.h>
#include <string.h>

/* ---- status and preview ---- */

static int answer_status(const struct query_site *site, const struct room_time *now,
			 const struct request *request, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct fault fault = {0};

	if (request->arguments_n > 0 && strcmp(request->arguments[0], site->parts->site->id) != 0) {
		(void)fault_set(&fault, "X009", request->arguments[0],
				"Ask the hub, or `mia sites`.", "this is %s",
				site->parts->site->id);
		return answer_fault(ret_answer, &fault);
	}
	sheet = condition_sheet(site, now, request->language);
	return answer_add(ret_answer, &sheet);
}

static int answer_preview(const struct query_site *site, const struct request *request,
			  struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	int error = preview_sheet(site->parts, request->language, &sheet);

	return error != 0 ? error : answer_add(ret_answer, &sheet);
}

/* ---- events and the dump ---- */

static int answer_events(const struct query_site *site, const struct request *request,
			 struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct fault fault = {0};
	struct events_ask ask;
	int error;

	if (events_read(request, &ask, &fault) != 0)
		return answer_fault(ret_answer, &fault);
	sheet = events_sheet();
	error = access_house(site->parts->store, &ask, sheet);
	return error != 0 ? error : answer_add(ret_answer, &sheet);
}

static int answer_dump(const struct query_site *site, struct answer *ret_answer)
{
	int error = transcript_write(site->parts, JSONLINE_BYTES_MAX, &ret_answer->attachment);

	return jsonline_answer(error, ret_answer);
}

static int add_reason(const struct query_site *site, const struct room_time *now,
		      const struct request *request, struct answer *answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	const struct programme *programme = county_programme(site->parts->county);
	struct fault fault = {0};
	struct why why;

	if (why_read(request, programme, ask_until(programme, now->at), &why, &fault) != 0 ||
	    !reason_is_ours(site->parts, &why))
		return 0;
	sheet = reason_sheet(site->parts, &why);
	return answer_add(answer, &sheet);
}

/* What our own books add to an answer that is there: only for whoever may read what waits. */
static int add_ours(const struct query_site *site, const struct room_time *now,
		    const struct request *request, struct answer *answer)
{
	if (!site->is_staff)
		return 0;
	if (request->command == COMMAND_SITES && request_option(request, "wide") != NULL)
		reason_note(site->parts, request->language, answer->sheets[0]);
	return request->command == COMMAND_WHY ? add_reason(site, now, request, answer) : 0;
}

static int answer_unknown(const struct request *request, struct answer *ret_answer)
{
	struct fault fault;

	(void)fault_set(&fault, "X001", command_row(request->command)->words,
			"See `mia help` for the commands.", "a site does not answer this");
	return answer_fault(ret_answer, &fault);
}

int query_site(const struct query_site *site, const struct room_time *now,
	       const struct request *request, struct answer *ret_answer)
{
	int error = ask_figures(site->parts->county, request, now->at, ret_answer);

	if (error == 0)
		error = add_ours(site, now, request, ret_answer);
	if (error != -ENOENT)
		return error;
	if (request->command == COMMAND_STATUS)
		return answer_status(site, now, request, ret_answer);
	if (request->command == COMMAND_PREVIEW)
		return answer_preview(site, request, ret_answer);
	if (request->command == COMMAND_EVENTS)
		return answer_events(site, request, ret_answer);
	if (request->command == COMMAND_DUMP)
		return answer_dump(site, ret_answer);
	if (request->command == COMMAND_PROGRAMME_VERSIONS)
		return approval_list(store_safe(site->parts->store), &site->parts->versions,
				     ret_answer);
	return answer_unknown(request, ret_answer);
}
