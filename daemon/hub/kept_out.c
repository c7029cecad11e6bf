#include "daemon/hub/kept_out.h"

#include "lib/date.h"
#include "lib/own.h"
#include "proto/events.h"

#include <stdio.h>
#include <string.h>

static enum roster_status status_of(const struct roster *roster,
				    const struct suspensions *suspensions, const char *site)
{
	const struct suspension *known = suspension_find(suspensions, site);
	const struct roster_member *member = roster_find(roster, site);

	if (member != NULL && (member->status == ROSTER_RETIRED || known == NULL))
		return member->status;
	return known != NULL ? known->status : ROSTER_ACTIVE;
}

const char *kept_out_word(const struct roster *roster, const struct suspensions *suspensions,
			  const char *site)
{
	static const char *const words[ROSTER_STATUS_N] = {
		[ROSTER_SUSPENDED] = N_("suspended"),
		[ROSTER_RETIRED] = N_("has left"),
	};

	return words[status_of(roster, suspensions, site)];
}

/* What the hub itself has decided. */
static void note_own(struct sheet *sheet, const char *label, const struct suspension *known)
{
	char first[EVENTS_VALUE_BYTES], second[EVENTS_VALUE_BYTES], by[EVENTS_VALUE_BYTES];
	char day[DATE_TEXT_BYTES];

	date_format(date_of_moment(known->at), day);
	(void)events_value(known->why, "first", first);
	(void)events_value(known->why, "second", second);
	(void)events_value(known->why, "operator", by);
	if (first[0] != '\0')
		sheet_note(sheet,
			   N_("%1 is suspended since %2: two machines have its keys, %3 and %4. "
			      "`mia explain W016` tells what to do."),
			   label, day, first, second, NULL);
	else if (known->status == ROSTER_SUSPENDED)
		sheet_note(sheet, N_("%1 is suspended since %2, by %3."), label, day, by, NULL);
	else
		sheet_note(sheet, N_("%1 has left: %2, noted by %3."), label, day, by, NULL);
}

void kept_out_note_one(const struct programme *programme, const struct roster *roster,
		       const struct suspensions *suspensions, size_t site,
		       enum programme_language language, struct sheet *sheet)
{
	const char *id = programme->sites[site].id;
	const char *label = programme_text(programme->sites[site].label, language);
	const struct suspension *known = suspension_find(suspensions, id);
	enum roster_status status = status_of(roster, suspensions, id);

	if (known != NULL && known->status == status)
		note_own(sheet, label, known);
	else if (status == ROSTER_SUSPENDED)
		sheet_note(sheet, N_("%1 is suspended in the roster."), label, NULL);
	else if (status == ROSTER_RETIRED)
		sheet_note(sheet, N_("%1 has left, says the roster."), label, NULL);
}

void kept_out_note(const struct programme *programme, const struct roster *roster,
		   const struct suspensions *suspensions, enum programme_language language,
		   struct sheet *sheet)
{
	for (size_t site = 0; site < programme->sites_n; site++)
		kept_out_note_one(programme, roster, suspensions, site, language, sheet);
}
