#include "proto/programme_privacy.h"

#include "lib/date.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

/* ---- Two variables of which figures are shown together ---- */

/* The ends are the first variables over the same field or time: other cuts of it are sums of the
 * same atoms. */
struct pair {
	size_t a, b;
	enum programme_kind kind;
	struct programme_span span;
	const char *section, *id; /* where it is declared */
};

struct pairs {
	const struct programme *programme;
	struct pair *pairs;
	size_t n;
};

static size_t base_of(const struct programme *programme, size_t index)
{
	const struct programme_variable *variable = &programme->variables[index];

	if (variable->shape == SHAPE_CELLS)
		return index;
	for (size_t i = 0; i < index; i++) {
		const struct programme_variable *other = &programme->variables[i];

		if (strcmp(other->field, variable->field) != 0)
			continue;
		if (other->until == NULL || variable->until == NULL
			    ? other->until == variable->until
			    : strcmp(other->until, variable->until) == 0)
			return i;
	}
	return index;
}

static struct programme_span both(struct programme_span a, struct programme_span b)
{
	return (struct programme_span){a.from > b.from ? a.from : b.from,
				       a.to < b.to ? a.to : b.to};
}

static void add_pair(struct pairs *pairs, const struct pair *like, size_t a, size_t b)
{
	struct pair pair = *like;

	pair.a = base_of(pairs->programme, a);
	pair.b = base_of(pairs->programme, b);
	if (pair.a != pair.b)
		pairs->pairs[pairs->n++] = pair;
}

static void add_tests(struct pairs *pairs, const struct pair *like,
		      const struct programme_rule rules[], size_t n, size_t by)
{
	for (size_t r = 0; r < n; r++)
		for (size_t t = 0; t < rules[r].tests_n; t++)
			add_pair(pairs, like, rules[r].tests[t].variable, by);
}

/* Cells are sums of the atoms of what their rules test. */
static void add_cells(struct pairs *pairs, const struct pair *like, size_t cells, size_t by)
{
	const struct programme *programme = pairs->programme;
	const int index = programme_measure_index(programme, programme->variables[cells].measure);
	const struct programme_measure *measure = &programme->measures[index];

	for (size_t c = 0; c < measure->cells_n; c++)
		add_tests(pairs, like, measure->cells[c].rules, measure->cells[c].rules_n, by);
}

/* A filter is a dimension (P7): beside each of the table's own. */
static void add_filters(struct pairs *pairs, const struct pair *like,
			const struct programme_table *table)
{
	for (size_t d = 0; d < table->dims_n; d++)
		add_tests(pairs, like, table->rules, table->rules_n, table->dims[d]);
}

/* What the tables of a scope show together. */
static void add_tables(struct pairs *pairs, enum programme_scope scope)
{
	const struct programme_variable *variables = pairs->programme->variables;

	for (size_t i = 0; i < pairs->programme->tables_n; i++) {
		const struct programme_table *table = &pairs->programme->tables[i];
		const struct pair like = {.kind = table->kind,
					  .span = table->span,
					  .section = "table",
					  .id = table->id};

		if (table->scope != scope)
			continue;
		add_filters(pairs, &like, table);
		if (table->dims_n != 2)
			continue;
		add_pair(pairs, &like, table->dims[0], table->dims[1]);
		for (size_t d = 0; d < 2; d++)
			if (variables[table->dims[d]].shape == SHAPE_CELLS)
				add_cells(pairs, &like, table->dims[d], table->dims[1 - d]);
	}
}

/* An indicator by a variable: what its rules test is a cut beside it. */
static void add_indicators(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->programme->indicators_n; i++) {
		const struct programme_indicator *indicator = &pairs->programme->indicators[i];
		const struct programme_pack *pack = &pairs->programme->packs[indicator->pack];
		const struct pair like = {.kind = indicator->kind,
					  .span = both(both(indicator->span, indicator->released),
						       pack->span),
					  .section = "indicator",
					  .id = indicator->id};

		if (pack->by >= 0 && indicator->status == STATUS_COUNTED &&
		    like.span.from <= like.span.to)
			add_tests(pairs, &like, indicator->rules, indicator->rules_n,
				  (size_t)pack->by);
	}
}

static size_t count_tests(const struct programme_rule rules[], size_t n)
{
	size_t tests = 0;

	for (size_t r = 0; r < n; r++)
		tests += rules[r].tests_n;
	return tests;
}

/* Pairs there can be at most: of the indicators' tests, of every table's filters, and of every
 * table with all cells. */
static size_t count_room(const struct programme *programme)
{
	size_t indicators = 0, filters = 0, cells = 1;

	for (size_t i = 0; i < programme->indicators_n; i++)
		indicators += count_tests(programme->indicators[i].rules,
					  programme->indicators[i].rules_n);
	for (size_t m = 0; m < programme->measures_n; m++)
		for (size_t c = 0; c < programme->measures[m].cells_n; c++)
			cells += count_tests(programme->measures[m].cells[c].rules,
					     programme->measures[m].cells[c].rules_n);
	for (size_t t = 0; t < programme->tables_n; t++)
		filters += count_tests(programme->tables[t].rules, programme->tables[t].rules_n);
	return indicators + 2 * filters + programme->tables_n * 2 * cells;
}

static int collect(const struct programme_source *source, const struct programme *programme,
		   struct pairs *ret_site, struct pairs *ret_county)
{
	const size_t room = count_room(programme);

	*ret_site =
		(struct pairs){programme, arena_take(source->arena, room, sizeof(struct pair)), 0};
	*ret_county = (struct pairs){
		programme,
		arena_take(source->arena, room, sizeof(struct pair)),
		0,
	};
	if (ret_site->pairs == NULL || ret_county->pairs == NULL)
		return fail(-ENOMEM);
	add_tables(ret_site, SCOPE_SITE);
	add_indicators(ret_site);
	add_tables(ret_county, SCOPE_COUNTY);
	return 0;
}

static int complain_pair(const struct programme_source *source, const struct pair *pair,
			 const char *code, const char *other, const char *why)
{
	return programme_complain(source,
				  programme_word_section(source, pair->section, pair->id)->line,
				  code, "%s and %s %s", other, pair->id, why);
}

/* ---- A star or nothing (3.3) ---- */

/* Another pair of the same family with this end, and another end than the pair's own. */
static const struct pair *neighbour(const struct pairs *pairs, const struct pair *of, size_t end,
				    struct programme_span span)
{
	const size_t far = end == of->a ? of->b : of->a;

	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *pair = &pairs->pairs[i];

		if (pair->kind == of->kind && programme_spans_meet(pair->span, span) &&
		    ((pair->a == end && pair->b != far) || (pair->b == end && pair->a != far)))
			return pair;
	}
	return NULL;
}

/* Both ends of a pair have more: a path of three, or a ring. Its hidden cells can be worked out
 * from the margins they share. */
static int check_star(const struct programme_source *source, const struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *pair = &pairs->pairs[i];
		const struct pair *near = neighbour(pairs, pair, pair->a, pair->span);
		const struct pair *far = near == NULL ? NULL
						      : neighbour(pairs, pair, pair->b,
								  both(pair->span, near->span));

		if (far != NULL)
			return complain_pair(source, pair, "P030", far->id,
					     "share a variable, and so does a third: the tables of "
					     "one year must have one variable in common or none "
					     "(3-privacy 3.3)");
	}
	return 0;
}

static int check_lanes(const struct programme_source *source, const struct pairs *site,
		       const struct pairs *county)
{
	for (size_t i = 0; i < county->n; i++)
		for (size_t j = 0; j < site->n; j++) {
			const struct pair *a = &county->pairs[i], *b = &site->pairs[j];

			if (a->kind == b->kind && programme_spans_meet(a->span, b->span) &&
			    ((a->a == b->a && a->b == b->b) || (a->a == b->b && a->b == b->a)))
				return complain_pair(
					source, a, "P031", b->id,
					"show the same two variables in one year, at the "
					"sites and in the county (3-privacy 3.3)");
		}
	return 0;
}

/* ---- Cuts change at a year's start (3.1) ---- */

static bool begins_year(int32_t day)
{
	const struct date_civil civil = date_to_civil(day);

	return civil.month == 1 && civil.day == 1;
}

/* Ends that the file leaves open, or that lie outside the operation, change nothing within it. */
static bool is_of_years(const struct programme *programme, struct programme_span span)
{
	const bool begins = span.from <= programme->operation.from || begins_year(span.from);
	const bool ends = span.to == INT32_MAX || span.to >= programme->operation.to ||
			  begins_year(span.to + 1);

	return begins && ends;
}

static int complain_year(const struct programme_source *source, const char *kind, const char *id,
			 const char *what)
{
	return programme_complain(source, programme_word_section(source, kind, id)->line, "P033",
				  "%s: %s begins or ends within a year (3-privacy 3.1)", id, what);
}

/* A site that gains a municipality has nobody of it before: its row is there all year, empty. */
static bool is_municipal(const struct programme_variable *variable)
{
	return variable->list != NULL && strcmp(variable->list, "municipality") == 0;
}

static int check_dim_years(const struct programme_source *source, const struct programme *programme,
			   const char *section, const char *id, size_t index)
{
	const struct programme_variable *variable = &programme->variables[index];

	if (!is_of_years(programme, variable->span))
		return complain_year(source, section, id, variable->id);
	for (size_t i = 0; i < variable->groups_n && !is_municipal(variable); i++)
		if (!is_of_years(programme, variable->groups[i].span))
			return complain_year(source, section, id, variable->groups[i].id);
	return 0;
}

static int check_table_years(const struct programme_source *source,
			     const struct programme *programme)
{
	for (size_t i = 0; i < programme->tables_n; i++) {
		const struct programme_table *table = &programme->tables[i];
		int error = 0;

		if (!is_of_years(programme, table->span))
			return complain_year(source, "table", table->id, "the table");
		for (size_t d = 0; d < table->dims_n && error == 0; d++)
			error = check_dim_years(source, programme, "table", table->id,
						table->dims[d]);
		if (error != 0)
			return error;
	}
	return 0;
}

/* An indicator that ends within a year is not collected from then on; it cannot begin in one. */
static int check_indicator_years(const struct programme_source *source,
				 const struct programme *programme)
{
	for (size_t i = 0; i < programme->indicators_n; i++) {
		const struct programme_indicator *indicator = &programme->indicators[i];
		struct programme_span span = both(indicator->span, indicator->released);

		span.to = INT32_MAX;
		if (indicator->status == STATUS_COUNTED && !is_of_years(programme, span))
			return complain_year(source, "indicator", indicator->id, "the indicator");
	}
	return 0;
}

/* ---- A filter is a dimension (3.3, P7) ---- */

static bool is_dim(const struct programme *programme, const struct programme_table *table,
		   size_t variable)
{
	for (size_t d = 0; d < table->dims_n; d++)
		if (base_of(programme, table->dims[d]) == base_of(programme, variable))
			return true;
	return false;
}

/* Who shows the same persons without the filter, or NULL. */
static const char *unfiltered(const struct programme *programme,
			      const struct programme_table *table)
{
	for (size_t i = 0; i < programme->measures_n; i++)
		if (programme->measures[i].kind == table->kind &&
		    programme_spans_meet(programme->measures[i].span, table->span))
			return programme->measures[i].id;
	for (size_t i = 0; i < programme->tables_n; i++) {
		const struct programme_table *other = &programme->tables[i];

		if (other->scope == SCOPE_SITE && other->kind == table->kind &&
		    other->rules_n == 0 && programme_spans_meet(other->span, table->span))
			return other->id;
	}
	return NULL;
}

static int check_filter(const struct programme_source *source, const struct programme *programme,
			const struct programme_table *table)
{
	const char *other = unfiltered(programme, table);

	for (size_t r = 0; r < table->rules_n && other != NULL; r++)
		for (size_t t = 0; t < table->rules[r].tests_n; t++) {
			const size_t variable = table->rules[r].tests[t].variable;

			if (!is_dim(programme, table, variable))
				return programme_complain(
					source,
					programme_word_section(source, "table", table->id)->line,
					"P039",
					"%s is filtered by %s and %s is not: what falls away can "
					"be "
					"worked out (3-privacy 3.3, P7)",
					table->id, programme->variables[variable].id, other);
		}
	return 0;
}

static int check_filters(const struct programme_source *source, const struct programme *programme)
{
	int error = 0;

	for (size_t i = 0; i < programme->tables_n && error == 0; i++)
		if (programme->tables[i].scope == SCOPE_SITE)
			error = check_filter(source, programme, &programme->tables[i]);
	return error;
}

int programme_check_privacy(const struct programme_source *source,
			    const struct programme *programme)
{
	struct pairs site, county;
	int error = collect(source, programme, &site, &county);

	if (error == 0)
		error = check_table_years(source, programme);
	if (error == 0)
		error = check_indicator_years(source, programme);
	if (error == 0)
		error = check_filters(source, programme);
	if (error == 0)
		error = check_star(source, &site);
	return error == 0 ? check_lanes(source, &site, &county) : error;
}
