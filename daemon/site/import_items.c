#include "daemon/site/import_items.h"

#include "daemon/site/change.h"

#include <string.h>

void import_items_clear(struct import_items *items)
{
	*items = (struct import_items){0};
	record_clear(&items->whole);
	record_clear(&items->tried);
}

void import_items_wipe(struct import_items *items)
{
	explicit_bzero(items, sizeof(*items));
	import_items_clear(items);
}

bool import_items_is_next(const struct import_items *items, const struct record *record)
{
	struct lookup lookups[LOOKUPS_MAX];

	return items->is_open &&
	       (lookup_is_same(&items->who, record) || lookup_all(record, lookups) == 0);
}

void import_items_open(struct import_items *items, const struct import_judge *judge,
		       const struct record *record)
{
	struct validate_context rules = judge->rules;

	import_items_wipe(items);
	items->is_open = true;
	lookup_copy(record, &items->who);
	items->verdict = import_person_find(judge, record, &items->whole);
	rules.known = &items->whole;
	if (items->verdict == LOOKUP_SOMEBODY)
		validate_record(&items->whole, &rules, &items->before);
}

/* The values of the file's columns, and what they make of the record. */
static void try_row(const struct import_items *items, const struct import_judge *judge,
		    const struct import_read *read, struct record *ret_tried)
{
	enum record_part part = record_row(import_form_day(judge->columns->form))->part;

	record_copy(&items->whole, ret_tried);
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == part)
			ret_tried->value[field] = read->record->value[field];
	item_come_back(ret_tried);
	if (item_settle(ret_tried, part) < 0)
		validate_add(read->findings, "I037", VALIDATE_ERROR,
			     import_form_day(judge->columns->form), "");
}

static bool has(const struct validate_result *result, const struct validate_finding *sought)
{
	for (size_t i = 0; i < result->findings_n; i++) {
		const struct validate_finding *finding = &result->findings[i];

		if (finding->field == sought->field && strcmp(finding->code, sought->code) == 0 &&
		    strcmp(finding->detail, sought->detail) == 0)
			return true;
	}
	return false;
}

static void tell_new(const struct validate_result *before, const struct validate_result *after,
		     struct validate_result *ret_new)
{
	for (size_t i = 0; i < after->findings_n; i++) {
		const struct validate_finding *finding = &after->findings[i];

		if (!has(before, finding))
			validate_add(ret_new, finding->code, finding->severity, finding->field,
				     finding->detail);
	}
}

void import_items_judge(struct import_items *items, const struct import_judge *judge,
			const struct import_read *read, struct validate_result *ret_result)
{
	struct validate_context rules = judge->rules;
	struct validate_result after;

	if (items->verdict != LOOKUP_SOMEBODY)
		import_person_refuse(judge, items->verdict, read->findings);
	else if (!change_keeps_identity(&items->whole)) /* of the anonymous nothing more is kept */
		validate_add(read->findings, "V004", VALIDATE_ERROR,
			     import_form_day(judge->columns->form), "");
	if (read->findings->has_error)
		return;
	try_row(items, judge, read, &items->tried);
	rules.known = &items->whole;
	validate_record(&items->tried, &rules, &after);
	tell_new(&items->before, &after, ret_result);
	if (ret_result->has_error || read->findings->has_error)
		return;
	record_copy(&items->tried, &items->whole);
	items->before = after;
	items->is_good = true;
}
