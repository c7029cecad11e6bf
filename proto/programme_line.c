#include "proto/programme_line.h"

#include "lib/ini.h"
#include "lib/own.h"
#include "lib/sign.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdarg.h>
#include <string.h>

#define PARTS_MAX 128

/* The language: every key of every section, how often it stands and of how many parts it is. */
static const struct rule {
	const char *section, *key;
	bool is_required, is_repeated;
	uint8_t parts_min, parts_max;
} rules[] = {
#define KEY(section, key, is_required, is_repeated, least, most)                                   \
	{section, key, is_required, is_repeated, least, most},
#include "proto/programme_keys.def"
#undef KEY
};

/* The first KINDS_ALONE of them have no id. */
#define KINDS_ALONE 2
static const char *const kinds[] = {
	"programme", "policy",    "site",  "list",     "field",  "variable", "measure",
	"pack",      "indicator", "table", "question", "export", "demand",   "goal",
};

int programme_complain(const struct programme_source *source, unsigned line, const char *code,
		       const char *format, ...)
{
	const struct error_row *row = error_find(code);
	own(buf_free) struct buf safe = {0};
	char place[256], reason[384];
	const char *text;
	va_list arguments;

	assert(row != NULL);
	ini_place(place, source->name, line);
	va_start(arguments, format);
	(void)vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	/* A word of the file may hold what a terminal would obey. */
	text_escape(reason, strlen(reason), &safe);
	text = buf_text(&safe);
	return fault_set(source->fault, code, place, row->remedy_en, "%s",
			 text == NULL ? row->en : text);
}

int programme_complain_word(const struct programme_source *source, unsigned line,
			    const struct programme_names *names, const char *word)
{
	const int near = text_nearest(word, names->words, names->n);

	if (near < 0)
		return programme_complain(source, line, names->code, "there is no %s \"%s\"",
					  names->what, word);
	return programme_complain(source, line, names->code,
				  "there is no %s \"%s\"; did you mean \"%s\"?", names->what, word,
				  names->words[near]);
}

bool programme_is_id(const char *text)
{
	const size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < PROGRAMME_ID_BYTES && text[n] == '\0';
}

size_t programme_sections(const struct programme_source *source, const char *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < source->sections_n; i++)
		n += strcmp(source->sections[i].kind, kind) == 0;
	return n;
}

const struct programme_section *programme_section(const struct programme_source *source,
						  const char *kind,
						  const struct programme_section *after)
{
	const struct programme_section *end = source->sections + source->sections_n;

	for (const struct programme_section *section = after == NULL ? source->sections : after + 1;
	     section < end; section++)
		if (strcmp(section->kind, kind) == 0)
			return section;
	return NULL;
}

const struct programme_entry *programme_entry(const struct programme_section *section,
					      const char *key, const struct programme_entry *after)
{
	const struct programme_entry *end = section->entries + section->entries_n;

	for (const struct programme_entry *entry = after == NULL ? section->entries : after + 1;
	     entry < end; entry++)
		if (strcmp(entry->key, key) == 0)
			return entry;
	return NULL;
}

size_t programme_entries(const struct programme_section *section, const char *key)
{
	const struct programme_entry *entry = NULL;
	size_t n = 0;

	while ((entry = programme_entry(section, key, entry)) != NULL)
		n++;
	return n;
}

/* The file is parsed twice: once to count, once to fill arrays of the right size. */
struct pass {
	struct programme_source *source;
	struct programme_entry *entries; /* NULL in the counting pass */
	size_t entries_n, sections_n;
	char section[64]; /* as lib/ini gave it last; its names end before 50 bytes */
	struct sign_hash hash;
};

static bool begins_section(struct pass *pass, const struct ini_line *line)
{
	if (pass->entries_n > 0 && strcmp(pass->section, line->section) == 0)
		return false;
	text_copy(pass->section, sizeof(pass->section), line->section);
	return true;
}

static int count_line(void *context, const struct ini_line *line, struct fault *fault)
{
	struct pass *pass = context;

	(void)fault;
	if (begins_section(pass, line))
		pass->sections_n++;
	pass->entries_n++;
	if (pass->entries_n > PROGRAMME_ENTRIES_MAX)
		return programme_complain(pass->source, line->line, "P016",
					  "more than %d entries in one file",
					  PROGRAMME_ENTRIES_MAX);
	if (pass->sections_n > PROGRAMME_SECTIONS_MAX)
		return programme_complain(pass->source, line->line, "P016",
					  "more than %d sections in one file",
					  PROGRAMME_SECTIONS_MAX);
	return 0;
}

static const struct rule *find_rule(const char *section, const char *key)
{
	for (size_t i = 0; i < array_n(rules); i++)
		if (strcmp(rules[i].section, section) == 0 && strcmp(rules[i].key, key) == 0)
			return &rules[i];
	return NULL;
}

static int complain_key(const struct programme_source *source, unsigned line, const char *section,
			const char *key)
{
	const char *words[array_n(rules)] = {0};
	char what[64];
	struct programme_names names = {.code = "P002", .what = what, .words = words};

	for (size_t i = 0; i < array_n(rules); i++)
		if (strcmp(rules[i].section, section) == 0)
			words[names.n++] = rules[i].key;
	(void)snprintf(what, sizeof(what), "key in [%.20s]", section);
	return programme_complain_word(source, line, &names, key);
}

/* Splits "site hbs" into kind and id and checks both. */
static int name_section(const struct programme_source *source, unsigned line, const char *name,
			struct programme_section *section)
{
	static const struct programme_names names = {"P001", "section", kinds, array_n(kinds)};
	const size_t kind_n = strcspn(name, " ");
	const char *id = name[kind_n] == '\0' ? "" : name + kind_n + 1;
	bool has_id;

	section->line = line;
	section->kind = arena_text(source->arena, name, kind_n);
	section->id = arena_text(source->arena, id, strlen(id));
	if (section->kind == NULL || section->id == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < array_n(kinds); i++) {
		if (strcmp(kinds[i], section->kind) != 0)
			continue;
		has_id = i >= KINDS_ALONE;
		if (has_id && !programme_is_id(id))
			return programme_complain(source, line, "P011",
						  "[%s]: \"%s\" cannot be an id", name, id);
		if (!has_id && name[kind_n] != '\0')
			return programme_complain(source, line, "P001",
						  "[%s] stands alone, without an id", kinds[i]);
		return 0;
	}
	return programme_complain_word(source, line, &names, section->kind);
}

static int add_section(struct pass *pass, const struct ini_line *line)
{
	struct programme_source *source = pass->source;
	struct programme_section *section = &source->sections[pass->sections_n++];
	int error = name_section(source, line->line, line->section, section);

	if (error != 0)
		return error;
	for (const struct programme_section *other = source->sections; other < section; other++)
		if (strcmp(other->kind, section->kind) == 0 && strcmp(other->id, section->id) == 0)
			return programme_complain(source, line->line, "P003",
						  "section [%s] begins at line %u already",
						  line->section, other->line);
	section->entries = &pass->entries[pass->entries_n];
	source->sections_n = pass->sections_n;
	return 0;
}

/* Cuts a value at its bars; parts are trimmed. */
static int split(const struct programme_source *source, const struct ini_line *line,
		 struct programme_entry *entry)
{
	const char *parts[PARTS_MAX], *text = line->value, **copy;
	size_t n = 0;

	for (bool is_last = false; !is_last && n < PARTS_MAX; n++) {
		size_t part_n = strcspn(text, "|");
		const char *next = text + part_n;

		is_last = *next == '\0';
		while (part_n > 0 && (*text == ' ' || *text == '\t'))
			text++, part_n--;
		while (part_n > 0 && (text[part_n - 1] == ' ' || text[part_n - 1] == '\t'))
			part_n--;
		if (part_n == 0)
			return programme_complain(source, line->line, "P006",
						  "%s: part %zu is empty", line->key, n + 1);
		parts[n] = arena_text(source->arena, text, part_n);
		if (parts[n] == NULL)
			return fail(-ENOMEM);
		text = next + 1;
	}
	copy = arena_take(source->arena, n, sizeof(*copy));
	if (copy == NULL)
		return fail(-ENOMEM);
	memcpy(copy, parts, n * sizeof(*parts));
	entry->parts = copy;
	entry->parts_n = n;
	return 0;
}

static int check_entry(const struct programme_source *source,
		       const struct programme_section *section, const struct programme_entry *entry)
{
	const struct rule *rule = find_rule(section->kind, entry->key);
	const struct programme_entry *first = programme_entry(section, entry->key, NULL);

	if (rule == NULL)
		return complain_key(source, entry->line, section->kind, entry->key);
	if (!rule->is_repeated && first != NULL && first != entry)
		return programme_complain(source, entry->line, "P003",
					  "%s stands at line %u already", entry->key, first->line);
	if (entry->parts_n < rule->parts_min || entry->parts_n > rule->parts_max)
		return programme_complain(source, entry->line, "P006",
					  "%s has %zu parts between |, not %u to %u", entry->key,
					  entry->parts_n, rule->parts_min, rule->parts_max);
	return 0;
}

static int fill_line(void *context, const struct ini_line *line, struct fault *fault)
{
	struct pass *pass = context;
	struct programme_entry *entry = &pass->entries[pass->entries_n];
	struct programme_section *section;
	int error = 0;

	(void)fault;
	sign_hash_part(&pass->hash, line->section, strlen(line->section));
	sign_hash_part(&pass->hash, line->key, strlen(line->key));
	sign_hash_part(&pass->hash, line->value, strlen(line->value));
	if (begins_section(pass, line))
		error = add_section(pass, line);
	if (error != 0)
		return error;
	section = &pass->source->sections[pass->sections_n - 1];
	entry->line = line->line;
	entry->key = arena_text(pass->source->arena, line->key, strlen(line->key));
	if (entry->key == NULL)
		return fail(-ENOMEM);
	error = split(pass->source, line, entry);
	if (error != 0)
		return error;
	pass->entries_n++;
	section->entries_n++;
	return check_entry(pass->source, section, entry);
}

static int check_complete(const struct programme_source *source,
			  const struct programme_section *section)
{
	for (size_t i = 0; i < array_n(rules); i++) {
		const struct rule *rule = &rules[i];
		bool is_label = strcmp(rule->key, "sv") == 0 || strcmp(rule->key, "en") == 0;

		if (strcmp(rule->section, section->kind) != 0 || !rule->is_required ||
		    programme_entry(section, rule->key, NULL) != NULL)
			continue;
		return programme_complain(source, section->line, is_label ? "P005" : "P004",
					  "[%s%s%s] has no %s%s", section->kind,
					  *section->id == '\0' ? "" : " ", section->id, rule->key,
					  is_label ? " (its name in that language)" : "");
	}
	return 0;
}

int programme_source_read(struct programme_source *source, const void *bytes, size_t n)
{
	struct pass count = {.source = source}, fill = {.source = source};
	int error = ini_read_bytes(source->name, bytes, n, count_line, &count, source->fault);

	if (error != 0)
		return error;
	source->sections = arena_take(source->arena, count.sections_n, sizeof(*source->sections));
	fill.entries = arena_take(source->arena, count.entries_n, sizeof(*fill.entries));
	if (source->sections == NULL || fill.entries == NULL)
		return fail(-ENOMEM);
	sign_hash_start(&fill.hash, "mia/1/programme");
	error = ini_read_bytes(source->name, bytes, n, fill_line, &fill, source->fault);
	for (size_t i = 0; i < source->sections_n && error == 0; i++)
		error = check_complete(source, &source->sections[i]);
	sign_hash_end(&fill.hash, source->hash);
	return error;
}
