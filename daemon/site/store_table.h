/*
 * What lies where in the site's store: two safes (4.4), DIR/records with these tables and DIR/keys
 * with two. Values are sealed by the vault's key, log entries by the person's.
 *   meta     x.head, x.audit ...       store_core.h, store_audit.h; others may keep x. rows too
 *   log      seq u64be                 an act (act.h)
 *   person   id u64be                  last seq u64be, flags u8; ids are given in order, so that
 *                                      LMDB appends
 *   index    look-up hash 16           id u64be
 *   book     key u32be                 a leaf of the books (book_keep.h)
 *   release  n u64be                   the site's chain, kept for ever; what is sent comes from it
 *   batch    number u64be              store_batch_row.h
 *   event    n u64be                   store_audit.h
 *   result                             the county's signed results
 * and in keys, both id u64be -> key:
 *   key                                the person's key, committed before anything it seals
 *   next                               of persons who get another one (store_keys.h)
 */
#ifndef MIA_SITE_STORE_TABLE_H
#define MIA_SITE_STORE_TABLE_H

enum store_table {
	STORE_META,
	STORE_LOG,
	STORE_PERSON,
	STORE_INDEX,
	STORE_BOOK,
	STORE_RELEASE,
	STORE_BATCH,
	STORE_EVENT,
	STORE_RESULT
};

#endif
