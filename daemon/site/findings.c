#include "daemon/site/findings.h"

#include "lib/own.h"
#include "lib/text.h"
#include "proto/programme_find.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CODES_MAX 4 /* named of a refused row; the table has them all */
#define CODES_BYTES (CODES_MAX * 8 + 1)

void findings_free(struct findings *findings)
{
	free(findings->groups);
	buf_free(&findings->refused);
	*findings = (struct findings){0};
}

/* ---- gathering ---- */

static struct findings_group *group_of(struct findings *findings,
				       const struct validate_finding *finding)
{
	struct findings_group *group;
	struct findings_group *grown;

	for (size_t i = 0; i < findings->groups_n; i++) {
		group = &findings->groups[i];
		if (group->field == finding->field && group->severity == finding->severity &&
		    strcmp(group->code, finding->code) == 0)
			return group;
	}
	grown = reallocarray(findings->groups, findings->groups_n + 1, sizeof(*grown));
	if (grown == NULL)
		return NULL;
	findings->groups = grown;
	group = &grown[findings->groups_n++];
	*group = (struct findings_group){.severity = finding->severity,
					 .field = finding->field,
					 .is_one_detail = true};
	text_copy(group->code, sizeof(group->code), finding->code);
	text_copy(group->detail, sizeof(group->detail), finding->detail);
	return group;
}

static void count_finding(struct findings *findings, const struct validate_finding *finding,
			  uint64_t line)
{
	struct findings_group *group = group_of(findings, finding);

	if (group == NULL) {
		findings->error = fail(-ENOMEM);
		return;
	}
	if (group->count < FINDINGS_LINES_MAX)
		group->lines[group->count] = line;
	group->count++;
	if (strcmp(group->detail, finding->detail) != 0)
		group->is_one_detail = false;
}

/* "I014 I031": the errors of a row, each once. */
static void name_codes(const struct validate_result *result, char ret_codes[static CODES_BYTES])
{
	size_t used = 0;

	ret_codes[0] = '\0';
	for (size_t i = 0; i < result->findings_n && used + 8 < CODES_BYTES; i++) {
		const struct validate_finding *finding = &result->findings[i];

		if (finding->severity != VALIDATE_ERROR || strstr(ret_codes, finding->code) != NULL)
			continue;
		used += (size_t)snprintf(ret_codes + used, CODES_BYTES - used, "%s%s",
					 used > 0 ? " " : "", finding->code);
	}
}

static void add_place(struct findings *findings, const struct import_row *row)
{
	char codes[CODES_BYTES];

	name_codes(row->result, codes);
	pack_array(&findings->refused, 3);
	pack_u64(&findings->refused, row->offset);
	pack_u64(&findings->refused, row->bytes);
	pack_str(&findings->refused, codes);
	findings->refused_n++;
	if (findings->error == 0)
		findings->error = findings->refused.error;
}

void findings_add(struct findings *findings, const struct import_row *row)
{
	for (size_t i = 0; i < row->result->findings_n && findings->error == 0; i++)
		count_finding(findings, &row->result->findings[i], row->line);
	if (row->result->has_error && findings->error == 0)
		add_place(findings, row);
}

/* ---- telling ---- */

static int compare_groups(const void *left, const void *right)
{
	const struct findings_group *a = left;
	const struct findings_group *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (strcmp(a->code, b->code) != 0)
		return strcmp(a->code, b->code);
	return (a->field > b->field) - (a->field < b->field);
}

/* The site's own question in a field's slot, NULL when it is none. */
static const struct programme_question *question_of(const struct findings_words *words,
						    enum record_field field)
{
	int site = (int)(words->site - words->programme->sites);

	if (field == FIELD_N || record_row(field)->part != RECORD_QUESTION)
		return NULL;
	return programme_question(words->programme, site, (unsigned)(field - FIELD_question_1) + 1);
}

/* The column as the programme calls it. */
static const char *field_label(const struct findings_words *words, enum record_field field)
{
	const struct programme_question *question = question_of(words, field);

	if (question != NULL)
		return programme_text(question->label, words->language);
	return validate_field_label(words->programme, field, words->language);
}

/* The id of a code of the field's list as people call it, or NULL. */
static const char *code_label(const struct findings_words *words, enum record_field field,
			      const char *id)
{
	const struct programme_question *question = question_of(words, field);
	const char *name = field == FIELD_N ? NULL : record_row(field)->list;
	const struct programme_list *list = NULL;
	const struct programme_code *code = NULL;

	if (question != NULL)
		name = question->list;
	if (name != NULL)
		list = programme_list(words->programme, name);
	if (list != NULL)
		code = programme_code_by_id(list, id);
	return code == NULL ? NULL : programme_text(code->label, words->language);
}

/* The field with that id, FIELD_N when there is none. */
static enum record_field field_of(const char *id, size_t n)
{
	for (int field = 0; field < FIELD_N; field++) {
		const char *name = record_row((enum record_field)field)->id;

		if (strlen(name) == n && memcmp(name, id, n) == 0)
			return (enum record_field)field;
	}
	return FIELD_N;
}

/* Rules speak in ids of fields ("labour, education") and codes: people read what the programme
 * calls them. */
static void add_detail(struct sheet *sheet, const struct findings_group *group,
		       const struct findings_words *words)
{
	const char *code = code_label(words, group->field, group->detail);
	const char *at = group->detail;
	own(buf_free) struct buf text = {0};

	if (code != NULL) {
		sheet_add_text(sheet, code);
		return;
	}
	while (*at != '\0') {
		size_t n = strcspn(at, ",");
		enum record_field field = field_of(at, n);

		if (field == FIELD_N) {
			sheet_add_text(sheet, group->detail);
			return;
		}
		buf_printf(&text, "%s%s", text.n > 0 ? ", " : "", field_label(words, field));
		at += n + strspn(at + n, ", ");
	}
	sheet_add_text(sheet, buf_text(&text));
}

static void add_lines(struct sheet *sheet, const struct findings_group *group)
{
	own(buf_free) struct buf text = {0};

	for (uint64_t i = 0; i < group->count && i < FINDINGS_LINES_MAX; i++)
		buf_printf(&text, "%s%llu", i > 0 ? ", " : "", (unsigned long long)group->lines[i]);
	sheet_add_text(sheet, buf_text(&text));
}

static struct sheet *table(const struct findings *findings, const struct findings_words *words)
{
	struct sheet *sheet = sheet_new("mia.import.findings/1", SHEET_TABLE);

	sheet_title(sheet, N_("What was found"), NULL);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "severity", SHEET_PHRASE, N_("Severity"), false);
	sheet_column(sheet, "count", SHEET_COUNT, N_("Count"), false);
	sheet_column(sheet, "rows", SHEET_TEXT, N_("Rows"), false);
	sheet_column(sheet, "column", SHEET_TEXT, N_("Column"), false);
	sheet_column(sheet, "detail", SHEET_TEXT, N_("Detail"), false);
	for (size_t i = 0; i < findings->groups_n; i++) {
		const struct findings_group *group = &findings->groups[i];
		bool has_detail = group->is_one_detail && group->detail[0] != '\0';

		sheet_add_text(sheet, group->code);
		sheet_add_phrase(sheet, validate_severity_word(group->severity), NULL);
		sheet_add_number(sheet, (int64_t)group->count);
		add_lines(sheet, group);
		sheet_add_text(sheet, field_label(words, group->field));
		if (has_detail)
			add_detail(sheet, group, words);
		else
			sheet_add_empty(sheet);
	}
	return sheet;
}

static void attach(const struct findings *findings, const struct import_summary *summary,
		   struct buf *ret_bytes)
{
	pack_array(ret_bytes, 2);
	pack_array(ret_bytes, 2);
	pack_u64(ret_bytes, summary->heading_offset);
	pack_u64(ret_bytes, summary->heading_bytes);
	pack_array(ret_bytes, (uint32_t)findings->refused_n);
	buf_add(ret_bytes, findings->refused.data, findings->refused.n);
}

int findings_answer(struct findings *findings, const struct findings_words *words,
		    const struct import_summary *summary, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = NULL;

	if (findings->error != 0)
		return findings->error;
	if (findings->groups_n > 0)
		qsort(findings->groups, findings->groups_n, sizeof(*findings->groups),
		      compare_groups);
	sheet = table(findings, words);
	if (findings->refused_n > 0)
		attach(findings, summary, &ret_answer->attachment);
	if (ret_answer->attachment.error != 0)
		return ret_answer->attachment.error;
	return answer_add(ret_answer, &sheet);
}
