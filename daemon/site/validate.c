#include "daemon/site/validate.h"

#include "daemon/site/item.h"
#include "daemon/site/rules_answer.h"
#include "daemon/site/rules_exit.h"
#include "daemon/site/rules_known.h"
#include "daemon/site/rules_participation.h"
#include "daemon/site/rules_spell.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <string.h>

#define GENERAL "V090" /* a demand that has no code of its own */

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

static bool is_about_part(const struct rules_row *row, enum record_part part)
{
	return row->field == FIELD_N || record_row(row->field)->part == part;
}

/* Each of the person's items, told as a row of a file would tell it. */
static void ask_items(const struct rules_row *rows, size_t n, const struct rules_case *of,
		      struct validate_result *result)
{
	struct rules_case about = *of;
	struct record told;

	if (of->record->items_n == 0)
		return;
	record_copy(of->record, &told);
	about.record = &told;
	for (size_t i = 0; i < of->record->items_n; i++) {
		about.part = of->record->items[i].part;
		item_tell(&of->record->items[i], &told);
		for (size_t j = 0; j < n; j++)
			if (is_about_part(&rows[j], about.part))
				ask_row(&rows[j], &about, result);
	}
	record_wipe(&told);
}

static void ask(rules_set *set, const struct rules_case *of, struct validate_result *result)
{
	size_t n;
	const struct rules_row *rows = set(&n);

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

/* ---- what this programme demands ---- */

static enum validate_severity severity_of_demand(enum programme_severity severity)
{
	switch (severity) {
	case SEVERITY_INFORM:
		return VALIDATE_INFORM;
	case SEVERITY_WARN:
		return VALIDATE_WARN;
	case SEVERITY_ERROR:
		break;
	}
	return VALIDATE_ERROR;
}

/* Under a code of its own a rule needs no name. */
static const char *detail_of(const struct programme_demand *demand)
{
	return strcmp(demand->code, GENERAL) == 0 ? demand->id : "";
}

static void ask_demands(const struct demands *demands, const struct record *record, int32_t today,
			struct validate_result *result)
{
	struct demands_breach breach;

	for (size_t i = 0; i < demands_n(demands); i++)
		if (demands_is_broken(demands, i, record, today, &breach))
			validate_add(result, breach.demand->code,
				     severity_of_demand(breach.demand->severity), breach.field,
				     detail_of(breach.demand));
}

/* Asks sets[n]; of the anonymous, and of what was registered by mistake, the first alone. Whether
 * all of them were asked. */
static bool ask_sets(rules_set *const sets[], size_t n, const struct rules_case *of,
		     struct validate_result *result)
{
	bool is_little = n > 1 && (of->record->identity.type == ID_ANONYMOUS ||
				   rules_has(of, FIELD_exit_reason, RULES_MISREGISTERED));

	for (size_t i = 0; i < (is_little ? 1 : n); i++)
		ask(sets[i], of, result);
	return !is_little;
}

static void judge(rules_set *const sets[], size_t n, const struct record *record,
		  const struct validate_context *context, struct validate_result *ret_result)
{
	own(demands_free) struct demands *made = NULL;
	const struct demands *demands = context->demands;
	struct rules_case of = {
		.programme = context->programme,
		.site = context->site,
		.today = context->today,
		.record = record,
		.known = context->known,
		.age = age_at_entry(record),
		.is_new = context->is_new,
		.is_correction = context->is_correction,
		.part = RECORD_PART_N,
	};
	struct fault fault;

	ret_result->findings_n = 0;
	ret_result->has_error = false;
	if (demands == NULL && demands_new(context->programme, &made, &fault) != 0) {
		validate_add(ret_result, "X006", VALIDATE_ERROR, FIELD_N, "");
		return;
	}
	demands = demands != NULL ? demands : made;
	of.plan = demands_plan(demands);
	/* What is demanded is of persons: of the one set that others have, nothing. */
	if (ask_sets(sets, n, &of, ret_result) && n > 1)
		ask_demands(demands, record, context->today, ret_result);
}

void validate_record(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result)
{
	static rules_set *const sets[] = {rules_of_everyone, rules_of_participation, rules_of_spell,
					  rules_of_known, rules_of_exit};

	judge(sets, array_n(sets), record, context, ret_result);
}

void validate_answer(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result)
{
	static rules_set *const set = rules_of_answer;

	judge(&set, 1, record, context, ret_result);
}

void validate_deviation(const struct record *record, const struct validate_context *context,
			struct validate_result *ret_result)
{
	static rules_set *const set = rules_of_deviation;

	judge(&set, 1, record, context, ret_result);
}

static bool is_deviation(const struct record *record)
{
	return record->value[FIELD_deviation] != RECORD_MISSING ||
	       record->value[FIELD_deviation_date] != RECORD_MISSING;
}

void validate_stored(const struct record *record, bool is_answer,
		     const struct validate_context *context, struct validate_result *ret_result)
{
	if (!is_answer)
		validate_record(record, context, ret_result);
	else if (is_deviation(record))
		validate_deviation(record, context, ret_result);
	else
		validate_answer(record, context, ret_result);
}

/* ---- words ---- */

const char *validate_severity_id(enum validate_severity severity)
{
	static const char *const ids[] = {
		[VALIDATE_INFORM] = "note",
		[VALIDATE_WARN] = "warning",
		[VALIDATE_ERROR] = "error",
	};

	return ids[severity];
}

const char *validate_severity_word(enum validate_severity severity)
{
	static const char *const words[] = {
		[VALIDATE_INFORM] = N_("note"),
		[VALIDATE_WARN] = N_("warning"),
		[VALIDATE_ERROR] = N_("error"),
	};

	return words[severity];
}

const char *validate_field_label(const struct programme *programme, enum record_field field,
				 enum programme_language language)
{
	if (field == FIELD_N)
		return NULL;
	for (size_t i = 0; i < programme->fields_n; i++)
		if (strcmp(programme->fields[i].id, record_row(field)->id) == 0)
			return programme_text(programme->fields[i].label, language);
	return record_row(field)->id;
}
