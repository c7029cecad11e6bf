#include "daemon/site/desk_event.h"

#include "daemon/site/token.h"
#include "lib/own.h"

#include <string.h>

void desk_event_ask(struct desk_case *of, enum life_event event, int32_t day)
{
	desk_ask_event(&of->words, event,
		       desk_ask_is_anonymous(&of->words, &of->after, of->request), day,
		       &of->questions);
}

/* Who is anonymous stays so: nobody can say any more who they are. */
static bool is_keepable(const struct desk_case *of, enum life_event event)
{
	size_t asks_n;

	(void)life_asks(event, &asks_n);
	if (of->after.identity.type != ID_ANONYMOUS)
		return true;
	return (asks_n == 0 || of->questions.n > 0) && event != LIFE_consent;
}

/* Another programme may know no queue, or no hours. */
static bool is_known(const struct desk_case *of, enum life_event event)
{
	enum record_field day = life_row(event)->day;

	return day == FIELD_N || desk_words_has(&of->words, day, of->today);
}

bool desk_event_is_open(struct desk_case *of, enum life_event event)
{
	desk_event_ask(of, event, of->today);
	return is_known(of, event) &&
	       (life_row(event)->follows & (unsigned)desk_case_state(of)) != 0 &&
	       is_keepable(of, event);
}

void desk_event_check(struct desk_case *of, enum life_event event)
{
	enum life_state state = desk_case_state(of);

	if (!is_known(of, event))
		validate_add(&of->findings, "D006", VALIDATE_ERROR, FIELD_N, "");
	else if ((life_row(event)->follows & (unsigned)state) == 0)
		validate_add(&of->findings, "D002", VALIDATE_ERROR, FIELD_N,
			     life_state_name(state));
	else if (!is_keepable(of, event))
		validate_add(&of->findings, "D009", VALIDATE_ERROR, FIELD_N, "");
}

/* ---- effects ---- */

static void refuse(struct desk_case *of, enum record_field field)
{
	validate_add(&of->findings, "D003", VALIDATE_ERROR, field, "");
}

static bool is_meant(const struct desk_case *of, const struct record_item *item,
		     enum record_field field)
{
	return of->after.value[field] == RECORD_MISSING ||
	       of->after.value[field] == item_value(item, field);
}

/* The one open activity, or the one that was named; one that was named whole may have ended, and
 * gets another end. */
static void end_spell(struct desk_case *of)
{
	bool is_named = of->after.value[FIELD_activity] != RECORD_MISSING &&
			of->after.value[FIELD_spell_start] != RECORD_MISSING;
	const struct record_item *found = NULL;
	size_t n = 0;

	for (const struct record_item *item = item_next(&of->after, RECORD_SPELL, NULL);
	     item != NULL; item = item_next(&of->after, RECORD_SPELL, item)) {
		bool is_open = item_value(item, FIELD_spell_end) == RECORD_MISSING;

		if ((!is_open && !is_named) || !is_meant(of, item, FIELD_activity) ||
		    !is_meant(of, item, FIELD_spell_start))
			continue;
		found = item;
		n++;
	}
	if (n != 1) {
		refuse(of, n == 0 ? FIELD_activity : FIELD_spell_start);
		return;
	}
	of->after.value[FIELD_activity] = item_value(found, FIELD_activity);
	of->after.value[FIELD_spell_start] = item_value(found, FIELD_spell_start);
}

/* The last pause that had begun; one with an end gets another. */
static void end_pause(struct desk_case *of)
{
	const struct record_item *found = NULL;

	for (const struct record_item *item = item_next(&of->after, RECORD_PAUSE, NULL);
	     item != NULL; item = item_next(&of->after, RECORD_PAUSE, item))
		if (item_day(item) <= of->after.value[FIELD_pause_end])
			found = item;
	if (found == NULL)
		refuse(of, FIELD_pause_end);
	else
		of->after.value[FIELD_pause_start] = item_day(found);
}

/* The first entry stands; exit and results are renewed (2-domain, Units of count). A return before
 * what it ends is left to the rules. */
static void return_person(struct desk_case *of)
{
	int32_t *value = of->after.value;

	item_come_back(&of->after);
	if (value[FIELD_returned_from] == RECORD_MISSING)
		value[FIELD_returned_from] = value[FIELD_exit_date] != RECORD_MISSING
						     ? value[FIELD_exit_date]
						     : value[FIELD_transfer_out_date];
}

static void hand_over(struct desk_case *of)
{
	if (of->after.token_out[0] == '\0')
		token_new(of->after.token_out);
}

static void give_consent(struct desk_case *of)
{
	of->after.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	of->after.value[FIELD_consent_withdrawn_date] = RECORD_MISSING;
}

static void refuse_consent(struct desk_case *of)
{
	of->after.value[FIELD_consent] = RECORD_CONSENT_REFUSED;
}

static void withdraw_consent(struct desk_case *of)
{
	of->after.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
}

static void protect(struct desk_case *of)
{
	of->after.value[FIELD_protected] = 1;
}

static void misregister(struct desk_case *of)
{
	of->act = ACT_MISREGISTERED;
}

void desk_event_apply(struct desk_case *of, enum life_event event)
{
	static void (*const effects[LIFE_EVENT_N])(struct desk_case * of) = {
		[LIFE_end] = end_spell,
		[LIFE_resume] = end_pause,
		[LIFE_reentry] = return_person,
		[LIFE_transfer_out] = hand_over,
		[LIFE_consent] = give_consent,
		[LIFE_refuse] = refuse_consent,
		[LIFE_withdraw] = withdraw_consent,
		[LIFE_protect] = protect,
		[LIFE_misregister] = misregister,
	};

	if (effects[event] != NULL)
		effects[event](of);
}

bool desk_event_is_correction(const struct desk_case *of)
{
	const struct record *before = &of->person.record;

	for (int field = 0; field < FIELD_N; field++) {
		if (!of->typed.has[field] ||
		    item_is_part(record_row((enum record_field)field)->part))
			continue;
		if (before->value[field] != RECORD_MISSING &&
		    before->value[field] != of->after.value[field])
			return true;
	}
	return before->identity.number[0] != '\0' &&
	       strcmp(before->identity.number, of->after.identity.number) != 0;
}
