#include "proto/programme_rule.h"

#include "proto/programme_cut.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

#define GROUPS_MAX 128 /* in one test; a line has no room for more */

static int read_groups(const struct programme_source *source, unsigned line,
		       const struct programme_variable *variable, char *words,
		       struct programme_test *test)
{
	uint16_t *groups = arena_take(source->arena, GROUPS_MAX, sizeof(*groups));
	const char *word;
	size_t n = 0;

	if (groups == NULL)
		return fail(-ENOMEM);
	while (n < GROUPS_MAX && (word = programme_word_next(&words, ",")) != NULL) {
		int error = programme_cut_group(source, variable, line, word, &groups[n]);

		if (error != 0)
			return error;
		for (size_t i = 0; i < n; i++)
			if (groups[i] == groups[n])
				return programme_complain(source, line, "P003",
							  "%s stands twice in one condition", word);
		n++;
	}
	test->groups = groups;
	test->groups_n = n;
	return 0;
}

/* A field without codes is no variable: say so rather than propose another. */
static int complain_plain(const struct programme_source *source, const struct programme *programme,
			  unsigned line, const char *id)
{
	for (size_t i = 0; i < programme->fields_n; i++)
		if (strcmp(programme->fields[i].id, id) == 0 && programme->fields[i].list == NULL)
			return programme_complain(
				source, line, "P014",
				"field %s has no code list to choose from: make a variable of it",
				id);
	return 0;
}

/* "VARIABLE is GROUP, GROUP" or "VARIABLE is not GROUP". */
static int read_test(const struct programme_source *source, const struct programme *programme,
		     const struct programme_entry *entry, char *text, struct programme_test *test)
{
	const char *id = programme_word_next(&text, " is ");
	int error;

	if (text == NULL)
		return programme_complain(source, entry->line, "P006",
					  "%s: \"%s\" is not like \"exit_reason is work, studies\"",
					  entry->key, id);
	error = complain_plain(source, programme, entry->line, id);
	if (error == 0)
		error = programme_cut_find(source, programme, entry->line, id, &test->variable);
	if (error == 0 && programme->variables[test->variable].shape == SHAPE_CELLS)
		error = programme_complain(source, entry->line, "P006",
					   "%s is the cells of a measure: write what they test",
					   id);
	if (error != 0)
		return error;
	text += strspn(text, " \t");
	test->is_not = strncmp(text, "not ", 4) == 0;
	return read_groups(source, entry->line, &programme->variables[test->variable],
			   test->is_not ? text + 4 : text, test);
}

static int build_rule(const struct programme_source *source, const struct programme *programme,
		      const struct programme_entry *entry, struct programme_rule *rule)
{
	struct programme_test *tests =
		arena_take(source->arena, PROGRAMME_TESTS_MAX, sizeof(*tests));
	char *rest = programme_word_copy(source, entry->parts[0]), *text;
	size_t n = 0;

	if (tests == NULL || rest == NULL)
		return fail(-ENOMEM);
	while ((text = programme_word_next(&rest, " and ")) != NULL) {
		int error;

		if (n == PROGRAMME_TESTS_MAX)
			return programme_complain(source, entry->line, "P016",
						  "more than %d tests in one line",
						  PROGRAMME_TESTS_MAX);
		error = read_test(source, programme, entry, text, &tests[n++]);
		if (error != 0)
			return error;
	}
	rule->tests = tests;
	rule->tests_n = n;
	return 0;
}

/* The next line that is meant, or NULL. */
static const struct programme_entry *next_line(const struct programme_lines *lines,
					       const struct programme_entry *after)
{
	const struct programme_entry *entry = programme_entry(lines->section, lines->key, after);

	return entry != NULL && lines->end != NULL && entry >= lines->end ? NULL : entry;
}

int programme_build_rules(const struct programme_source *source, const struct programme *programme,
			  const struct programme_lines *lines,
			  const struct programme_rule **ret_rules, size_t *ret_n)
{
	const struct programme_entry *entry = lines->after;
	struct programme_rule *rules;
	size_t n = 0;

	while ((entry = next_line(lines, entry)) != NULL)
		n++;
	rules = arena_take(source->arena, n, sizeof(*rules));
	if (rules == NULL)
		return fail(-ENOMEM);
	entry = lines->after;
	for (size_t i = 0; i < n && (entry = next_line(lines, entry)) != NULL; i++) {
		int error = build_rule(source, programme, entry, &rules[i]);

		if (error != 0)
			return error;
	}
	*ret_rules = rules;
	*ret_n = n;
	return 0;
}
