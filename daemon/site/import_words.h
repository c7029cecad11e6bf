/*
 * Words of an import that are codes: matched by id, label, alias or number, sets split at + , ; |.
 * A word once seen is remembered by its raw bytes, so that a million rows fold each word once.
 */
#ifndef MIA_SITE_IMPORT_WORDS_H
#define MIA_SITE_IMPORT_WORDS_H

#include "daemon/site/import_sniff.h"

enum import_word_state { IMPORT_WORD_GOOD, IMPORT_WORD_UNKNOWN, IMPORT_WORD_LOST_ZERO };

/* value is in the way of the field's type. nearest is the label to propose for an unknown word, or
 * "". */
struct import_word {
	enum import_word_state state;
	int32_t value;
	const char *nearest;
};

struct import_words;

/* Borrows the programme. 0 or -ENOMEM. */
int import_words_new(const struct programme *programme, struct import_words **ret_words);
/* The lists of the site's own questions, by their slots. */
void import_words_questions(struct import_words *words, const struct programme *programme,
			    int site);
void import_words_free(struct import_words **words);

/* The reading of n bytes (not empty, outer blanks cut) as a value of field, which is a CODE, SET,
 * BOOL or MUNICIPALITY; valid until the next call. */
const struct import_word *import_words_find(struct import_words *words, enum record_field field,
					    enum import_encoding encoding, const char *bytes,
					    size_t n);

#endif
