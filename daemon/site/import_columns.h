/*
 * The columns of an import: what form the file is, by its headings, and which columns are read for
 * it. Forms are a table: what is of persons, of one kind of their items, or of nobody (answers to
 * the survey and reports of deviations are never linked to persons).
 */
#ifndef MIA_SITE_IMPORT_COLUMNS_H
#define MIA_SITE_IMPORT_COLUMNS_H

#include "daemon/site/import_sniff.h"

/* Of items (SPELLS and on) a person may have many rows, one beneath the other: only persons who are
 * known have any, and nothing of them but the items changes. */
enum import_form {
	IMPORT_PARTICIPANTS,
	IMPORT_ANSWERS,
	IMPORT_DEVIATIONS,
	IMPORT_SPELLS,
	IMPORT_HOURS,
	IMPORT_PAUSES,
	IMPORT_RETURNS,
};
/* "participants" ...: msgids. */
const char *import_form_name(enum import_form form);
bool import_form_is_items(enum import_form form);
/* Whether its rows are of nobody. */
bool import_form_is_apart(enum import_form form);
/* The field that dates what a form is of. */
enum record_field import_form_day(enum import_form form);

struct import_columns {
	enum import_form form;
	size_t n;
	int16_t fields[CSV_COLUMNS_MAX]; /* negative: not read */
	bool has[FIELD_N];
};

/* A file with a date of entry or interest is of participants, whatever else it has. -EBADMSG with
 * fault when two columns are one field (I033) or one that must be there is not (I008): of persons a
 * number or local id, of participants a date of entry or interest, of a deviation the report's
 * number (local id). */
int import_columns_settle(const struct import_head *head, struct import_columns *ret_columns,
			  struct fault *fault);

#endif
