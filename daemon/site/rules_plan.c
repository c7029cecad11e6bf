#include "daemon/site/rules_plan.h"

#include "lib/own.h"
#include "proto/programme_find.h"

#include <string.h>

static const struct {
	const char *list, *id;
} codes[RULES_CODES_N] = {
#define CODE(name, in, word) [RULES_##name] = {.list = (in), .id = (word)},
#include "daemon/site/rules_code.def"
#undef CODE
};

static void add_field(struct rules_fields *fields, int field)
{
	if (memchr(fields->field, field, fields->n) == NULL)
		fields->field[fields->n++] = (uint8_t)field;
}

static uint16_t number_of(const struct programme *programme, const char *list_id, const char *id)
{
	const struct programme_list *list = programme_list(programme, list_id);
	const struct programme_code *code = list == NULL ? NULL : programme_code_by_id(list, id);

	return code == NULL ? 0 : code->number;
}

/* Of a municipality V013 asks. */
static void add_coded(const struct programme *programme, int field, struct rules_plan *plan)
{
	const struct record_row *row = record_row((enum record_field)field);

	if (row->list == NULL || row->list[0] == '\0')
		return;
	plan->list[field] = programme_list(programme, row->list);
	if (plan->list[field] != NULL && plan->list[field]->has_spans &&
	    row->type != RECORD_MUNICIPALITY)
		add_field(&plan->spanned, field);
}

static void add_complete(const struct programme_variable *variable, struct rules_fields *fields,
			 struct rules_plan *plan)
{
	int field = record_field(variable->field);
	int until = variable->until == NULL ? -1 : record_field(variable->until);

	if (field < 0)
		return;
	add_field(fields, field);
	if (until >= 0)
		add_field(fields, until);
	for (size_t i = 0; i < variable->unknown_n; i++)
		if (variable->unknown[i] < 64)
			plan->unknown[field] |= UINT64_C(1) << variable->unknown[i];
}

void rules_plan_make(const struct programme *programme, struct rules_plan *ret_plan)
{
	memset(ret_plan, 0, sizeof(*ret_plan));
	for (size_t i = 0; i < RULES_CODES_N; i++)
		ret_plan->number[i] = number_of(programme, codes[i].list, codes[i].id);
	for (int field = 0; field < FIELD_N; field++) {
		if (record_row((enum record_field)field)->type == RECORD_DATE)
			add_field(&ret_plan->dates, field);
		if (record_row((enum record_field)field)->type == RECORD_COUNT)
			add_field(&ret_plan->counts, field);
		add_coded(programme, field, ret_plan);
	}
	for (size_t i = 0; i < programme->packs_n; i++)
		for (size_t j = 0; j < programme->packs[i].complete_n; j++)
			add_complete(&programme->variables[programme->packs[i].complete[j]],
				     &ret_plan->complete[i], ret_plan);
}
