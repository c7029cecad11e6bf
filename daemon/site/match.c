#include "daemon/site/match.h"

#include "daemon/site/item.h"
#include "daemon/site/match_test.h"
#include "lib/own.h"
#include "proto/programme_find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct programme_span always = {INT32_MIN, INT32_MAX};

/* Tests of one rule lie together; rules of one match_rules too. */
struct run {
	uint32_t first, n;
};

struct match {
	const struct programme *programme;
	struct match_test *tests;
	struct match_part *parts;
	struct run *rules;
	size_t tests_n, tests_room, parts_n, parts_room, rules_n, rules_room;
	struct run
		*groups; /* of each variable: the tests of its groups, in order; of cells: cells */
	struct match_rules *cells;
	size_t cells_n;
};

/* ---- Building ---- */

/* Room for one more of size bytes: the array, moved if need be, or NULL with the old one kept. */
static void *grow(void *array, size_t n, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 64 : *room * 2;
	void *grown;

	if (n < *room)
		return array;
	grown = reallocarray(array, more, size);
	if (grown != NULL)
		*room = more;
	return grown;
}

static int add_test(struct match *match, const struct match_test *test)
{
	struct match_test *grown =
		grow(match->tests, match->tests_n, &match->tests_room, sizeof(*grown));

	if (grown == NULL)
		return fail(-ENOMEM);
	match->tests = grown;
	match->tests[match->tests_n++] = *test;
	return 0;
}

static int add_part(struct match *match, const struct match_part *part)
{
	struct match_part *grown =
		grow(match->parts, match->parts_n, &match->parts_room, sizeof(*grown));

	if (grown == NULL)
		return fail(-ENOMEM);
	match->parts = grown;
	match->parts[match->parts_n++] = *part;
	return 0;
}

static int add_rule(struct match *match, struct run rule)
{
	struct run *grown = grow(match->rules, match->rules_n, &match->rules_room, sizeof(*grown));

	if (grown == NULL)
		return fail(-ENOMEM);
	match->rules = grown;
	match->rules[match->rules_n++] = rule;
	return 0;
}

static struct programme_span both(struct programme_span a, struct programme_span b)
{
	return (struct programme_span){a.from > b.from ? a.from : b.from,
				       a.to < b.to ? a.to : b.to};
}

static bool is_always(struct programme_span span)
{
	return span.from == always.from && span.to == always.to;
}

/* A value joins the test: as a bit where it can. */
static int add_value(struct match *match, struct match_test *test, struct match_part part)
{
	int error;

	if (test->is_plain && part.low == part.high && part.low >= 0 &&
	    part.low < MATCH_MASK_BITS && is_always(part.span)) {
		test->mask |= UINT64_C(1) << part.low;
		return 0;
	}
	error = add_part(match, &part);
	if (error == 0)
		test->n++;
	return error;
}

static int add_group(struct match *match, const struct programme_variable *variable,
		     const struct programme_group *group, struct match_test *test)
{
	const struct programme_span span = both(variable->span, group->span);
	int error = 0;

	if (variable->list == NULL)
		return add_value(match, test, (struct match_part){group->low, group->high, span});
	for (size_t i = 0; i < group->codes_n && error == 0; i++) {
		const struct programme_list *list =
			programme_list(match->programme, variable->list);
		const struct programme_code *code =
			list == NULL ? NULL : programme_code(list, group->codes[i]);

		error = add_value(match, test,
				  (struct match_part){group->codes[i], group->codes[i],
						      code == NULL ? span
								   : both(span, code->span)});
	}
	return error;
}

/* What a field of records must be for a variable of that shape. */
static bool fits(const struct programme_variable *variable, enum record_field field)
{
	const struct record_row *row = record_row(field);

	switch (variable->shape) {
	case SHAPE_CODE:
		if (row->type == RECORD_MUNICIPALITY)
			return strcmp(variable->list, "municipality") == 0;
		return (row->type == RECORD_CODE || row->type == RECORD_BOOL) &&
		       strcmp(row->list, variable->list) == 0;
	case SHAPE_SET:
		return row->type == RECORD_SET && strcmp(row->list, variable->list) == 0;
	case SHAPE_NUMBER:
		return row->type == RECORD_COUNT;
	case SHAPE_LAPSE:
		return row->type == RECORD_DATE;
	case SHAPE_CELLS:
		break;
	}
	return false;
}

static uint16_t field_of(const struct programme_variable *variable, const char *id)
{
	int field = id == NULL ? -1 : record_field(id);

	return field < 0 || !fits(variable, (enum record_field)field) ? MATCH_NOWHERE
								      : (uint16_t)field;
}

static struct match_test start_test(const struct match *match,
				    const struct programme_variable *variable)
{
	struct match_test test = {
		.field = field_of(variable, variable->field),
		.until = field_of(variable, variable->until),
		.shape = (uint8_t)variable->shape,
		.unit = (uint8_t)variable->unit,
		.is_plain = true,
		.first = (uint32_t)match->parts_n,
	};

	if (variable->shape == SHAPE_LAPSE && test.until == MATCH_NOWHERE)
		test.field = MATCH_NOWHERE;
	if (test.field != MATCH_NOWHERE) {
		const struct record_row *row = record_row((enum record_field)test.field);

		test.is_item = item_is_part(row->part);
		test.is_bool = row->type == RECORD_BOOL;
	}
	return test;
}

static int add_groups(struct match *match, size_t index)
{
	const struct programme_variable *variable = &match->programme->variables[index];
	int error = 0;

	match->groups[index] = (struct run){(uint32_t)match->tests_n, (uint32_t)variable->groups_n};
	for (size_t g = 0; g < variable->groups_n && error == 0; g++) {
		struct match_test test = start_test(match, variable);

		error = add_group(match, variable, &variable->groups[g], &test);
		test.is_plain = test.n == 0;
		if (error == 0)
			error = add_test(match, &test);
	}
	return error;
}

void match_free(struct match **match)
{
	if (*match != NULL) {
		free((*match)->tests);
		free((*match)->parts);
		free((*match)->rules);
		free((*match)->groups);
		free((*match)->cells);
	}
	free(*match);
	*match = NULL;
}

static int complain(const struct programme_variable *variable, const char *where,
		    struct fault *fault)
{
	const char *remedy = "Use a programme file made for this version of the daemon.";

	for (int i = 0; i < 2; i++) {
		const char *id = i == 0 ? variable->field : variable->until;

		if (id != NULL && record_field(id) < 0)
			return fault_set(
				fault, "S013", where, remedy,
				"It is counted by the field %s, which records do not have.", id);
	}
	return fault_set(fault, "S013", where, remedy,
			 "It is counted by the field %s, which records have in another shape or "
			 "with another list.",
			 variable->field);
}

static int add_rule_test(struct match *match, const struct programme_test *asked, const char *where,
			 struct fault *fault)
{
	const struct programme_variable *variable = &match->programme->variables[asked->variable];
	struct match_test test = start_test(match, variable);
	int error = 0;

	if (test.field == MATCH_NOWHERE)
		return complain(variable, where, fault);
	test.is_not = asked->is_not;
	for (size_t g = 0; g < asked->groups_n && error == 0; g++)
		error = add_group(match, variable, programme_group(variable, asked->groups[g]),
				  &test);
	test.is_plain = test.n == 0;
	return error == 0 ? add_test(match, &test) : error;
}

int match_add(struct match *match, const struct programme_rule rules[], size_t n, const char *where,
	      struct match_rules *ret_rules, struct fault *fault)
{
	const struct match_rules added = {(uint32_t)match->rules_n, (uint32_t)n};
	int error = 0;

	for (size_t r = 0; r < n && error == 0; r++) {
		const struct run rule = {(uint32_t)match->tests_n, (uint32_t)rules[r].tests_n};

		for (size_t t = 0; t < rules[r].tests_n && error == 0; t++)
			error = add_rule_test(match, &rules[r].tests[t], where, fault);
		if (error == 0)
			error = add_rule(match, rule);
	}
	if (error == 0)
		*ret_rules = added;
	return error;
}

/* The rules of a measure's cells, each a group. */
static int add_cells(struct match *match, size_t index, struct fault *fault)
{
	const struct programme_variable *variable = &match->programme->variables[index];
	const int measure = programme_measure_index(match->programme, variable->measure);
	const struct programme_measure *of = &match->programme->measures[measure];
	int error = 0;

	match->groups[index] = (struct run){(uint32_t)match->cells_n, (uint32_t)of->cells_n};
	for (size_t c = 0; c < of->cells_n && error == 0; c++)
		error = match_add(match, of->cells[c].rules, of->cells[c].rules_n, of->id,
				  &match->cells[match->cells_n++], fault);
	return error;
}

static size_t count_cells(const struct programme *programme)
{
	size_t n = 0;

	for (size_t i = 0; i < programme->variables_n; i++)
		n += programme->variables[i].shape == SHAPE_CELLS ? PROGRAMME_CELLS_MAX : 0;
	return n;
}

int match_new(const struct programme *programme, struct match **ret_match, struct fault *fault)
{
	own(match_free) struct match *match = calloc(1, sizeof(*match));
	int error = 0;

	if (match == NULL)
		return fail(-ENOMEM);
	match->programme = programme;
	match->groups = calloc(programme->variables_n + 1, sizeof(*match->groups));
	match->cells = calloc(count_cells(programme) + 1, sizeof(*match->cells));
	if (match->groups == NULL || match->cells == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < programme->variables_n && error == 0; i++)
		error = programme->variables[i].shape == SHAPE_CELLS ? add_cells(match, i, fault)
								     : add_groups(match, i);
	if (error == 0)
		*ret_match = take(match);
	return error;
}

/* ---- Asking ---- */

static bool rule_holds(const struct match *match, struct run rule, const struct record *record,
		       int32_t day)
{
	for (uint32_t i = rule.first; i < rule.first + rule.n; i++)
		if (!match_test_holds(&match->tests[i], match->parts, record, day))
			return false;
	return true;
}

bool match_holds(const struct match *match, struct match_rules rules, const struct record *record,
		 int32_t day)
{
	for (uint32_t i = rules.first; i < rules.first + rules.n; i++)
		if (rule_holds(match, match->rules[i], record, day))
			return true;
	return false;
}

/* The first cell that holds; one without rules takes the rest. */
static uint16_t find_cell(const struct match *match, struct run cells, const struct record *record,
			  int32_t day)
{
	for (uint32_t i = 0; i < cells.n; i++) {
		const struct match_rules rules = match->cells[cells.first + i];

		if (rules.n == 0 || match_holds(match, rules, record, day))
			return (uint16_t)(i + 1);
	}
	return 0;
}

uint16_t match_group(const struct match *match, size_t variable, const struct record *record,
		     int32_t day)
{
	const struct run tests = match->groups[variable];

	if (match->programme->variables[variable].shape == SHAPE_CELLS)
		return find_cell(match, tests, record, day);
	for (uint32_t i = 0; i < tests.n; i++) {
		const struct match_test *test = &match->tests[tests.first + i];

		if (test->field != MATCH_NOWHERE &&
		    match_test_holds(test, match->parts, record, day))
			return match->programme->variables[variable].groups[i].number;
	}
	return 0;
}

static bool is_unknown(const struct programme_variable *variable, const struct record *record)
{
	const int field = record_field(variable->field);

	for (size_t i = 0; i < variable->unknown_n && field >= 0; i++)
		if (item_has_code(record, (enum record_field)field, variable->unknown[i]))
			return true;
	return false;
}

bool match_is_known(const struct match *match, size_t variable, const struct record *record,
		    int32_t day)
{
	return !is_unknown(&match->programme->variables[variable], record) &&
	       match_group(match, variable, record, day) != 0;
}
