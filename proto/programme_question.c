#include "proto/programme_question.h"

#include "lib/own.h"
#include "proto/programme_build.h"
#include "proto/programme_find.h"
#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

static int find_site(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme *programme, uint16_t *ret_site)
{
	const char *words[PROGRAMME_SITES_MAX];
	const struct programme_names names = {"P014", "site", words, programme->sites_n};
	unsigned index = 0;
	int error;

	for (size_t i = 0; i < programme->sites_n; i++)
		words[i] = programme->sites[i].id;
	error = programme_word_choice(source, entry, 0, &names, &index);
	if (error == 0)
		*ret_site = (uint16_t)index;
	return error;
}

static int find_list(const struct programme_source *source, const struct programme_entry *entry,
		     const struct programme *programme, const char **ret_list)
{
	const char *words[PROGRAMME_LISTS_MAX + 1];
	const struct programme_names names = {"P014", "list", words, programme->lists_n};
	unsigned index = 0;
	int error;

	for (size_t i = 0; i < programme->lists_n; i++)
		words[i] = programme->lists[i].id;
	error = programme_word_choice(source, entry, 0, &names, &index);
	if (error == 0)
		*ret_list = words[index];
	return error;
}

static int build_question(const struct programme_source *source,
			  const struct programme_section *section,
			  const struct programme *programme, struct programme_question *question)
{
	uint32_t slot = 0;
	int error = programme_value_number(source, programme_entry(section, "slot", NULL), 0, 1,
					   PROGRAMME_SLOTS, &slot);

	question->id = section->id;
	question->label = programme_value_label(section);
	question->slot = (uint8_t)slot;
	if (error == 0)
		error = find_site(source, programme_entry(section, "site", NULL), programme,
				  &question->site);
	if (error == 0)
		error = find_list(source, programme_entry(section, "list", NULL), programme,
				  &question->list);
	if (error == 0)
		error = programme_value_valid(source, section, &question->span);
	if (error == 0)
		error = programme_value_words(source, section, "alias", &question->aliases,
					      &question->aliases_n);
	return error;
}

/* ---- Headings: at one site a word must lead to one field or question ---- */

static int fold(const struct programme_source *source, const char *word, size_t owner,
		unsigned line, struct programme_saying sayings[], size_t *n)
{
	return programme_value_fold(source, word, owner, line, &sayings[(*n)++]);
}

static int fold_names(const struct programme_source *source, const char *id,
		      struct programme_label label, size_t owner, unsigned line,
		      struct programme_saying sayings[static 3])
{
	size_t n = 0;
	int error = fold(source, id, owner, line, sayings, &n);

	if (error == 0)
		error = fold(source, label.sv, owner, line, sayings, &n);
	return error == 0 ? fold(source, label.en, owner, line, sayings, &n) : error;
}

static int fold_field(const struct programme_source *source, const struct programme_field *field,
		      size_t owner, struct programme_saying sayings[], size_t *n)
{
	const unsigned line = programme_word_section(source, "field", field->id)->line;
	int error = fold_names(source, field->id, field->label, owner, line, &sayings[*n]);

	*n += 3;
	for (size_t i = 0; i < field->aliases_n && error == 0; i++)
		error = fold(source, field->aliases[i], owner, line, sayings, n);
	return error;
}

static int fold_question(const struct programme_source *source,
			 const struct programme_question *question, size_t owner,
			 struct programme_saying sayings[], size_t *n)
{
	const unsigned line = programme_word_section(source, "question", question->id)->line;
	int error = fold_names(source, question->id, question->label, owner, line, &sayings[*n]);

	*n += 3;
	for (size_t i = 0; i < question->aliases_n && error == 0; i++)
		error = fold(source, question->aliases[i], owner, line, sayings, n);
	return error;
}

static size_t count_names(const struct programme *programme)
{
	size_t n = 0;

	for (size_t i = 0; i < programme->fields_n; i++)
		n += 3 + programme->fields[i].aliases_n;
	for (size_t i = 0; i < programme->questions_n; i++)
		n += 3 + programme->questions[i].aliases_n;
	return n;
}

static int check_headings(const struct programme_source *source, const struct programme *programme,
			  size_t site)
{
	struct programme_saying *sayings =
		arena_take(source->arena, count_names(programme), sizeof(*sayings));
	size_t n = 0;
	int error = 0;

	if (sayings == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < programme->fields_n && error == 0; i++)
		error = fold_field(source, &programme->fields[i], i, sayings, &n);
	for (size_t i = 0; i < programme->questions_n && error == 0; i++)
		if (programme->questions[i].site == site)
			error = fold_question(source, &programme->questions[i],
					      programme->fields_n + i, sayings, &n);
	return error == 0 ? programme_value_distinct(source, sayings, &n) : error;
}

static bool asks(const struct programme *programme, size_t site)
{
	for (size_t i = 0; i < programme->questions_n; i++)
		if (programme->questions[i].site == site)
			return true;
	return false;
}

/* ---- All ---- */

/* What a slot holds was answered to one question: under another it would mean something else. */
static int check_slot(const struct programme_source *source, const struct programme *programme,
		      const struct programme_section *section,
		      const struct programme_question *question)
{
	const struct programme_question *other =
		programme_question(programme, question->site, question->slot);

	if (other == question)
		return 0;
	return programme_complain(source, programme_entry(section, "slot", NULL)->line, "P042",
				  "slot %u of %s is %s's for ever", question->slot,
				  programme->sites[question->site].id, other->id);
}

int programme_build_questions(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "question");
	struct programme_question *questions = arena_take(source->arena, n, sizeof(*questions));
	const struct programme_section *section = NULL;
	int error = 0;

	if (questions == NULL)
		return fail(-ENOMEM);
	if (n > PROGRAMME_QUESTIONS_MAX)
		return programme_complain(source, 1, "P016", "%zu questions: at most %d", n,
					  PROGRAMME_QUESTIONS_MAX);
	programme->questions = questions;
	for (size_t i = 0; i < n && error == 0; i++) {
		section = programme_section(source, "question", section);
		error = build_question(source, section, programme, &questions[i]);
		programme->questions_n = i + 1;
		if (error == 0)
			error = check_slot(source, programme, section, &questions[i]);
	}
	for (size_t site = 0; site < programme->sites_n && error == 0; site++)
		if (asks(programme, site))
			error = check_headings(source, programme, site);
	return error;
}
