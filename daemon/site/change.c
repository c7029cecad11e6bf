#include "daemon/site/change.h"

#include "lib/own.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Text fields live outside value[] and change as one: the identity under person_number, the
 * invitation under its own field. */
static bool is_coded(enum record_field field)
{
	return record_row(field)->type != RECORD_TEXT &&
	       record_row(field)->type != RECORD_NUMBER_ID;
}

/*
 * What of an identity is written down: of the anonymous, and of those who took their consent back,
 * only that they are so. What the row said about them serves the look-up and is forgotten.
 */
bool change_keeps_identity(const struct record *record)
{
	return record->identity.type != ID_ANONYMOUS && record->value[FIELD_protected] != 1 &&
	       !record_has_code(record, FIELD_consent, RECORD_CONSENT_WITHDRAWN);
}

/* Not by value: whoever asks wipes the only copy. */
static void keep_identity(const struct record *record, struct record_identity *ret_kept)
{
	*ret_kept = (struct record_identity){.type = record->identity.type};
	if (change_keeps_identity(record))
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

/* Texts that change each as a value of its own: all but the identity's. */
static bool is_lone_text(enum record_field field)
{
	const struct record_row *row = record_row(field);

	return row->type == RECORD_TEXT && row->part != RECORD_IDENTITY;
}

/* For reading: record_text() is the one list of where texts stand. */
static const char *text_of(const struct record *record, enum record_field field)
{
	size_t size;

	return record_text((struct record *)(uintptr_t)record, field, &size);
}

static bool field_differs(const struct record *before, const struct record *after,
			  enum record_field field)
{
	if (is_coded(field))
		return before->value[field] != after->value[field];
	if (field == FIELD_person_number)
		return !is_same_identity(before, after);
	return is_lone_text(field) && strcmp(text_of(before, field), text_of(after, field)) != 0;
}

static bool items_differ(const struct record *before, const struct record *after,
			 enum record_part part)
{
	return item_is_part(part) && !item_is_same_part(before, after, part);
}

bool change_differs(const struct record *before, const struct record *after)
{
	for (int field = 0; field < FIELD_N; field++)
		if (field_differs(before, after, (enum record_field)field))
			return true;
	for (int part = 0; part < RECORD_PART_N; part++)
		if (items_differ(before, after, (enum record_part)part))
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

static void pack_number(int32_t value, struct buf *ret_bytes)
{
	if (value == RECORD_MISSING)
		pack_nil(ret_bytes);
	else
		pack_i64(ret_bytes, value);
}

static void pack_field(const struct record *record, enum record_field field, struct buf *ret_bytes)
{
	pack_array(ret_bytes, 2);
	pack_u64(ret_bytes, field);
	if (field == FIELD_person_number)
		pack_identity(record, ret_bytes);
	else if (is_lone_text(field))
		pack_str(ret_bytes, text_of(record, field));
	else
		pack_number(record->value[field], ret_bytes);
}

static void pack_items(const struct record *record, enum record_part part, struct buf *ret_bytes)
{
	const struct record_item *item = NULL;
	uint32_t n = 0;

	while ((item = item_next(record, part, item)) != NULL)
		n++;
	pack_array(ret_bytes, 2);
	pack_u64(ret_bytes, CHANGE_ITEMS + part);
	pack_array(ret_bytes, n);
	while ((item = item_next(record, part, item)) != NULL) {
		pack_array(ret_bytes, (uint32_t)item_width(part));
		for (size_t i = 0; i < item_width(part); i++)
			pack_number(item->value[i], ret_bytes);
	}
}

void change_pack(const struct record *before, const struct record *after, struct buf *ret_bytes)
{
	uint16_t changed[FIELD_N + RECORD_PART_N];
	uint32_t n = 0;

	for (int field = 0; field < FIELD_N; field++)
		if (field_differs(before, after, (enum record_field)field))
			changed[n++] = (uint16_t)field;
	for (int part = 0; part < RECORD_PART_N; part++)
		if (items_differ(before, after, (enum record_part)part))
			changed[n++] = (uint16_t)(CHANGE_ITEMS + part);
	pack_array(ret_bytes, n);
	for (uint32_t i = 0; i < n; i++) {
		if (changed[i] < CHANGE_ITEMS)
			pack_field(after, (enum record_field)changed[i], ret_bytes);
		else
			pack_items(after, (enum record_part)(changed[i] - CHANGE_ITEMS), ret_bytes);
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

static int32_t unpack_number(struct unpack *in)
{
	return unpack_nil(in) ? RECORD_MISSING : (int32_t)unpack_i64(in, INT32_MIN + 1, INT32_MAX);
}

static void unpack_item(struct unpack *in, struct record_item *ret_item)
{
	size_t width = item_width(ret_item->part);

	unpack_array_of(in, (uint32_t)width);
	for (size_t i = 0; i < RECORD_ITEM_VALUES; i++)
		ret_item->value[i] = i < width ? unpack_number(in) : RECORD_MISSING;
	unpack_leave(in);
}

static void apply_items(struct unpack *in, enum record_part part, struct record *record)
{
	uint32_t n = unpack_array(in, RECORD_ITEMS_MAX);

	if (!item_is_part(part))
		refuse(in);
	else
		item_remove_part(record, part);
	for (uint32_t i = 0; i < n && in->error == 0; i++) {
		struct record_item item = {.part = part};

		unpack_item(in, &item);
		if (in->error == 0 && item_add(record, &item) < 0)
			refuse(in);
	}
	unpack_leave(in);
}

static void apply_field(struct unpack *in, enum record_field field, struct record *record)
{
	size_t size = 0;
	char *text = record_text(record, field, &size);

	if (field == FIELD_person_number)
		unpack_identity(in, &record->identity);
	else if (is_lone_text(field))
		unpack_str(in, text, size);
	else if (is_coded(field))
		record->value[field] = unpack_number(in);
	else
		refuse(in);
}

static void apply_one(struct unpack *in, struct record *record)
{
	uint64_t what;

	unpack_array_of(in, 2);
	what = unpack_u64(in, CHANGE_ITEMS + RECORD_PART_N - 1);
	if (what >= CHANGE_ITEMS)
		apply_items(in, (enum record_part)(what - CHANGE_ITEMS), record);
	else if (what < FIELD_N)
		apply_field(in, (enum record_field)what, record);
	else
		refuse(in);
	unpack_leave(in);
}

void change_apply(struct unpack *in, struct record *record)
{
	struct record changed;
	uint32_t n = unpack_array(in, FIELD_N + RECORD_PART_N);

	record_copy(record, &changed);
	for (uint32_t i = 0; i < n && in->error == 0; i++)
		apply_one(in, &changed);
	unpack_leave(in);
	if (in->error == 0)
		record_copy(&changed, record);
	explicit_bzero(&changed, sizeof(changed) - sizeof(changed.items) +
					 changed.items_n * sizeof(changed.items[0]));
}
