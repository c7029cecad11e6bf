/*
 * Single values of a programme file. Each reader takes part i of an entry, writes its output only
 * when all is well, and else complains with file:line: 0 or -EBADMSG.
 */
#ifndef MIA_PROTO_PROGRAMME_VALUE_H
#define MIA_PROTO_PROGRAMME_VALUE_H

#include "proto/programme_line.h"

/* A whole number in [min, max] (P007). */
int programme_value_number(const struct programme_source *source,
			   const struct programme_entry *entry, size_t i, uint32_t min,
			   uint32_t max, uint32_t *ret_number);
/* "2018-07-01" (P008). */
int programme_value_day(const struct programme_source *source, const struct programme_entry *entry,
			size_t i, int32_t *ret_day);
/* "A..B", "A.." or "..B", inclusive (P008, P009 when empty). */
int programme_value_span(const struct programme_source *source, const struct programme_entry *entry,
			 size_t i, struct programme_span *ret_span);
/* "16-64" (P007). */
int programme_value_ages(const struct programme_source *source, const struct programme_entry *entry,
			 uint8_t *ret_min, uint8_t *ret_max);
/* All entries `target = DAY | PERSONS` of a section, in rising order of days (P023). */
int programme_value_targets(const struct programme_source *source,
			    const struct programme_section *section,
			    const struct programme_target **ret_targets, size_t *ret_n);
/* sv and en of a section. */
struct programme_label programme_value_label(const struct programme_section *section);
/* The span of a section's `valid`, or all days when it has none. */
int programme_value_valid(const struct programme_source *source,
			  const struct programme_section *section, struct programme_span *ret_span);
bool programme_spans_meet(struct programme_span a, struct programme_span b);

/* A word in the file, with what it stands for, to find two that are the same when folded. */
struct programme_saying {
	const char *folded, *word;
	size_t owner;
	unsigned line;
};
/* Folds word into the arena: 0, -EBADMSG, -ENOMEM. */
int programme_value_fold(const struct programme_source *source, const char *word, size_t owner,
			 unsigned line, struct programme_saying *ret_saying);
/* Sorts by folded word. 0, or -EBADMSG (P015) when two of different owners are the same word; of
 * one owner's the first stays, and *n is the number left. */
int programme_value_distinct(const struct programme_source *source,
			     struct programme_saying *sayings, size_t *n);

/* All parts of all entries of a key, one after another, in the source's arena: 0 or -ENOMEM. */
int programme_value_words(const struct programme_source *source,
			  const struct programme_section *section, const char *key,
			  const char *const **ret_words, size_t *ret_n);

#endif
