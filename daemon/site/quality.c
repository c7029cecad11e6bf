#include "daemon/site/quality.h"

#include "daemon/site/access.h"
#include "daemon/site/desk_words.h"
#include "daemon/site/validate.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RULE_BYTES 8
#define CASES_MAX 10000 /* named of one rule */

struct group {
	char code[RULE_BYTES];
	enum validate_severity severity;
	uint64_t persons;
	uint64_t last_case; /* a person may break a rule in several items, and counts once */
};

struct breach {
	uint64_t id;
	enum record_field field;
	char detail[64];
};

struct quality {
	struct store *store;
	struct validate_context context;
	struct demands *demands; /* owned */
	int64_t at;
	char operator_name[ACT_OPERATOR_BYTES];
	enum programme_language language;
	bool is_check, has_error;
	char rule[RULE_BYTES]; /* whose cases are wanted, or "" */
	uint64_t persons;
	struct group *groups; /* owned */
	size_t groups_n;
	struct breach *breaches; /* owned */
	size_t breaches_n, breaches_room;
};

void quality_drop(void **context)
{
	struct quality *quality = *context;

	demands_free(&quality->demands);
	free(quality->groups);
	free(quality->breaches);
	free(quality);
	*context = NULL;
}

/* ---- the question ---- */

/* "V27" and "v027" are V027. */
static int read_rule(const char *text, char ret_rule[static RULE_BYTES], struct fault *fault)
{
	uint64_t number = 0;

	if ((text[0] & ~0x20) >= 'A' && (text[0] & ~0x20) <= 'Z' &&
	    text_to_u64(text + 1, 999, &number) == 0)
		(void)snprintf(ret_rule, RULE_BYTES, "%c%03u", text[0] & ~0x20, (unsigned)number);
	if (error_find(ret_rule) != NULL)
		return 0;
	return fault_set(fault, "X009", "--rule",
			 "`mia quality` without --rule lists the rules that are broken.",
			 "there is no rule of that code");
}

static int read_ask(const struct sweep_ask *ask, struct quality *quality, struct fault *fault)
{
	const char *rule = request_option(ask->request, "rule");

	quality->is_check = request_option(ask->request, "check") != NULL;
	if (rule == NULL)
		return 0;
	if (!ask->site->is_reader)
		return fault_set(fault, "X004", "--rule",
				 "Ask a reader, or leave --rule out: the counts are for all staff.",
				 "cases are shown to readers only");
	return read_rule(rule, quality->rule, fault);
}

int quality_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault)
{
	const struct parts *parts = ask->site->parts;
	struct quality *quality = calloc(1, sizeof(*quality));
	void *context = quality;
	int error;

	if (quality == NULL)
		return fail(-ENOMEM);
	error = read_ask(ask, quality, fault);
	if (error == 0)
		error = demands_new(parts->closing.programme, &quality->demands, fault);
	if (error != 0) {
		quality_drop(&context);
		return error;
	}
	quality->store = parts->store;
	quality->context = (struct validate_context){
		.programme = parts->closing.programme,
		.site = parts->site,
		.demands = quality->demands,
		.today = date_of_moment(ask->now->at),
	};
	quality->at = ask->now->at;
	quality->language = ask->request->language;
	text_copy(quality->operator_name, sizeof(quality->operator_name), ask->who->name);
	*ret_context = quality;
	return 0;
}

/* ---- looking ---- */

static struct group *group_of(struct quality *quality, const struct validate_finding *finding)
{
	struct group *grown;

	for (size_t i = 0; i < quality->groups_n; i++)
		if (strcmp(quality->groups[i].code, finding->code) == 0 &&
		    quality->groups[i].severity == finding->severity)
			return &quality->groups[i];
	grown = reallocarray(quality->groups, quality->groups_n + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	quality->groups = grown;
	grown += quality->groups_n++;
	*grown = (struct group){.severity = finding->severity};
	text_copy(grown->code, sizeof(grown->code), finding->code);
	return grown;
}

static int add_breach(struct quality *quality, uint64_t id, const struct validate_finding *finding)
{
	size_t room = quality->breaches_room == 0 ? 64 : quality->breaches_room * 2;
	struct breach *grown;

	if (strcmp(finding->code, quality->rule) != 0 || quality->breaches_n == CASES_MAX)
		return 0;
	if (quality->breaches_n == quality->breaches_room) {
		grown = reallocarray(quality->breaches, room, sizeof(*grown));
		if (grown == NULL)
			return fail(-ENOMEM);
		quality->breaches = grown;
		quality->breaches_room = room;
	}
	grown = &quality->breaches[quality->breaches_n++];
	*grown = (struct breach){.id = id, .field = finding->field};
	text_copy(grown->detail, sizeof(grown->detail), finding->detail);
	return 0;
}

int quality_visit(void *context, const struct store_person *person)
{
	struct quality *quality = context;
	struct validate_result result;
	int error = 0;

	validate_stored(&person->record, person->is_answer, &quality->context, &result);
	quality->persons += !person->is_answer;
	quality->has_error = quality->has_error || result.has_error;
	for (size_t i = 0; i < result.findings_n && error == 0; i++) {
		struct group *group = group_of(quality, &result.findings[i]);

		if (group == NULL)
			return fail(-ENOMEM);
		group->persons += group->last_case != person->id;
		group->last_case = person->id;
		error = add_breach(quality, person->id, &result.findings[i]);
	}
	return error;
}

/* ---- telling ---- */

static int compare_groups(const void *left, const void *right)
{
	const struct group *a = left;
	const struct group *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->persons != b->persons)
		return a->persons > b->persons ? -1 : 1;
	return strcmp(a->code, b->code);
}

static struct sheet *rules_sheet(const struct quality *quality)
{
	struct sheet *sheet = sheet_new("mia.quality/1", SHEET_TABLE);
	bool is_sv = quality->language == LANGUAGE_SV;
	char persons[24];

	sheet_title(sheet, N_("The records against today's rules"), NULL);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "severity", SHEET_CODE, N_("Severity"), false);
	sheet_column(sheet, "count", SHEET_COUNT, N_("Cases"), false);
	sheet_column(sheet, "sentence", SHEET_TEXT, N_("What"), false);
	sheet_column(sheet, "remedy", SHEET_TEXT, N_("What to do"), false);
	for (size_t i = 0; i < quality->groups_n; i++) {
		const struct group *group = &quality->groups[i];
		const struct error_row *row = error_find(group->code);

		sheet_add_text(sheet, group->code);
		sheet_add_code(sheet, validate_severity_id(group->severity),
			       validate_severity_word(group->severity), NULL);
		sheet_add_number(sheet, (int64_t)group->persons);
		sheet_add_text(sheet, row == NULL ? NULL : is_sv ? row->sv : row->en);
		sheet_add_text(sheet, row == NULL ? NULL : is_sv ? row->remedy_sv : row->remedy_en);
	}
	(void)snprintf(persons, sizeof(persons), "%llu", (unsigned long long)quality->persons);
	sheet_note(sheet, N_("Records looked at: %1."), persons, NULL);
	if (quality->groups_n > 0 && quality->rule[0] == '\0')
		sheet_note(sheet, N_("The cases of a rule: mia quality --rule %1."),
			   quality->groups[0].code, NULL);
	return sheet;
}

/* Ids for programs, labels for people. */
static void add_detail(const struct quality *quality, const struct breach *breach,
		       struct sheet *sheet)
{
	const struct desk_words words = {quality->context.programme, quality->context.site,
					 quality->language};
	own(buf_free) struct buf detail = {0};

	desk_words_detail(&words, breach->field, breach->detail, &detail);
	if (detail.n == 0 || buf_text(&detail) == NULL)
		sheet_add_empty(sheet);
	else
		sheet_add_code(sheet, breach->detail, buf_text(&detail), NULL);
}

static struct sheet *cases_sheet(const struct quality *quality)
{
	struct sheet *sheet = sheet_new("mia.quality.cases/1", SHEET_TABLE);

	sheet_title(sheet, N_("Cases of %1"), quality->rule, NULL);
	sheet_column(sheet, "case", SHEET_COUNT, N_("Case"), false);
	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "detail", SHEET_CODE, N_("Detail"), false);
	for (size_t i = 0; i < quality->breaches_n; i++) {
		const struct breach *breach = &quality->breaches[i];

		sheet_add_number(sheet, (int64_t)breach->id);
		if (breach->field == FIELD_N)
			sheet_add_empty(sheet);
		else
			sheet_add_code(sheet, record_row(breach->field)->id,
				       validate_field_label(quality->context.programme,
							    breach->field, quality->language),
				       NULL);
		add_detail(quality, breach, sheet);
	}
	if (quality->breaches_n == CASES_MAX)
		sheet_note(sheet, N_("There are more: these are the first."), NULL);
	else if (quality->breaches_n == 0)
		sheet_note(sheet, N_("No record breaks this rule."), NULL);
	else
		sheet_note(sheet, N_("See a case with mia person show CASE."), NULL);
	return sheet;
}

/* Who looked at whose cases is an event, before they are shown. */
static int note_access(const struct quality *quality)
{
	char more[48];
	const struct access access = {
		.event = "person_listed",
		.more = more,
		.operator_name = quality->operator_name,
		.at = quality->at,
	};

	(void)snprintf(more, sizeof(more), "rule=%s cases=%zu", quality->rule, quality->breaches_n);
	return access_note(quality->store, &access);
}

int quality_finish(void *context, struct answer *ret_answer)
{
	struct quality *quality = context;
	own(sheet_free) struct sheet *sheet = NULL;
	int error = quality->rule[0] != '\0' ? note_access(quality) : 0;

	if (error != 0)
		return error;
	if (quality->groups_n > 0)
		qsort(quality->groups, quality->groups_n, sizeof(*quality->groups), compare_groups);
	sheet = rules_sheet(quality);
	error = answer_add(ret_answer, &sheet);
	if (error != 0 || quality->rule[0] == '\0')
		goto out;
	sheet = cases_sheet(quality);
	error = answer_add(ret_answer, &sheet);
out:
	if (quality->is_check && quality->has_error)
		ret_answer->exit = EXIT_CHECK_FAILED;
	return error;
}
