/*
 * A record: the coded values of one person's participation (or of one survey answer or deviation),
 * and who the person is. Fields are declared once in record.def; code lists are the programme's. A
 * record's life is a log of acts, each of which changes some fields: the record is the fold of its
 * acts. Of some parts (spells, hours, pauses, returns) a person has many: items (item.h).
 */
#ifndef MIA_SITE_RECORD_H
#define MIA_SITE_RECORD_H

#include "proto/programme.h"

#include <stdbool.h>

#define RECORD_MISSING INT32_MIN
/* Codes that rules of ours name (the programme file gives them these numbers for ever). */
#define RECORD_SEX_WOMAN 1
#define RECORD_SEX_MAN 2
#define RECORD_CONSENT_GIVEN 1
#define RECORD_CONSENT_REFUSED 2
#define RECORD_CONSENT_WITHDRAWN 3
#define RECORD_TEXT_BYTES 97 /* local id, name, invitation code: at most 96 bytes of UTF-8 */
#define RECORD_TOKEN_BYTES 21 /* a transfer's token: 20 digits */
#define RECORD_ITEMS_MAX 96 /* of all parts together */
#define RECORD_ITEM_VALUES 7 /* fields of the largest item part */

enum record_type {
	RECORD_NUMBER_ID,
	RECORD_TEXT,
	RECORD_CODE,
	RECORD_SET,
	RECORD_DATE,
	RECORD_COUNT,
	RECORD_BOOL,
	RECORD_MUNICIPALITY
};
enum record_part {
	RECORD_IDENTITY,
	RECORD_CONSENT,
	RECORD_INTEREST,
	RECORD_ENTRY,
	RECORD_EXIT,
	RECORD_FOLLOWUP,
	RECORD_SURVEY,
	RECORD_SPELL, /* item: an activity */
	RECORD_TRANSFER,
	RECORD_HOURS, /* item: a month's hours; the month is its first day */
	RECORD_PAUSE, /* item */
	RECORD_RETURN, /* item: a re-entry, and the exit that it ended */
	RECORD_DEVIATION, /* a report that is nobody's */
	RECORD_QUESTION, /* local, coded extra questions */
	RECORD_PART_N
};

enum record_field {
#define FIELD(id, type, list, part) FIELD_##id,
#include "daemon/site/record.def"
#undef FIELD
	FIELD_N,
};

struct record_row {
	const char *id;
	const char *list; /* code list of the programme, "" a local question's own, or NULL */
	enum record_type type;
	enum record_part part;
};
const struct record_row *record_row(enum record_field field);
/* The field of an id, or -1. */
int record_field(const char *id);

/* How a person is known. ANONYMOUS: nobody can look them up, sex and entry year only. */
enum record_id_type { ID_NONE, ID_PERSONNUMMER, ID_COORDINATION, ID_LOCAL, ID_ANONYMOUS };

/* Kept under the person's key; wiped with secret care: record_wipe(). number is the canonical 12
 * digits, "" unless there is one. */
struct record_identity {
	enum record_id_type type;
	char number[13];
	char local_id[RECORD_TEXT_BYTES];
	char name[RECORD_TEXT_BYTES];
};

/* One of many; value[i] is the i-th field of the part in record.def. */
struct record_item {
	enum record_part part;
	int32_t value[RECORD_ITEM_VALUES];
};

/*
 * value[f] is RECORD_MISSING, or the field's 32-bit value (MUNICIPALITY: the SCB code as a number).
 * Of an item part's fields it is the one item that a row or form tells of, until item_settle() puts
 * it among the items; of a stored record it is missing. Text fields are not in value[]: see
 * record_text(). items are in order (item.h).
 */
struct record {
	struct record_identity identity;
	char invitation[RECORD_TEXT_BYTES]; /* survey answers only */
	char token_out[RECORD_TOKEN_BYTES], token_in[RECORD_TOKEN_BYTES]; /* of transfers */
	int32_t value[FIELD_N];
	size_t items_n;
	struct record_item items[RECORD_ITEMS_MAX];
};

/* Where a text field (TEXT, or the number) stands and how many bytes it has there, NUL included;
 * NULL when it is none. */
char *record_text(struct record *record, enum record_field field, size_t *ret_size);

void record_clear(struct record *record); /* everything missing */
void record_wipe(struct record *record); /* as clear, and the bytes are wiped */
/* As an assignment, but only of the items there are: most records have few. */
void record_copy(const struct record *from, struct record *ret_record);
bool record_has_code(const struct record *record, enum record_field field,
		     uint16_t number); /* CODE equals, SET holds */

#endif
