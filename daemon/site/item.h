/*
 * Items: what a person has many of, as spells of activities, hours by month, pauses and returns
 * (2-domain, Units of count). Each part's items lie in a record in order of their day, then of the
 * values that tell them apart; no two alike.
 */
#ifndef MIA_SITE_ITEM_H
#define MIA_SITE_ITEM_H

#include "daemon/site/record.h"

/* Whether a person has many of a part. */
bool item_is_part(enum record_part part);
/* The field of a part that dates its items. assert: an item part. */
enum record_field item_day_field(enum record_part part);
/* The value of a field of the item's own part (assert). */
int32_t item_value(const struct record_item *item, enum record_field field);
int32_t item_day(const struct record_item *item);

/* The next item of a part after another (NULL: the first, which is the earliest), or NULL. */
const struct record_item *item_next(const struct record *record, enum record_part part,
				    const struct record_item *after);

/* The least date a field has among the record's items and in value[], whatever its part;
 * RECORD_MISSING when it has none. */
int32_t item_earliest(const struct record *record, enum record_field field);
/* Whether value[] or any item holds the code; as record_has_code() of a part that has no items. */
bool item_has_code(const struct record *record, enum record_field field, uint16_t number);

/*
 * What value[] tells of an item part joins the items and is missing there afterwards. It becomes
 * the item that it is the same as (SPELL: activity and start; others: their day), whose values it
 * replaces where it has any, or a new one. An item without its day is left in value[] for
 * validation to complain of. 0, or -ENOSPC: RECORD_ITEMS_MAX are taken, and nothing changed.
 */
int item_settle(struct record *record, enum record_part part);
/* The same for every item part. */
int item_settle_all(struct record *record);
/*
 * When value[] tells of a re-entry that is not among the items: the exit on or before its day, or
 * the move to another association, becomes the return's own (returned_from, returned_reason), and
 * exit, follow-up and move are empty again; first entry and its data stay (2-domain, Units of
 * count). Of one that is there already, only an exit or a move from before it is emptied. Settle it
 * afterwards.
 */
void item_come_back(struct record *record);
/* Whether every item of before is in after, with all it had: nothing was taken back or altered. */
bool item_only_adds(const struct record *before, const struct record *after);
/* An item into value[], as a row would tell it: for rules and forms that look at one. */
void item_tell(const struct record_item *item, struct record *record);
/* Takes the item away that value[] is the same as: 0, -ENOENT. */
int item_remove(struct record *record, enum record_part part);

/* An item of a part from outside, in order: 0, -ENOSPC; -EBADMSG without a day, or when there is
 * one like it. */
int item_add(struct record *record, const struct record_item *item);
void item_remove_part(struct record *record, enum record_part part);
bool item_is_same_part(const struct record *a, const struct record *b, enum record_part part);
/* How many values the items of a part have. */
size_t item_width(enum record_part part);

#endif
