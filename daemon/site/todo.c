#include "daemon/site/todo.h"

#include "daemon/site/access.h"
#include "daemon/site/calendar.h"
#include "daemon/site/chore.h"
#include "daemon/site/reconcile.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CASES_MAX 1000 /* kept of a group: the first found */
#define CASES_SHOWN 8 /* in the group's own row */

struct duty {
	uint64_t id;
	int32_t due;
};

struct group {
	uint64_t count, overdue;
	int32_t due; /* the earliest; CHORE_NO_DAY none */
	struct duty *duties; /* of the todo's; NULL when cases are not for the one who asks */
	size_t duties_n;
};

struct todo {
	const struct parts *parts;
	struct chore_context context;
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
	bool is_reader;
	struct group groups[CHORE_N];
	struct duty *duties; /* owned: CASES_MAX a group; for readers */
};

void todo_drop(void **context)
{
	struct todo *todo = *context;

	free(todo->duties);
	chore_context_free(&todo->context);
	free(todo);
	*context = NULL;
}

static int prepare_groups(struct todo *todo)
{
	if (todo->is_reader) {
		todo->duties = calloc((size_t)CHORE_N * CASES_MAX, sizeof(*todo->duties));
		if (todo->duties == NULL)
			return fail(-ENOMEM);
	}
	for (size_t i = 0; i < CHORE_N; i++) {
		todo->groups[i].due = CHORE_NO_DAY;
		todo->groups[i].duties = todo->is_reader ? &todo->duties[i * CASES_MAX] : NULL;
	}
	return 0;
}

int todo_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	const struct parts *parts = ask->site->parts;
	struct todo *todo = calloc(1, sizeof(*todo));
	void *context = todo;
	int error;

	if (todo == NULL)
		return fail(-ENOMEM);
	todo->parts = parts;
	todo->at = ask->now->at;
	todo->is_reader = ask->site->is_reader;
	text_copy(todo->operator_name, sizeof(todo->operator_name), ask->who->name);
	error = prepare_groups(todo);
	if (error == 0)
		error = chore_context_make(parts->closing.programme, parts->site,
					   date_of_moment(ask->now->at), &todo->context, fault);
	if (error != 0)
		todo_drop(&context);
	else
		*ret_context = context;
	return error;
}

/* ---- looking ---- */

static void add_duty(const struct todo *todo, struct group *group, uint64_t id, int32_t due)
{
	group->count++;
	group->overdue += due < todo->context.rules.today;
	if (due < group->due)
		group->due = due;
	if (group->duties != NULL && group->duties_n < CASES_MAX)
		group->duties[group->duties_n++] = (struct duty){.id = id, .due = due};
}

int todo_visit(void *context, const struct store_person *person)
{
	struct todo *todo = context;
	int32_t dues[CHORE_N];

	chore_dues(&todo->context, person, dues);
	for (int i = 0; i < CHORE_N; i++)
		if (dues[i] != RECORD_MISSING)
			add_duty(todo, &todo->groups[i], person->id, dues[i]);
	return 0;
}

/* ---- telling ---- */

/* The most urgent first. */
static int compare_duties(const void *left, const void *right)
{
	const struct duty *a = left;
	const struct duty *b = right;

	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static void add_day(struct sheet *sheet, int32_t day)
{
	if (day == CHORE_NO_DAY)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, day);
}

static void add_cases(struct sheet *sheet, const struct group *group)
{
	own(buf_free) struct buf text = {0};

	for (size_t i = 0; i < group->duties_n && i < CASES_SHOWN; i++)
		buf_printf(&text, "%s%llu", i > 0 ? ", " : "",
			   (unsigned long long)group->duties[i].id);
	if (group->duties_n > CASES_SHOWN)
		buf_add_text(&text, " ...");
	sheet_add_text(sheet, group->duties_n > 0 ? buf_text(&text) : NULL);
}

/* Programs read the English command, people their own. */
static void add_command(struct sheet *sheet, const char *command)
{
	sheet_add_code(sheet, command, command, NULL);
}

/* "mia person event 17 followup", of the most urgent case. */
static void add_remedy(struct sheet *sheet, const struct group *group, const char *remedy)
{
	own(buf_free) struct buf text = {0};
	const char *at = strstr(remedy, "%1");
	char the_case[24] = "CASE";

	assert(at != NULL);
	if (group->duties_n > 0)
		(void)snprintf(the_case, sizeof(the_case), "%llu",
			       (unsigned long long)group->duties[0].id);
	buf_add(&text, remedy, (size_t)(at - remedy));
	buf_add_text(&text, the_case);
	buf_add_text(&text, at + 2);
	sheet_add_code(sheet, buf_text(&text), remedy, the_case, NULL);
}

static void add_groups(struct sheet *sheet, const struct todo *todo)
{
	for (int i = 0; i < CHORE_N; i++) {
		const struct group *group = &todo->groups[i];
		const struct chore_row *row = chore_row((enum chore)i);

		if (group->count == 0)
			continue;
		sheet_add_code(sheet, row->id, row->sentence, NULL);
		sheet_add_number(sheet, (int64_t)group->count);
		add_day(sheet, group->due);
		sheet_add_number(sheet, (int64_t)group->overdue);
		add_cases(sheet, group);
		add_remedy(sheet, group, row->remedy);
	}
}

/* What the house itself has to do: it is of no person. */
static void add_duty_of_house(struct sheet *sheet, const struct todo *todo, const char *id,
			      const char *sentence, int32_t due, const char *remedy)
{
	sheet_add_code(sheet, id, sentence, NULL);
	sheet_add_number(sheet, 1);
	sheet_add_number(sheet, due);
	sheet_add_number(sheet, due < todo->context.rules.today);
	sheet_add_empty(sheet);
	add_command(sheet, remedy);
}

/* Figures that contradict one another: a programme file or a program that is wrong, or transfers
 * (proof.h). */
static void add_breach(struct sheet *sheet, const struct todo *todo, int32_t due)
{
	const struct closing *closing = &todo->parts->closing;

	sheet_add_code(sheet, "check", N_("figures contradict one another: %1"),
		       closing->breach->text, NULL);
	sheet_add_number(sheet, 1);
	sheet_add_number(sheet, due);
	sheet_add_number(sheet, due < todo->context.rules.today);
	sheet_add_empty(sheet);
	if (closing->is_stopped)
		add_command(sheet, N_("mia totals --own, mia close"));
	else
		add_command(sheet, N_("mia totals --own"));
}

/* Reports that came back: what is to be looked at, asked, or entered again. */
static void add_return(struct sheet *sheet, const struct todo *todo)
{
	const struct parts *parts = todo->parts;
	struct outbox_return returned = {0};
	int32_t today = todo->context.rules.today;
	int32_t due;

	due = outbox_past_return(parts->store, &returned) == 0 && returned.first != 0
		      ? date_of_moment(returned.at)
		      : today;
	if (outbox_halt(parts->outbox)[0] != '\0') {
		add_duty_of_house(sheet, todo, "reconcile",
				  N_("reports came back: nothing closes before an operator looks"),
				  due, N_("mia reconcile"));
		return;
	}
	if (parts->closing.mark != MARK_HELD)
		add_duty_of_house(sheet, todo, "confirm",
				  N_("no month closes before another association was asked"), today,
				  N_("mia reconcile"));
	if (reconcile_missing(store_book(parts->store), parts->closing.programme) > 0)
		add_duty_of_house(sheet, todo, "enter_again",
				  N_("what was lost in a restore is to be entered again"), due,
				  N_("mia reconcile"));
}

/* The month that is over and about to close, and a report that is on its way for too long. */
static void add_house(struct sheet *sheet, const struct todo *todo)
{
	const struct parts *parts = todo->parts;
	const struct programme *programme = parts->closing.programme;
	uint32_t next = book_next(store_book(parts->store));
	uint32_t sent = outbox_last_period(parts->outbox);
	bool is_waiting = outbox_received(parts->outbox) < outbox_last(parts->outbox);
	int32_t today = todo->context.rules.today;

	if (closing_due(&parts->closing) != INT64_MAX && today > period_last_day(next))
		add_duty_of_house(sheet, todo, "close", N_("a month is about to close"),
				  date_of_moment(calendar_cutoff(programme, next)),
				  N_("mia preview"));
	if (parts->closing.breach != NULL)
		add_breach(sheet, todo, date_of_moment(calendar_cutoff(programme, next)));
	if (is_waiting && period_last_day(sent) + (int32_t)programme->policy.on_time_days < today)
		add_duty_of_house(sheet, todo, "report", N_("a report has not reached the hub"),
				  period_last_day(sent) + (int32_t)programme->policy.on_time_days,
				  N_("mia status"));
	add_return(sheet, todo);
}

static struct sheet *todo_sheet(const struct todo *todo)
{
	struct sheet *sheet = sheet_new("mia.todo/1", SHEET_TABLE);

	sheet_title(sheet, N_("To do"), NULL);
	sheet_column(sheet, "what", SHEET_CODE, N_("What"), false);
	sheet_column(sheet, "count", SHEET_COUNT, N_("Cases"), false);
	sheet_column(sheet, "due", SHEET_DATE, N_("Due"), false);
	sheet_column(sheet, "overdue", SHEET_COUNT, N_("Overdue"), false);
	sheet_column(sheet, "cases", SHEET_TEXT, N_("Which"), false);
	sheet_column(sheet, "remedy", SHEET_CODE, N_("What to do"), false);
	add_groups(sheet, todo);
	add_house(sheet, todo);
	if (sheet != NULL && sheet->rows_n == 0)
		sheet_note(sheet, N_("Nothing is to be done."), NULL);
	return sheet;
}

static size_t cases_n(const struct todo *todo)
{
	size_t n = 0;

	for (int i = 0; i < CHORE_N; i++)
		n += todo->groups[i].duties_n;
	return n;
}

static struct sheet *cases_sheet(const struct todo *todo)
{
	struct sheet *sheet = sheet_new("mia.todo.cases/1", SHEET_TABLE);

	sheet_title(sheet, N_("Case by case"), NULL);
	sheet_column(sheet, "what", SHEET_CODE, N_("What"), false);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "due", SHEET_DATE, N_("Due"), false);
	for (int i = 0; i < CHORE_N; i++) {
		const struct group *group = &todo->groups[i];
		const struct chore_row *row = chore_row((enum chore)i);

		for (size_t j = 0; j < group->duties_n; j++) {
			sheet_add_code(sheet, row->id, row->sentence, NULL);
			sheet_add_number(sheet, (int64_t)group->duties[j].id);
			add_day(sheet, group->duties[j].due);
		}
	}
	return sheet;
}

/* Who looked at whose cases is an event, before they are shown. */
static int note_access(const struct todo *todo)
{
	char more[48];
	const struct access access = {
		.event = "person_listed",
		.more = more,
		.operator_name = todo->operator_name,
		.at = todo->at,
	};

	(void)snprintf(more, sizeof(more), "rule=todo cases=%zu", cases_n(todo));
	return access_note(todo->parts->store, &access);
}

int todo_finish(void *context, struct answer *ret_answer)
{
	struct todo *todo = context;
	own(sheet_free) struct sheet *sheet = NULL;
	int error;

	for (int i = 0; i < CHORE_N; i++)
		if (todo->groups[i].duties_n > 0)
			qsort(todo->groups[i].duties, todo->groups[i].duties_n, sizeof(struct duty),
			      compare_duties);
	error = cases_n(todo) > 0 ? note_access(todo) : 0;
	if (error != 0)
		return error;
	sheet = todo_sheet(todo);
	error = answer_add(ret_answer, &sheet);
	if (error != 0 || cases_n(todo) == 0)
		return error;
	sheet = cases_sheet(todo);
	return answer_add(ret_answer, &sheet);
}
