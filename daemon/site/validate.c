#include "daemon/site/validate.h"

#include "daemon/site/item.h"
#include "daemon/site/rules.h"
#include "daemon/site/rules_exit.h"
#include "daemon/site/rules_participation.h"
#include "lib/date.h"
#include "lib/text.h"

#include <string.h>

static enum validate_severity severity_of(char letter)
{
	if (letter == 'E')
		return VALIDATE_ERROR;
	return letter == 'W' ? VALIDATE_WARN : VALIDATE_INFORM;
}

/* Where a finding goes: behind the others, or in the place of one less grave when all are taken. */
static struct validate_finding *place_for(struct validate_result *result,
					  enum validate_severity severity)
{
	if (result->findings_n < VALIDATE_FINDINGS_MAX)
		return &result->findings[result->findings_n++];
	for (size_t i = VALIDATE_FINDINGS_MAX; i-- > 0;)
		if (result->findings[i].severity < severity)
			return &result->findings[i];
	return NULL;
}

void validate_add(struct validate_result *result, const char *code, enum validate_severity severity,
		  enum record_field field, const char *detail)
{
	struct validate_finding *finding = place_for(result, severity);

	result->has_error = result->has_error || severity == VALIDATE_ERROR;
	if (finding == NULL)
		return;
	text_copy(finding->code, sizeof(finding->code), code);
	finding->severity = severity;
	finding->field = field;
	text_copy(finding->detail, sizeof(finding->detail), detail);
}

static void ask_row(const struct rules_row *row, const struct rules_case *of,
		    struct validate_result *result)
{
	enum record_field field = row->field;
	char detail[RULES_DETAIL_BYTES] = "";

	if (row->is_broken(of, &field, detail))
		validate_add(result, row->code, severity_of(row->severity), field, detail);
}

/* Rules about an item's field ask each of the person's items, told as a row would tell it. */
static void ask_items(const struct rules_row *rows, size_t n, const struct rules_case *of,
		      struct validate_result *result)
{
	struct rules_case about = *of;
	struct record told;

	if (of->record->items_n == 0)
		return;
	for (size_t i = 0; i < of->record->items_n; i++) {
		const struct record_item *item = &of->record->items[i];

		record_copy(of->record, &told);
		item_tell(item, &told);
		about.record = &told;
		for (size_t j = 0; j < n; j++)
			if (record_row(rows[j].field)->part == item->part)
				ask_row(&rows[j], &about, result);
	}
	record_wipe(&told);
}

static void ask(const struct rules_row *rows, size_t n, const struct rules_case *of,
		struct validate_result *result)
{
	for (size_t i = 0; i < n; i++)
		ask_row(&rows[i], of, result);
	ask_items(rows, n, of, result);
}

static int age_at_entry(const struct record *record)
{
	int32_t birth = record->value[FIELD_birth_date];
	int32_t entry = record->value[FIELD_entry_date];

	if (birth == RECORD_MISSING || entry == RECORD_MISSING || birth > entry)
		return -1;
	return date_age(birth, entry);
}

static struct rules_case case_of(const struct record *record,
				 const struct validate_context *context)
{
	return (struct rules_case){
		.programme = context->programme,
		.site = context->site,
		.today = context->today,
		.record = record,
		.known = context->known,
		.age = age_at_entry(record),
	};
}

static void begin(struct validate_result *ret_result)
{
	ret_result->findings_n = 0;
	ret_result->has_error = false;
}

void validate_record(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result)
{
	struct rules_case of = case_of(record, context);
	const struct rules_row *rows;
	size_t n;

	begin(ret_result);
	rows = rules_of_everyone(&n);
	ask(rows, n, &of, ret_result);
	if (record->identity.type == ID_ANONYMOUS ||
	    rules_has(&of, FIELD_exit_reason, "misregistered"))
		return;
	rows = rules_of_participation(&n);
	ask(rows, n, &of, ret_result);
	rows = rules_of_exit(&n);
	ask(rows, n, &of, ret_result);
}

void validate_answer(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result)
{
	struct rules_case of = case_of(record, context);
	const struct rules_row *rows;
	size_t n;

	begin(ret_result);
	rows = rules_of_answer(&n);
	ask(rows, n, &of, ret_result);
}
