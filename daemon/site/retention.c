#include "daemon/site/retention.h"

#include "daemon/site/change.h"
#include "daemon/site/store_forget.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AHEAD_MONTHS 12 /* so far the list looks */
#define AT_ONCE 500 /* persons a commit erases */
#define SHOWN_MAX 10000

struct due {
	uint64_t id;
	int32_t last, due;
};

struct retention {
	struct store *store;
	const struct programme *programme;
	bool is_run, is_dry;
	int64_t at;
	int32_t today, until; /* the list's last due day */
	char operator_name[ACT_OPERATOR_BYTES];
	struct due *dues; /* owned */
	size_t n, room;
	size_t due_n; /* of them due today */
};

void retention_drop(void **context)
{
	struct retention *retention = *context;

	free(retention->dues);
	free(retention);
	*context = NULL;
}

int retention_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	const struct parts *parts = ask->site->parts;
	const struct programme *programme = parts->closing.programme;
	struct retention *retention;

	if (programme->policy.retention_months == 0)
		return fault_set(fault, "X025", "[policy] retention_months",
				 "Put it into the programme file, in months.",
				 "the programme does not say how long");
	retention = calloc(1, sizeof(*retention));
	if (retention == NULL)
		return fail(-ENOMEM);
	*retention = (struct retention){
		.store = parts->store,
		.programme = programme,
		.is_run = ask->request->command == COMMAND_RETENTION_RUN,
		.is_dry = request_option(ask->request, "dry-run") != NULL,
		.at = ask->now->at,
		.today = date_of_moment(ask->now->at),
	};
	retention->until = retention->is_run ? retention->today
					     : date_add_months(retention->today, AHEAD_MONTHS);
	text_copy(retention->operator_name, sizeof(retention->operator_name), ask->who->name);
	*ret_context = retention;
	return 0;
}

/* ---- Who is due ---- */

bool retention_due(const struct programme *programme, const struct record *record,
		   int32_t *ret_last, int32_t *ret_due)
{
	static const enum record_field ends[] = {
		FIELD_exit_date,         FIELD_result_date,   FIELD_followup_date,
		FIELD_transfer_out_date, FIELD_declined_date,
	};
	int32_t last = RECORD_MISSING;

	if (!change_keeps_identity(record) || programme->policy.retention_months == 0)
		return false;
	for (size_t i = 0; i < array_n(ends); i++)
		if (record->value[ends[i]] > last)
			last = record->value[ends[i]];
	if (last == RECORD_MISSING)
		last = programme->operation.to;
	*ret_last = last;
	*ret_due = date_add_months(last, (int)programme->policy.retention_months);
	return true;
}

static int add(struct retention *retention, const struct due *due)
{
	size_t room = retention->room == 0 ? 256 : 2 * retention->room;
	struct due *grown;

	if (retention->n == retention->room) {
		grown = reallocarray(retention->dues, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		retention->dues = grown;
		retention->room = room;
	}
	retention->dues[retention->n++] = *due;
	retention->due_n += due->due <= retention->today;
	return 0;
}

int retention_visit(void *context, const struct store_person *person)
{
	struct retention *retention = context;
	struct due due = {.id = person->id};

	if (person->is_answer ||
	    !retention_due(retention->programme, &person->record, &due.last, &due.due) ||
	    due.due > retention->until)
		return 0;
	return add(retention, &due);
}

/* ---- Telling and doing ---- */

static int compare(const void *left, const void *right)
{
	const struct due *a = left;
	const struct due *b = right;

	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static struct sheet *list_sheet(const struct retention *retention)
{
	struct sheet *sheet = sheet_new("mia.retention/1", SHEET_TABLE);

	sheet_title(sheet, N_("What has been kept long enough"), NULL);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "last", SHEET_DATE, N_("Last day"), false);
	sheet_column(sheet, "due", SHEET_DATE, N_("To be erased"), false);
	for (size_t i = 0; i < retention->n && i < SHOWN_MAX; i++) {
		sheet_add_number(sheet, (int64_t)retention->dues[i].id);
		sheet_add_number(sheet, retention->dues[i].last);
		sheet_add_number(sheet, retention->dues[i].due);
	}
	return sheet;
}

/* What was done, or would be; of one the sentence is another. */
static const char *done_of(const struct retention *retention)
{
	if (retention->due_n == 0)
		return N_("None is due. What is recorded is kept for %2 months.");
	if (retention->is_dry)
		return retention->due_n == 1
			       ? N_("%1 case would be erased for good. Nothing was changed.")
			       : N_("%1 cases would be erased for good. Nothing was changed.");
	return retention->due_n == 1
		       ? N_("%1 case is erased: nothing of the person can be read any more. Closed "
			    "figures stand.")
		       : N_("%1 cases are erased: nothing of the persons can be read any more. "
			    "Closed figures stand.");
}

static void add_notes(const struct retention *retention, bool is_left, struct sheet *sheet)
{
	char due[24], months[24];

	(void)snprintf(due, sizeof(due), "%zu", retention->due_n);
	(void)snprintf(months, sizeof(months), "%u", retention->programme->policy.retention_months);
	if (retention->is_run)
		sheet_note(sheet, done_of(retention), due, months, NULL);
	else
		sheet_note(sheet,
			   retention->due_n == 0
				   ? N_("None is due. What is recorded is kept for %2 months.")
				   : N_("Due: %1. Erase them with mia retention run; what is "
					"recorded is kept for %2 months."),
			   due, months, NULL);
	if (is_left)
		sheet_note(
			sheet,
			N_("The disk is full: their keys may lie in the store's free space until "
			   "there is room."),
			NULL);
	if (retention->n > SHOWN_MAX)
		sheet_note(sheet, N_("There are more: these are the first."), NULL);
}

/* Who was erased meanwhile is passed over. -EINPROGRESS as store_erase(). */
static int erase(struct retention *retention)
{
	const struct store_origin origin = {.at = retention->at,
					    .operator_name = retention->operator_name};
	uint64_t ids[AT_ONCE];
	bool is_left = false;
	size_t done = 0;
	int error = 0;

	while (done < retention->n && error == 0) {
		size_t n = 0;

		for (; done + n < retention->n && n < AT_ONCE; n++)
			ids[n] = retention->dues[done + n].id;
		error = store_erase_some(retention->store, &origin, ids, n);
		is_left = is_left || error == -EINPROGRESS;
		error = error == -EINPROGRESS ? 0 : error;
		done += n;
	}
	return error < 0 || !is_left ? error : -EINPROGRESS;
}

static int refuse_busy(struct answer *ret_answer)
{
	struct fault fault = {0};

	(void)fault_set(&fault, "X008", "retention run", "Wait for it to end and try again.",
			"an import is running");
	return answer_fault(ret_answer, &fault);
}

int retention_finish(void *context, struct answer *ret_answer)
{
	struct retention *retention = context;
	own(sheet_free) struct sheet *sheet = NULL;
	int error = 0;

	error = store_scan_out(retention->store, retention_visit, retention);
	if (error != 0)
		return error;
	if (retention->n > 0)
		qsort(retention->dues, retention->n, sizeof(*retention->dues), compare);
	if (retention->is_run && !retention->is_dry)
		error = erase(retention);
	if (error == -EBUSY)
		return refuse_busy(ret_answer);
	if (error < 0 && error != -EINPROGRESS)
		return error;
	sheet = list_sheet(retention);
	add_notes(retention, error == -EINPROGRESS, sheet);
	return answer_add(ret_answer, &sheet);
}
