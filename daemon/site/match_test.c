#include "daemon/site/match_test.h"

#include "daemon/site/item.h"
#include "lib/date.h"

#define MONTHS 12

/* Whole months from one day to another, which is not before it. */
static int32_t months_between(int32_t from, int32_t until)
{
	const struct date_civil a = date_to_civil(from), b = date_to_civil(until);
	int months = (b.year - a.year) * MONTHS + b.month - a.month;

	return date_add_months(from, months) > until ? months - 1 : months;
}

static int32_t lapse(const struct match_test *test, const struct record *record)
{
	const int32_t from = item_earliest(record, (enum record_field)test->field);
	const int32_t until = item_earliest(record, (enum record_field)test->until);

	if (from == RECORD_MISSING || until == RECORD_MISSING || until < from)
		return RECORD_MISSING;
	switch ((enum programme_lapse)test->unit) {
	case LAPSE_YEARS:
		return date_age(from, until);
	case LAPSE_MONTHS:
		return months_between(from, until);
	case LAPSE_DAYS:
		return until - from;
	}
	return RECORD_MISSING;
}

static bool is_in(const struct match_test *test, int32_t value)
{
	return value >= 0 && value < MATCH_MASK_BITS && (test->mask >> value & 1) != 0;
}

static bool is_in_parts(const struct match_test *test, const struct match_part parts[],
			int32_t value, int32_t day)
{
	for (uint32_t i = test->first; i < test->first + test->n; i++)
		if (parts[i].low <= value && value <= parts[i].high &&
		    programme_holds(parts[i].span, day))
			return true;
	return false;
}

/* A set has bit number - 1 of each of its codes. */
static bool set_hits(const struct match_test *test, const struct match_part parts[], int32_t value,
		     int32_t day)
{
	if (((uint64_t)(uint32_t)value << 1 & test->mask) != 0)
		return true;
	for (int32_t number = 1; number <= 31 && !test->is_plain; number++)
		if (((uint32_t)value >> (number - 1) & 1) != 0 &&
		    is_in_parts(test, parts, number, day))
			return true;
	return false;
}

static bool hits(const struct match_test *test, const struct match_part parts[], int32_t value,
		 int32_t day)
{
	if (value == RECORD_MISSING)
		return false;
	if (test->shape == SHAPE_SET)
		return set_hits(test, parts, value, day);
	if (is_in(test, value + test->is_bool)) /* the list yesno: 1 is no, 2 is yes */
		return true;
	return !test->is_plain && is_in_parts(test, parts, value + test->is_bool, day);
}

/* Of items: whether any has a value, and whether any hits. */
static bool items_hit(const struct match_test *test, const struct match_part parts[],
		      const struct record *record, int32_t day, bool *ret_has_value)
{
	const enum record_field field = (enum record_field)test->field;
	const struct record_item *item = NULL;
	int32_t value = record->value[field];
	bool is_hit = hits(test, parts, value, day);

	*ret_has_value = value != RECORD_MISSING;
	while ((item = item_next(record, record_row(field)->part, item)) != NULL && !is_hit) {
		value = item_value(item, field);
		*ret_has_value = *ret_has_value || value != RECORD_MISSING;
		is_hit = hits(test, parts, value, day);
	}
	return is_hit;
}

bool match_test_holds(const struct match_test *test, const struct match_part parts[],
		      const struct record *record, int32_t day)
{
	bool has_value = false, is_hit;
	int32_t value;

	if (test->shape != SHAPE_LAPSE && test->is_item) {
		is_hit = items_hit(test, parts, record, day, &has_value);
		return test->is_not ? has_value && !is_hit : is_hit;
	}
	value = test->shape == SHAPE_LAPSE ? lapse(test, record) : record->value[test->field];
	is_hit = hits(test, parts, value, day);
	return test->is_not ? value != RECORD_MISSING && !is_hit : is_hit;
}
