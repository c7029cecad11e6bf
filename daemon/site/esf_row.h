/*
 * A line of a month's sheet about persons (`mia esf`): who took part in the month, as it stood at
 * its end, in the columns of the programme's [export]. What happened after the month is not in it,
 * so that a sheet differs from the one that was sent only when something about that month was
 * changed. CSV: semicolons, decimal numbers, ISO dates, a personnummer with its hyphen so that no
 * spreadsheet takes it for a number; texts that need it in quotes; lines end CRLF.
 */
#ifndef MIA_SITE_ESF_ROW_H
#define MIA_SITE_ESF_ROW_H

#include "daemon/site/record.h"
#include "lib/buf.h"

/* The column that is no record's field but a month's sum: of hours items, else of the spells that
 * the month saw. */
#define ESF_HOURS "hours"

/* 0; -EBADMSG with fault S013 when a column names a field that records do not have, or of which a
 * person has many. */
int esf_row_check(const struct programme_export *export, struct fault *fault);

/* Appends the line of headings; the buffer carries the error. */
void esf_row_headings(const struct programme_export *export, struct buf *ret_line);

/* Appends the person's line of a month: false, and nothing, for who took no part in it, has not
 * given consent, or has no number. */
bool esf_row_add(const struct programme *programme, const struct programme_export *export,
		 const struct record *record, uint32_t period, struct buf *ret_line);

#endif
