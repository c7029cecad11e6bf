#include "proto/programme_change.h"

#include "proto/programme_find.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What is being compared; result keeps what told returned. */
struct compare {
	const struct programme *before, *after;
	int32_t today;
	programme_change_fn *told;
	void *context;
	int result;
};

__attribute__((format(printf, 5, 6))) static void tell(struct compare *compare, const char *code,
						       const char *section, const char *id,
						       const char *format, ...)
{
	struct programme_change change = {.code = code, .section = section, .id = id};
	va_list arguments;

	if (compare->result != 0)
		return;
	va_start(arguments, format);
	(void)vsnprintf(change.what, sizeof(change.what), format, arguments);
	va_end(arguments);
	compare->result = compare->told(compare->context, &change);
}

/* ---- Spans ---- */

/* Whether any day up to today is in one span and not in the other. */
static bool is_past_changed(const struct compare *compare, struct programme_span before,
			    struct programme_span after)
{
	const int32_t first = before.from < after.from ? before.from : after.from;
	const int32_t end = before.to < after.to ? before.to : after.to;

	return (before.from != after.from && first <= compare->today) ||
	       (before.to != after.to && end < compare->today);
}

static void check_span(struct compare *compare, const char *section, const char *id,
		       struct programme_span before, struct programme_span after)
{
	if (is_past_changed(compare, before, after))
		tell(compare, "P061", section, id, "valid");
}

/* ---- Lists and the cuts of variables ---- */

static void check_code(struct compare *compare, const struct programme_list *list,
		       const struct programme_code *code, const struct programme_list *after)
{
	const struct programme_code *now = programme_code(after, code->number);

	if (now == NULL || strcmp(now->id, code->id) != 0)
		tell(compare, "P060", "list", list->id, "code %u %s", code->number, code->id);
	else if (is_past_changed(compare, code->span, now->span))
		tell(compare, "P061", "list", list->id, "code %u %s", code->number, code->id);
}

static bool is_municipality(const struct programme_list *list)
{
	return strcmp(list->id, "municipality") == 0;
}

static void check_lists(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->lists_n; i++) {
		const struct programme_list *list = &compare->before->lists[i];
		const struct programme_list *after = programme_list(compare->after, list->id);

		if (after == NULL)
			tell(compare, "P060", "list", list->id, "list");
		for (size_t c = 0; c < list->codes_n && after != NULL; c++)
			if (!is_municipality(list))
				check_code(compare, list, &list->codes[c], after);
	}
}

static void check_group(struct compare *compare, const struct programme_variable *variable,
			const struct programme_group *group, const struct programme_variable *after)
{
	const struct programme_group *now = programme_group(after, group->number);

	if (now == NULL || strcmp(now->id, group->id) != 0)
		tell(compare, "P060", "variable", variable->id, "group %u %s", group->number,
		     group->id);
	else if (now->low != group->low || now->high != group->high ||
		 now->codes_n != group->codes_n ||
		 (now->codes_n > 0 &&
		  memcmp(now->codes, group->codes, group->codes_n * sizeof(*group->codes)) != 0))
		tell(compare, "P062", "variable", variable->id, "group %u %s", group->number,
		     group->id);
}

static void check_variables(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->variables_n; i++) {
		const struct programme_variable *variable = &compare->before->variables[i];
		const int index = programme_variable_index(compare->after, variable->id);
		const struct programme_variable *after =
			index < 0 ? NULL : &compare->after->variables[index];

		for (size_t g = 0; g < variable->groups_n && variable->has_groups && after != NULL;
		     g++)
			check_group(compare, variable, &variable->groups[g], after);
	}
}

/* ---- Sites ---- */

static void check_municipality(struct compare *compare, const struct programme_site *site,
			       const struct programme_municipality *municipality,
			       const struct programme_site *after)
{
	for (size_t i = 0; i < after->municipalities_n; i++) {
		const struct programme_municipality *now = &after->municipalities[i];

		if (strcmp(now->code, municipality->code) == 0 &&
		    !is_past_changed(compare, municipality->span, now->span))
			return;
	}
	tell(compare, "P061", "site", site->id, "municipality %s", municipality->code);
}

static void check_sites(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->sites_n; i++) {
		const struct programme_site *site = &compare->before->sites[i];
		const int index = programme_site_index(compare->after, site->id);
		const struct programme_site *after;

		if (index < 0) {
			tell(compare, "P060", "site", site->id, "site");
			continue;
		}
		after = &compare->after->sites[index];
		check_span(compare, "site", site->id, site->span, after->span);
		for (size_t m = 0; m < site->municipalities_n; m++)
			check_municipality(compare, site, &site->municipalities[m], after);
	}
}

/* ---- Measures: what a chain of releases holds under a number ---- */

static bool is_same_test(const struct compare *compare, const struct programme_test *a,
			 const struct programme_test *b)
{
	return a->is_not == b->is_not && a->groups_n == b->groups_n &&
	       memcmp(a->groups, b->groups, a->groups_n * sizeof(*a->groups)) == 0 &&
	       strcmp(compare->before->variables[a->variable].id,
		      compare->after->variables[b->variable].id) == 0;
}

static bool are_same_rules(const struct compare *compare, const struct programme_rule *a,
			   size_t a_n, const struct programme_rule *b, size_t b_n)
{
	if (a_n != b_n)
		return false;
	for (size_t r = 0; r < a_n; r++) {
		if (a[r].tests_n != b[r].tests_n)
			return false;
		for (size_t t = 0; t < a[r].tests_n; t++)
			if (!is_same_test(compare, &a[r].tests[t], &b[r].tests[t]))
				return false;
	}
	return true;
}

static bool are_same_cells(const struct compare *compare, const struct programme_measure *a,
			   const struct programme_measure *b)
{
	if (a->cells_n != b->cells_n)
		return false;
	for (size_t c = 0; c < a->cells_n; c++)
		if (strcmp(a->cells[c].id, b->cells[c].id) != 0 ||
		    !are_same_rules(compare, a->cells[c].rules, a->cells[c].rules_n,
				    b->cells[c].rules, b->cells[c].rules_n))
			return false;
	return true;
}

static void check_measures(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->measures_n; i++) {
		const struct programme_measure *measure = &compare->before->measures[i];
		const int index = programme_measure_by_number(compare->after, measure->number);
		const struct programme_measure *after =
			index < 0 ? NULL : &compare->after->measures[index];

		if (after == NULL || strcmp(after->id, measure->id) != 0) {
			tell(compare, "P060", "measure", measure->id, "number %u", measure->number);
			continue;
		}
		if (after->kind != measure->kind || after->unit != measure->unit ||
		    after->cadence != measure->cadence || !are_same_cells(compare, measure, after))
			tell(compare, "P062", "measure", measure->id, "number %u", measure->number);
		check_span(compare, "measure", measure->id, measure->span, after->span);
	}
}

/* ---- Indicators, tables, questions ---- */

static const struct programme_indicator *indicator_by_number(const struct programme *programme,
							     uint16_t number)
{
	for (size_t i = 0; i < programme->indicators_n; i++)
		if (programme->indicators[i].number == number)
			return &programme->indicators[i];
	return NULL;
}

static void check_indicators(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->indicators_n; i++) {
		const struct programme_indicator *indicator = &compare->before->indicators[i];
		const struct programme_indicator *after =
			indicator_by_number(compare->after, indicator->number);

		if (after == NULL || strcmp(after->id, indicator->id) != 0)
			tell(compare, "P060", "indicator", indicator->id, "number %u",
			     indicator->number);
		else if (after->kind != indicator->kind ||
			 !are_same_rules(compare, indicator->rules, indicator->rules_n,
					 after->rules, after->rules_n))
			tell(compare, "P062", "indicator", indicator->id, "number %u",
			     indicator->number);
	}
}

static const struct programme_table *table_by_number(const struct programme *programme,
						     uint16_t number)
{
	for (size_t i = 0; i < programme->tables_n; i++)
		if (programme->tables[i].number == number)
			return &programme->tables[i];
	return NULL;
}

static bool are_same_tables(const struct compare *compare, const struct programme_table *a,
			    const struct programme_table *b)
{
	if (a->kind != b->kind || a->scope != b->scope || a->cadence != b->cadence ||
	    a->dims_n != b->dims_n)
		return false;
	for (size_t d = 0; d < a->dims_n; d++)
		if (strcmp(compare->before->variables[a->dims[d]].id,
			   compare->after->variables[b->dims[d]].id) != 0)
			return false;
	return are_same_rules(compare, a->rules, a->rules_n, b->rules, b->rules_n);
}

static void check_tables(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->tables_n; i++) {
		const struct programme_table *table = &compare->before->tables[i];
		const struct programme_table *after =
			table_by_number(compare->after, table->number);

		if (after == NULL || strcmp(after->id, table->id) != 0)
			tell(compare, "P060", "table", table->id, "number %u", table->number);
		else if (!are_same_tables(compare, table, after))
			tell(compare, "P062", "table", table->id, "number %u", table->number);
	}
}

static void check_questions(struct compare *compare)
{
	for (size_t i = 0; i < compare->before->questions_n; i++) {
		const struct programme_question *question = &compare->before->questions[i];
		const char *site = compare->before->sites[question->site].id;
		const int index = programme_site_index(compare->after, site);
		const struct programme_question *after =
			index < 0 ? NULL
				  : programme_question(compare->after, index, question->slot);

		if (after == NULL || strcmp(after->id, question->id) != 0 ||
		    strcmp(after->list, question->list) != 0)
			tell(compare, "P060", "question", question->id, "slot %u", question->slot);
	}
}

/* ---- Policy and head ---- */

static void check_policy(struct compare *compare)
{
	const struct programme_policy *before = &compare->before->policy;
	const struct programme_policy *after = &compare->after->policy;

	if (after->k != before->k) /* what is published was held to it */
		tell(compare, "P063", "policy", "", "k %u", before->k);
	if (after->epsilon_year > before->epsilon_year && before->epsilon_year > 0)
		tell(compare, "P063", "policy", "", "epsilon_year %u", before->epsilon_year);
	if (after->collude < before->collude)
		tell(compare, "P063", "policy", "", "collude %u", before->collude);
}

static void check_head(struct compare *compare)
{
	const struct programme *before = compare->before, *after = compare->after;

	if (strcmp(before->id, after->id) != 0)
		tell(compare, "P060", "programme", "", "id %s", before->id);
	if (memcmp(before->hash, after->hash, PROGRAMME_HASH_BYTES) != 0 &&
	    after->version <= before->version)
		tell(compare, "P064", "programme", "", "version %u", before->version);
}

int programme_changes(const struct programme *before, const struct programme *after, int32_t today,
		      programme_change_fn *told, void *context)
{
	struct compare compare = {before, after, today, told, context, 0};

	check_head(&compare);
	check_policy(&compare);
	check_sites(&compare);
	check_lists(&compare);
	check_variables(&compare);
	check_measures(&compare);
	check_indicators(&compare);
	check_tables(&compare);
	check_questions(&compare);
	return compare.result;
}
