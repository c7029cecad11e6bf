/*
 * Words with a fixed meaning in a programme file, and lists of words. Each reader takes the first
 * part of an entry, writes its output only when all is well, and else complains with file:line: 0
 * or -EBADMSG.
 */
#ifndef MIA_PROTO_PROGRAMME_WORD_H
#define MIA_PROTO_PROGRAMME_WORD_H

#include "proto/programme_line.h"

/* The index among names of part i of an entry. */
int programme_word_choice(const struct programme_source *source,
			  const struct programme_entry *entry, size_t i,
			  const struct programme_names *names, unsigned *ret_index);
/* "yes" or "no"; false where entry is NULL. */
int programme_word_flag(const struct programme_source *source, const struct programme_entry *entry,
			bool *ret_flag);
int programme_word_kind(const struct programme_source *source, const struct programme_entry *entry,
			enum programme_kind *ret_kind);
/* P018 for anything finer than a month. */
int programme_word_cadence(const struct programme_source *source,
			   const struct programme_entry *entry, size_t i,
			   enum programme_cadence *ret_cadence);
const char *programme_cadence_name(enum programme_cadence cadence);

/* Cuts the next word off a list "a, b , c", without its blanks: NULL when there is none left. */
char *programme_word_next(char **rest, const char *separator);
/* A copy in the arena to cut words off; NULL when memory is out. */
char *programme_word_copy(const struct programme_source *source, const char *text);

/* The section of a kind and id, which is there. */
const struct programme_section *programme_word_section(const struct programme_source *source,
						       const char *kind, const char *id);

#endif
