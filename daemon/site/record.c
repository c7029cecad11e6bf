#include "daemon/site/record.h"

#include "lib/own.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct record_row rows[FIELD_N] = {
#define FIELD(name, kind, codes, where)                                                            \
	[FIELD_##name] = {.id = #name,                                                             \
			  .type = RECORD_##kind,                                                   \
			  .list = (codes),                                                         \
			  .part = RECORD_##where},
#include "daemon/site/record.def"
#undef FIELD
};

const struct record_row *record_row(enum record_field field)
{
	assert((unsigned)field < FIELD_N);
	return &rows[field];
}

int record_field(const char *id)
{
	for (int field = 0; field < FIELD_N; field++)
		if (strcmp(rows[field].id, id) == 0)
			return field;
	return -1;
}

#define IDENTITY(text)                                                                             \
	offsetof(struct record, identity.text), sizeof(((struct record *)0)->identity.text)
#define OWN(text) offsetof(struct record, text), sizeof(((struct record *)0)->text)

/* Where texts stand; size 0: it is no text. */
static const struct {
	size_t at, size;
} texts[FIELD_N] = {
	[FIELD_person_number] = {IDENTITY(number)},
	[FIELD_local_id] = {IDENTITY(local_id)},
	[FIELD_name] = {IDENTITY(name)},
	[FIELD_invitation_code] = {OWN(invitation)},
	[FIELD_transfer_out_token] = {OWN(token_out)},
	[FIELD_transfer_in_token] = {OWN(token_in)},
};

char *record_text(struct record *record, enum record_field field, size_t *ret_size)
{
	if (texts[field].size == 0)
		return NULL;
	*ret_size = texts[field].size;
	return (char *)record + texts[field].at;
}

void record_clear(struct record *record)
{
	record->identity = (struct record_identity){.type = ID_NONE};
	record->invitation[0] = '\0';
	record->token_out[0] = record->token_in[0] = '\0';
	record->items_n = 0;
	for (size_t field = 0; field < FIELD_N; field++)
		record->value[field] = RECORD_MISSING;
}

void record_wipe(struct record *record)
{
	explicit_bzero(record, sizeof(*record));
	record_clear(record);
}

void record_copy(const struct record *from, struct record *ret_record)
{
	memcpy(ret_record, from,
	       offsetof(struct record, items) + from->items_n * sizeof(from->items[0]));
}

bool record_has_code(const struct record *record, enum record_field field, uint16_t number)
{
	int32_t value = record->value[field];

	if (value == RECORD_MISSING || number == 0)
		return false;
	if (rows[field].type == RECORD_SET)
		return number <= 31 && ((uint32_t)value >> (number - 1) & 1) != 0;
	if (rows[field].type == RECORD_BOOL) /* the list yesno: 1 is no, 2 is yes */
		return value + 1 == number;
	return value == number;
}
