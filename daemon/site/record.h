/*
 * A record: the coded values of one person's participation (or of one survey answer), and who the
 * person is. Fields are declared once in record.def; code lists are the programme's. A record's
 * life is a log of acts, each of which changes some fields: the record is the fold of its acts.
 */
#ifndef MIA_SITE_RECORD_H
#define MIA_SITE_RECORD_H

#include "lib/pack.h"
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
	RECORD_SPELL
};

enum record_field {
#define FIELD(id, type, list, part) FIELD_##id,
#include "daemon/site/record.def"
#undef FIELD
	FIELD_N,
};

struct record_row {
	const char *id;
	const char *list; /* code list of the programme, or NULL */
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

/* value[f] is RECORD_MISSING, or the field's 32-bit value (MUNICIPALITY: the SCB code as a number).
 * Text fields are in the identity. */
struct record {
	struct record_identity identity;
	char invitation[RECORD_TEXT_BYTES]; /* survey answers only */
	int32_t value[FIELD_N];
};

void record_clear(struct record *record); /* everything missing */
void record_wipe(struct record *record); /* as clear, and the bytes are wiped */
bool record_has_code(const struct record *record, enum record_field field,
		     uint16_t number); /* CODE equals, SET holds */

/* What changes from one record to another: [[field uint, value int or nil]...], identity when it
 * differs. Appended; empty array for no change. */
bool record_differs(const struct record *before, const struct record *after);
void record_pack_change(const struct record *before, const struct record *after,
			struct buf *ret_bytes);
/* Applies a change: the cursor carries the error. */
void record_apply_change(struct unpack *in, struct record *record);

/* The keyed look-up's domain and canonical bytes of an identity or invitation ("" when it cannot be
 * looked up). A local id finds its person also when the row makes them anonymous: it serves the
 * look-up only, and record_pack_change() leaves it, like the number of someone who withdrew
 * consent, unwritten. */
const char *record_lookup_domain(const struct record *record);
const char *record_lookup_text(const struct record *record);

#endif
