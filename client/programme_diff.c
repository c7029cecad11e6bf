#include "client/programme_diff.h"

#include "client/words.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/errors.h"
#include "proto/programme_change.h"
#include "proto/programme_line.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)

/* A file both as lines and as what they mean. */
struct version {
	struct arena *arena;
	struct programme_source source;
	struct programme *programme;
};

static void version_free(struct version *version)
{
	programme_free(&version->programme);
	arena_free(&version->arena);
}

static int version_read(const struct programme_diff_text *text, struct version *ret_version,
			struct fault *fault)
{
	int status =
		programme_read(text->name, text->bytes, text->n, &ret_version->programme, fault);

	if (status != 0)
		return status;
	ret_version->arena = arena_new();
	if (ret_version->arena == NULL)
		return fail(-ENOMEM);
	ret_version->source = (struct programme_source){.name = text->name,
							.arena = ret_version->arena,
							.fault = fault};
	return programme_source_read(&ret_version->source, text->bytes, text->n);
}

/* ---- Lines ---- */

static const struct programme_section *find_section(const struct programme_source *source,
						    const struct programme_section *like)
{
	for (size_t i = 0; i < source->sections_n; i++)
		if (strcmp(source->sections[i].kind, like->kind) == 0 &&
		    strcmp(source->sections[i].id, like->id) == 0)
			return &source->sections[i];
	return NULL;
}

static bool is_same_entry(const struct programme_entry *a, const struct programme_entry *b)
{
	if (strcmp(a->key, b->key) != 0 || a->parts_n != b->parts_n)
		return false;
	for (size_t i = 0; i < a->parts_n; i++)
		if (strcmp(a->parts[i], b->parts[i]) != 0)
			return false;
	return true;
}

static bool has_entry(const struct programme_section *section, const struct programme_entry *entry)
{
	for (size_t i = 0; i < section->entries_n; i++)
		if (is_same_entry(&section->entries[i], entry))
			return true;
	return false;
}

/* What an entry became: the one of its key that begins alike, or is the only one of its key. */
static const struct programme_entry *counterpart(const struct programme_section *section,
						 const struct programme_section *other,
						 const struct programme_entry *entry)
{
	const struct programme_entry *found = NULL;

	if (programme_entries(section, entry->key) == 1 &&
	    programme_entries(other, entry->key) == 1)
		return programme_entry(other, entry->key, NULL);
	while ((found = programme_entry(other, entry->key, found)) != NULL)
		if (entry->parts_n > 1 && strcmp(found->parts[0], entry->parts[0]) == 0)
			return found;
	return NULL;
}

/* ---- The sheet ---- */

static void add_line(struct sheet *sheet, const struct programme_entry *entry)
{
	own(buf_free) struct buf words = {0};

	for (size_t i = 0; entry != NULL && i < entry->parts_n; i++)
		buf_printf(&words, "%s%s", i > 0 ? " | " : "", entry->parts[i]);
	sheet_add_text(sheet, words.n == 0 ? NULL : buf_text(&words));
}

static void add_section_name(struct sheet *sheet, const struct programme_section *section)
{
	char name[2 * PROGRAMME_ID_BYTES];

	(void)snprintf(name, sizeof(name), "%s%s%s", section->kind,
		       section->id[0] == '\0' ? "" : " ", section->id);
	sheet_add_text(sheet, name);
}

static void add_change(struct sheet *sheet, bool is_before, bool is_after)
{
	if (!is_before)
		sheet_add_code(sheet, "added", N_("new"), NULL);
	else if (!is_after)
		sheet_add_code(sheet, "removed", N_("gone"), NULL);
	else
		sheet_add_code(sheet, "changed", N_("changed"), NULL);
}

/* Entries of a section that are not in the other, with what they became; of the later section only
 * those that are nothing's counterpart. */
static void add_entries(struct sheet *sheet, const struct programme_section *before,
			const struct programme_section *after, bool is_of_after)
{
	const struct programme_section *of = is_of_after ? after : before;
	const struct programme_section *other = is_of_after ? before : after;

	for (size_t i = 0; i < of->entries_n; i++) {
		const struct programme_entry *entry = &of->entries[i], *met;

		if (has_entry(other, entry))
			continue;
		met = counterpart(of, other, entry);
		if (met != NULL && has_entry(of, met))
			met = NULL;
		if (met != NULL && is_of_after)
			continue;
		add_change(sheet, !is_of_after, is_of_after || met != NULL);
		add_section_name(sheet, of);
		sheet_add_text(sheet, entry->key);
		add_line(sheet, is_of_after ? NULL : entry);
		add_line(sheet, is_of_after ? entry : met);
	}
}

static void add_whole(struct sheet *sheet, const struct programme_section *section, bool is_before)
{
	add_change(sheet, is_before, !is_before);
	add_section_name(sheet, section);
	for (int i = 0; i < 3; i++)
		sheet_add_empty(sheet);
}

static struct sheet *changes_sheet(const struct programme_source *before,
				   const struct programme_source *after)
{
	struct sheet *sheet = sheet_new("mia.programme_diff/1", SHEET_TABLE);

	sheet_title(sheet, N_("From %1 to %2"), before->name, after->name, NULL);
	sheet_column(sheet, "change", SHEET_CODE, N_("Change"), false);
	sheet_column(sheet, "section", SHEET_TEXT, N_("Section"), false);
	sheet_column(sheet, "key", SHEET_TEXT, N_("Key"), false);
	sheet_column(sheet, "before", SHEET_TEXT, N_("Before"), false);
	sheet_column(sheet, "after", SHEET_TEXT, N_("After"), false);
	for (size_t i = 0; i < before->sections_n; i++) {
		const struct programme_section *section = &before->sections[i];
		const struct programme_section *now = find_section(after, section);

		if (now == NULL) {
			add_whole(sheet, section, true);
			continue;
		}
		add_entries(sheet, section, now, false);
		add_entries(sheet, section, now, true);
	}
	for (size_t i = 0; i < after->sections_n; i++)
		if (find_section(before, &after->sections[i]) == NULL)
			add_whole(sheet, &after->sections[i], false);
	return sheet;
}

/* ---- What may not be ---- */

static void add_reason(struct sheet *sheet, const char *code)
{
	static const struct {
		const char *code, *phrase;
	} reasons[] = {
		{"P060", N_("is in use, and gone or something else now")},
		{"P061", N_("changed on days that are past")},
		{"P062", N_("counts something else under its old number")},
		{"P063", N_("protects people less than before")},
		{"P064", N_("was not raised")},
	};

	for (size_t i = 0; i < array_n(reasons); i++)
		if (strcmp(reasons[i].code, code) == 0)
			sheet_add_phrase(sheet, reasons[i].phrase, NULL);
}

static int add_forbidden(void *context, const struct programme_change *change)
{
	struct sheet *sheet = context;
	char section[2 * PROGRAMME_ID_BYTES];

	(void)snprintf(section, sizeof(section), "%s%s%s", change->section,
		       change->id[0] == '\0' ? "" : " ", change->id);
	sheet_add_text(sheet, change->code);
	sheet_add_text(sheet, section);
	sheet_add_text(sheet, change->what);
	add_reason(sheet, change->code);
	return 0;
}

static struct sheet *forbidden_sheet(const struct version *before, const struct version *after,
				     int32_t today)
{
	struct sheet *sheet = sheet_new("mia.programme_forbidden/1", SHEET_TABLE);

	sheet_title(sheet, N_("Not allowed"), NULL);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Rule"), false);
	sheet_column(sheet, "section", SHEET_TEXT, N_("Section"), false);
	sheet_column(sheet, "what", SHEET_TEXT, N_("What"), false);
	sheet_column(sheet, "reason", SHEET_PHRASE, N_("Why"), false);
	if (sheet != NULL)
		(void)programme_changes(before->programme, after->programme, today, add_forbidden,
					sheet);
	sheet_note(sheet, N_("See `mia explain CODE` for what to do; do not sign this version."),
		   NULL);
	return sheet;
}

int programme_diff_texts(const struct programme_diff_text *before,
			 const struct programme_diff_text *after, int32_t today,
			 struct answer *ret_answer, struct fault *fault)
{
	own(version_free) struct version old = {0}, new = {0};
	own(sheet_free) struct sheet *forbidden = NULL;
	struct sheet *changes;
	int status = version_read(before, &old, fault);

	if (status == 0)
		status = version_read(after, &new, fault);
	if (status != 0)
		return status;
	changes = changes_sheet(&old.source, &new.source);
	if (changes != NULL && changes->cells_n == 0)
		sheet_note(changes, N_("Nothing has changed but comments, blanks or the order."),
			   NULL);
	status = answer_add(ret_answer, &changes);
	forbidden = forbidden_sheet(&old, &new, today);
	if (status != 0 || (forbidden != NULL && forbidden->cells_n == 0))
		return status;
	ret_answer->exit = EXIT_CHECK_FAILED;
	changes = take(forbidden);
	return answer_add(ret_answer, &changes);
}

/* ---- The command ---- */

static int read_text(const char *path, struct buf *content, struct programme_diff_text *ret_text,
		     struct fault *fault)
{
	int status = file_read(path, FILE_BYTES_MAX, content);

	if (status == -ENOMEM)
		return status;
	if (status != 0)
		return fault_set(fault, "P024", path, error_find("P024")->remedy_en,
				 N_("the file cannot be read: %s"), fail_text(status));
	*ret_text = (struct programme_diff_text){path, content->data, content->n};
	return 0;
}

static int read_today(const struct call *call, int32_t *ret_today, struct fault *fault)
{
	const char *on = options_value(call->options, "on");

	*ret_today = date_of_moment((int64_t)time(NULL));
	if (on == NULL || date_parse_iso(on, ret_today) == 0)
		return 0;
	return fault_set(fault, "X002", "--on", N_("Write it as 2018-07-01."),
			 N_("\"%s\" is not a date"), on);
}

int programme_diff_files(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	own(buf_free) struct buf old = {0}, new = {0};
	struct programme_diff_text before = {0}, after = {0};
	int32_t today;
	int status = read_today(call, &today, fault);

	if (status == 0)
		status = read_text(call->options->arguments[0], &old, &before, fault);
	if (status == 0)
		status = read_text(call->options->arguments[1], &new, &after, fault);
	if (status != 0)
		return status;
	return programme_diff_texts(&before, &after, today, ret_answer, fault);
}
