#include "daemon/site/rules_participation.h"

#include "lib/date.h"
#include "lib/own.h"

#include <stdio.h>
#include <stdlib.h>

#define HOURS_A_DAY 8

static int32_t value_of(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field];
}

/* ---- Entry ---- */

static bool is_age_outside(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (of->age < 0 || (of->age >= of->programme->age_min && of->age <= of->programme->age_max))
		return false;
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%d", of->age);
	return true;
}

static bool is_age_outside_site(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (of->age < 0 || of->site == NULL ||
	    (of->age >= of->site->age_min && of->age <= of->site->age_max) ||
	    of->age < of->programme->age_min || of->age > of->programme->age_max)
		return false;
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%d", of->age);
	return true;
}

static bool is_unborn(const struct rules_case *of, enum record_field *ret_field,
		      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_birth_date, FIELD_entry_date, ret_detail);
}

static bool is_from_elsewhere(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t number = value_of(of, FIELD_municipality);

	(void)ret_field;
	if (of->site == NULL || !rules_is_given(of, FIELD_municipality) ||
	    !rules_is_given(of, FIELD_entry_date))
		return false;
	for (size_t i = 0; i < of->site->municipalities_n; i++) {
		const struct programme_municipality *own_one = &of->site->municipalities[i];

		if (strtol(own_one->code, NULL, 10) == number &&
		    programme_holds(own_one->span, value_of(of, FIELD_entry_date)))
			return false;
	}
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%04d", number);
	return true;
}

static bool is_interest_late(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_interest_date, FIELD_entry_date, ret_detail);
}

static bool is_without_entry(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field later[] = {FIELD_exit_date, FIELD_followup_date,
						  FIELD_spell_start};

	(void)ret_field;
	for (size_t i = 0; i < array_n(later) && !rules_is_given(of, FIELD_entry_date); i++) {
		if (!rules_is_given(of, later[i]))
			continue;
		rules_put_date(ret_detail, value_of(of, later[i]));
		return true;
	}
	return false;
}

static bool is_never_anything(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return !rules_is_given(of, FIELD_entry_date) && !rules_is_given(of, FIELD_interest_date);
}

/* ---- Income, groups and work ---- */

static bool is_none_and_more(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field sets[] = {FIELD_income, FIELD_income_after};

	(void)ret_detail;
	for (size_t i = 0; i < array_n(sets); i++) {
		uint32_t set = (uint32_t)value_of(of, sets[i]);

		if (!rules_has(of, sets[i], "none") || (set & (set - 1)) == 0)
			continue;
		*ret_field = sets[i];
		return true;
	}
	return false;
}

static bool is_main_not_in_set(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t set = value_of(of, FIELD_income);

	(void)ret_field;
	(void)ret_detail;
	/* Without the set the main source stands for itself. */
	return rules_is_given(of, FIELD_income_main) && set != RECORD_MISSING && set != 0 &&
	       !record_has_code(of->record, FIELD_income,
				(uint16_t)value_of(of, FIELD_income_main));
}

/* 0 is a set that was asked for and left empty; a column that is not in the file leaves it missing.
 */
static bool is_income_empty(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return value_of(of, FIELD_income) == 0;
}

static bool is_activitycomp_odd(const struct rules_case *of, enum record_field *ret_field,
				char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (of->age < 0 || (of->age >= 19 && of->age <= 29) ||
	    !rules_has(of, FIELD_income, "activitycomp"))
		return false;
	(void)snprintf(ret_detail, RULES_DETAIL_BYTES, "%d", of->age);
	return true;
}

static bool is_activitycomp2529_wrong(const struct rules_case *of, enum record_field *ret_field,
				      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	if (!rules_has(of, FIELD_priority, "activitycomp2529"))
		return false;
	return (of->age >= 0 && (of->age < 25 || of->age > 29)) ||
	       (rules_is_given(of, FIELD_income) && !rules_has(of, FIELD_income, "activitycomp"));
}

static bool is_longterm_short(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t months = value_of(of, FIELD_months_unemployed);

	(void)ret_field;
	if (months == RECORD_MISSING || of->age < 0 || !rules_has(of, FIELD_labour, "longterm") ||
	    months > (of->age < 25 ? 6 : 12))
		return false;
	rules_put_number(ret_detail, months);
	return true;
}

/* ---- Spells ---- */

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

static bool is_spell_late(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	enum record_field last =
		rules_is_given(of, FIELD_spell_end) ? FIELD_spell_end : FIELD_spell_start;

	if (!rules_is_turned(of, last, FIELD_exit_date, ret_detail))
		return false;
	*ret_field = last;
	return true;
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

static bool is_negative(const struct rules_case *of, enum record_field *ret_field,
			char ret_detail[static RULES_DETAIL_BYTES])
{
	for (int field = 0; field < FIELD_N; field++) {
		if (record_row((enum record_field)field)->type != RECORD_COUNT ||
		    !rules_is_given(of, (enum record_field)field) ||
		    value_of(of, (enum record_field)field) >= 0)
			continue;
		*ret_field = (enum record_field)field;
		rules_put_number(ret_detail, value_of(of, (enum record_field)field));
		return true;
	}
	return false;
}

/* Hours are of a month: of the spell's own days when it was shorter. */
static bool is_over_a_day(const struct rules_case *of, enum record_field *ret_field,
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

/* ---- Against what is known ---- */

/* A re-entry: the known participation had ended before this row's entry, or its end is taken back.
 */
static bool is_reentry(const struct rules_case *of)
{
	int32_t known_exit, known_entry;

	if (of->known == NULL)
		return false;
	known_exit = of->known->value[FIELD_exit_date];
	known_entry = of->known->value[FIELD_entry_date];
	if (known_exit == RECORD_MISSING || known_entry == RECORD_MISSING ||
	    !rules_is_given(of, FIELD_entry_date))
		return false;
	return !rules_is_given(of, FIELD_exit_date) ||
	       (value_of(of, FIELD_entry_date) > known_entry &&
		value_of(of, FIELD_entry_date) >= known_exit);
}

/* On re-entry the first entry stays as it was, date and data (2-domain, Units of count). */
static bool is_entry_rewritten(const struct rules_case *of, enum record_field *ret_field,
			       char ret_detail[static RULES_DETAIL_BYTES])
{
	if (!is_reentry(of))
		return false;
	for (int field = 0; field < FIELD_N; field++) {
		int32_t known = of->known->value[field];

		if (record_row((enum record_field)field)->part != RECORD_ENTRY ||
		    known == RECORD_MISSING || known == of->record->value[field])
			continue;
		*ret_field = (enum record_field)field;
		rules_put_date(ret_detail, of->known->value[FIELD_entry_date]);
		return true;
	}
	return false;
}

static bool is_back(const struct rules_case *of, enum record_field *ret_field,
		    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!is_reentry(of))
		return false;
	rules_put_date(ret_detail, of->known->value[FIELD_exit_date]);
	return true;
}

/* What ESF's indicators cannot do without (2-domain, Units of count). */
static bool is_incomplete(const struct rules_case *of, enum record_field *ret_field,
			  char ret_detail[static RULES_DETAIL_BYTES])
{
	static const enum record_field fields[] = {FIELD_sex, FIELD_labour, FIELD_birth_date,
						   FIELD_education};
	size_t n = 0;

	if (!rules_is_given(of, FIELD_entry_date))
		return false;
	ret_detail[0] = '\0';
	for (size_t i = 0; i < array_n(fields); i++) {
		if (rules_is_given(of, fields[i]) && !rules_has(of, fields[i], "unknown"))
			continue;
		if (n == 0)
			*ret_field = fields[i];
		n += (size_t)snprintf(ret_detail + n, RULES_DETAIL_BYTES - n, "%s%s",
				      n > 0 ? ", " : "", record_row(fields[i])->id);
	}
	return n > 0;
}

const struct rules_row *rules_of_participation(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V010", 'E', FIELD_birth_date, is_age_outside},
		{"V011", 'W', FIELD_birth_date, is_age_outside_site},
		{"V013", 'W', FIELD_municipality, is_from_elsewhere},
		{"V015", 'E', FIELD_interest_date, is_interest_late},
		{"V016", 'E', FIELD_spell_start, is_spell_early},
		{"V017", 'E', FIELD_spell_end, is_spell_late},
		{"V018", 'E', FIELD_birth_date, is_unborn},
		{"V020", 'E', FIELD_entry_date, is_without_entry},
		{"V022", 'E', FIELD_income, is_none_and_more},
		{"V023", 'E', FIELD_income_main, is_main_not_in_set},
		{"V024", 'E', FIELD_income, is_income_empty},
		{"V025", 'W', FIELD_income, is_activitycomp_odd},
		{"V026", 'E', FIELD_priority, is_activitycomp2529_wrong},
		{"V028", 'E', FIELD_months_unemployed, is_longterm_short},
		{"V035", 'E', FIELD_entry_date, is_entry_rewritten},
		{"V036", 'W', FIELD_exit_date, is_back},
		{"V037", 'E', FIELD_spell_hours, is_negative},
		{"V038", 'W', FIELD_spell_hours, is_over_a_day},
		{"V040", 'E', FIELD_entry_date, is_never_anything},
		{"V041", 'I', FIELD_sex, is_incomplete},
		{"V042", 'W', FIELD_activity, is_spell_half},
		/* Under the numbers that people meet them by in an import (5-cli). */
		{"I031", 'E', FIELD_spell_end, is_spell_turned},
	};

	*ret_n = array_n(rows);
	return rows;
}
