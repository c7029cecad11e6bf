#include "proto/programme_pack.h"

#include "proto/programme_cut.h"
#include "proto/programme_find.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

#define TERMS_MAX 16 /* on one side of a check */

/* ---- Packs ---- */

static int read_complete(const struct programme_source *source, const struct programme_entry *entry,
			 const struct programme *programme, struct programme_pack *pack)
{
	uint16_t *indexes = arena_take(source->arena, programme->variables_n, sizeof(*indexes));
	char *rest = programme_word_copy(source, entry->parts[0]), *word;
	size_t n = 0;

	if (indexes == NULL || rest == NULL)
		return fail(-ENOMEM);
	while ((word = programme_word_next(&rest, ",")) != NULL) {
		uint16_t index = 0;
		int error = programme_cut_find(source, programme, entry->line, word, &index);

		for (size_t i = 0; i < n && error == 0; i++)
			if (indexes[i] == index)
				error = programme_complain(source, entry->line, "P003",
							   "%s stands twice", word);
		if (error != 0)
			return error;
		indexes[n++] = index;
	}
	pack->complete = indexes;
	pack->complete_n = n;
	return 0;
}

/* `by = VARIABLE | year`: an indicator by a variable is a table of two, which come by the year. */
static int read_by(const struct programme_source *source, const struct programme_entry *entry,
		   const struct programme *programme, struct programme_pack *pack)
{
	enum programme_cadence cadence = CADENCE_YEAR;
	uint16_t by = 0;
	int error;

	pack->by = -1;
	if (entry == NULL)
		return 0;
	error = programme_cut_find(source, programme, entry->line, entry->parts[0], &by);
	if (error == 0)
		error = programme_word_cadence(source, entry, 1, &cadence);
	if (error != 0)
		return error;
	if (cadence != CADENCE_YEAR)
		return programme_complain(source, entry->line, "P032",
					  "indicators of %s by %s every %s: only once a year "
					  "(3-privacy 3.3)",
					  pack->id, entry->parts[0],
					  programme_cadence_name(cadence));
	pack->by = by;
	return 0;
}

static int read_pack_cadence(const struct programme_source *source,
			     const struct programme_entry *entry, struct programme_pack *pack)
{
	int error = programme_word_cadence(source, entry, 0, &pack->cadence);

	if (error == 0 && pack->cadence == CADENCE_MONTH)
		error = programme_complain(source, entry->line, "P027",
					   "%s: what a site shows of its parts comes at most every "
					   "quarter (3-privacy 3.3)",
					   pack->id);
	return error;
}

static int build_pack(const struct programme_source *source,
		      const struct programme_section *section, const struct programme *programme,
		      struct programme_pack *pack)
{
	int error = programme_value_valid(source, section, &pack->span);

	pack->id = section->id;
	pack->label = programme_value_label(section);
	if (error == 0)
		error = read_complete(source, programme_entry(section, "complete", NULL), programme,
				      pack);
	if (error == 0)
		error = read_pack_cadence(source, programme_entry(section, "cadence", NULL), pack);
	if (error == 0)
		error = read_by(source, programme_entry(section, "by", NULL), programme, pack);
	return error;
}

int programme_build_packs(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "pack");
	struct programme_pack *packs = arena_take(source->arena, n, sizeof(*packs));
	const struct programme_section *section = NULL;
	int error = 0;

	if (packs == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_PACKS_MAX)
		return programme_complain(source, 1, "P016", "%zu packs: at most %d", n,
					  PROGRAMME_PACKS_MAX);
	for (size_t i = 0; i < n && error == 0; i++) {
		section = programme_section(source, "pack", section);
		error = build_pack(source, section, programme, &packs[i]);
	}
	programme->packs = packs;
	programme->packs_n = n;
	return error;
}

/* ---- Checks: "a + b <= c", "a + b = complete" ---- */

/* The check that is being read. */
struct reading {
	const struct programme_source *source;
	const struct programme *programme;
	const struct programme_entry *entry;
	uint16_t pack;
};

static int read_term(const struct reading *in, const char *word, struct programme_term *term)
{
	const struct programme *programme = in->programme;
	const char *words[PROGRAMME_INDICATORS_MAX + 2] = {"complete", "total"};
	struct programme_names names = {"P014", "indicator of this pack", words, 2};

	*term = (struct programme_term){TERM_COMPLETE, 0};
	if (strcmp(word, "complete") == 0)
		return 0;
	term->type = TERM_TOTAL;
	if (strcmp(word, "total") == 0)
		return 0;
	term->type = TERM_INDICATOR;
	for (size_t i = 0; i < programme->indicators_n; i++) {
		if (programme->indicators[i].pack != in->pack)
			continue;
		term->indicator = (uint16_t)i;
		if (strcmp(programme->indicators[i].id, word) == 0)
			return 0;
		words[names.n++] = programme->indicators[i].id;
	}
	return programme_complain_word(in->source, in->entry->line, &names, word);
}

static int read_side(const struct reading *in, char *text, const struct programme_term **ret_terms,
		     size_t *ret_n)
{
	struct programme_term *terms = arena_take(in->source->arena, TERMS_MAX, sizeof(*terms));
	const char *word;
	size_t n = 0;

	if (terms == NULL)
		return fail(-ENOMEM);
	while ((word = programme_word_next(&text, "+")) != NULL) {
		int error;

		if (n == TERMS_MAX)
			return programme_complain(in->source, in->entry->line, "P016",
						  "more than %d terms on one side", TERMS_MAX);
		error = read_term(in, word, &terms[n++]);
		if (error != 0)
			return error;
	}
	*ret_terms = terms;
	*ret_n = n;
	return 0;
}

/* Which kinds a side's indicators are of, as bits; bit 31 when it names complete or total. */
#define UNIVERSE (UINT32_C(1) << 31)
static uint32_t kinds_of(const struct programme *programme, const struct programme_term terms[],
			 size_t n)
{
	uint32_t kinds = 0;

	for (size_t i = 0; i < n; i++)
		kinds |= terms[i].type == TERM_INDICATOR
				 ? UINT32_C(1) << programme->indicators[terms[i].indicator].kind
				 : UNIVERSE;
	return kinds;
}

/* complete and total are those of the indicators beside them: of one kind, then. */
static int check_kinds(const struct reading *in, const struct programme_check *check)
{
	const uint32_t kinds = kinds_of(in->programme, check->left, check->left_n) |
			       kinds_of(in->programme, check->right, check->right_n);
	const uint32_t counted = kinds & ~UNIVERSE;

	if (counted != 0 && ((kinds & UNIVERSE) == 0 || (counted & (counted - 1)) == 0))
		return 0;
	return programme_complain(in->source, in->entry->line, "P041",
				  "\"%s\": it is not clear what %s", check->text,
				  counted == 0 ? "indicators this is about"
					       : "event complete and total are of");
}

static int read_check(const struct reading *in, struct programme_check *check)
{
	char *text = programme_word_copy(in->source, in->entry->parts[0]), *right;
	int error;

	if (text == NULL)
		return fail(-ENOMEM);
	right = strchr(text, '=');
	if (right == NULL)
		return programme_complain(in->source, in->entry->line, "P041",
					  "\"%s\" has neither <= nor =", text);
	check->text = in->entry->parts[0];
	check->is_equal = right == text || right[-1] != '<';
	right[check->is_equal ? 0 : -1] = '\0';
	check->span = (struct programme_span){INT32_MIN, INT32_MAX};
	error = read_side(in, text, &check->left, &check->left_n);
	if (error == 0)
		error = read_side(in, right + 1, &check->right, &check->right_n);
	if (error == 0 && in->entry->parts_n > 1)
		error = programme_value_span(in->source, in->entry, 1, &check->span);
	return error == 0 ? check_kinds(in, check) : error;
}

static int build_checks(struct reading *in, const struct programme_section *section,
			struct programme_pack *pack)
{
	const size_t n = programme_entries(section, "check");
	struct programme_check *checks = arena_take(in->source->arena, n, sizeof(*checks));
	int error = 0;

	if (checks == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_CHECKS_MAX)
		return programme_complain(in->source, section->line, "P016",
					  "%zu checks in one pack: at most %d", n,
					  PROGRAMME_CHECKS_MAX);
	in->entry = NULL;
	for (size_t i = 0; i < n && error == 0; i++) {
		in->entry = programme_entry(section, "check", in->entry);
		error = read_check(in, &checks[i]);
	}
	pack->checks = checks;
	pack->checks_n = n;
	return error;
}

int programme_build_checks(const struct programme_source *source, struct programme *programme)
{
	struct programme_pack *packs =
		arena_take(source->arena, programme->packs_n, sizeof(*packs));
	struct reading in = {.source = source, .programme = programme};
	int error = 0;

	if (packs == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < programme->packs_n && error == 0; i++) {
		packs[i] = programme->packs[i];
		in.pack = (uint16_t)i;
		error = build_checks(&in, programme_word_section(source, "pack", packs[i].id),
				     &packs[i]);
	}
	programme->packs = packs;
	return error;
}
