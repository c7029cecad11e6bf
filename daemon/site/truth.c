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
	uint32_t first_month; /* of the site */
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

static bool do_meet(struct programme_span a, struct programme_span b)
{
	return a.from <= b.to && a.to >= b.from;
}

/* A complete record is never of a group that means "not known". */
static bool is_unknown(const struct programme_variable *variable,
		       const struct programme_group *group)
{
	for (size_t i = 0; i < group->codes_n; i++)
		for (size_t j = 0; j < variable->unknown_n; j++)
			if (group->codes[i] == variable->unknown[j])
				return true;
	return false;
}

/* Whether the indicators of a pack are cut by part 1.., a group: part 0 is all. */
static bool is_cut_by(const struct programme *programme, const struct programme_pack *pack,
		      size_t part)
{
	const struct programme_variable *variable =
		pack->by < 0 ? NULL : &programme->variables[pack->by];
	const struct programme_group *group;

	if (part == 0 || variable == NULL || part > variable->groups_n)
		return part == 0;
	group = &variable->groups[part - 1];
	return do_meet(group->span, pack->span) && !is_unknown(variable, group);
}

static int add_indicator(struct truth *truth, size_t i)
{
	const struct programme_pack *pack =
		&truth->programme->packs[truth->programme->indicators[i].pack];
	size_t parts = pack->by < 0 ? 1 : truth->programme->variables[pack->by].groups_n + 1;
	int error = 0;

	truth->first_indicator[i] = (int)truth->rows_n;
	for (size_t part = 0; part < parts && error == 0; part++)
		if (is_cut_by(truth->programme, pack, part))
			error = add_row(truth, TRUTH_INDICATOR, i, part);
	return error;
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
	int error = add_kinds(truth, pack);

	for (size_t i = 0; i < truth->programme->indicators_n && error == 0; i++)
		if (truth->programme->indicators[i].pack == pack)
			error = add_indicator(truth, i);
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

int truth_new(const struct programme *programme, uint32_t first_month, struct period_range range,
	      struct truth **ret_truth, struct fault *fault)
{
	own(truth_free) struct truth *truth = calloc(1, sizeof(*truth));
	int error;

	assert(range.first <= range.last);
	if (truth == NULL)
		return fail(-ENOMEM);
	truth->programme = programme;
	truth->first_month = first_month;
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
	if (period < truth->first_month)
		period = truth->first_month;
	if (period >= truth->range.first && period <= truth->range.last)
		truth->counts[(period - truth->range.first) * truth->rows_n + row]++;
}

static void count_entry(struct truth *truth, const struct tally_entry *entry)
{
	count(truth, (size_t)truth->first_measure[entry->measure] + entry->cell, entry->period);
}

/* Of someone who became anonymous the record says less than was told of them when it still was
 * known; that stands (3.1). */
static void count_measures(struct truth *truth, const struct store_person *person)
{
	struct tally tally;

	if (person->record.identity.type == ID_ANONYMOUS) {
		for (size_t i = 0; i < person->contributions_n; i++)
			count_entry(truth, &person->contributions[i].entry);
		return;
	}
	if (person->is_answer)
		tally_answer(truth->plan, &person->record, &tally);
	else
		tally_record(truth->plan, &person->record, &tally);
	for (size_t i = 0; i < tally.n; i++)
		count_entry(truth, &tally.entries[i]);
}

/* An event of a record, as a pack sees it. */
struct happening {
	const struct record *record;
	size_t pack;
	enum programme_kind kind;
	int32_t day;
	uint32_t period;
};

/* The part of the pack's cut that the record is of, or 0. */
static size_t part_of(const struct truth *truth, const struct happening *of)
{
	int by = truth->programme->packs[of->pack].by;
	const struct programme_variable *variable;
	uint16_t number;

	if (by < 0)
		return 0;
	variable = &truth->programme->variables[by];
	number = tally_group(truth->plan, (size_t)by, of->record, of->day);
	for (size_t i = 0; i < variable->groups_n; i++)
		if (number != 0 && variable->groups[i].number == number)
			return i + 1;
	return 0;
}

/* Rows of one indicator lie together, in order of their parts. */
static void count_part(struct truth *truth, size_t first, size_t part, uint32_t period)
{
	for (size_t row = first + 1;
	     row < truth->rows_n && truth->rows[row].type == TRUTH_INDICATOR &&
	     truth->rows[row].index == truth->rows[first].index;
	     row++)
		if (truth->rows[row].part == part)
			count(truth, row, period);
}

static void count_indicators(struct truth *truth, const struct happening *of)
{
	size_t part = part_of(truth, of);

	for (size_t i = 0; i < truth->programme->indicators_n; i++) {
		const struct programme_indicator *indicator = &truth->programme->indicators[i];
		size_t row = (size_t)truth->first_indicator[i];

		if (indicator->pack != of->pack || indicator->kind != of->kind ||
		    !tally_indicator(truth->plan, i, of->record, of->day))
			continue;
		count(truth, row, of->period);
		if (part != 0)
			count_part(truth, row, part, of->period);
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

static bool is_in(struct programme_span span, struct period_range range)
{
	return do_meet(span, (struct programme_span){period_first_day(range.first),
						     period_last_day(range.last)});
}

bool truth_is_collected(const struct truth *truth, size_t row, struct period_range range)
{
	const struct truth_row *what = truth_row(truth, row);
	const struct programme_indicator *indicator;

	switch (what->type) {
	case TRUTH_MEASURE:
		return is_in(truth->programme->measures[what->index].span, range);
	case TRUTH_TOTAL:
	case TRUTH_COMPLETE:
		return is_in(truth->programme->packs[what->index].span, range);
	case TRUTH_INDICATOR:
		break;
	}
	indicator = &truth->programme->indicators[what->index];
	return indicator->status != STATUS_SAMPLED && indicator->status != STATUS_ENTITY &&
	       is_in(indicator->span, range) &&
	       is_in(truth->programme->packs[indicator->pack].span, range);
}
