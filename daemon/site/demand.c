#include "daemon/site/demand.h"

#include "daemon/site/item.h"
#include "daemon/site/match.h"
#include "daemon/site/rules.h"
#include "lib/own.h"

#include <errno.h>

#define REMEDY "Use a programme file made for this version of the daemon."
#define NONE (-1)

struct resolved {
	enum record_field field;
	int needs; /* enum record_field, or NONE */
	struct match_rules rules;
};

struct demands {
	const struct programme *programme;
	struct rules_plan plan;
	struct match *match; /* owned */
	struct resolved *resolved; /* owned; one a demand */
};

void demands_free(struct demands **demands)
{
	if (*demands == NULL)
		return;
	match_free(&(*demands)->match);
	free((*demands)->resolved);
	free(*demands);
	*demands = NULL;
}

static int resolve_field(const struct programme_demand *demand, const char *id, struct fault *fault,
			 int *ret_field)
{
	*ret_field = record_field(id);
	return *ret_field >= 0
		       ? 0
		       : fault_set(fault, "S013", demand->id, REMEDY,
				   "It is about the field %s, which records do not have.", id);
}

static int resolve(struct demands *demands, size_t i, struct fault *fault)
{
	const struct programme_demand *demand = &demands->programme->demands[i];
	struct resolved *resolved = &demands->resolved[i];
	int field = NONE;
	int error = resolve_field(demand, demand->field, fault, &field);

	resolved->needs = NONE;
	if (error == 0 && demand->needs != NULL)
		error = resolve_field(demand, demand->needs, fault, &resolved->needs);
	if (error != 0)
		return error;
	resolved->field = (enum record_field)field;
	return match_add(demands->match, demand->rules, demand->rules_n, demand->id,
			 &resolved->rules, fault);
}

int demands_new(const struct programme *programme, struct demands **ret_demands,
		struct fault *fault)
{
	own(demands_free) struct demands *demands = calloc(1, sizeof(*demands));
	int error;

	if (demands == NULL)
		return fail(-ENOMEM);
	demands->programme = programme;
	rules_plan_make(programme, &demands->plan);
	demands->resolved = calloc(programme->demands_n + 1, sizeof(*demands->resolved));
	if (demands->resolved == NULL)
		return fail(-ENOMEM);
	error = match_new(programme, &demands->match, fault);
	for (size_t i = 0; i < programme->demands_n && error == 0; i++)
		error = resolve(demands, i, fault);
	if (error == 0)
		*ret_demands = take(demands);
	return error;
}

const struct rules_plan *demands_plan(const struct demands *demands)
{
	return &demands->plan;
}

size_t demands_n(const struct demands *demands)
{
	return demands->programme->demands_n;
}

/* Whether the record lacks a field: of what a person has many of, any will do. */
static bool is_missing(const struct record *record, int field)
{
	enum record_part part = record_row((enum record_field)field)->part;

	if (record->value[field] != RECORD_MISSING)
		return false;
	for (const struct record_item *item = item_next(record, part, NULL);
	     item_is_part(part) && item != NULL; item = item_next(record, part, item))
		if (item_value(item, (enum record_field)field) != RECORD_MISSING)
			return false;
	return true;
}

bool demands_is_broken(const struct demands *demands, size_t i, const struct record *record,
		       int32_t today, struct demands_breach *ret_breach)
{
	const struct resolved *resolved = &demands->resolved[i];
	int32_t day = rules_coding_day(record, record_row(resolved->field)->part);

	if ((resolved->needs != NONE && !is_missing(record, resolved->needs)) ||
	    !match_holds(demands->match, resolved->rules, record,
			 day == RECORD_MISSING ? today : day))
		return false;
	*ret_breach = (struct demands_breach){.demand = &demands->programme->demands[i],
					      .field = resolved->field};
	return true;
}
