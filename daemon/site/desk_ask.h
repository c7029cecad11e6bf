/*
 * What a form asks, and the reading of what was typed into it: by the import's own reader, so that
 * a form and a file obey one law.
 */
#ifndef MIA_SITE_DESK_ASK_H
#define MIA_SITE_DESK_ASK_H

#include "daemon/site/desk_words.h"
#include "daemon/site/life.h"
#include "daemon/site/person.h"
#include "daemon/site/validate.h"
#include "lib/fail.h"
#include "proto/command.h"

/* A question of a form; hint as in life.def. */
struct desk_question {
	enum record_field field;
	enum life_need need;
	const char *hint;
};
struct desk_questions {
	struct desk_question rows[FIELD_N];
	size_t n;
	bool has_items; /* DESK_REMOVE and DESK_REPLACES are asked too */
};

/* What an event asks on a day. Of someone anonymous no more is asked than may be kept of them. */
void desk_ask_event(const struct desk_words *words, enum life_event event, bool is_anonymous,
		    int32_t day, struct desk_questions *ret_questions);
/* Everything that may be corrected, as above. */
void desk_ask_all(const struct desk_words *words, bool is_anonymous, int32_t day,
		  struct desk_questions *ret_questions);
/* Whether what a record says, or a request types, makes the person anonymous. */
bool desk_ask_is_anonymous(const struct desk_words *words, const struct record *record,
			   const struct request *request);

/* Beside fields, a correction may name the part of which one item is to be taken away, and the day
 * of the item that takes another day, or "new" (desk_item.h). */
#define DESK_REMOVE "remove"
#define DESK_REPLACES "replaces"

/* What can be taken away, and the word for it. */
struct desk_part {
	const char *word;
	enum record_part part;
};
const struct desk_part *desk_ask_parts(size_t *ret_n);

/* What was typed. */
struct desk_typed {
	bool has[FIELD_N]; /* given, also when made empty */
	bool has_text[FIELD_N];
	bool has_number; /* and it is right */
	struct person_number number;
	int remove; /* enum record_part, or -1 */
	int32_t replaces; /* day, or RECORD_MISSING */
	bool is_another; /* "replaces" says that the item is new */
};

/* What is read: a request's fields by the questions of its form. */
struct desk_reading {
	const struct desk_words *words;
	const struct desk_questions *questions;
	const struct request *request;
	int32_t today;
	struct validate_result *findings; /* faults of values are added: I014..I029 */
};
/* Reads fields into record: what is given replaces, "" empties, the rest stays. -EBADMSG with fault
 * X002: a field that is not asked; -ENOMEM. Wipe ret_typed. */
int desk_ask_read(const struct desk_reading *reading, struct record *record,
		  struct desk_typed *ret_typed, struct fault *fault);
/* Finds those that must have an answer and have none: D001. */
void desk_ask_missing(const struct desk_questions *questions, const struct record *record,
		      struct validate_result *findings);

#endif
