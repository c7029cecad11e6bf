/*
 * From the cells of a row to a record: how the person is known, what the number says that no column
 * did, what is known of them that the file has no column for, and the day of an anonymous entry.
 */
#ifndef MIA_SITE_IMPORT_SETTLE_H
#define MIA_SITE_IMPORT_SETTLE_H

#include "daemon/site/import_columns.h"
#include "daemon/site/person.h"
#include "daemon/site/validate.h"

/* The identity type by number, local id, consent and protection. number is what the number's cell
 * said, or NULL: birth date and sex come from it where the file has no such column. */
void import_settle_identity(const struct import_columns *columns,
			    const struct person_number *number, struct record *record,
			    struct validate_result *findings);

/*
 * Columns that the file lacks keep their known values; an empty cell empties one. Of the anonymous
 * only sex and entry are kept on, and their entry is dated by its recording: today (or the last day
 * of the operation), or as it was when they are known.
 */
void import_settle_known(const struct import_columns *columns,
			 const struct validate_context *context, struct record *record,
			 struct validate_result *findings);

#endif
