/*
 * Files of items: rows of one person beneath each other are one change of their record. Each row is
 * judged as the record would be with it and the good ones before it; of what the rules then find,
 * only what the row itself brought is told.
 */
#ifndef MIA_SITE_IMPORT_ITEMS_H
#define MIA_SITE_IMPORT_ITEMS_H

#include "daemon/site/import_person.h"

/* A person's rows, as far as they were read. Valid when zeroed, but for the records, which are to
 * be cleared; wipe it at last. */
struct import_items {
	bool is_open;
	bool is_good; /* a row of theirs was, so that there is something to store */
	enum lookup_verdict verdict;
	struct lookup_copy who;
	struct record whole; /* with the good rows */
	struct record tried;
	struct validate_result before; /* what the rules say of whole */
};
void import_items_clear(struct import_items *items);
void import_items_wipe(struct import_items *items);

/* Whether the row, whose identity is settled, is of the same person as those before it; one that
 * names nobody is. */
bool import_items_is_next(const struct import_items *items, const struct record *record);
/* Begins with the first row of another person. */
void import_items_open(struct import_items *items, const struct import_judge *judge,
		       const struct record *record);
/* Judges a row of that person, and takes it into whole when it is good. */
void import_items_judge(struct import_items *items, const struct import_judge *judge,
			const struct import_read *read, struct validate_result *ret_result);

#endif
