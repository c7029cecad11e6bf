#include "daemon/site/life.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/sheet.h"

#include <assert.h>
#include <string.h>

#define WORD_BYTES 64

static const struct life_row rows[LIFE_EVENT_N] = {
#define EVENT(id, word_, alias_, sentence_, day_, follows_)                                        \
	[LIFE_##id] = {.word = (word_),                                                            \
		       .alias = (alias_),                                                          \
		       .sentence = (sentence_),                                                    \
		       .day = (day_),                                                              \
		       .follows = (follows_)},
#include "daemon/site/life.def"
};

static const struct life_ask asks[] = {
#define ASK(event, field, need, hint) {LIFE_##event, field, LIFE_##need, hint},
#include "daemon/site/life.def"
};

static const struct {
	enum life_state state;
	const char *id, *name;
} states[] = {
	{LIFE_NEW, "new", N_("nothing recorded")},
	{LIFE_INTEREST, "interest", N_("interested")},
	{LIFE_QUEUED, "queued", N_("in the queue")},
	{LIFE_DECLINED, "declined", N_("declined")},
	{LIFE_MAPPED, "mapped", N_("being mapped")},
	{LIFE_ACTIVE, "active", N_("active")},
	{LIFE_PAUSED, "paused", N_("paused")},
	{LIFE_LEFT, "left", N_("left")},
	{LIFE_TRANSFERRED, "transferred", N_("moved to another association")},
	{LIFE_MISREGISTERED, "misregistered", N_("misregistered")},
};

const struct life_row *life_row(enum life_event event)
{
	assert((unsigned)event < LIFE_EVENT_N);
	return &rows[event];
}

/* Whether word is one of a comma separated list. */
static bool is_among(const char *word, const char *list)
{
	if (word[0] == '\0')
		return false;
	while (*list != '\0') {
		char one[WORD_BYTES];
		size_t n = strcspn(list, ",");

		if (n < sizeof(one)) {
			memcpy(one, list, n);
			one[n] = '\0';
			if (text_same_word(word, one))
				return true;
		}
		list += n + strspn(list + n, ",");
	}
	return false;
}

int life_find(const char *word)
{
	for (int event = 0; event < LIFE_EVENT_N; event++)
		if (is_among(word, rows[event].word) || is_among(word, rows[event].alias))
			return event;
	return -1;
}

const struct life_ask *life_asks(enum life_event event, size_t *ret_n)
{
	size_t first = 0;
	size_t end;

	while (first < array_n(asks) && asks[first].event != event)
		first++;
	end = first;
	while (end < array_n(asks) && asks[end].event == event)
		end++;
	*ret_n = end - first;
	return &asks[first];
}

/* ---- state ---- */

static bool has_come(const struct record *record, enum record_field field, int32_t today)
{
	return record->value[field] != RECORD_MISSING && record->value[field] <= today;
}

static bool is_misregistered(const struct programme *programme, const struct record *record)
{
	const struct programme_list *list =
		programme_list(programme, record_row(FIELD_exit_reason)->list);

	for (size_t i = 0; list != NULL && i < list->codes_n; i++)
		if (strcmp(list->codes[i].id, "misregistered") == 0)
			return record_has_code(record, FIELD_exit_reason, list->codes[i].number);
	return false;
}

/* The day of the last return, 0 when there was none. */
static int32_t last_return(const struct record *record, int32_t today)
{
	int32_t last = 0;

	for (const struct record_item *item = item_next(record, RECORD_RETURN, NULL); item != NULL;
	     item = item_next(record, RECORD_RETURN, item))
		if (item_day(item) <= today && item_day(item) > last)
			last = item_day(item);
	return last;
}

/* Who left during a pause and came back is not in it any more. */
static bool is_paused(const struct record *record, int32_t today)
{
	int32_t back = last_return(record, today);

	for (const struct record_item *item = item_next(record, RECORD_PAUSE, NULL); item != NULL;
	     item = item_next(record, RECORD_PAUSE, item)) {
		int32_t end = item_value(item, FIELD_pause_end);

		if (item_day(item) >= back && item_day(item) <= today &&
		    (end == RECORD_MISSING || end >= today))
			return true;
	}
	return false;
}

/* Before the entry the latest of what was done counts. */
static enum life_state state_before_entry(const struct record *record, int32_t today)
{
	static const struct {
		enum record_field field;
		enum life_state state;
	} steps[] = {
		{FIELD_interest_date, LIFE_INTEREST},
		{FIELD_queued_date, LIFE_QUEUED},
		{FIELD_mapping_date, LIFE_MAPPED},
		{FIELD_declined_date, LIFE_DECLINED},
	};
	enum life_state state = LIFE_NEW;
	int32_t day = INT32_MIN;

	for (size_t i = 0; i < array_n(steps); i++) {
		if (!has_come(record, steps[i].field, today) || record->value[steps[i].field] < day)
			continue;
		state = steps[i].state;
		day = record->value[steps[i].field];
	}
	return state;
}

enum life_state life_state(const struct programme *programme, const struct record *record,
			   int32_t today)
{
	if (is_misregistered(programme, record))
		return LIFE_MISREGISTERED;
	if (has_come(record, FIELD_transfer_out_date, today))
		return LIFE_TRANSFERRED;
	if (has_come(record, FIELD_exit_date, today))
		return LIFE_LEFT;
	if (!has_come(record, FIELD_entry_date, today) &&
	    !has_come(record, FIELD_transfer_in_date, today))
		return state_before_entry(record, today);
	return is_paused(record, today) ? LIFE_PAUSED : LIFE_ACTIVE;
}

const char *life_state_id(enum life_state state)
{
	for (size_t i = 0; i < array_n(states); i++)
		if (states[i].state == state)
			return states[i].id;
	return "";
}

const char *life_state_name(enum life_state state)
{
	for (size_t i = 0; i < array_n(states); i++)
		if (states[i].state == state)
			return states[i].name;
	return "";
}
