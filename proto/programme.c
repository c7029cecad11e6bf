#include "proto/programme.h"

#include "lib/buf.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/arena.h"
#include "proto/period.h"

#include <string.h>

void programme_free(struct programme **programme)
{
	struct arena *arena;

	if (*programme == NULL)
		return;
	/* The programme itself lies in the arena it owns. */
	arena = (*programme)->memory;
	*programme = NULL;
	arena_free(&arena);
}

int programme_site_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->sites_n; i++)
		if (strcmp(programme->sites[i].id, id) == 0)
			return (int)i;
	return -1;
}

int programme_measure_index(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->measures_n; i++)
		if (strcmp(programme->measures[i].id, id) == 0)
			return (int)i;
	return -1;
}

int programme_measure_by_number(const struct programme *programme, uint16_t number)
{
	for (size_t i = 0; i < programme->measures_n; i++)
		if (programme->measures[i].number == number)
			return (int)i;
	return -1;
}

const struct programme_list *programme_list(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->lists_n; i++)
		if (strcmp(programme->lists[i].id, id) == 0)
			return &programme->lists[i];
	return NULL;
}

const struct programme_code *programme_code(const struct programme_list *list, uint16_t number)
{
	for (size_t i = 0; i < list->codes_n; i++)
		if (list->codes[i].number == number)
			return &list->codes[i];
	return NULL;
}

static int compare_word(const void *key, const void *element)
{
	const struct programme_word *word = element;

	return strcmp(key, word->folded);
}

const struct programme_code *programme_code_by_word(const struct programme_list *list,
						    const char *word)
{
	own(buf_free) struct buf folded = {0};
	const struct programme_word *found;
	const char *key;

	if (list->words_n == 0 || text_fold(word, strlen(word), &folded) != 0)
		return NULL;
	key = buf_text(&folded);
	if (key == NULL)
		return NULL;
	found = bsearch(key, list->words, list->words_n, sizeof(*list->words), compare_word);
	return found == NULL ? NULL : &list->codes[found->code];
}

bool programme_holds(struct programme_span span, int32_t day)
{
	return span.from <= day && day <= span.to;
}

bool programme_is_due(const struct programme_measure *measure, uint32_t period)
{
	if (!programme_holds(measure->span, period_last_day(period)))
		return false;
	switch (measure->cadence) {
	case CADENCE_MONTH:
		return true;
	case CADENCE_QUARTER:
		return period_ends_quarter(period);
	case CADENCE_YEAR:
		return period_ends_year(period);
	}
	return false;
}

bool programme_site_takes_part(const struct programme_site *site, uint32_t period)
{
	return site->span.from <= period_last_day(period) &&
	       period_first_day(period) <= site->span.to;
}

bool programme_target_on(const struct programme_target targets[], size_t targets_n, int32_t day,
			 uint32_t *ret_persons)
{
	for (size_t i = targets_n; i > 0; i--) {
		if (targets[i - 1].from > day)
			continue;
		*ret_persons = targets[i - 1].persons;
		return true;
	}
	return false;
}

const char *programme_text(struct programme_label label, enum programme_language language)
{
	return language == LANGUAGE_SV ? label.sv : label.en;
}

const char *programme_kind_name(enum programme_kind kind)
{
	static const char *const names[KIND_N] = {
		[KIND_APPLIED] = "applied",
		[KIND_DECLINED] = "declined",
		[KIND_ENTERED] = "entered",
		[KIND_REENTERED] = "reentered",
		[KIND_TRANSFERRED_IN] = "transferred_in",
		[KIND_TRANSFERRED_OUT] = "transferred_out",
		[KIND_SPELL_STARTED] = "spell_started",
		[KIND_SPELL_ENDED] = "spell_ended",
		[KIND_HOURS] = "hours",
		[KIND_LEFT] = "left",
		[KIND_FOLLOWED_UP] = "followed_up",
		[KIND_ANSWERED] = "answered",
		[KIND_DEVIATION] = "deviation",
	};

	return (unsigned)kind < KIND_N ? names[kind] : "?";
}
