/*
 * The columns of an import: what form the file is (participants, or answers to the survey, which
 * are never linked to persons), and which columns are read for it.
 */
#ifndef MIA_SITE_IMPORT_COLUMNS_H
#define MIA_SITE_IMPORT_COLUMNS_H

#include "daemon/site/import_sniff.h"

struct import_columns {
	bool is_answers;
	size_t n;
	int16_t fields[CSV_COLUMNS_MAX]; /* negative: not read */
	bool has[FIELD_N];
};

/* An answer is a file with invitation_code and survey_date. -EBADMSG with fault when two columns
 * are one field (I033) or one that must be there is not (I008): of participants a number or local
 * id, and a date of entry or interest. */
int import_columns_settle(const struct import_head *head, struct import_columns *ret_columns,
			  struct fault *fault);

#endif
