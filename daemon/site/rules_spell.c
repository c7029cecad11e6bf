#include "daemon/site/rules_spell.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/period.h"

#define HOURS_A_DAY 8

static int32_t value_of(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field];
}

/* ---- Where a day lies ---- */

/* The first day on which the person was not there any more: after the exit or the transfer. */
static bool is_after_end(const struct rules_case *of, int32_t day, int32_t *ret_end)
{
	static const enum record_field ends[] = {FIELD_exit_date, FIELD_transfer_out_date};

	for (size_t i = 0; i < array_n(ends); i++) {
		if (!rules_is_given(of, ends[i]) || day <= value_of(of, ends[i]))
			continue;
		*ret_end = value_of(of, ends[i]);
		return true;
	}
	return false;
}

/* Between an exit and the re-entry that ended it. The day of the exit is still within. */
static bool is_in_gap(const struct rules_case *of, int32_t day, int32_t *ret_gap)
{
	for (const struct record_item *item = item_next(of->record, RECORD_RETURN, NULL);
	     item != NULL; item = item_next(of->record, RECORD_RETURN, item)) {
		int32_t from = item_value(item, FIELD_returned_from);

		if (from == RECORD_MISSING || day <= from || day >= item_day(item))
			continue;
		*ret_gap = from;
		return true;
	}
	return false;
}

static bool is_before_entry(const struct rules_case *of, int32_t day)
{
	return rules_is_given(of, FIELD_entry_date) && day < value_of(of, FIELD_entry_date);
}

/* ---- Activities ---- */

static bool is_spell_turned(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_spell_start, FIELD_spell_end, ret_detail);
}

static bool is_spell_early(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_entry_date, FIELD_spell_start, ret_detail);
}

static enum record_field last_of_spell(const struct rules_case *of)
{
	return rules_is_given(of, FIELD_spell_end) ? FIELD_spell_end : FIELD_spell_start;
}

static bool is_spell_late(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	enum record_field last = last_of_spell(of);

	if (!rules_is_turned(of, last, FIELD_exit_date, ret_detail))
		return false;
	*ret_field = last;
	return true;
}

static bool is_spell_elsewhere(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	enum record_field last = last_of_spell(of);

	if (!rules_is_turned(of, last, FIELD_transfer_out_date, ret_detail))
		return false;
	*ret_field = last;
	return true;
}

/* An activity that begins before an exit and goes on beyond the re-entry is two activities. */
static bool is_spell_in_gap(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field days[] = {FIELD_spell_start, FIELD_spell_end};
	int32_t gap = 0;

	for (size_t i = 0; i < array_n(days); i++) {
		if (!rules_is_given(of, days[i]) || !is_in_gap(of, value_of(of, days[i]), &gap))
			continue;
		*ret_field = days[i];
		rules_put_date(ret_detail, gap);
		return true;
	}
	return false;
}

static bool is_spell_half(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	bool has_activity = rules_is_given(of, FIELD_activity);
	bool has_start = rules_is_given(of, FIELD_spell_start);

	(void)ret_detail;
	if (has_activity == has_start)
		return false;
	*ret_field = has_activity ? FIELD_spell_start : FIELD_activity;
	return true;
}

static bool is_open(const struct record_item *spell)
{
	return item_value(spell, FIELD_activity) != RECORD_MISSING &&
	       item_value(spell, FIELD_spell_end) == RECORD_MISSING;
}

/* Of all activities together, so asked of the record as a whole. */
static bool is_open_twice(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	const struct record *record = of->record;

	(void)ret_field;
	if (of->part != RECORD_PART_N)
		return false;
	for (const struct record_item *one = item_next(record, RECORD_SPELL, NULL); one != NULL;
	     one = item_next(record, RECORD_SPELL, one)) {
		const struct record_item *two = is_open(one) ? one : NULL;

		while (two != NULL && (two = item_next(record, RECORD_SPELL, two)) != NULL)
			if (is_open(two) &&
			    item_value(one, FIELD_activity) == item_value(two, FIELD_activity)) {
				rules_put_date(ret_detail, item_day(one));
				return true;
			}
	}
	return false;
}

/* ---- Hours ---- */

/* Hours are of a month: of the spell's own days when it was shorter. */
static bool is_spell_over_a_day(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	int64_t days = 31;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_spell_hours))
		return false;
	if (rules_is_given(of, FIELD_spell_start) && rules_is_given(of, FIELD_spell_end))
		days = (int64_t)value_of(of, FIELD_spell_end) - value_of(of, FIELD_spell_start) + 1;
	if (days < 1 || days > 31)
		days = 31;
	if (value_of(of, FIELD_spell_hours) <= HOURS_A_DAY * days)
		return false;
	rules_put_number(ret_detail, value_of(of, FIELD_spell_hours));
	return true;
}

static int32_t days_of_month(int32_t day)
{
	uint32_t period = period_of_day(day);

	return period_last_day(period) - period_first_day(period) + 1;
}

static bool is_month_over_a_day(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t days;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_hours))
		return false;
	days = rules_is_given(of, FIELD_hours_month)
		       ? days_of_month(value_of(of, FIELD_hours_month))
		       : 31;
	if (value_of(of, FIELD_hours) <= HOURS_A_DAY * days)
		return false;
	rules_put_number(ret_detail, value_of(of, FIELD_hours));
	return true;
}

static bool is_hours_half(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	bool has_month = rules_is_given(of, FIELD_hours_month);

	(void)ret_detail;
	if (has_month == rules_is_given(of, FIELD_hours))
		return false;
	*ret_field = has_month ? FIELD_hours : FIELD_hours_month;
	return true;
}

/* A month counts by any of its days. */
static bool is_month_outside(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t first = value_of(of, FIELD_hours_month);
	int32_t last, day = 0;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_hours_month))
		return false;
	last = period_last_day(period_of_day(first));
	if (is_before_entry(of, last))
		day = value_of(of, FIELD_entry_date);
	else if (!is_after_end(of, first, &day))
		return false;
	rules_put_date(ret_detail, day);
	return true;
}

/* ---- Pauses ---- */

static bool is_pause_turned(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_pause_start, FIELD_pause_end, ret_detail);
}

static bool is_pause_half(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_pause_end) && !rules_is_given(of, FIELD_pause_start);
}

static bool is_pause_outside(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field days[] = {FIELD_pause_start, FIELD_pause_end};
	int32_t bound = 0;

	for (size_t i = 0; i < array_n(days); i++) {
		int32_t day = value_of(of, days[i]);

		if (day == RECORD_MISSING)
			continue;
		if (is_before_entry(of, day))
			bound = value_of(of, FIELD_entry_date);
		else if (!is_after_end(of, day, &bound) && !is_in_gap(of, day, &bound))
			continue;
		*ret_field = days[i];
		rules_put_date(ret_detail, bound);
		return true;
	}
	return false;
}

/* Pauses lie in order of their start, so each is held against the next. */
static bool is_pause_twice(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	const struct record_item *pause = item_next(of->record, RECORD_PAUSE, NULL);
	const struct record_item *next;

	(void)ret_field;
	for (; of->part == RECORD_PART_N && pause != NULL; pause = next) {
		next = item_next(of->record, RECORD_PAUSE, pause);
		if (next == NULL || (item_value(pause, FIELD_pause_end) != RECORD_MISSING &&
				     item_value(pause, FIELD_pause_end) < item_day(next)))
			continue;
		rules_put_date(ret_detail, item_day(next));
		return true;
	}
	return false;
}

const struct rules_row *rules_of_spell(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V016", 'E', FIELD_spell_start, is_spell_early},
		{"V017", 'E', FIELD_spell_end, is_spell_late},
		{"V038", 'W', FIELD_spell_hours, is_spell_over_a_day},
		{"V038", 'W', FIELD_hours, is_month_over_a_day},
		{"V042", 'W', FIELD_activity, is_spell_half},
		{"V064", 'E', FIELD_activity, is_open_twice},
		{"V065", 'E', FIELD_spell_start, is_spell_in_gap},
		{"V066", 'E', FIELD_pause_start, is_pause_outside},
		{"V067", 'E', FIELD_pause_start, is_pause_twice},
		{"V068", 'E', FIELD_pause_start, is_pause_half},
		{"V069", 'W', FIELD_hours_month, is_month_outside},
		{"V072", 'E', FIELD_spell_end, is_spell_elsewhere},
		{"V080", 'E', FIELD_hours, is_hours_half},
		/* Under the number that people meet it by in an import (5-cli). */
		{"I031", 'E', FIELD_spell_end, is_spell_turned},
		{"I031", 'E', FIELD_pause_end, is_pause_turned},
	};

	*ret_n = array_n(rows);
	return rows;
}
