#include "daemon/hub/recall_sheet.h"

#include "lib/date.h"
#include "lib/own.h"

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "site", SHEET_CODE, N_("Site"), false);
	sheet_column(sheet, "state", SHEET_CODE, N_("State"), false);
	sheet_column(sheet, "why", SHEET_CODE, N_("Why"), false);
	sheet_column(sheet, "own", SHEET_COUNT, N_("It had"), false);
	sheet_column(sheet, "n", SHEET_COUNT, N_("We had from it"), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("Taken back"), false);
	sheet_column(sheet, "back", SHEET_MOMENT, N_("Gone on"), false);
}

static const char *label_of(const struct programme *programme, const char *site,
			    enum programme_language language)
{
	int index = programme_site_index(programme, site);

	return index < 0 ? site : programme_text(programme->sites[index].label, language);
}

static void add_recall(struct sheet *sheet, const struct recall *one, const char *label)
{
	sheet_add_code(sheet, one->site, label, NULL);
	if (one->at_back == 0)
		sheet_add_code(sheet, "halted", N_("has stopped: its operator must look"), NULL);
	else
		sheet_add_code(sheet, "back", N_("has gone on"), NULL);
	if (one->is_fork)
		sheet_add_code(sheet, "forked", N_("it had other reports"), NULL);
	else
		sheet_add_code(sheet, "restored", N_("it was put back from a backup"), NULL);
	sheet_add_number(sheet, (int64_t)one->own_n);
	sheet_add_number(sheet, (int64_t)one->n);
	sheet_add_number(sheet, one->at);
	if (one->at_back == 0)
		sheet_add_empty(sheet);
	else
		sheet_add_number(sheet, one->at_back);
}

int recall_answer(const struct recalls *recalls, const struct programme *programme,
		  const struct request *request, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	struct fault fault;

	if (request_option(request, "acknowledge") != NULL) {
		(void)fault_set(&fault, "X029", "reconcile",
				"Say it at the site, where `mia reconcile` shows what is lost.",
				"reports that came back are acknowledged by the site they are of");
		return answer_fault(ret_answer, &fault);
	}
	sheet = sheet_new("mia.reconcile.sites/1", SHEET_TABLE);
	sheet_title(sheet, N_("Sites that took their reports back"), NULL);
	add_columns(sheet);
	for (size_t i = 0; i < recalls->n; i++)
		add_recall(sheet, &recalls->rows[i],
			   label_of(programme, recalls->rows[i].site, request->language));
	if (recalls->n == 0)
		sheet_note(sheet, N_("No site ever did."), NULL);
	else
		sheet_note(sheet,
			   N_("What we have of a site stands, and is counted, all the while."),
			   NULL);
	return answer_add(ret_answer, &sheet);
}

void recall_remind(const struct recalls *recalls, const struct programme *programme,
		   enum programme_language language, struct sheet *sheet)
{
	for (size_t i = 0; i < recalls->n; i++) {
		const struct recall *one = &recalls->rows[i];
		char day[DATE_TEXT_BYTES];

		if (one->at_back != 0)
			continue;
		date_format(date_of_moment(one->at), day);
		sheet_note(sheet,
			   N_("%1 took its reports back on %2 and has stopped until its operator "
			      "looks: telephone them, and see `mia reconcile`."),
			   label_of(programme, one->site, language), day, NULL);
	}
}
