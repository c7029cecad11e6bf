#include "daemon/site/intake.h"

#include "daemon/site/findings.h"
#include "daemon/site/store_invite.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

struct intake {
	struct intake_settings settings;
	char file_name[256];
	char *map; /* owned copies of options that outlive the request, or NULL */
	char *encoding;
	enum programme_language language;
	bool is_apply, is_all_or_nothing;
	bool needs_invitation; /* answers do, once codes were given out */
	bool has_batch; /* open, not yet ended */
	struct import *import;
	struct findings findings;
	struct store_batch_result stored;
};

/* ---- rows ---- */

/* Stores a good row, or tries to; a row of someone the file had already is refused. */
static int take_row(void *context, struct import_row *row)
{
	struct intake *intake = context;
	int error = 0;

	if (row->is_whole && intake->needs_invitation && row->form == IMPORT_ANSWERS &&
	    !store_invite_was_given(intake->settings.store, row->record->invitation))
		validate_add(row->result, "V055", VALIDATE_ERROR, FIELD_invitation_code, "");
	else if (row->is_whole)
		error = store_batch_add(intake->settings.store, row->record,
					import_form_is_apart(row->form));
	if (error == -EEXIST) {
		validate_add(row->result, "I036", VALIDATE_ERROR, FIELD_N, "");
		error = 0;
	}
	if (error != 0)
		return error;
	findings_add(&intake->findings, row);
	return intake->findings.error;
}

static enum lookup_verdict find_known(void *context, const struct record *record,
				      struct record *ret_known)
{
	const struct intake *intake = context;

	return store_batch_who(intake->settings.store, record, ret_known);
}

/* ---- beginning ---- */

static int read_dates(const struct request *request, enum date_order *ret_order,
		      struct fault *fault)
{
	const char *dates = request_option(request, "dates");

	if (dates == NULL)
		*ret_order = DATE_ORDER_REFUSED;
	else if (strcmp(dates, "dmy") == 0)
		*ret_order = DATE_ORDER_DMY;
	else if (strcmp(dates, "mdy") == 0)
		*ret_order = DATE_ORDER_MDY;
	else
		return fault_set(fault, "X002", "--dates",
				 "Say --dates dmy (3/4 is in April) or --dates mdy.",
				 "\"%s\" is no order of day and month", dates);
	return 0;
}

static int copy_option(const struct request *request, const char *name, char **ret_copy)
{
	const char *value = request_option(request, name);

	if (value == NULL)
		return 0;
	*ret_copy = strdup(value);
	return *ret_copy == NULL ? fail(-ENOMEM) : 0;
}

static int read_request(struct intake *intake, struct fault *fault, enum date_order *ret_dates)
{
	const struct request *request = intake->settings.request;
	const char *name = request->arguments[0];
	const char *slash = strrchr(name, '/');
	int error = read_dates(request, ret_dates, fault);

	text_copy(intake->file_name, sizeof(intake->file_name), slash == NULL ? name : slash + 1);
	intake->language = request->language;
	intake->is_apply = request_option(request, "apply") != NULL;
	intake->is_all_or_nothing = request_option(request, "all-or-nothing") != NULL;
	if (error == 0)
		error = copy_option(request, "encoding", &intake->encoding);
	if (error == 0)
		error = copy_option(request, "map", &intake->map);
	return error;
}

static int start(struct intake *intake, enum date_order dates)
{
	const struct intake_settings *settings = &intake->settings;
	const struct import_settings import = {
		.programme = settings->programme,
		.site = settings->site,
		.today = date_of_moment(settings->at_now),
		.dates = dates,
		.encoding = intake->encoding,
		.map = intake->map,
		.bytes = settings->request->stream_bytes,
	};
	int error = store_batch_begin(settings->store, settings->at_now, settings->operator_name,
				      intake->is_apply ? intake->file_name : NULL);

	if (error != 0)
		return error;
	intake->has_batch = true;
	intake->needs_invitation = store_invite_is_begun(settings->store);
	return import_new(&import, take_row, find_known, intake, &intake->import);
}

int intake_new(const struct intake_settings *settings, struct intake **ret_intake,
	       struct fault *fault)
{
	own(intake_free) struct intake *intake = calloc(1, sizeof(*intake));
	enum date_order dates = DATE_ORDER_REFUSED;
	int error;

	if (intake == NULL)
		return fail(-ENOMEM);
	intake->settings = *settings;
	error = read_request(intake, fault, &dates);
	if (error == 0)
		error = start(intake, dates);
	intake->settings.request = NULL; /* the caller's, and over with this call */
	intake->settings.operator_name = NULL;
	if (error == 0)
		*ret_intake = take(intake);
	return error;
}

void intake_free(struct intake **intake)
{
	if (*intake == NULL)
		return;
	if ((*intake)->has_batch)
		store_batch_abort((*intake)->settings.store);
	import_free(&(*intake)->import);
	findings_free(&(*intake)->findings);
	free((*intake)->map);
	free((*intake)->encoding);
	free(*intake);
	*intake = NULL;
}

int intake_feed(struct intake *intake, const void *bytes, size_t n, struct fault *fault)
{
	return import_feed(intake->import, bytes, n, fault);
}

/* ---- end ---- */

static const char *delimiter_word(char delimiter)
{
	switch (delimiter) {
	case ';':
		return N_("semicolon");
	case ',':
		return N_("comma");
	default:
		return N_("tab");
	}
}

static void add_count(struct sheet *sheet, uint64_t count)
{
	sheet_add_number(sheet, (int64_t)count);
}

static void add_columns(struct sheet *sheet)
{
	sheet_column(sheet, "file", SHEET_TEXT, N_("File"), false);
	sheet_column(sheet, "form", SHEET_PHRASE, N_("Holds"), false);
	sheet_column(sheet, "encoding", SHEET_TEXT, N_("Encoding"), false);
	sheet_column(sheet, "delimiter", SHEET_PHRASE, N_("Delimiter"), false);
	sheet_column(sheet, "heading_line", SHEET_COUNT, N_("Headings on row"), false);
	sheet_column(sheet, "rows", SHEET_COUNT, N_("Rows"), false);
	sheet_column(sheet, "accepted", SHEET_COUNT, N_("Accepted"), false);
	sheet_column(sheet, "new", SHEET_COUNT, N_("New"), false);
	sheet_column(sheet, "changed", SHEET_COUNT, N_("Changed"), false);
	sheet_column(sheet, "unchanged", SHEET_COUNT, N_("Unchanged"), false);
	sheet_column(sheet, "refused", SHEET_COUNT, N_("Refused"), false);
	sheet_column(sheet, "batch", SHEET_COUNT, N_("Batch"), false);
}

static void add_row(struct sheet *sheet, const struct intake *intake,
		    const struct import_summary *summary)
{
	const struct store_batch_result *stored = &intake->stored;

	sheet_add_text(sheet, intake->file_name);
	sheet_add_phrase(sheet, import_form_name(summary->form), NULL);
	sheet_add_text(sheet, summary->encoding);
	sheet_add_phrase(sheet, delimiter_word(summary->delimiter), NULL);
	add_count(sheet, summary->heading_line);
	add_count(sheet, summary->rows);
	add_count(sheet, summary->rows - intake->findings.refused_n);
	add_count(sheet, stored->registered);
	add_count(sheet, stored->changed);
	add_count(sheet, stored->unchanged);
	add_count(sheet, intake->findings.refused_n);
	if (stored->batch != 0)
		add_count(sheet, stored->batch);
	else
		sheet_add_empty(sheet);
}

static struct sheet *overview(const struct intake *intake, const struct import_summary *summary)
{
	struct sheet *sheet = sheet_new("mia.import/1", SHEET_FORM);
	uint64_t accepted = summary->rows - intake->findings.refused_n;

	sheet_title(sheet, N_("Import of %1"), intake->file_name, NULL);
	add_columns(sheet);
	add_row(sheet, intake, summary);
	if (summary->unknown_headings_n > 0)
		sheet_note(sheet, N_("Columns not read, the programme has no such heading: %1"),
			   summary->unknown_headings, NULL);
	if (intake->is_apply && intake->is_all_or_nothing && intake->findings.refused_n > 0)
		sheet_note(sheet, N_("Nothing was stored: rows are refused."), NULL);
	else if (!intake->is_apply && accepted > 0)
		sheet_note(sheet, N_("Nothing is stored yet. To store: mia import %1 --apply"),
			   intake->file_name, NULL);
	return sheet;
}

static enum exit_code exit_of(const struct intake *intake)
{
	if (intake->findings.refused_n == 0)
		return EXIT_GOOD;
	return intake->stored.batch != 0 ? EXIT_IN_PART : EXIT_INPUT_FAULTS;
}

/* The batch becomes real, or is dropped where all or nothing was asked for and a row is refused. */
static int settle(struct intake *intake)
{
	struct store_batch_result would;
	int error;

	intake->has_batch = false;
	if (intake->is_apply && intake->is_all_or_nothing && intake->findings.refused_n > 0) {
		store_batch_abort(intake->settings.store);
		return 0;
	}
	error = store_batch_end(intake->settings.store, &would);
	if (error == 0)
		intake->stored = would;
	return error;
}

int intake_end(struct intake *intake, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;
	const struct findings_words words = {intake->settings.programme, intake->settings.site,
					     intake->language};
	struct import_summary summary;
	struct fault fault = {0};
	int error = import_end(intake->import, &fault);

	if (error == -EBADMSG && fault.code[0] != '\0')
		return answer_fault(ret_answer, &fault);
	if (error == 0)
		error = settle(intake);
	if (error != 0)
		return error;
	import_summary(intake->import, &summary);
	sheet = overview(intake, &summary);
	ret_answer->exit = (uint8_t)exit_of(intake);
	error = answer_add(ret_answer, &sheet);
	if (error == 0)
		error = findings_answer(&intake->findings, &words, &summary, ret_answer);
	return error;
}

void intake_counts(const struct intake *intake, struct intake_counts *ret_counts)
{
	struct import_summary summary;

	import_summary(intake->import, &summary);
	*ret_counts = (struct intake_counts){
		.rows = summary.rows,
		.accepted = summary.rows - intake->findings.refused_n,
		.refused = intake->findings.refused_n,
		.batch = intake->stored.batch,
	};
}
