#include "daemon/site/truth.h"

#include "daemon/site/tally.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

#define NONE (-1)

/* counts[month * rows_n + row]; first_* say where the rows of a thing begin. */
struct truth {
	const struct programme *programme;
	struct tally_plan *plan; /* owned */
	struct period_range range;
	struct truth_row *rows; /* owned */
	size_t rows_n, rows_room;
	int first_measure[PROGRAMME_MEASURES_MAX];
	int first_kind[PROGRAMME_PACKS_MAX][KIND_N]; /* total; complete is the next; or NONE */
	int first_indicator[PROGRAMME_INDICATORS_MAX];
	uint32_t *counts; /* owned */
};

void truth_free(struct truth **truth)
{
	if (*truth == NULL)
		return;
	tally_plan_free(&(*truth)->plan);
	free((*truth)->rows);
	free((*truth)->counts);
	free(*truth);
	*truth = NULL;
}

/* ---- rows ---- */

static int add_row(struct truth *truth, enum truth_type type, size_t index, size_t part)
{
	size_t room = truth->rows_room == 0 ? 64 : truth->rows_room * 2;
	struct truth_row *grown;

	if (truth->rows_n == truth->rows_room) {
		grown = reallocarray(truth->rows, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		truth->rows = grown;
		truth->rows_room = room;
	}
	truth->rows[truth->rows_n++] =
		(struct truth_row){.type = type, .index = (uint16_t)index, .part = (uint8_t)part};
	return 0;
}

static int add_measures(struct truth *truth)
{
	int error = 0;

	for (size_t m = 0; m < truth->programme->measures_n; m++) {
		truth->first_measure[m] = (int)truth->rows_n;
		for (size_t c = 0; c < truth->programme->measures[m].cells_n && error == 0; c++)
			error = add_row(truth, TRUTH_MEASURE, m, c);
	}
	return error;
}

/* How many groups the pack's indicators are cut into. */
static size_t groups_of(const struct programme *programme, const struct programme_pack *pack)
{
	return pack->by < 0 ? 0 : programme->variables[pack->by].groups_n;
}

static int add_kinds(struct truth *truth, size_t pack)
{
	int error = 0;

	for (size_t i = 0; i < truth->programme->indicators_n && error == 0; i++) {
		const struct programme_indicator *indicator = &truth->programme->indicators[i];
		int *first = &truth->first_kind[pack][indicator->kind];

		if (indicator->pack != pack || *first != NONE)
			continue;
		*first = (int)truth->rows_n;
		error = add_row(truth, TRUTH_TOTAL, pack, indicator->kind);
		if (error == 0)
			error = add_row(truth, TRUTH_COMPLETE, pack, indicator->kind);
	}
	return error;
}

static int add_pack(struct truth *truth, size_t pack)
{
	size_t groups_n = groups_of(truth->programme, &truth->programme->packs[pack]);
	int error = add_kinds(truth, pack);

	for (size_t i = 0; i < truth->programme->indicators_n; i++) {
		if (truth->programme->indicators[i].pack != pack)
			continue;
		truth->first_indicator[i] = (int)truth->rows_n;
		for (size_t part = 0; part <= groups_n && error == 0; part++)
			error = add_row(truth, TRUTH_INDICATOR, i, part);
	}
	return error;
}

static int add_rows(struct truth *truth)
{
	int error = add_measures(truth);

	for (size_t p = 0; p < PROGRAMME_PACKS_MAX; p++)
		for (size_t k = 0; k < KIND_N; k++)
			truth->first_kind[p][k] = NONE;
	for (size_t p = 0; p < truth->programme->packs_n && error == 0; p++)
		error = add_pack(truth, p);
	return error;
}

int truth_new(const struct programme *programme, struct period_range range,
	      struct truth **ret_truth, struct fault *fault)
{
	own(truth_free) struct truth *truth = calloc(1, sizeof(*truth));
	int error;

	assert(range.first <= range.last);
	if (truth == NULL)
		return fail(-ENOMEM);
	truth->programme = programme;
	truth->range = range;
	error = tally_plan_new(programme, &truth->plan, fault);
	if (error == 0)
		error = add_rows(truth);
	if (error != 0)
		return error;
	truth->counts = calloc((range.last - range.first + 1) * (truth->rows_n + 1),
			       sizeof(*truth->counts));
	if (truth->counts == NULL)
		return fail(-ENOMEM);
	*ret_truth = take(truth);
	return 0;
}

/* ---- counting ---- */

static void count(struct truth *truth, size_t row, uint32_t period)
{
	if (period >= truth->range.first && period <= truth->range.last)
		truth->counts[(period - truth->range.first) * truth->rows_n + row]++;
}

static void count_measures(struct truth *truth, const struct store_person *person)
{
	struct tally tally;

	if (person->is_answer)
		tally_answer(truth->plan, &person->record, &tally);
	else
		tally_record(truth->plan, &person->record, &tally);
	for (size_t i = 0; i < tally.n; i++)
		count(truth,
		      (size_t)truth->first_measure[tally.entries[i].measure] +
			      tally.entries[i].cell,
		      tally.entries[i].period);
}

/* An event of a record, as a pack sees it. */
struct happening {
	const struct record *record;
	size_t pack;
	enum programme_kind kind;
	int32_t day;
	uint32_t period;
};

/* The index of the group of the pack's cut, or NONE. */
static int group_of(const struct truth *truth, const struct happening *of)
{
	int by = truth->programme->packs[of->pack].by;
	const struct programme_variable *variable;
	uint16_t number;

	if (by < 0)
		return NONE;
	variable = &truth->programme->variables[by];
	number = tally_group(truth->plan, (size_t)by, of->record, of->day);
	for (size_t i = 0; i < variable->groups_n; i++)
		if (number != 0 && variable->groups[i].number == number)
			return (int)i;
	return NONE;
}

static void count_indicators(struct truth *truth, const struct happening *of)
{
	int group = group_of(truth, of);

	for (size_t i = 0; i < truth->programme->indicators_n; i++) {
		const struct programme_indicator *indicator = &truth->programme->indicators[i];
		size_t row = (size_t)truth->first_indicator[i];

		if (indicator->pack != of->pack || indicator->kind != of->kind ||
		    !tally_indicator(truth->plan, i, of->record, of->day))
			continue;
		count(truth, row, of->period);
		if (group != NONE)
			count(truth, row + 1 + (size_t)group, of->period);
	}
}

static void count_happening(struct truth *truth, const struct happening *of)
{
	size_t row = (size_t)truth->first_kind[of->pack][of->kind];

	if (!programme_holds(truth->programme->packs[of->pack].span, of->day))
		return;
	count(truth, row, of->period);
	if (!tally_is_complete(truth->plan, of->pack, of->record, of->day))
		return;
	count(truth, row + 1, of->period);
	count_indicators(truth, of);
}

/* Answers and deviations are nobody's. */
static bool is_apart(enum programme_kind kind)
{
	return kind == KIND_ANSWERED || kind == KIND_DEVIATION;
}

int truth_visit(void *context, const struct store_person *person)
{
	struct truth *truth = context;

	count_measures(truth, person);
	for (size_t p = 0; p < truth->programme->packs_n; p++) {
		for (int kind = 0; kind < KIND_N; kind++) {
			struct happening of = {.record = &person->record,
					       .pack = p,
					       .kind = (enum programme_kind)kind};

			if (truth->first_kind[p][kind] != NONE &&
			    is_apart(of.kind) == person->is_answer &&
			    tally_event(truth->plan, of.kind, of.record, &of.day, &of.period))
				count_happening(truth, &of);
		}
	}
	return 0;
}

/* ---- reading ---- */

size_t truth_rows_n(const struct truth *truth)
{
	return truth->rows_n;
}

const struct truth_row *truth_row(const struct truth *truth, size_t row)
{
	assert(row < truth->rows_n);
	return &truth->rows[row];
}

int truth_find(const struct truth *truth, enum truth_type type, size_t index, size_t part)
{
	for (size_t i = 0; i < truth->rows_n; i++)
		if (truth->rows[i].type == type && truth->rows[i].index == index &&
		    truth->rows[i].part == part)
			return (int)i;
	return NONE;
}

uint64_t truth_sum(const struct truth *truth, size_t row, struct period_range range)
{
	uint32_t first = range.first > truth->range.first ? range.first : truth->range.first;
	uint32_t last = range.last < truth->range.last ? range.last : truth->range.last;
	uint64_t sum = 0;

	for (uint32_t period = first; period <= last; period++)
		sum += truth->counts[(period - truth->range.first) * truth->rows_n + row];
	return sum;
}

static bool do_meet(struct programme_span span, struct period_range range)
{
	return span.from <= period_last_day(range.last) && span.to >= period_first_day(range.first);
}

bool truth_is_collected(const struct truth *truth, size_t row, struct period_range range)
{
	const struct truth_row *what = truth_row(truth, row);
	const struct programme_indicator *indicator;

	switch (what->type) {
	case TRUTH_MEASURE:
		return do_meet(truth->programme->measures[what->index].span, range);
	case TRUTH_TOTAL:
	case TRUTH_COMPLETE:
		return do_meet(truth->programme->packs[what->index].span, range);
	case TRUTH_INDICATOR:
		break;
	}
	indicator = &truth->programme->indicators[what->index];
	return indicator->status != STATUS_SAMPLED && indicator->status != STATUS_ENTITY &&
	       do_meet(indicator->span, range) &&
	       do_meet(truth->programme->packs[indicator->pack].span, range);
}
