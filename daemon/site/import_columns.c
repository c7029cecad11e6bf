#include "daemon/site/import_columns.h"
#include "proto/sheet.h"

#include <stdio.h>

static bool has_heading(const struct import_head *head, enum record_field field)
{
	for (size_t i = 0; i < head->columns_n; i++)
		if (head->columns[i] == (int)field)
			return true;
	return false;
}

/* Answers keep apart from persons: a file of participants yields none, and in one of answers
 * nothing else is read but who it names, so that it can be refused. */
static bool is_read(bool is_answers, int field)
{
	enum record_part part;

	if (field < 0)
		return false;
	part = record_row((enum record_field)field)->part;
	if (!is_answers)
		return part != RECORD_SURVEY;
	return part == RECORD_SURVEY || field == FIELD_person_number || field == FIELD_local_id ||
	       field == FIELD_name;
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
	if (columns->is_answers)
		return 0;
	if (!columns->has[FIELD_person_number] && !columns->has[FIELD_local_id])
		return refuse_missing(head, N_("personnummer or local id"), fault);
	if (!columns->has[FIELD_entry_date] && !columns->has[FIELD_interest_date])
		return refuse_missing(head, N_("entry date"), fault);
	return 0;
}

int import_columns_settle(const struct import_head *head, struct import_columns *ret_columns,
			  struct fault *fault)
{
	struct import_columns columns = {.n = head->columns_n};
	int error;

	columns.is_answers =
		has_heading(head, FIELD_invitation_code) && has_heading(head, FIELD_survey_date);
	for (size_t i = 0; i < head->columns_n; i++) {
		int field = head->columns[i];

		columns.fields[i] = IMPORT_HEADING_UNKNOWN;
		if (!is_read(columns.is_answers, field))
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
