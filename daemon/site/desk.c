#include "daemon/site/desk.h"

#include "daemon/site/access.h"
#include "daemon/site/desk_history.h"
#include "daemon/site/desk_merge.h"
#include "daemon/site/desk_say.h"
#include "daemon/site/desk_show.h"
#include "daemon/site/lookup.h"
#include "lib/own.h"
#include "proto/errors.h"

#include <errno.h>

/* ---- finding ---- */

static int note_search(const struct desk_case *of)
{
	const struct access access = {.event =
					      of->person.id != 0 ? "person_found" : "person_sought",
				      .more = "",
				      .number = of->person.id,
				      .operator_name = of->desk->operator_name,
				      .at = of->desk->at_now};

	return access_note(of->desk->store, &access);
}

/* Who is behind what was typed: by the keyed hash alone. */
static int look_up(struct desk_case *of)
{
	uint64_t id = 0;
	int verdict = store_who(of->desk->store, &of->after, &id);
	int error = 0;

	if (verdict < 0)
		return verdict;
	if (verdict == LOOKUP_TWO)
		validate_add(&of->findings, "D005", VALIDATE_ERROR, FIELD_person_number, "");
	if (verdict != LOOKUP_SOMEBODY)
		return 0;
	error = store_load(of->desk->store, id, &of->person);
	if (error == -ENOENT) {
		store_person_clear(&of->person);
		return 0;
	}
	record_copy(&of->person.record, &of->after);
	return error;
}

static int say_found(const struct desk_case *of, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.found/1", SHEET_FORM);
	enum life_state state = desk_case_state(of);

	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_add_number(sheet, (int64_t)of->person.id);
	sheet_add_code(sheet, life_state_id(state), life_state_name(state), NULL);
	return answer_add(ret_answer, &sheet);
}

static int find(struct desk_case *of, struct answer *ret_answer, struct fault *fault)
{
	int error = desk_case_read(of, fault);

	if (error == 0 && !of->findings.has_error) {
		desk_case_identify(of);
		error = look_up(of);
	}
	if (error == 0 && !of->findings.has_error)
		error = note_search(of);
	if (error != 0)
		return error;
	if (of->person.id == 0 && !of->findings.has_error)
		return fault_set(fault, "X009", N_("the person"),
				 N_("Check what was typed, or register them: `mia person add`."),
				 N_("nobody is registered here by that"));
	return of->findings.has_error ? desk_say_findings(of, ret_answer)
				      : say_found(of, ret_answer);
}

static int desk_find(const struct desk *desk, const struct request *request,
		     struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;

	desk_case_new(desk, request, &of);
	of.questions = (struct desk_questions){
		.rows = {{FIELD_person_number, LIFE_MAY, NULL}, {FIELD_local_id, LIFE_MAY, NULL}},
		.n = 2,
	};
	if (request->fields_n == 0)
		return fault_set(fault, "X002", N_("the person"),
				 N_("Type person_number or local_id."),
				 N_("nothing was typed to find anybody by"));
	for (size_t i = 0; i < request->fields_n; i++) {
		int field = record_field(request->fields[i].id);

		if (field != FIELD_person_number && field != FIELD_local_id)
			return fault_set(fault, "X002", N_("the person"),
					 N_("Type person_number or local_id."),
					 N_("there is no such field"));
	}
	return find(&of, ret_answer, fault);
}

/* ---- the others ---- */

static int show_or_history(const struct desk *desk, const struct request *request,
			   struct answer *ret_answer, struct fault *fault)
{
	bool is_history = request_option(request, "history") != NULL;

	return (is_history ? desk_history : desk_show)(desk, request, ret_answer, fault);
}

static int show_audit(const struct desk *desk, const struct request *request,
		      struct answer *ret_answer, struct fault *fault)
{
	(void)fault;
	return access_show(desk->store, request, ret_answer);
}

static const struct {
	enum command command;
	desk_fn *carry_out;
	bool is_change; /* then not while a file comes in */
} rows[] = {
	{COMMAND_PERSON_FIND, desk_find, false},
	{COMMAND_PERSON_SHOW, show_or_history, false},
	{COMMAND_PERSON_ADD, desk_change_add, true},
	{COMMAND_PERSON_EVENT, desk_change_event, true},
	{COMMAND_PERSON_CORRECT, desk_change_correct, true},
	{COMMAND_PERSON_MOVE, desk_change_move, true},
	{COMMAND_PERSON_MERGE, desk_merge, true},
	{COMMAND_PERSON_ERASE, desk_erase, true},
	{COMMAND_DEVIATION_ADD, desk_change_deviation, true},
	{COMMAND_AUDIT_SHOW, show_audit, false},
};

static int refuse_busy(const struct request *request, struct fault *fault)
{
	return fault_set(fault, "X008", command_row(request->command)->words,
			 "Wait for it to end and try again.", "an import is running");
}

int desk_carry_out(const struct desk *desk, const struct request *request,
		   struct answer *ret_answer)
{
	struct fault fault = {0};
	int error = -ENOENT;
	size_t i = 0;

	while (i < array_n(rows) && rows[i].command != request->command)
		i++;
	if (i == array_n(rows))
		return -ENOENT;
	if (rows[i].is_change && desk->is_importing && request_option(request, "form") == NULL)
		error = refuse_busy(request, &fault);
	else
		error = rows[i].carry_out(desk, request, ret_answer, &fault);
	if (error == -EBUSY)
		error = refuse_busy(request, &fault);
	if (error == -ENOENT) /* not the answer of somebody else's command */
		error = fail(-EIO);
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : error;
}
