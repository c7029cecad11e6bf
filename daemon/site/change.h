/*
 * What changes from one record to another, and its bytes: what an act keeps (act.h). Of an identity
 * that must not be kept only its type is written down.
 */
#ifndef MIA_SITE_CHANGE_H
#define MIA_SITE_CHANGE_H

#include "daemon/site/item.h"
#include "lib/pack.h"

#define CHANGE_ITEMS 256 /* added to a part's number */

/* Whether a record says who it is about once it is written down: not of the anonymous, the
 * protected, and those who took their consent back. */
bool change_keeps_identity(const struct record *record);
bool change_differs(const struct record *before, const struct record *after);
/*
 * What changes from one record to another: an array of
 *   [field uint, value int or nil]            a value; str for the invitation and the tokens
 *   [number of person_number, [type uint, number str, local id str, name str]]   the identity
 *   [256 + part uint, [[value int or nil ...] ...]]   all items of a part, when any differs
 * Appended; empty array for no change.
 */
void change_pack(const struct record *before, const struct record *after, struct buf *ret_bytes);
/* Applies a change: the cursor carries the error. */
void change_apply(struct unpack *in, struct record *record);

#endif
