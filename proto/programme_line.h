/*
 * The lines of a programme file before they mean anything: sections with their entries, checked
 * against the table of sections and keys (proto/programme/README.md tells the language), and the
 * readers of single values. A fault names file:line, and its remedy comes from proto/errors.def.
 */
#ifndef MIA_PROTO_PROGRAMME_LINE_H
#define MIA_PROTO_PROGRAMME_LINE_H

#include "proto/arena.h"
#include "proto/programme.h"

#define PROGRAMME_ENTRIES_MAX 8192
#define PROGRAMME_SECTIONS_MAX 1024

/* One `key = part | part ...`; no part is empty. */
struct programme_entry {
	unsigned line;
	const char *key;
	const char *const *parts;
	size_t parts_n; /* at least 1 */
};

/* `[kind id]`; id is "" where the kind has none. line is that of its first entry. */
struct programme_section {
	unsigned line;
	const char *kind, *id;
	struct programme_entry *entries;
	size_t entries_n;
};

/* Everything lies in arena, which is the caller's. */
struct programme_source {
	const char *name;
	struct arena *arena;
	struct fault *fault;
	struct programme_section *sections;
	size_t sections_n;
	uint8_t hash[PROGRAMME_HASH_BYTES];
};

/* Reads n bytes into source, whose name, arena and fault are set. 0, -EBADMSG (P001..P006, P011,
 * P016, or what lib/ini refuses), -ENOMEM. */
int programme_source_read(struct programme_source *source, const void *bytes, size_t n);

/* Fills the fault with a code of proto/errors.def and its remedy; returns -EBADMSG. */
int programme_complain(const struct programme_source *source, unsigned line, const char *code,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Words that may stand in a place, for the complaint about one that may not. */
struct programme_names {
	const char *code; /* of proto/errors.def */
	const char *what; /* "key", "code of exit_reason" */
	const char *const *words;
	size_t n;
};
/* `there is no WHAT "word"; did you mean "X"?` Returns -EBADMSG. */
int programme_complain_word(const struct programme_source *source, unsigned line,
			    const struct programme_names *names, const char *word);

/* Whether text may be an id: a-z 0-9 _ - only, 1..PROGRAMME_ID_BYTES - 1 of them. */
bool programme_is_id(const char *text);

/* The next section of a kind after another (NULL: the first), or NULL; and how many there are. */
const struct programme_section *programme_section(const struct programme_source *source,
						  const char *kind,
						  const struct programme_section *after);
size_t programme_sections(const struct programme_source *source, const char *kind);

/* The next entry of a key after another (NULL: the first), or NULL; and how many there are. */
const struct programme_entry *programme_entry(const struct programme_section *section,
					      const char *key, const struct programme_entry *after);
size_t programme_entries(const struct programme_section *section, const char *key);

#endif
