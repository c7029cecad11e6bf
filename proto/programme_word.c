#include "proto/programme_word.h"

#include "lib/own.h"

#include <assert.h>
#include <string.h>

static const char *const cadences[] = {
	[CADENCE_MONTH] = "month",
	[CADENCE_QUARTER] = "quarter",
	[CADENCE_YEAR] = "year",
};

int programme_word_choice(const struct programme_source *source,
			  const struct programme_entry *entry, size_t i,
			  const struct programme_names *names, unsigned *ret_index)
{
	for (size_t n = 0; n < names->n; n++)
		if (strcmp(names->words[n], entry->parts[i]) == 0) {
			*ret_index = (unsigned)n;
			return 0;
		}
	return programme_complain_word(source, entry->line, names, entry->parts[i]);
}

int programme_word_flag(const struct programme_source *source, const struct programme_entry *entry,
			bool *ret_flag)
{
	static const char *const words[] = {"no", "yes"};
	static const struct programme_names names = {"P014", "answer", words, array_n(words)};
	unsigned index = 0;
	int error = 0;

	if (entry != NULL)
		error = programme_word_choice(source, entry, 0, &names, &index);
	if (error == 0)
		*ret_flag = index == 1;
	return error;
}

int programme_word_kind(const struct programme_source *source, const struct programme_entry *entry,
			enum programme_kind *ret_kind)
{
	const char *words[KIND_N];
	const struct programme_names names = {"P014", "kind of event", words, KIND_N};
	unsigned index = 0;
	int error;

	for (unsigned i = 0; i < KIND_N; i++)
		words[i] = programme_kind_name((enum programme_kind)i);
	error = programme_word_choice(source, entry, 0, &names, &index);
	if (error == 0)
		*ret_kind = (enum programme_kind)index;
	return error;
}

int programme_word_cadence(const struct programme_source *source,
			   const struct programme_entry *entry, size_t i,
			   enum programme_cadence *ret_cadence)
{
	static const struct programme_names names = {"P014", "cadence", cadences,
						     array_n(cadences)};
	static const char *const finer[] = {"week", "day", "fortnight", "hour"};
	unsigned index = 0;
	int error;

	for (size_t n = 0; n < array_n(finer); n++)
		if (strcmp(entry->parts[i], finer[n]) == 0)
			return programme_complain(source, entry->line, "P018",
						  "%s is finer than a month", finer[n]);
	error = programme_word_choice(source, entry, i, &names, &index);
	if (error == 0)
		*ret_cadence = (enum programme_cadence)index;
	return error;
}

const char *programme_cadence_name(enum programme_cadence cadence)
{
	return cadences[cadence];
}

char *programme_word_next(char **rest, const char *separator)
{
	char *word = *rest, *end;

	if (word == NULL)
		return NULL;
	word += strspn(word, " \t");
	end = strstr(word, separator);
	*rest = end == NULL ? NULL : end + strlen(separator);
	if (end == NULL)
		end = word + strlen(word);
	while (end > word && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	return word;
}

char *programme_word_copy(const struct programme_source *source, const char *text)
{
	return arena_text(source->arena, text, strlen(text));
}

const struct programme_section *programme_word_section(const struct programme_source *source,
						       const char *kind, const char *id)
{
	const struct programme_section *section = NULL;

	do {
		section = programme_section(source, kind, section);
		assert(section != NULL);
	} while (strcmp(section->id, id) != 0);
	return section;
}
