#include "daemon/site/desk_item.h"

#include <string.h>

void desk_item_remove(struct desk_case *of)
{
	if (of->typed.remove < 0)
		return;
	if (item_remove(&of->after, (enum record_part)of->typed.remove) == 0)
		return;
	validate_add(&of->findings, "D007", VALIDATE_ERROR,
		     item_day_field((enum record_part)of->typed.remove), "");
}

/* Of what kind an item is, beside its part: an activity's. */
static bool is_of_kind(const struct record_item *item, int32_t activity)
{
	return item->part != RECORD_SPELL || item_value(item, FIELD_activity) == activity;
}

/* Items of a part, of a day and of a kind; the last of them, and how many. */
struct search {
	int32_t day, activity; /* RECORD_MISSING: any */
	const struct record_item *found;
	size_t n;
};

static void look(const struct record *record, enum record_part part, struct search *search)
{
	search->found = NULL;
	search->n = 0;
	for (const struct record_item *item = item_next(record, part, NULL); item != NULL;
	     item = item_next(record, part, item)) {
		if ((search->day != RECORD_MISSING && item_day(item) != search->day) ||
		    (search->activity != RECORD_MISSING && !is_of_kind(item, search->activity)))
			continue;
		search->found = item;
		search->n++;
	}
}

/* The item that is told by its day, and an activity by what it is: each as far as it was typed. */
static struct search told(const struct desk_case *of, enum record_part part)
{
	return (struct search){
		.day = of->after.value[item_day_field(part)],
		.activity = part == RECORD_SPELL ? of->after.value[FIELD_activity] : RECORD_MISSING,
	};
}

/* Of a day that is said, and of the kind that was typed if there is one; else of the day that was
 * typed without a kind; else of all of the kind. */
static void search_meant(const struct desk_case *of, enum record_part part, struct search *search)
{
	const bool is_said = of->typed.replaces != RECORD_MISSING;

	*search = told(of, part);
	if (is_said)
		search->day = of->typed.replaces;
	look(&of->after, part, search);
	if (search->n > 0)
		return;
	if (is_said)
		search->activity = RECORD_MISSING;
	else
		search->day = RECORD_MISSING;
	look(&of->after, part, search);
}

/* What was not typed stays as the item has it. */
static void take_over(struct desk_case *of, const struct record_item *from)
{
	const struct record_item item = *from;
	int32_t *value = of->after.value;
	int32_t typed[FIELD_N];

	memcpy(typed, value, sizeof(typed));
	item_tell(&item, &of->after);
	(void)item_remove(&of->after, item.part);
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == item.part)
			value[field] = of->typed.has[field]
					       ? typed[field]
					       : item_value(&item, (enum record_field)field);
}

/* Whether there is such an item; false where what was typed does not say which. */
static bool is_there(const struct desk_case *of, enum record_part part)
{
	struct search search = told(of, part);

	if (part == RECORD_SPELL && search.activity == RECORD_MISSING)
		return false;
	look(&of->after, part, &search);
	return search.n > 0;
}

static void replace(struct desk_case *of, enum record_part part)
{
	const enum record_field day = item_day_field(part);
	const bool is_said = of->typed.replaces != RECORD_MISSING;
	struct search search;

	if (of->after.value[day] == RECORD_MISSING || (!is_said && is_there(of, part)) ||
	    (!is_said && part == RECORD_HOURS))
		return;
	search_meant(of, part, &search);
	if (search.n == 1)
		take_over(of, search.found);
	if (search.n > 1 || (search.n == 1 && is_there(of, part))) /* another has the new day */
		validate_add(&of->findings, "D010", VALIDATE_ERROR, day, "");
	if (search.n == 0 && is_said)
		validate_add(&of->findings, "D007", VALIDATE_ERROR, day, "");
}

void desk_item_replace(struct desk_case *of)
{
	for (int part = 0; part < RECORD_PART_N && !of->typed.is_another; part++)
		if (item_is_part((enum record_part)part))
			replace(of, (enum record_part)part);
}
