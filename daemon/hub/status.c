#include "daemon/hub/status.h"

#include "daemon/hub/kept_out.h"
#include "daemon/hub/recall_sheet.h"
#include "lib/date.h"
#include "lib/memory.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/ask.h"
#include "proto/coverage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400

/* What is known of all sites together. */
struct overview {
	unsigned taking_part, in_contact, missing;
	int64_t at_received; /* last release */
};

static unsigned missing_of(const struct query_hub *hub, size_t site, int64_t at)
{
	uint32_t until = ask_until(hub->programme, at);
	const struct county_ask ask = {{coverage_start(hub->programme), until}, -1, -1, -1, until};

	return coverage_missing(hub->county, &ask, site, NULL);
}

static bool is_shown(const struct query_hub *hub, size_t site, int64_t at)
{
	return programme_site_takes_part(&hub->programme->sites[site],
					 period_of_day(date_of_moment(at))) ||
	       county_head(hub->county, site)->n > 0 || missing_of(hub, site, at) > 0;
}

static struct overview look_over(const struct query_hub *hub, int64_t at)
{
	struct overview all = {0};

	for (size_t site = 0; site < hub->programme->sites_n; site++) {
		const struct county_head *head = county_head(hub->county, site);
		struct door_view view;

		if (!is_shown(hub, site, at))
			continue;
		door_view(hub->door, site, &view);
		all.taking_part++;
		all.in_contact += view.is_connected;
		all.missing += missing_of(hub, site, at) > 0;
		if (head->at_received > all.at_received)
			all.at_received = head->at_received;
	}
	return all;
}

static void add_of(struct sheet *sheet, unsigned part, unsigned all)
{
	char part_text[16], all_text[16];

	(void)snprintf(part_text, sizeof(part_text), "%u", part);
	(void)snprintf(all_text, sizeof(all_text), "%u", all);
	sheet_add_phrase(sheet, N_("%1 of %2"), part_text, all_text, NULL);
}

static void add_moment(struct sheet *sheet, int64_t at)
{
	if (at == 0)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, at);
}

/* Sites that were in contact once, and not for a day. */
static void note_silence(struct sheet *sheet, const struct query_hub *hub, int64_t at_now,
			 enum programme_language language)
{
	for (size_t site = 0; site < hub->programme->sites_n; site++) {
		struct door_view view;
		char day[DATE_TEXT_BYTES];

		door_view(hub->door, site, &view);
		if (view.is_connected || view.at_contact <= 0 || at_now - view.at_contact < DAY_S ||
		    !is_shown(hub, site, at_now))
			continue;
		date_format(date_of_moment(view.at_contact), day);
		sheet_note(sheet,
			   N_("%1 has not been heard since %2: nothing is lost; telephone them if "
			      "it lasts."),
			   programme_text(hub->programme->sites[site].label, language), day, NULL);
	}
}

static void note_to_do(struct sheet *sheet, const struct overview *all,
		       const struct door_counts *counts, const struct ledger_about *about)
{
	char number[24];

	(void)snprintf(number, sizeof(number), "%u", all->missing);
	if (all->missing > 0)
		sheet_note(sheet,
			   all->missing == 1
				   ? N_("%1 site has reports missing: see `mia sites`.")
				   : N_("%1 sites have reports missing: see `mia sites`."),
			   number, NULL);
	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)counts->refused);
	if (counts->refused > 0)
		sheet_note(
			sheet,
			counts->refused == 1
				? N_("%1 message was refused since the start: see `mia events`.")
				: N_("%1 messages were refused since the start: see `mia events`."),
			number, NULL);
	if (about->used_bytes > about->map_bytes / 4 * 3)
		sheet_note(
			sheet,
			N_("The store is nearly full and could not grow: make room on the disk."),
			NULL);
	if (about->is_rehearsal)
		sheet_note(sheet, N_("This is a rehearsal: no figure of it is real."), NULL);
}

static struct sheet *hub_form(const struct query_hub *hub, const struct room_time *now,
			      enum programme_language language)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.status/1", SHEET_FORM);
	struct overview all = look_over(hub, now->at);
	struct door_counts counts;
	struct ledger_about about;

	door_counts(hub->door, &counts);
	ledger_about(hub->ledger, &about);
	sheet_title(sheet, N_("%1 · the hub"), programme_text(hub->programme->name, language),
		    NULL);
	sheet_column(sheet, "role", SHEET_TEXT, N_("Role"), false);
	sheet_column(sheet, "version", SHEET_TEXT, N_("Version"), false);
	sheet_column(sheet, "up", SHEET_MILLISECONDS, N_("Up for"), false);
	sheet_column(sheet, "now", SHEET_MOMENT, N_("Clock"), false);
	sheet_column(sheet, "memory", SHEET_BYTES, N_("Memory"), false);
	sheet_column(sheet, "store", SHEET_BYTES, N_("Store"), false);
	sheet_column(sheet, "store_share", SHEET_SHARE, N_("Of its room"), false);
	sheet_column(sheet, "endpoint", SHEET_TEXT, N_("Listens at"), false);
	sheet_column(sheet, "in_contact", SHEET_PHRASE, N_("Sites in contact"), false);
	sheet_column(sheet, "received", SHEET_MOMENT, N_("Last report received"), false);
	sheet_column(sheet, "accepted", SHEET_COUNT, N_("Reports accepted since the start"), false);
	sheet_column(sheet, "refused", SHEET_COUNT, N_("Refused since the start"), false);
	sheet_column(sheet, "dropped", SHEET_COUNT, N_("Dropped since the start"), false);
	sheet_column(sheet, "quarantined", SHEET_COUNT, N_("In quarantine"), false);
	sheet_add_text(sheet, "hub");
	sheet_add_text(sheet, MIA_VERSION);
	sheet_add_number(sheet, now->mono_ms - hub->mono_started_ms);
	sheet_add_number(sheet, now->at);
	sheet_add_number(sheet, memory_own_bytes());
	sheet_add_number(sheet, (int64_t)about.used_bytes);
	sheet_add_ratio(sheet, (int64_t)about.used_bytes, (int64_t)about.map_bytes, 0);
	sheet_add_text(sheet, hub->endpoint);
	add_of(sheet, all.in_contact, all.taking_part);
	add_moment(sheet, all.at_received);
	sheet_add_number(sheet, (int64_t)counts.accepted);
	sheet_add_number(sheet, (int64_t)counts.refused);
	sheet_add_number(sheet, (int64_t)(counts.stale + counts.malformed));
	sheet_add_number(sheet, (int64_t)about.state->quarantined_n);
	note_silence(sheet, hub, now->at, language);
	kept_out_note(hub->programme, hub->roster, hub->suspensions, language, sheet);
	recall_remind(hub->recalls, hub->programme, language, sheet);
	note_to_do(sheet, &all, &counts, &about);
	return take(sheet);
}

/* ---- sites ---- */

static void contact_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_TEXT, N_("Site"), false);
	sheet_column(sheet, "contact", SHEET_PHRASE, N_("Contact"), false);
	sheet_column(sheet, "last_contact", SHEET_MOMENT, N_("Last heard"), false);
	sheet_column(sheet, "last_period", SHEET_PERIOD, N_("Last report"), false);
	sheet_column(sheet, "received", SHEET_MOMENT, N_("Received"), false);
	sheet_column(sheet, "missing", SHEET_COUNT, N_("Missing"), false);
}

static void add_contact(struct sheet *sheet, const struct door_view *view, const char *out)
{
	if (out != NULL)
		sheet_add_phrase(sheet, out, NULL);
	else if (view->refusal[0] != '\0')
		sheet_add_phrase(sheet, N_("refused: %1"), view->refusal, NULL);
	else if (view->is_connected && view->is_roster_other)
		sheet_add_phrase(sheet, N_("in contact, with another roster"), NULL);
	else if (view->is_connected && view->is_version_other)
		sheet_add_phrase(sheet, N_("in contact, with an earlier programme"), NULL);
	else if (view->is_connected)
		sheet_add_phrase(sheet, N_("in contact"), NULL);
	else if (view->at_contact != 0)
		sheet_add_phrase(sheet, N_("lost"), NULL);
	else
		sheet_add_phrase(sheet, N_("none since the hub started"), NULL);
}

static void add_site(struct sheet *sheet, const struct query_hub *hub, size_t site,
		     enum programme_language language, int64_t at)
{
	const struct county_head *head = county_head(hub->county, site);
	struct door_view view;

	door_view(hub->door, site, &view);
	sheet_add_text(sheet, programme_text(hub->programme->sites[site].label, language));
	add_contact(sheet, &view,
		    kept_out_word(hub->roster, hub->suspensions, hub->programme->sites[site].id));
	add_moment(sheet, view.at_contact);
	if (head->period != 0)
		sheet_add_number(sheet, head->period);
	else
		sheet_add_empty(sheet);
	add_moment(sheet, head->at_received);
	sheet_add_number(sheet, missing_of(hub, site, at));
}

static struct sheet *contacts(const struct query_hub *hub, enum programme_language language,
			      int64_t at)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.contacts/1", SHEET_TABLE);

	contact_columns(sheet);
	for (size_t site = 0; site < hub->programme->sites_n; site++)
		if (is_shown(hub, site, at))
			add_site(sheet, hub, site, language, at);
	return take(sheet);
}

static int one_site(const struct query_hub *hub, const char *id, const struct request *request,
		    int64_t at, struct answer *ret_answer)
{
	const char *words[PROGRAMME_SITES_MAX];
	own(sheet_free) struct sheet *sheet = NULL;
	int site = programme_site_index(hub->programme, id);
	char remedy[128] = "`mia sites` lists them.";
	struct fault fault = {0};
	int nearest;

	if (site >= 0) {
		sheet = sheet_new("mia.contact/1", SHEET_FORM);
		contact_columns(sheet);
		add_site(sheet, hub, (size_t)site, request->language, at);
		kept_out_note_one(hub->programme, hub->roster, hub->suspensions, (size_t)site,
				  request->language, sheet);
		return answer_add(ret_answer, &sheet);
	}
	for (size_t i = 0; i < hub->programme->sites_n; i++)
		words[i] = hub->programme->sites[i].id;
	nearest = text_nearest(id, words, hub->programme->sites_n);
	if (nearest >= 0)
		(void)snprintf(remedy, sizeof(remedy), "Did you mean \"%s\"?", words[nearest]);
	(void)fault_set(&fault, "X009", "SITE", remedy, "there is no site \"%s\"", id);
	return answer_fault(ret_answer, &fault);
}

int status_answer(const struct query_hub *hub, const struct room_time *now,
		  const struct request *request, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *form = NULL;
	own(sheet_free) struct sheet *table = NULL;
	int status;

	if (request->arguments_n > 0)
		return one_site(hub, request->arguments[0], request, now->at, ret_answer);
	form = hub_form(hub, now, request->language);
	status = answer_add(ret_answer, &form);
	if (status != 0)
		return status;
	table = contacts(hub, request->language, now->at);
	return answer_add(ret_answer, &table);
}
