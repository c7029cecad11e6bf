#include "daemon/site/esf_row.h"

#include "daemon/site/change.h"
#include "daemon/site/item.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/period.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A month, and the stay of the person that it saw. */
struct view {
	const struct programme *programme;
	const struct record *record;
	int32_t first, last; /* days of the month */
	int32_t left; /* the stay's last day; RECORD_MISSING when that is later than the month */
	int32_t reason; /* of leaving, if so */
	bool is_last_stay; /* results are those of the last */
};

int esf_row_check(const struct programme_export *export, struct fault *fault)
{
	for (size_t i = 0; i < export->columns_n; i++) {
		const char *id = export->columns[i].field;
		int field = record_field(id);

		if (strcmp(id, ESF_HOURS) == 0)
			continue;
		if (field < 0)
			return fault_set(fault, "S013", id, "Name fields of records in [export].",
					 "records have no field \"%s\"", id);
		if (item_is_part(record_row((enum record_field)field)->part))
			return fault_set(fault, "S013", id, "Name other fields in [export].",
					 "a person has many of \"%s\"", id);
	}
	return 0;
}

/* ---- Text ---- */

static void put(struct buf *line, const char *text)
{
	buf_add(line, text, strlen(text));
}

static void put_cell(struct buf *line, const char *text)
{
	if (strpbrk(text, ";\"\r\n") == NULL) {
		put(line, text);
		return;
	}
	put(line, "\"");
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '"')
			put(line, "\"");
		buf_add(line, at, 1);
	}
	put(line, "\"");
}

void esf_row_headings(const struct programme_export *export, struct buf *ret_line)
{
	for (size_t i = 0; i < export->columns_n; i++) {
		if (i > 0)
			put(ret_line, ";");
		put_cell(ret_line, export->columns[i].heading);
	}
	put(ret_line, "\r\n");
}

/* ---- The month ---- */

static bool is_within(int32_t from, int32_t to, const struct view *view)
{
	return from != RECORD_MISSING && from <= view->last &&
	       (to == RECORD_MISSING || to >= view->first);
}

static void set_end(int32_t end, int32_t reason, struct view *view)
{
	bool is_over = end != RECORD_MISSING && end <= view->last;

	view->left = is_over ? end : RECORD_MISSING;
	view->reason = is_over ? reason : RECORD_MISSING;
}

/* The latest of the person's stays that the month saw; each return ends one and begins the next. */
static bool find_stay(struct view *view)
{
	const struct record *record = view->record;
	int32_t from = record->value[FIELD_transfer_in_date];
	int32_t moved = record->value[FIELD_transfer_out_date];
	int32_t end = record->value[FIELD_exit_date];
	bool is_found = false;

	if (from == RECORD_MISSING)
		from = record->value[FIELD_entry_date];
	for (const struct record_item *item = item_next(record, RECORD_RETURN, NULL); item != NULL;
	     item = item_next(record, RECORD_RETURN, item)) {
		int32_t to = item_value(item, FIELD_returned_from);

		if (is_within(from, to, view)) {
			set_end(to, item_value(item, FIELD_returned_reason), view);
			is_found = true;
		}
		from = item_day(item);
	}
	if (moved != RECORD_MISSING && (end == RECORD_MISSING || moved < end))
		end = moved;
	if (!is_within(from, end, view))
		return is_found;
	set_end(end, record->value[FIELD_exit_reason], view);
	view->is_last_stay = true;
	return true;
}

/* ---- Cells ---- */

static void put_number(struct buf *line, const char *number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%.8s-%.4s", number, number + 8);
	put(line, text);
}

static const char *code_text(const struct view *view, const struct programme_column *column,
			     const char *list_id, int32_t number, char scratch[static 16])
{
	const struct programme_list *list = programme_list(view->programme, list_id);
	const struct programme_code *code =
		list == NULL ? NULL : programme_code(list, (uint16_t)number);

	(void)snprintf(scratch, 16, "%" PRId32, number);
	if (code == NULL)
		return scratch;
	switch (column->as) {
	case AS_LABEL:
		return code->label.sv;
	case AS_ID:
		return code->id;
	case AS_NUMBER:
		break;
	}
	return scratch;
}

static void put_code(const struct view *view, const struct programme_column *column,
		     const char *list_id, int32_t number, struct buf *line)
{
	char scratch[16];

	put_cell(line, code_text(view, column, list_id, number, scratch));
}

static void put_set(const struct view *view, const struct programme_column *column,
		    const char *list_id, int32_t set, struct buf *line)
{
	own(buf_free) struct buf codes = {0};
	char scratch[16];

	for (int32_t number = 1; number <= 31; number++) {
		if (((uint32_t)set >> (number - 1) & 1) == 0)
			continue;
		if (codes.n > 0)
			put(&codes, ", ");
		put(&codes, code_text(view, column, list_id, number, scratch));
	}
	if (buf_text(&codes) != NULL)
		put_cell(line, buf_text(&codes));
}

static void put_date(struct buf *line, int32_t day)
{
	char text[DATE_TEXT_BYTES];

	date_format(day, text);
	put(line, text);
}

static void put_value(const struct view *view, const struct programme_column *column,
		      enum record_field field, int32_t value, struct buf *line)
{
	const struct record_row *row = record_row(field);
	char text[16];

	switch (row->type) {
	case RECORD_CODE:
		put_code(view, column, row->list, value, line);
		break;
	case RECORD_BOOL: /* the list yesno: 1 is no, 2 is yes */
		put_code(view, column, row->list, value + 1, line);
		break;
	case RECORD_SET:
		put_set(view, column, row->list, value, line);
		break;
	case RECORD_DATE:
		put_date(line, value);
		break;
	case RECORD_COUNT:
		(void)snprintf(text, sizeof(text), "%" PRId32, value);
		put(line, text);
		break;
	case RECORD_MUNICIPALITY:
		(void)snprintf(text, sizeof(text), "%04" PRId32, value);
		put(line, text);
		break;
	case RECORD_NUMBER_ID:
	case RECORD_TEXT:
		break;
	}
}

/* What a case system wrote: a spreadsheet must not take it for a formula. */
static void put_foreign(struct buf *line, const char *text)
{
	own(buf_wipe) struct buf quoted = {0};

	if (strchr("=+-@\t", text[0]) != NULL)
		put(&quoted, "'");
	put(&quoted, text);
	if (buf_text(&quoted) != NULL)
		put_cell(line, buf_text(&quoted));
}

static void put_text(const struct view *view, enum record_field field, struct buf *line)
{
	size_t size;
	const char *text =
		record_text((struct record *)(uintptr_t)view->record, field, &size); /* read only */

	if (field == FIELD_person_number)
		put_number(line, text);
	else if (text != NULL && text[0] != '\0')
		put_foreign(line, text);
}

/* What was not yet so at the end of the month is empty. */
static int32_t value_then(const struct view *view, enum record_field field)
{
	int32_t value = view->record->value[field];
	enum record_part part = record_row(field)->part;
	int32_t followed_up = view->record->value[FIELD_followup_date];

	if (field == FIELD_exit_date)
		return view->left;
	if (field == FIELD_exit_reason)
		return view->reason;
	if (part == RECORD_EXIT && (!view->is_last_stay || view->left == RECORD_MISSING))
		return RECORD_MISSING;
	if (part == RECORD_FOLLOWUP && (followed_up == RECORD_MISSING || followed_up > view->last))
		return RECORD_MISSING;
	if (record_row(field)->type == RECORD_DATE && value > view->last)
		return RECORD_MISSING;
	return value;
}

static void add_hours(int32_t hours, int64_t *sum, bool *has)
{
	if (hours == RECORD_MISSING)
		return;
	*sum += hours;
	*has = true;
}

static void put_hours(const struct view *view, struct buf *line)
{
	const struct record *record = view->record;
	const struct record_item *item = NULL;
	int64_t sum = 0;
	bool has = false;
	char text[24];

	while ((item = item_next(record, RECORD_HOURS, item)) != NULL)
		if (item_day(item) >= view->first && item_day(item) <= view->last)
			add_hours(item_value(item, FIELD_hours), &sum, &has);
	while (!has && (item = item_next(record, RECORD_SPELL, item)) != NULL)
		if (is_within(item_day(item), item_value(item, FIELD_spell_end), view))
			sum += item_value(item, FIELD_spell_hours) == RECORD_MISSING
				       ? 0
				       : item_value(item, FIELD_spell_hours);
	if (!has && sum == 0)
		return;
	(void)snprintf(text, sizeof(text), "%" PRId64, sum);
	put(line, text);
}

static void put_column(const struct view *view, const struct programme_column *column,
		       struct buf *line)
{
	enum record_field field;
	int32_t value;

	if (strcmp(column->field, ESF_HOURS) == 0) {
		put_hours(view, line);
		return;
	}
	field = (enum record_field)record_field(column->field);
	if (record_row(field)->type == RECORD_TEXT || record_row(field)->type == RECORD_NUMBER_ID) {
		put_text(view, field, line);
		return;
	}
	value = value_then(view, field);
	if (value != RECORD_MISSING)
		put_value(view, column, field, value, line);
}

bool esf_row_add(const struct programme *programme, const struct programme_export *export,
		 const struct record *record, uint32_t period, struct buf *ret_line)
{
	struct view view = {
		.programme = programme,
		.record = record,
		.first = period_first_day(period),
		.last = period_last_day(period),
	};

	if (record->identity.number[0] == '\0' || !change_keeps_identity(record) ||
	    !record_has_code(record, FIELD_consent, RECORD_CONSENT_GIVEN) || !find_stay(&view))
		return false;
	for (size_t i = 0; i < export->columns_n; i++) {
		if (i > 0)
			put(ret_line, ";");
		put_column(&view, &export->columns[i], ret_line);
	}
	put(ret_line, "\r\n");
	return true;
}
