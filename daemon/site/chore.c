#include "daemon/site/chore.h"

#include "daemon/site/item.h"
#include "daemon/site/store.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/period.h"
#include "proto/sheet.h"

#include <errno.h>
#include <string.h>

#define EARLY_MONTHS 1 /* V033: a follow-up may come so much sooner */
#define SLICE 256

static const struct chore_row rows[CHORE_N] = {
	[CHORE_OUTCOME] = {"outcome", N_("exits without outcome"), N_("mia person event %1 exit")},
	[CHORE_FOLLOWUP] = {"followup", N_("follow-ups due"), N_("mia person event %1 followup")},
	[CHORE_HOURS] = {"hours", N_("months without hours"), N_("mia person event %1 hours")},
	[CHORE_OPEN] = {"open_activity", N_("activities open after the exit"),
			N_("mia person event %1 end")},
	[CHORE_LONG] = {"long", N_("active for very long"), N_("mia person show %1")},
	[CHORE_QUEUE] = {"queue", N_("very long in the queue"), N_("mia person show %1")},
	[CHORE_INCOMPLETE] = {"incomplete", N_("not complete for the indicators"),
			      N_("mia person correct %1")},
};

const struct chore_row *chore_row(enum chore chore)
{
	return &rows[chore];
}

int chore_context_make(const struct programme *programme, const struct programme_site *site,
		       int32_t today, struct chore_context *ret_context, struct fault *fault)
{
	int error = demands_new(programme, &ret_context->demands, fault);

	if (error != 0)
		return error;
	ret_context->rules = (struct validate_context){
		.programme = programme,
		.site = site,
		.demands = ret_context->demands,
		.today = today,
	};
	return 0;
}

void chore_context_free(struct chore_context *context)
{
	demands_free(&context->demands);
}

/* ---- each chore ---- */

static bool is_given(const struct record *record, enum record_field field)
{
	return record->value[field] != RECORD_MISSING;
}

static bool has_reason(const struct chore_context *context, const struct record *record,
		       enum rules_code reason)
{
	uint16_t number = demands_plan(context->demands)->number[reason];

	return number != 0 && record_has_code(record, FIELD_exit_reason, number);
}

static int32_t followup_due(const struct chore_context *context, const struct record *record)
{
	int months = (int)context->rules.programme->policy.followup_months;
	int32_t exit = record->value[FIELD_exit_date];

	if (months == 0 || exit == RECORD_MISSING || is_given(record, FIELD_followup_date) ||
	    has_reason(context, record, RULES_DECEASED) ||
	    date_add_months(exit, months - EARLY_MONTHS) > context->rules.today)
		return RECORD_MISSING;
	return date_add_months(exit, months);
}

static int32_t end_of(const struct record *record)
{
	return is_given(record, FIELD_exit_date) ? record->value[FIELD_exit_date]
						 : record->value[FIELD_transfer_out_date];
}

static int32_t open_due(const struct record *record)
{
	int32_t end = end_of(record);

	for (const struct record_item *item = item_next(record, RECORD_SPELL, NULL);
	     end != RECORD_MISSING && item != NULL; item = item_next(record, RECORD_SPELL, item))
		if (item_value(item, FIELD_spell_end) == RECORD_MISSING)
			return end;
	return RECORD_MISSING;
}

static int32_t queue_due(const struct chore_context *context, const struct record *record)
{
	int32_t queued = record->value[FIELD_queued_date];
	int32_t days = (int32_t)context->rules.programme->policy.queue_days;

	if (days == 0 || queued == RECORD_MISSING || is_given(record, FIELD_declined_date) ||
	    is_given(record, FIELD_mapping_date) || is_given(record, FIELD_entry_date) ||
	    queued + days > context->rules.today)
		return RECORD_MISSING;
	return queued + days;
}

/* The first month that is over, after the first whose hours are kept, in which the person took part
 * and whose hours are not there. */
static int32_t hours_due(const struct chore_context *context, const struct record *record)
{
	const struct record_item *item = item_next(record, RECORD_HOURS, NULL);
	int32_t end = end_of(record);
	uint32_t last = period_of_day(context->rules.today) - 1;
	uint32_t wanted;

	if (item == NULL || record->identity.type == ID_ANONYMOUS)
		return RECORD_MISSING;
	if (end != RECORD_MISSING && period_of_day(end) < last)
		last = period_of_day(end);
	for (wanted = period_of_day(item_day(item)); item != NULL; wanted++) {
		if (period_of_day(item_day(item)) > wanted)
			break;
		item = item_next(record, RECORD_HOURS, item);
	}
	return wanted > last ? RECORD_MISSING
			     : period_last_day(wanted) +
				       (int32_t)context->rules.programme->policy.cutoff_days;
}

static int32_t active_due(const struct chore_context *context, const struct record *record)
{
	int32_t since = record->value[FIELD_entry_date];

	for (const struct record_item *item = item_next(record, RECORD_RETURN, NULL); item != NULL;
	     item = item_next(record, RECORD_RETURN, item))
		since = item_day(item);
	return since == RECORD_MISSING
		       ? RECORD_MISSING
		       : date_add_months(since,
					 (int)context->rules.programme->policy.active_months);
}

/* What the rules say of the record is a chore too. */
static void add_rules(const struct chore_context *context, const struct record *record,
		      int32_t dues[static CHORE_N])
{
	struct validate_result result;

	validate_record(record, &context->rules, &result);
	for (size_t i = 0; i < result.findings_n; i++) {
		const char *code = result.findings[i].code;

		if (strcmp(code, "V027") == 0)
			dues[CHORE_OUTCOME] =
				record->value[FIELD_exit_date] +
				(int32_t)context->rules.programme->policy.outcome_days;
		else if (strcmp(code, "V039") == 0)
			dues[CHORE_LONG] = active_due(context, record);
		else if (strcmp(code, "V041") == 0)
			dues[CHORE_INCOMPLETE] = CHORE_NO_DAY;
	}
}

void chore_dues(const struct chore_context *context, const struct store_person *person,
		int32_t ret_dues[static CHORE_N])
{
	const struct record *record = &person->record;

	for (int i = 0; i < CHORE_N; i++)
		ret_dues[i] = RECORD_MISSING;
	if (person->is_answer || person->is_misregistered ||
	    record->identity.type == ID_ANONYMOUS ||
	    has_reason(context, record, RULES_MISREGISTERED))
		return;
	ret_dues[CHORE_FOLLOWUP] = followup_due(context, record);
	ret_dues[CHORE_HOURS] = hours_due(context, record);
	ret_dues[CHORE_OPEN] = open_due(record);
	ret_dues[CHORE_QUEUE] = queue_due(context, record);
	add_rules(context, record, ret_dues);
}

/* ---- all at once ---- */

struct tally_of {
	const struct chore_context *context;
	uint64_t counts[CHORE_N];
};

static int count_person(void *context, const struct store_person *person)
{
	struct tally_of *tally = context;
	int32_t dues[CHORE_N];

	chore_dues(tally->context, person, dues);
	for (int i = 0; i < CHORE_N; i++)
		tally->counts[i] += dues[i] != RECORD_MISSING;
	return 0;
}

int chore_count(struct store *store, const struct chore_context *context,
		uint64_t ret_counts[static CHORE_N])
{
	struct tally_of tally = {.context = context};
	uint64_t after = 0;
	bool is_done = false;
	int error = 0;

	if (store_persons(store) > CHORE_PERSONS_MAX)
		return fail(-EFBIG);
	while (error == 0 && !is_done)
		error = store_scan(store, &after, SLICE, count_person, &tally, &is_done);
	if (error == 0)
		memcpy(ret_counts, tally.counts, sizeof(tally.counts));
	return error;
}
