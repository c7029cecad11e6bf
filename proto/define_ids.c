#include "proto/define_ids.h"

#include "proto/programme_find.h"

#include <inttypes.h>

static void add_test(const struct programme *programme, const struct programme_test *test,
		     struct buf *to)
{
	const struct programme_variable *variable = &programme->variables[test->variable];

	buf_printf(to, "%s is%s", variable->id, test->is_not ? " not" : "");
	for (size_t i = 0; i < test->groups_n; i++) {
		const struct programme_group *group = programme_group(variable, test->groups[i]);

		buf_printf(to, "%s %s", i > 0 ? "," : "", group != NULL ? group->id : "?");
	}
}

static void add_rules(const struct programme *programme, const struct programme_rule rules[],
		      size_t n, struct buf *to)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_text(to, i > 0 ? "; or " : "");
		for (size_t t = 0; t < rules[i].tests_n; t++) {
			buf_add_text(to, t > 0 ? " and " : "");
			add_test(programme, &rules[i].tests[t], to);
		}
	}
}

static void mean_cell(const struct programme *programme, const struct define_term *term,
		      struct buf *to)
{
	const struct programme_cell *cell = &programme->measures[term->index].cells[term->part];

	if (cell->rules_n == 0)
		buf_add_text(to, "rest");
	add_rules(programme, cell->rules, cell->rules_n, to);
}

/* A measure, and which of its cells. */
static void add_part(const struct programme_measure *measure, uint32_t cells, struct buf *to)
{
	const char *between = "/";

	buf_add_text(to, measure->id);
	for (size_t c = 0; c < measure->cells_n; c++) {
		if ((cells >> c & 1) == 0)
			continue;
		buf_printf(to, "%s%s", between, measure->cells[c].id);
		between = "+";
	}
}

static void mean_goal(const struct programme *programme, const struct programme_goal *goal,
		      struct buf *to)
{
	add_part(&programme->measures[goal->measure], goal->cells, to);
	if (goal->per_mille == 0) {
		buf_add_text(to, " >= target");
		return;
	}
	buf_add_text(to, " / ");
	add_part(&programme->measures[goal->base], goal->base_cells, to);
	buf_printf(to, " >= %u", goal->per_mille);
}

static void mean_table(const struct programme *programme, const struct programme_table *table,
		       struct buf *to)
{
	buf_add_text(to, programme_kind_name(table->kind));
	for (size_t i = 0; i < table->dims_n; i++)
		buf_printf(to, "%s%s", i > 0 ? " x " : " by ",
			   programme->variables[table->dims[i]].id);
	buf_add_text(to, table->rules_n > 0 ? ", " : "");
	add_rules(programme, table->rules, table->rules_n, to);
}

static void mean_indicator(const struct programme *programme,
			   const struct programme_indicator *indicator, struct buf *to)
{
	buf_add_text(to, programme_kind_name(indicator->kind));
	buf_add_text(to, indicator->rules_n > 0 ? ", " : "");
	add_rules(programme, indicator->rules, indicator->rules_n, to);
}

static void mean_variable(const struct programme_variable *variable, struct buf *to)
{
	static const char *const units[] = {
		[LAPSE_YEARS] = "years",
		[LAPSE_MONTHS] = "months",
		[LAPSE_DAYS] = "days",
	};

	buf_add_text(to, variable->field);
	if (variable->shape == SHAPE_LAPSE)
		buf_printf(to, "..%s, %s", variable->until, units[variable->unit]);
}

static void mean_group(const struct programme *programme, const struct define_term *term,
		       struct buf *to)
{
	const struct programme_variable *variable = &programme->variables[term->index];
	const struct programme_group *group = &variable->groups[term->part];
	const struct programme_list *list =
		variable->list != NULL ? programme_list(programme, variable->list) : NULL;

	if (variable->shape == SHAPE_CODE || variable->shape == SHAPE_SET) {
		for (size_t i = 0; i < group->codes_n && list != NULL; i++) {
			const struct programme_code *code = programme_code(list, group->codes[i]);

			buf_printf(to, "%s%s", i > 0 ? ", " : "", code != NULL ? code->id : "?");
		}
		return;
	}
	if (group->low > INT32_MIN + 1)
		buf_printf(to, "%" PRId32, group->low);
	buf_add_text(to, "..");
	if (group->high != INT32_MAX)
		buf_printf(to, "%" PRId32, group->high);
}

static void mean_site(const struct programme_site *site, struct buf *to)
{
	for (size_t i = 0; i < site->municipalities_n; i++)
		buf_printf(to, "%s%s", i > 0 ? ", " : "", site->municipalities[i].code);
}

void define_ids(const struct programme *programme, const struct define_term *term,
		struct buf *ret_text)
{
	const size_t at = term->index;

	switch (term->what) {
	case DEFINE_MEASURE:
		buf_add_text(ret_text, programme_kind_name(programme->measures[at].kind));
		return;
	case DEFINE_CELL:
		mean_cell(programme, term, ret_text);
		return;
	case DEFINE_GOAL:
		mean_goal(programme, &programme->goals[at], ret_text);
		return;
	case DEFINE_INDICATOR:
		mean_indicator(programme, &programme->indicators[at], ret_text);
		return;
	case DEFINE_TABLE:
		mean_table(programme, &programme->tables[at], ret_text);
		return;
	case DEFINE_VARIABLE:
		mean_variable(&programme->variables[at], ret_text);
		return;
	case DEFINE_GROUP:
		mean_group(programme, term, ret_text);
		return;
	case DEFINE_SITE:
		mean_site(&programme->sites[at], ret_text);
		return;
	case DEFINE_FIELD:
		if (programme->fields[at].list != NULL)
			buf_add_text(ret_text, programme->fields[at].list);
		return;
	case DEFINE_QUESTION:
		buf_add_text(ret_text, programme->questions[at].list);
		return;
	case DEFINE_PACK:
	case DEFINE_LIST:
	case DEFINE_CODE:
	case DEFINE_N:
		return;
	}
}
