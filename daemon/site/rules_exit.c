#include "daemon/site/rules_exit.h"

#include "lib/date.h"
#include "lib/own.h"

#define EARLY_MONTHS 1 /* a follow-up may come so much sooner than the programme says */
#define LATE_MONTHS 2

static int32_t value_of(const struct rules_case *of, enum record_field field)
{
	return of->record->value[field];
}

/* ---- Exit ---- */

static bool is_exit_turned(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	return rules_is_turned(of, FIELD_entry_date, FIELD_exit_date, ret_detail);
}

static bool is_exit_undated(const struct rules_case *of, enum record_field *ret_field,
			    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_exit_reason) && !rules_is_given(of, FIELD_exit_date);
}

static bool is_exit_without_outcome(const struct rules_case *of, enum record_field *ret_field,
				    char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_exit_date) && !rules_is_given(of, FIELD_exit_reason);
}

/* Reg. (EU) 1304/2013 Annex I: upon leaving, within four weeks. */
static int32_t outcome_days(const struct rules_case *of)
{
	return (int32_t)of->programme->policy.outcome_days;
}

static bool is_result_late(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	if (!rules_is_given(of, FIELD_result_date) || !rules_is_given(of, FIELD_exit_date) ||
	    value_of(of, FIELD_result_date) <= value_of(of, FIELD_exit_date) + outcome_days(of))
		return false;
	rules_put_date(ret_detail, value_of(of, FIELD_exit_date) + outcome_days(of));
	return true;
}

/* The day from which the person is active: the entry, or the last re-entry. */
static int32_t active_since(const struct record *record)
{
	int32_t since = record->value[FIELD_entry_date];

	for (const struct record_item *item = item_next(record, RECORD_RETURN, NULL); item != NULL;
	     item = item_next(record, RECORD_RETURN, item))
		since = item_day(item);
	return since;
}

static bool is_active_long(const struct rules_case *of, enum record_field *ret_field,
			   char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t since = active_since(of->record);
	int months = (int)of->programme->policy.active_months;

	(void)ret_field;
	if (months == 0 || since == RECORD_MISSING || rules_is_given(of, FIELD_exit_date) ||
	    rules_is_given(of, FIELD_transfer_out_date) ||
	    date_add_months(since, months) >= of->today)
		return false;
	rules_put_date(ret_detail, since);
	return true;
}

/* ---- Follow-up ---- */

static bool is_followup_loose(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	(void)ret_field;
	(void)ret_detail;
	return rules_is_given(of, FIELD_followup_date) && !rules_is_given(of, FIELD_exit_date);
}

/* A day so long after the exit as the programme follows up, and months more; false when nothing is
 * to be held against it. */
static bool followup_day(const struct rules_case *of, int months, int32_t *ret_day)
{
	int due = (int)of->programme->policy.followup_months;

	if (due == 0 || !rules_is_given(of, FIELD_followup_date) ||
	    !rules_is_given(of, FIELD_exit_date))
		return false;
	*ret_day = date_add_months(value_of(of, FIELD_exit_date), due + months);
	return true;
}

static bool is_followup_early(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t first;

	(void)ret_field;
	if (!followup_day(of, -EARLY_MONTHS, &first) || value_of(of, FIELD_followup_date) >= first)
		return false;
	rules_put_date(ret_detail, first);
	return true;
}

static bool is_followup_late(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t last;

	(void)ret_field;
	if (!followup_day(of, LATE_MONTHS, &last) || value_of(of, FIELD_followup_date) <= last)
		return false;
	rules_put_date(ret_detail, last);
	return true;
}

const struct rules_row *rules_of_exit(size_t *ret_n)
{
	static const struct rules_row rows[] = {
		{"V019", 'E', FIELD_exit_date, is_followup_loose},
		{"V021", 'W', FIELD_exit_date, is_exit_undated},
		{"V027", 'W', FIELD_exit_reason, is_exit_without_outcome},
		{"V032", 'E', FIELD_result_date, is_result_late},
		{"V033", 'E', FIELD_followup_date, is_followup_early},
		{"V034", 'W', FIELD_followup_date, is_followup_late},
		{"V039", 'W', FIELD_exit_date, is_active_long},
		{"I031", 'E', FIELD_exit_date, is_exit_turned},
	};

	*ret_n = array_n(rows);
	return rows;
}
