#include "daemon/site/rules_exit.h"

#include "lib/date.h"
#include "lib/own.h"

#define ACTIVE_MONTHS_MAX 24

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

	(void)ret_field;
	if (since == RECORD_MISSING || rules_is_given(of, FIELD_exit_date) ||
	    rules_is_given(of, FIELD_transfer_out_date) ||
	    date_add_months(since, ACTIVE_MONTHS_MAX) >= of->today)
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

static bool is_followup_early(const struct rules_case *of, enum record_field *ret_field,
			      char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t first;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_followup_date) || !rules_is_given(of, FIELD_exit_date))
		return false;
	first = date_add_months(value_of(of, FIELD_exit_date), 5);
	rules_put_date(ret_detail, first);
	return value_of(of, FIELD_followup_date) < first;
}

static bool is_followup_late(const struct rules_case *of, enum record_field *ret_field,
			     char ret_detail[static RULES_DETAIL_BYTES])
{
	int32_t last;

	(void)ret_field;
	if (!rules_is_given(of, FIELD_followup_date) || !rules_is_given(of, FIELD_exit_date))
		return false;
	last = date_add_months(value_of(of, FIELD_exit_date), 8);
	rules_put_date(ret_detail, last);
	return value_of(of, FIELD_followup_date) > last;
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
