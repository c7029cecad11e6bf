#include "daemon/site/record.h"

#include <assert.h>
#include <errno.h>
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

void record_clear(struct record *record)
{
	record->identity = (struct record_identity){.type = ID_NONE};
	record->invitation[0] = '\0';
	for (size_t field = 0; field < FIELD_N; field++)
		record->value[field] = RECORD_MISSING;
}

void record_wipe(struct record *record)
{
	explicit_bzero(record, sizeof(*record));
	record_clear(record);
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

/* Text fields live outside value[] and change as one: the identity under person_number, the
 * invitation under its own field. */
static bool is_coded(enum record_field field)
{
	return rows[field].type != RECORD_TEXT && rows[field].type != RECORD_NUMBER_ID;
}

/*
 * What of an identity is written down: of the anonymous, and of those who took their consent back,
 * only that they are so. What the row said about them serves the look-up and is forgotten.
 */
static bool is_identity_kept(const struct record *record)
{
	return record->identity.type != ID_ANONYMOUS && record->value[FIELD_protected] != 1 &&
	       !record_has_code(record, FIELD_consent, RECORD_CONSENT_WITHDRAWN);
}

/* Not by value: whoever asks wipes the only copy. */
static void keep_identity(const struct record *record, struct record_identity *ret_kept)
{
	*ret_kept = (struct record_identity){.type = record->identity.type};
	if (is_identity_kept(record))
		*ret_kept = record->identity;
}

static bool is_same_identity(const struct record *before, const struct record *after)
{
	struct record_identity old, new;
	bool is_same;

	keep_identity(before, &old);
	keep_identity(after, &new);
	is_same = old.type == new.type &&strcmp(old.number, new.number) == 0 &&
		  strcmp(old.local_id, new.local_id) == 0 && strcmp(old.name, new.name) == 0;
	explicit_bzero(&old, sizeof(old));
	explicit_bzero(&new, sizeof(new));
	return is_same;
}

static bool field_differs(const struct record *before, const struct record *after,
			  enum record_field field)
{
	if (field == FIELD_person_number)
		return !is_same_identity(before, after);
	if (field == FIELD_invitation_code)
		return strcmp(before->invitation, after->invitation) != 0;
	return is_coded(field) && before->value[field] != after->value[field];
}

bool record_differs(const struct record *before, const struct record *after)
{
	for (int field = 0; field < FIELD_N; field++)
		if (field_differs(before, after, (enum record_field)field))
			return true;
	return false;
}

static void pack_identity(const struct record *record, struct buf *ret_bytes)
{
	struct record_identity kept;

	keep_identity(record, &kept);
	pack_array(ret_bytes, 4);
	pack_u64(ret_bytes, kept.type);
	pack_str(ret_bytes, kept.number);
	pack_str(ret_bytes, kept.local_id);
	pack_str(ret_bytes, kept.name);
	explicit_bzero(&kept, sizeof(kept));
}

static void pack_value(const struct record *record, enum record_field field, struct buf *ret_bytes)
{
	if (field == FIELD_person_number)
		pack_identity(record, ret_bytes);
	else if (field == FIELD_invitation_code)
		pack_str(ret_bytes, record->invitation);
	else if (record->value[field] == RECORD_MISSING)
		pack_nil(ret_bytes);
	else
		pack_i64(ret_bytes, record->value[field]);
}

void record_pack_change(const struct record *before, const struct record *after,
			struct buf *ret_bytes)
{
	enum record_field changed[FIELD_N];
	uint32_t n = 0;

	for (int field = 0; field < FIELD_N; field++)
		if (field_differs(before, after, (enum record_field)field))
			changed[n++] = (enum record_field)field;
	pack_array(ret_bytes, n);
	for (uint32_t i = 0; i < n; i++) {
		pack_array(ret_bytes, 2);
		pack_u64(ret_bytes, changed[i]);
		pack_value(after, changed[i], ret_bytes);
	}
}

static void refuse(struct unpack *in)
{
	if (in->error == 0)
		in->error = fail(-EBADMSG);
}

static void unpack_identity(struct unpack *in, struct record_identity *ret_identity)
{
	unpack_array_of(in, 4);
	ret_identity->type = (enum record_id_type)unpack_u64(in, ID_ANONYMOUS);
	unpack_str(in, ret_identity->number, sizeof(ret_identity->number));
	unpack_str(in, ret_identity->local_id, sizeof(ret_identity->local_id));
	unpack_str(in, ret_identity->name, sizeof(ret_identity->name));
	unpack_leave(in);
}

static void apply_one(struct unpack *in, struct record *record)
{
	enum record_field field;

	unpack_array_of(in, 2);
	field = (enum record_field)unpack_u64(in, FIELD_N - 1);
	if (field == FIELD_person_number)
		unpack_identity(in, &record->identity);
	else if (field == FIELD_invitation_code)
		unpack_str(in, record->invitation, sizeof(record->invitation));
	else if (!is_coded(field))
		refuse(in);
	else if (unpack_nil(in))
		record->value[field] = RECORD_MISSING;
	else
		record->value[field] = (int32_t)unpack_i64(in, INT32_MIN + 1, INT32_MAX);
	unpack_leave(in);
}

void record_apply_change(struct unpack *in, struct record *record)
{
	struct record changed = *record;
	uint32_t n = unpack_array(in, FIELD_N);

	for (uint32_t i = 0; i < n && in->error == 0; i++)
		apply_one(in, &changed);
	unpack_leave(in);
	if (in->error == 0)
		*record = changed;
	explicit_bzero(&changed, sizeof(changed));
}

const char *record_lookup_domain(const struct record *record)
{
	if (record->invitation[0] != '\0')
		return "mia/1/lookup/invitation";
	if (record->identity.type == ID_PERSONNUMMER || record->identity.type == ID_COORDINATION)
		return "mia/1/lookup/number";
	return "mia/1/lookup/local";
}

const char *record_lookup_text(const struct record *record)
{
	if (record->invitation[0] != '\0')
		return record->invitation;
	if (record->identity.type == ID_PERSONNUMMER || record->identity.type == ID_COORDINATION)
		return record->identity.number;
	return record->identity.local_id;
}
