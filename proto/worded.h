/*
 * The programme's definitions in words: what a kind counts, which codes a rule asks for, when
 * something is valid. Data labels come in the language asked; whole sentences are msgids.
 */
#ifndef MIA_PROTO_WORDED_H
#define MIA_PROTO_WORDED_H

#include "lib/buf.h"
#include "proto/programme.h"

/* What a measure (%1, its label) counts and by which day, as its kind says: a msgid. */
const char *worded_kind(enum programme_kind kind);
/* How often a figure is in a report. A msgid. */
const char *worded_cadence(enum programme_cadence cadence);
/* Appends "Reason for leaving: Work, Studies and Extent: not 1-25%; or ...". Nothing when there are
 * no rules. */
void worded_rules(const struct programme *programme, const struct programme_rule rules[], size_t n,
		  enum programme_language language, struct buf *ret_words);
/* Appends "2017-04-01..2020-12-31", either end left out where it is open; nothing when both are. */
void worded_span(struct programme_span span, struct buf *ret_words);
/* Appends what a group holds: its codes, or its bounds as "16-24", "55-" or "-24". */
void worded_group(const struct programme *programme, const struct programme_variable *variable,
		  const struct programme_group *group, enum programme_language language,
		  struct buf *ret_words);

#endif
