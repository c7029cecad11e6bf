#include "daemon/site/tally.h"

#include "daemon/site/item.h"
#include "lib/own.h"
#include "proto/period.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "field is this code", while the code is valid. */
struct plan_test {
	uint16_t measure;
	uint8_t cell;
	uint16_t field; /* enum record_field */
	uint16_t number;
	struct programme_span span;
};

/* tests lie in the order of measures and cells. */
struct tally_plan {
	const struct programme *programme;
	uint16_t misregistered; /* code of exit_reason, 0: the programme has none */
	size_t first_test[PROGRAMME_MEASURES_MAX + 1];
	struct plan_test *tests;
	size_t tests_n;
};

/* The field that dates a kind; FIELD_N where records have none. Hours leave only by bands, in
 * tables (3.1). */
static enum record_field dating_field(enum programme_kind kind)
{
	switch (kind) {
	case KIND_APPLIED:
		return FIELD_interest_date;
	case KIND_DECLINED:
		return FIELD_declined_date;
	case KIND_ENTERED:
		return FIELD_entry_date;
	case KIND_REENTERED:
		return FIELD_return_date;
	case KIND_TRANSFERRED_IN:
		return FIELD_transfer_in_date;
	case KIND_TRANSFERRED_OUT:
		return FIELD_transfer_out_date;
	case KIND_SPELL_STARTED:
		return FIELD_spell_start;
	case KIND_SPELL_ENDED:
		return FIELD_spell_end;
	case KIND_LEFT:
		return FIELD_exit_date;
	case KIND_FOLLOWED_UP:
		return FIELD_followup_date;
	case KIND_ANSWERED:
		return FIELD_survey_date;
	case KIND_DEVIATION:
		return FIELD_deviation_date;
	case KIND_HOURS:
	case KIND_N:
		break;
	}
	return FIELD_N;
}

/* The day of a record's event of a kind; of many, the first. Who came by a transfer entered
 * elsewhere (2-domain, Units of count). */
static int32_t day_of(const struct record *record, enum programme_kind kind)
{
	enum record_field field = dating_field(kind);

	if (field == FIELD_N ||
	    (kind == KIND_ENTERED && record->value[FIELD_transfer_in_date] != RECORD_MISSING))
		return RECORD_MISSING;
	return item_earliest(record, field);
}

static int check_condition(const struct programme_measure *measure,
			   const struct programme_condition *condition, struct fault *fault)
{
	int field = record_field(condition->field);
	const char *remedy = "Use a programme file made for this version of the daemon.";

	if (field < 0)
		return fault_set(fault, "S013", measure->id, remedy,
				 "A cell is defined by the field %s, which records do not have.",
				 condition->field);
	if (record_row((enum record_field)field)->list == NULL)
		return fault_set(fault, "S013", measure->id, remedy,
				 "A cell is defined by the field %s, which has no codes.",
				 condition->field);
	return 0;
}

static struct programme_span code_span(const struct programme *programme, enum record_field field,
				       uint16_t number)
{
	const struct programme_list *list = programme_list(programme, record_row(field)->list);
	const struct programme_code *code = list != NULL ? programme_code(list, number) : NULL;

	return code != NULL ? code->span : (struct programme_span){INT32_MIN, INT32_MAX};
}

static int add_tests(struct tally_plan *plan, size_t measure, size_t cell, struct fault *fault)
{
	const struct programme_measure *counted = &plan->programme->measures[measure];

	for (size_t i = 0; i < counted->cells[cell].conditions_n; i++) {
		const struct programme_condition *condition = &counted->cells[cell].conditions[i];
		int error = check_condition(counted, condition, fault);
		enum record_field field;

		if (error < 0)
			return error;
		field = (enum record_field)record_field(condition->field);
		for (size_t j = 0; j < condition->numbers_n; j++)
			plan->tests[plan->tests_n++] = (struct plan_test){
				.measure = (uint16_t)measure,
				.cell = (uint8_t)cell,
				.field = (uint16_t)field,
				.number = condition->numbers[j],
				.span = code_span(plan->programme, field, condition->numbers[j]),
			};
	}
	return 0;
}

static size_t count_tests(const struct programme *programme)
{
	size_t n = 0;

	for (size_t m = 0; m < programme->measures_n; m++) {
		const struct programme_measure *measure = &programme->measures[m];

		for (size_t c = 0; c < measure->cells_n; c++) {
			for (size_t i = 0; i < measure->cells[c].conditions_n; i++)
				n += measure->cells[c].conditions[i].numbers_n;
		}
	}
	return n;
}

static uint16_t code_number(const struct programme *programme, const char *list_id, const char *id)
{
	const struct programme_list *list = programme_list(programme, list_id);

	for (size_t i = 0; list != NULL && i < list->codes_n; i++) {
		if (strcmp(list->codes[i].id, id) == 0)
			return list->codes[i].number;
	}
	return 0;
}

static int resolve(struct tally_plan *plan, struct fault *fault)
{
	const struct programme *programme = plan->programme;
	int error = 0;

	plan->tests = calloc(count_tests(programme) + 1, sizeof(*plan->tests));
	if (plan->tests == NULL)
		return fail(-ENOMEM);
	for (size_t m = 0; m < programme->measures_n; m++) {
		plan->first_test[m] = plan->tests_n;
		for (size_t c = 0; c < programme->measures[m].cells_n && error == 0; c++)
			error = add_tests(plan, m, c, fault);
	}
	plan->first_test[programme->measures_n] = plan->tests_n;
	return error;
}

int tally_plan_new(const struct programme *programme, struct tally_plan **ret_plan,
		   struct fault *fault)
{
	own(tally_plan_free) struct tally_plan *plan = calloc(1, sizeof(*plan));
	int error;

	if (plan == NULL)
		return fail(-ENOMEM);
	plan->programme = programme;
	plan->misregistered = code_number(programme, "exit_reason", "misregistered");
	error = resolve(plan, fault);
	if (error < 0)
		return error;
	*ret_plan = take(plan);
	return 0;
}

void tally_plan_free(struct tally_plan **plan)
{
	if (*plan != NULL)
		free((*plan)->tests);
	free(*plan);
	*plan = NULL;
}

/* The first cell of which any condition holds on the day, else the first without conditions; -1
 * none. */
static int find_cell(const struct tally_plan *plan, size_t measure, const struct record *record,
		     int32_t day)
{
	const struct programme_measure *counted = &plan->programme->measures[measure];

	for (size_t i = plan->first_test[measure]; i < plan->first_test[measure + 1]; i++) {
		const struct plan_test *test = &plan->tests[i];

		if (item_has_code(record, (enum record_field)test->field, test->number) &&
		    programme_holds(test->span, day))
			return test->cell;
	}
	for (size_t c = 0; c < counted->cells_n; c++) {
		if (counted->cells[c].conditions_n == 0)
			return (int)c;
	}
	return -1;
}

/* The day from which an event counts. */
static int32_t counting_day(const struct tally_plan *plan, enum programme_kind kind,
			    const struct record *record, int32_t day)
{
	bool is_complete = record->value[FIELD_exit_reason] != RECORD_MISSING &&
			   record->value[FIELD_result_date] != RECORD_MISSING;

	if (kind != KIND_LEFT || is_complete)
		return day;
	return day + (int32_t)plan->programme->policy.outcome_days;
}

static void add_entry(const struct tally_plan *plan, size_t measure, const struct record *record,
		      struct tally *tally)
{
	const struct programme_measure *counted = &plan->programme->measures[measure];
	int32_t day = day_of(record, counted->kind);
	int cell;

	if (day == RECORD_MISSING || !programme_holds(counted->span, day))
		return;
	cell = find_cell(plan, measure, record, day);
	if (cell < 0)
		return;
	tally->entries[tally->n++] = (struct tally_entry){
		.measure = (uint16_t)measure,
		.cell = (uint8_t)cell,
		.period = period_of_day(counting_day(plan, counted->kind, record, day)),
	};
}

/* Answers and deviations are nobody's. */
static bool is_apart(enum programme_kind kind)
{
	return kind == KIND_ANSWERED || kind == KIND_DEVIATION;
}

static void tally_kinds(const struct tally_plan *plan, const struct record *record, bool is_answer,
			struct tally *ret_tally)
{
	const struct programme *programme = plan->programme;

	ret_tally->n = 0;
	if (plan->misregistered != 0 &&
	    record_has_code(record, FIELD_exit_reason, plan->misregistered))
		return;
	for (size_t m = 0; m < programme->measures_n; m++) {
		if (is_apart(programme->measures[m].kind) == is_answer)
			add_entry(plan, m, record, ret_tally);
	}
}

void tally_record(const struct tally_plan *plan, const struct record *record,
		  struct tally *ret_tally)
{
	tally_kinds(plan, record, false, ret_tally);
}

void tally_answer(const struct tally_plan *plan, const struct record *answer,
		  struct tally *ret_tally)
{
	tally_kinds(plan, answer, true, ret_tally);
}
