/*
 * The import asked row by row: mia-import-check PROGRAMME SITE < LIST > ROWS. A line of LIST is a
 * day, an order of dates (dmy, mdy or -) and a file, "2017-07-05 - hbs/01-participants.csv", in the
 * order in which one site imports them. A row gives one line of JSON: {"file", "line", "errors":
 * [codes, the first first]}, and when there are none "act" (new, changed, unchanged) and "record":
 * {field: value}, dates as ISO text and codes as ids. Who was accepted is known to the files after;
 * nothing is stored.
 */
#include "daemon/site/change.h"
#include "daemon/site/import.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define PROGRAMME_BYTES_MAX (1 << 20)

/* Somebody accepted, and in which file last. */
struct someone {
	struct record record;
	size_t file;
};

struct check {
	struct programme *programme;
	const struct programme_site *site;
	const char *name; /* of the file being read */
	size_t file; /* its number, from 1 */
	struct someone *someones;
	size_t n, capacity;
};

static void check_free(struct check *check)
{
	programme_free(&check->programme);
	free(check->someones);
}

/* As the store finds somebody: by any identity; a token of a transfer is none. */
static bool is_person(const struct record *one, const struct record *other)
{
	struct lookup a[LOOKUPS_MAX], b[LOOKUPS_MAX];
	size_t a_n = lookup_all(one, a), b_n = lookup_all(other, b);

	for (size_t i = 0; i < a_n; i++)
		for (size_t j = 0; j < b_n; j++)
			if (a[i].kind != LOOKUP_TOKEN && a[i].kind == b[j].kind &&
			    strcmp(a[i].text, b[j].text) == 0)
				return true;
	return false;
}

static struct someone *find(struct check *check, const struct record *record)
{
	for (size_t i = 0; i < check->n; i++)
		if (is_person(&check->someones[i].record, record))
			return &check->someones[i];
	return NULL;
}

static enum lookup_verdict know(void *context, const struct record *record,
				struct record *ret_known)
{
	const struct someone *someone = find(context, record);

	if (someone != NULL)
		*ret_known = someone->record;
	return someone != NULL ? LOOKUP_SOMEBODY : LOOKUP_NOBODY;
}

/* Room for one more: false without memory. */
static bool reserve(struct check *check)
{
	size_t capacity = check->capacity == 0 ? 1024 : check->capacity * 2;
	struct someone *grown;

	if (check->n < check->capacity)
		return true;
	grown = reallocarray(check->someones, capacity, sizeof(*check->someones));
	if (grown == NULL)
		return false;
	check->someones = grown;
	check->capacity = capacity;
	return true;
}

/* As the store does: says what the row is to it, or refuses the same person twice in a file. */
static int accept(struct check *check, const struct record *record, struct validate_result *result,
		  const char **ret_act)
{
	struct someone *someone = find(check, record);

	if (someone != NULL && someone->file == check->file) {
		validate_add(result, "I036", VALIDATE_ERROR, FIELD_N, "");
		return 0;
	}
	if (someone != NULL) {
		*ret_act = change_differs(&someone->record, record) ? "changed" : "unchanged";
	} else {
		if (!reserve(check))
			return fail(-ENOMEM);
		*ret_act = "new";
		someone = &check->someones[check->n++];
	}
	*someone = (struct someone){.record = *record, .file = check->file};
	return 0;
}

/* ---- A row as JSON ---- */

static json_t *code_of(const struct programme *programme, const char *list_id, int32_t number)
{
	const struct programme_list *list = programme_list(programme, list_id);
	const struct programme_code *code =
		list == NULL ? NULL : programme_code(list, (uint16_t)number);

	return code == NULL ? json_null() : json_string(code->id);
}

static json_t *set_of(const struct programme *programme, const char *list_id, int32_t set)
{
	json_t *codes = json_array();

	for (int bit = 0; bit < 31; bit++)
		if (((uint32_t)set >> bit & 1) != 0)
			(void)json_array_append_new(codes, code_of(programme, list_id, bit + 1));
	return codes;
}

static json_t *value_of(const struct programme *programme, const struct record_row *row,
			int32_t value)
{
	char text[DATE_TEXT_BYTES];

	if (value == RECORD_MISSING)
		return json_null();
	switch (row->type) {
	case RECORD_DATE:
		date_format(value, text);
		return json_string(text);
	case RECORD_CODE:
		return code_of(programme, row->list, value);
	case RECORD_SET:
		return set_of(programme, row->list, value);
	case RECORD_BOOL:
		return json_boolean(value == 1);
	case RECORD_MUNICIPALITY:
		return json_sprintf("%04d", value);
	case RECORD_COUNT:
	case RECORD_TEXT:
	case RECORD_NUMBER_ID:
		break;
	}
	return json_integer(value);
}

/* The fields of a part that many items have, of one of them. */
static json_t *item_of(const struct programme *programme, const struct record_item *item)
{
	json_t *values = json_object();

	for (int field = 0; field < FIELD_N; field++) {
		const struct record_row *row = record_row((enum record_field)field);

		if (row->part == item->part)
			(void)json_object_set_new(values, row->id,
						  value_of(programme, row,
							   item_value(item,
								      (enum record_field)field)));
	}
	return values;
}

/* {part: [items]} of the parts that have any. */
static json_t *items_of(const struct programme *programme, const struct record *record)
{
	static const char *const names[RECORD_PART_N] = {
		[RECORD_SPELL] = "spell",
		[RECORD_HOURS] = "hours",
		[RECORD_PAUSE] = "pause",
		[RECORD_RETURN] = "return",
	};
	json_t *parts = json_object();

	for (int part = 0; part < RECORD_PART_N; part++) {
		const struct record_item *item = NULL;
		json_t *items = json_array();

		if (item_is_part((enum record_part)part))
			item = item_next(record, (enum record_part)part, NULL);
		for (; item != NULL; item = item_next(record, (enum record_part)part, item))
			(void)json_array_append_new(items, item_of(programme, item));
		if (json_array_size(items) > 0)
			(void)json_object_set(parts, names[part], items);
		json_decref(items);
	}
	return parts;
}

static json_t *record_of(const struct programme *programme, const struct record *record)
{
	json_t *values = json_object();

	for (int field = 0; field < FIELD_N; field++) {
		const struct record_row *row = record_row((enum record_field)field);

		if (row->type != RECORD_TEXT && row->type != RECORD_NUMBER_ID &&
		    !item_is_part(row->part))
			(void)json_object_set_new(values, row->id,
						  value_of(programme, row, record->value[field]));
	}
	(void)json_object_set_new(values, "items", items_of(programme, record));
	return values;
}

static json_t *errors_of(const struct validate_result *result)
{
	json_t *errors = json_array();

	for (size_t i = 0; i < result->findings_n; i++)
		if (result->findings[i].severity == VALIDATE_ERROR)
			(void)json_array_append_new(errors, json_string(result->findings[i].code));
	return errors;
}

static int print_row(void *context, struct import_row *row)
{
	struct check *check = context;
	const char *act = NULL;
	json_t *line;
	int error = 0;

	if (row->is_whole)
		error = accept(check, row->record, row->result, &act);
	if (error != 0)
		return error;
	line = json_pack("{s:s, s:I, s:o}", "file", check->name, "line", (json_int_t)row->line,
			 "errors", errors_of(row->result));
	if (act != NULL) {
		(void)json_object_set_new(line, "act", json_string(act));
		(void)json_object_set_new(line, "record", record_of(check->programme, row->record));
	}
	error = json_dumpf(line, stdout, JSON_COMPACT);
	(void)putchar('\n');
	json_decref(line);
	return error == 0 ? 0 : fail(-EIO);
}

/* ---- Files ---- */

static enum date_order order_of(const char *text)
{
	if (strcmp(text, "dmy") == 0)
		return DATE_ORDER_DMY;
	return strcmp(text, "mdy") == 0 ? DATE_ORDER_MDY : DATE_ORDER_REFUSED;
}

static int feed(struct check *check, const struct import_settings *settings,
		const struct buf *bytes)
{
	own(import_free) struct import *import = NULL;
	struct fault fault = {0};
	int error = import_new(settings, print_row, know, check, &import);

	if (error == 0)
		error = import_feed(import, bytes->data, bytes->n, &fault);
	if (error == 0)
		error = import_end(import, &fault);
	if (error != 0)
		(void)fprintf(stderr, "mia-import-check: %s: %s %s %s\n", check->name, fault.code,
			      fault.reason, strerror(-error));
	return error;
}

/* One line of the list. */
static int import_file(struct check *check, const char *day, const char *order, const char *name)
{
	own(buf_free) struct buf bytes = {0};
	struct import_settings settings = {
		.programme = check->programme,
		.site = check->site,
		.dates = order_of(order),
	};
	int error = date_parse_iso(day, &settings.today);

	if (error == 0)
		error = file_read(name, IMPORT_BYTES_MAX, &bytes);
	if (error != 0) {
		(void)fprintf(stderr, "mia-import-check: %s: %s\n", name, strerror(-error));
		return error;
	}
	settings.bytes = bytes.n;
	check->name = name;
	check->file++;
	return feed(check, &settings, &bytes);
}

static int start(struct check *check, const char *programme, const char *site)
{
	own(buf_free) struct buf bytes = {0};
	struct fault fault = {0};
	int error = file_read(programme, PROGRAMME_BYTES_MAX, &bytes);
	int index;

	if (error == 0)
		error = programme_read(programme, bytes.data, bytes.n, &check->programme, &fault);
	if (error != 0)
		return error;
	index = programme_site_index(check->programme, site);
	if (index < 0)
		return fail(-ENOENT);
	check->site = &check->programme->sites[index];
	return 0;
}

int main(int argc, char *argv[])
{
	own(check_free) struct check check = {0};
	char day[16], order[8], name[1024];
	int error;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: mia-import-check PROGRAMME SITE < LIST\n");
		return 2;
	}
	error = start(&check, argv[1], argv[2]);
	if (error != 0)
		(void)fprintf(stderr, "mia-import-check: %s\n", strerror(-error));
	while (error == 0 && scanf("%15s %7s %1023s", day, order, name) == 3)
		error = import_file(&check, day, order, name);
	return error == 0 ? 0 : 1;
}
