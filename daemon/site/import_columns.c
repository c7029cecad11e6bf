#include "daemon/site/import_columns.h"

#include "lib/own.h"
#include "proto/sheet.h"

#include <stdio.h>

/* Asked in this order: the first whose two headings are there. */
static const struct form_row {
	enum import_form form;
	enum record_field day, other;
	const char *name;
} forms[] = {
	{IMPORT_ANSWERS, FIELD_survey_date, FIELD_invitation_code, N_("answers")},
	{IMPORT_DEVIATIONS, FIELD_deviation_date, FIELD_deviation, N_("deviations")},
	{IMPORT_PARTICIPANTS, FIELD_entry_date, FIELD_entry_date, N_("participants")},
	{IMPORT_PARTICIPANTS, FIELD_interest_date, FIELD_interest_date, N_("participants")},
	{IMPORT_SPELLS, FIELD_spell_start, FIELD_activity, N_("activities")},
	{IMPORT_HOURS, FIELD_hours_month, FIELD_hours, N_("hours")},
	{IMPORT_HOURS, FIELD_hours_month, FIELD_spell_hours, N_("hours")},
	{IMPORT_PAUSES, FIELD_pause_start, FIELD_pause_start, N_("pauses")},
	{IMPORT_RETURNS, FIELD_return_date, FIELD_return_date, N_("re-entries")},
};

static const struct form_row *row_of(enum import_form form)
{
	size_t i = 0;

	while (i + 1 < array_n(forms) && forms[i].form != form)
		i++;
	return &forms[i];
}

const char *import_form_name(enum import_form form)
{
	return row_of(form)->name;
}

enum record_field import_form_day(enum import_form form)
{
	return row_of(form)->day;
}

bool import_form_is_items(enum import_form form)
{
	return form >= IMPORT_SPELLS;
}

bool import_form_is_apart(enum import_form form)
{
	return form == IMPORT_ANSWERS || form == IMPORT_DEVIATIONS;
}

static bool has_heading(const struct import_head *head, enum record_field field)
{
	for (size_t i = 0; i < head->columns_n; i++)
		if (head->columns[i] == (int)field)
			return true;
	return false;
}

static enum import_form form_of(const struct import_head *head)
{
	for (size_t i = 0; i < array_n(forms); i++)
		if (has_heading(head, forms[i].day) && has_heading(head, forms[i].other))
			return forms[i].form;
	return IMPORT_PARTICIPANTS;
}

static bool is_identity(int field)
{
	return field == FIELD_person_number || field == FIELD_local_id || field == FIELD_name;
}

/* Answers and deviations keep apart from persons: a file of participants yields none, and in one of
 * them nothing else is read but who it names, so that it can be refused. */
static bool is_read(enum import_form form, int field)
{
	enum record_part part;

	if (field < 0)
		return false;
	part = record_row((enum record_field)field)->part;
	switch (form) {
	case IMPORT_PARTICIPANTS:
		return part != RECORD_SURVEY && part != RECORD_DEVIATION;
	case IMPORT_ANSWERS:
		return part == RECORD_SURVEY || is_identity(field);
	case IMPORT_DEVIATIONS:
		return part == RECORD_DEVIATION || is_identity(field);
	case IMPORT_SPELLS:
	case IMPORT_HOURS:
	case IMPORT_PAUSES:
	case IMPORT_RETURNS:
		break;
	}
	return field == FIELD_person_number || field == FIELD_local_id ||
	       part == record_row(import_form_day(form))->part;
}

/* "Timmar" alone is of an activity; beside a month, and nothing else of that name, of the month. */
static int meant(const struct import_head *head, enum import_form form, int field)
{
	if (form == IMPORT_HOURS && field == FIELD_spell_hours && !has_heading(head, FIELD_hours))
		return FIELD_hours;
	return field;
}

static int refuse_twice(const struct import_head *head, size_t column, struct fault *fault)
{
	char place[64];

	(void)snprintf(place, sizeof(place), N_("line %llu, column %zu"),
		       (unsigned long long)head->line, column + 1);
	return fault_set(fault, "I033", place, "Rename one of them, or use --map FILE.",
			 "two headings stand for the field %s",
			 record_row((enum record_field)head->columns[column])->id);
}

static int refuse_missing(const struct import_head *head, const char *which, struct fault *fault)
{
	char place[64];

	(void)snprintf(place, sizeof(place), N_("line %llu"), (unsigned long long)head->line);
	return fault_set(fault, "I008", place, "Add the column, or use --map FILE.",
			 "there is no column for %s", which);
}

static int check_required(const struct import_columns *columns, const struct import_head *head,
			  struct fault *fault)
{
	bool has_identity = columns->has[FIELD_person_number] || columns->has[FIELD_local_id];

	switch (columns->form) {
	case IMPORT_ANSWERS:
		return 0;
	case IMPORT_DEVIATIONS:
		return columns->has[FIELD_local_id]
			       ? 0
			       : refuse_missing(head, N_("the number of the report"), fault);
	case IMPORT_PARTICIPANTS:
		if (has_identity && !columns->has[FIELD_entry_date] &&
		    !columns->has[FIELD_interest_date])
			return refuse_missing(head, N_("entry date"), fault);
		break;
	case IMPORT_SPELLS:
	case IMPORT_HOURS:
	case IMPORT_PAUSES:
	case IMPORT_RETURNS:
		break;
	}
	return has_identity ? 0 : refuse_missing(head, N_("personnummer or local id"), fault);
}

int import_columns_settle(const struct import_head *head, struct import_columns *ret_columns,
			  struct fault *fault)
{
	struct import_columns columns = {.form = form_of(head), .n = head->columns_n};
	int error;

	for (size_t i = 0; i < head->columns_n; i++) {
		int field = meant(head, columns.form, head->columns[i]);

		columns.fields[i] = IMPORT_HEADING_UNKNOWN;
		if (!is_read(columns.form, field))
			continue;
		if (columns.has[field])
			return refuse_twice(head, i, fault);
		columns.has[field] = true;
		columns.fields[i] = (int16_t)field;
	}
	error = check_required(&columns, head, fault);
	if (error == 0)
		*ret_columns = columns;
	return error;
}
