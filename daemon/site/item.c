#include "daemon/site/item.h"

#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

/* What an item part is known by: the field that dates an item, and one more that tells two of the
 * same day apart, or FIELD_N. first is the part's first field in record.def. */
static const struct item_kind {
	enum record_field first, day, other;
	size_t width;
} kinds[RECORD_PART_N] = {
	[RECORD_SPELL] = {FIELD_activity, FIELD_spell_start, FIELD_activity, 7},
	[RECORD_HOURS] = {FIELD_hours_month, FIELD_hours_month, FIELD_N, 2},
	[RECORD_PAUSE] = {FIELD_pause_start, FIELD_pause_start, FIELD_N, 2},
	[RECORD_RETURN] = {FIELD_return_date, FIELD_return_date, FIELD_N, 3},
};

bool item_is_part(enum record_part part)
{
	return kinds[part].width > 0;
}

size_t item_width(enum record_part part)
{
	return kinds[part].width;
}

enum record_field item_day_field(enum record_part part)
{
	assert(item_is_part(part));
	return kinds[part].day;
}

int32_t item_value(const struct record_item *item, enum record_field field)
{
	assert(record_row(field)->part == item->part && item_is_part(item->part));
	return item->value[field - kinds[item->part].first];
}

int32_t item_day(const struct record_item *item)
{
	return item_value(item, kinds[item->part].day);
}

static int32_t other_of(const struct record_item *item)
{
	enum record_field other = kinds[item->part].other;

	return other == FIELD_N ? 0 : item_value(item, other);
}

/* Part, day, the other: under 0, 0 or over it as a comes before, is the same as, or after b. */
static int compare(const struct record_item *a, const struct record_item *b)
{
	if (a->part != b->part)
		return a->part < b->part ? -1 : 1;
	if (item_day(a) != item_day(b))
		return item_day(a) < item_day(b) ? -1 : 1;
	return (other_of(a) > other_of(b)) - (other_of(a) < other_of(b));
}

const struct record_item *item_next(const struct record *record, enum record_part part,
				    const struct record_item *after)
{
	size_t i = after == NULL ? 0 : (size_t)(after - record->items) + 1;

	for (; i < record->items_n; i++)
		if (record->items[i].part == part)
			return &record->items[i];
	return NULL;
}

int32_t item_earliest(const struct record *record, enum record_field field)
{
	enum record_part part = record_row(field)->part;
	int32_t day = record->value[field];

	if (!item_is_part(part))
		return day;
	for (const struct record_item *item = item_next(record, part, NULL); item != NULL;
	     item = item_next(record, part, item)) {
		int32_t other = item_value(item, field);

		if (other != RECORD_MISSING && (day == RECORD_MISSING || other < day))
			day = other;
	}
	return day;
}

bool item_has_code(const struct record *record, enum record_field field, uint16_t number)
{
	enum record_part part = record_row(field)->part;

	if (record_has_code(record, field, number))
		return true;
	for (const struct record_item *item = item_next(record, part, NULL);
	     item_is_part(part) && item != NULL; item = item_next(record, part, item))
		if (number != 0 && item_value(item, field) == number)
			return true;
	return false;
}

/* Where an item stands or would stand. */
static size_t place_of(const struct record *record, const struct record_item *item,
		       bool *ret_is_there)
{
	size_t i = 0;

	while (i < record->items_n && compare(&record->items[i], item) < 0)
		i++;
	*ret_is_there = i < record->items_n && compare(&record->items[i], item) == 0;
	return i;
}

static int insert(struct record *record, size_t place, const struct record_item *item)
{
	if (record->items_n == RECORD_ITEMS_MAX)
		return fail(-ENOSPC);
	memmove(&record->items[place + 1], &record->items[place],
		(record->items_n - place) * sizeof(*item));
	record->items[place] = *item;
	record->items_n++;
	return 0;
}

static void take_out(struct record *record, size_t place)
{
	record->items_n--;
	memmove(&record->items[place], &record->items[place + 1],
		(record->items_n - place) * sizeof(record->items[0]));
	/* What is behind the items never holds any. */
	explicit_bzero(&record->items[record->items_n], sizeof(record->items[0]));
}

int item_add(struct record *record, const struct record_item *item)
{
	bool is_there;
	size_t place;

	if (!item_is_part(item->part) || item_day(item) == RECORD_MISSING)
		return fail(-EBADMSG);
	place = place_of(record, item, &is_there);
	return is_there ? fail(-EBADMSG) : insert(record, place, item);
}

/* The item that value[] tells. */
static struct record_item told(const struct record *record, enum record_part part)
{
	struct record_item item = {.part = part};

	for (size_t i = 0; i < RECORD_ITEM_VALUES; i++)
		item.value[i] = i < kinds[part].width ? record->value[kinds[part].first + i]
						      : RECORD_MISSING;
	return item;
}

static void forget_told(struct record *record, enum record_part part)
{
	for (size_t i = 0; i < kinds[part].width; i++)
		record->value[kinds[part].first + i] = RECORD_MISSING;
}

int item_settle(struct record *record, enum record_part part)
{
	struct record_item item = told(record, part);
	bool is_there;
	size_t place;
	int error = 0;

	if (item_day(&item) == RECORD_MISSING)
		return 0;
	place = place_of(record, &item, &is_there);
	if (!is_there)
		error = insert(record, place, &item);
	for (size_t i = 0; is_there && i < kinds[part].width; i++)
		if (item.value[i] != RECORD_MISSING)
			record->items[place].value[i] = item.value[i];
	if (error == 0)
		forget_told(record, part);
	return error;
}

int item_settle_all(struct record *record)
{
	int error = 0;

	for (int part = 0; part < RECORD_PART_N && error == 0; part++)
		if (item_is_part((enum record_part)part))
			error = item_settle(record, (enum record_part)part);
	return error;
}

static void empty_part(struct record *record, enum record_part part)
{
	for (int field = 0; field < FIELD_N; field++)
		if (record_row((enum record_field)field)->part == part)
			record->value[field] = RECORD_MISSING;
}

/* Whether a return on a day ends what the field dates. */
static bool ends(const struct record *record, int32_t day, enum record_field field,
		 int32_t *ret_from)
{
	if (record->value[field] == RECORD_MISSING || record->value[field] > day)
		return false;
	*ret_from = record->value[field];
	return true;
}

void item_come_back(struct record *record)
{
	struct record_item item = told(record, RECORD_RETURN);
	int32_t day = item_day(&item);
	int32_t reason = record->value[FIELD_exit_reason];
	int32_t from = RECORD_MISSING;
	bool is_there, has_left, has_moved;

	if (day == RECORD_MISSING)
		return;
	has_moved = ends(record, day, FIELD_transfer_out_date, &from);
	has_left = ends(record, day, FIELD_exit_date, &from);
	if (!has_left && !has_moved)
		return;
	(void)place_of(record, &item, &is_there);
	if (!is_there && record->value[FIELD_returned_from] == RECORD_MISSING) {
		record->value[FIELD_returned_from] = from;
		record->value[FIELD_returned_reason] = has_left ? reason : RECORD_MISSING;
	}
	if (has_left) {
		empty_part(record, RECORD_EXIT);
		empty_part(record, RECORD_FOLLOWUP);
	}
	if (has_moved) {
		record->value[FIELD_transfer_out_date] = RECORD_MISSING;
		explicit_bzero(record->token_out, sizeof(record->token_out));
	}
}

/* Whether b has every value that a has. */
static bool holds(const struct record_item *b, const struct record_item *a)
{
	for (size_t i = 0; i < kinds[a->part].width; i++)
		if (a->value[i] != RECORD_MISSING && a->value[i] != b->value[i])
			return false;
	return true;
}

bool item_only_adds(const struct record *before, const struct record *after)
{
	for (size_t i = 0; i < before->items_n; i++) {
		bool is_there;
		size_t place = place_of(after, &before->items[i], &is_there);

		if (!is_there || !holds(&after->items[place], &before->items[i]))
			return false;
	}
	return true;
}

void item_tell(const struct record_item *item, struct record *record)
{
	for (size_t i = 0; i < kinds[item->part].width; i++)
		record->value[kinds[item->part].first + i] = item->value[i];
}

int item_remove(struct record *record, enum record_part part)
{
	struct record_item item = told(record, part);
	bool is_there = false;
	size_t place = 0;

	if (item_day(&item) != RECORD_MISSING)
		place = place_of(record, &item, &is_there);
	if (!is_there)
		return -ENOENT;
	take_out(record, place);
	forget_told(record, part);
	return 0;
}

void item_remove_part(struct record *record, enum record_part part)
{
	for (size_t i = record->items_n; i-- > 0;)
		if (record->items[i].part == part)
			take_out(record, i);
}

bool item_is_same_part(const struct record *a, const struct record *b, enum record_part part)
{
	const struct record_item *one = item_next(a, part, NULL);
	const struct record_item *two = item_next(b, part, NULL);

	while (one != NULL && two != NULL) {
		if (memcmp(one->value, two->value, kinds[part].width * sizeof(one->value[0])) != 0)
			return false;
		one = item_next(a, part, one);
		two = item_next(b, part, two);
	}
	return one == two; /* both at their end */
}
