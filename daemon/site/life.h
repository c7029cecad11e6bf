/*
 * The life of a person as a table (life.def): what may happen, after which states, and what the
 * form of each event asks. Forms, the desk, what is to be done, quality and the monthly sheet read
 * the same rows.
 */
#ifndef MIA_SITE_LIFE_H
#define MIA_SITE_LIFE_H

#include "daemon/site/item.h"

/* Where a person stands on a day; one bit each, so that a row can name several. */
enum life_state {
	LIFE_NEW = 1, /* nothing recorded yet: no date of interest, no entry */
	LIFE_INTEREST = 2,
	LIFE_QUEUED = 4,
	LIFE_DECLINED = 8,
	LIFE_MAPPED = 16,
	LIFE_ACTIVE = 32,
	LIFE_PAUSED = 64,
	LIFE_LEFT = 128,
	LIFE_TRANSFERRED = 256, /* out: neither active nor left */
	LIFE_MISREGISTERED = 512,
};
#define LIFE_ALIVE (LIFE_MISREGISTERED - 1) /* any but misregistered */

enum life_event {
#define EVENT(id, word, alias, sentence, day, follows) LIFE_##id,
#include "daemon/site/life.def"
	LIFE_EVENT_N,
};

enum life_need { LIFE_MUST, LIFE_MAY, LIFE_WHEN };

struct life_row {
	const char *word; /* "transfer-out"; "": not of `person event` */
	const char *alias; /* Swedish words, comma separated */
	const char *sentence; /* msgid: "leaves" */
	enum record_field day; /* FIELD_N: none of its own */
	unsigned follows; /* enum life_state bits */
};

/* What a form asks. */
struct life_ask {
	enum life_event event;
	enum record_field field;
	enum life_need need;
	const char *hint; /* msgid, or NULL */
};

const struct life_row *life_row(enum life_event event);
/* The event of a word or alias, -1 none. */
int life_find(const char *word);
/* What an event asks, in order. */
const struct life_ask *life_asks(enum life_event event, size_t *ret_n);

/* Where the person stands at the end of today: dates after it are plans. A person whose record
 * the store has marked (store_person.is_misregistered) is misregistered, whatever this says. */
enum life_state life_state(const struct programme *programme, const struct record *record,
			   int32_t today);
/* Id for programs ("active") and msgid for people; both static. */
const char *life_state_id(enum life_state state);
const char *life_state_name(enum life_state state);

#endif
