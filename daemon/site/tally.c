#include "daemon/site/tally.h"

#include "daemon/site/item.h"
#include "daemon/site/match.h"
#include "lib/own.h"
#include "proto/period.h"
#include "proto/programme_find.h"

#include <errno.h>
#include <stdlib.h>

/* A cell with rules. Those of a measure lie together, in order. */
struct plan_cell {
	uint8_t cell;
	struct match_rules rules;
};

struct tally_plan {
	const struct programme *programme;
	uint16_t misregistered; /* code of exit_reason, 0: the programme has none */
	struct match *match;
	size_t first[PROGRAMME_MEASURES_MAX + 1]; /* of cells, by measure */
	int rest[PROGRAMME_MEASURES_MAX]; /* the cell without rules, -1 none */
	struct plan_cell *cells;
	struct match_rules indicators[PROGRAMME_INDICATORS_MAX];
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

static size_t count_cells(const struct programme *programme)
{
	size_t n = 0;

	for (size_t m = 0; m < programme->measures_n; m++)
		n += programme->measures[m].cells_n;
	return n;
}

static int add_measure(struct tally_plan *plan, size_t measure, size_t *n, struct fault *fault)
{
	const struct programme_measure *counted = &plan->programme->measures[measure];
	int error = 0;

	plan->first[measure] = *n;
	plan->rest[measure] = -1;
	for (size_t c = 0; c < counted->cells_n && error == 0; c++) {
		const struct programme_cell *cell = &counted->cells[c];

		if (cell->rules_n == 0) {
			plan->rest[measure] = (int)c;
			break;
		}
		plan->cells[*n].cell = (uint8_t)c;
		error = match_add(plan->match, cell->rules, cell->rules_n, counted->id,
				  &plan->cells[*n].rules, fault);
		(*n)++;
	}
	return error;
}

static int add_indicators(struct tally_plan *plan, struct fault *fault)
{
	const struct programme *programme = plan->programme;
	int error = 0;

	for (size_t i = 0; i < programme->indicators_n && error == 0; i++)
		error = match_add(plan->match, programme->indicators[i].rules,
				  programme->indicators[i].rules_n, programme->indicators[i].id,
				  &plan->indicators[i], fault);
	return error;
}

static uint16_t code_number(const struct programme *programme, const char *list_id, const char *id)
{
	const struct programme_list *list = programme_list(programme, list_id);
	const struct programme_code *code = list == NULL ? NULL : programme_code_by_id(list, id);

	return code == NULL ? 0 : code->number;
}

static int resolve(struct tally_plan *plan, struct fault *fault)
{
	const struct programme *programme = plan->programme;
	size_t n = 0;
	int error = match_new(programme, &plan->match, fault);

	plan->cells = calloc(count_cells(programme) + 1, sizeof(*plan->cells));
	if (error == 0 && plan->cells == NULL)
		error = fail(-ENOMEM);
	for (size_t m = 0; m < programme->measures_n && error == 0; m++)
		error = add_measure(plan, m, &n, fault);
	plan->first[programme->measures_n] = n;
	return error == 0 ? add_indicators(plan, fault) : error;
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
	if (*plan != NULL) {
		match_free(&(*plan)->match);
		free((*plan)->cells);
	}
	free(*plan);
	*plan = NULL;
}

/* The first cell of which any rule holds on the day, else the one without; -1 none. */
static int find_cell(const struct tally_plan *plan, size_t measure, const struct record *record,
		     int32_t day)
{
	for (size_t i = plan->first[measure]; i < plan->first[measure + 1]; i++)
		if (match_holds(plan->match, plan->cells[i].rules, record, day))
			return plan->cells[i].cell;
	return plan->rest[measure];
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

static bool is_misregistered(const struct tally_plan *plan, const struct record *record)
{
	return plan->misregistered != 0 &&
	       record_has_code(record, FIELD_exit_reason, plan->misregistered);
}

static void tally_kinds(const struct tally_plan *plan, const struct record *record, bool is_answer,
			struct tally *ret_tally)
{
	const struct programme *programme = plan->programme;

	ret_tally->n = 0;
	if (is_misregistered(plan, record))
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

/* ---- Indicators ---- */

bool tally_is_complete(const struct tally_plan *plan, size_t pack, const struct record *record,
		       int32_t day)
{
	const struct programme_pack *counted = &plan->programme->packs[pack];

	for (size_t i = 0; i < counted->complete_n; i++)
		if (!match_is_known(plan->match, counted->complete[i], record, day))
			return false;
	return true;
}

bool tally_event(const struct tally_plan *plan, enum programme_kind kind,
		 const struct record *record, int32_t *ret_day, uint32_t *ret_period)
{
	const int32_t day = is_misregistered(plan, record) ? RECORD_MISSING : day_of(record, kind);

	if (day == RECORD_MISSING)
		return false;
	*ret_day = day;
	*ret_period = period_of_day(counting_day(plan, kind, record, day));
	return true;
}

static bool is_collected(const struct programme *programme,
			 const struct programme_indicator *indicator, int32_t day)
{
	return (indicator->status == STATUS_COUNTED || indicator->status == STATUS_LOCAL) &&
	       programme_holds(indicator->span, day) &&
	       programme_holds(programme->packs[indicator->pack].span, day);
}

bool tally_indicator(const struct tally_plan *plan, size_t indicator, const struct record *record,
		     int32_t day)
{
	const struct programme_indicator *counted = &plan->programme->indicators[indicator];

	return is_collected(plan->programme, counted, day) &&
	       (counted->rules_n == 0 ||
		match_holds(plan->match, plan->indicators[indicator], record, day)) &&
	       tally_is_complete(plan, counted->pack, record, day);
}

uint16_t tally_group(const struct tally_plan *plan, size_t variable, const struct record *record,
		     int32_t day)
{
	return match_group(plan->match, variable, record, day);
}
