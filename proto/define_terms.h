/*
 * The terms of a programme one by one, whatever they are, for whoever looks a word up.
 */
#ifndef MIA_PROTO_DEFINE_TERMS_H
#define MIA_PROTO_DEFINE_TERMS_H

#include "lib/buf.h"
#include "proto/programme.h"

enum define_what {
	DEFINE_MEASURE,
	DEFINE_CELL,
	DEFINE_GOAL,
	DEFINE_PACK,
	DEFINE_INDICATOR,
	DEFINE_TABLE,
	DEFINE_VARIABLE,
	DEFINE_GROUP,
	DEFINE_LIST,
	DEFINE_CODE,
	DEFINE_FIELD,
	DEFINE_QUESTION,
	DEFINE_SITE,
	DEFINE_N,
};

/* Views into the programme. */
struct define_term {
	enum define_what what;
	const char *of; /* id of the whole that a part belongs to, else NULL */
	const char *id;
	struct programme_label label;
	struct programme_span span;
	size_t index, part; /* in the programme: of the whole, and of the part in it */
};

/* Anything but 0 ends the walk and is returned. */
typedef int define_visit_fn(void *context, const struct define_term *term);
/* Every term, each whole before its parts. */
int define_walk(const struct programme *programme, define_visit_fn *visit, void *context);

bool define_is_part(enum define_what what);
/* The word for it: a msgid, which is also its code. */
const char *define_name(enum define_what what);
/* Appends what it means, in words; nothing where its labels say all. */
void define_meaning(const struct programme *programme, const struct define_term *term,
		    enum programme_language language, struct buf *ret_words);

#endif
