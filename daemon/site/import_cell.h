/*
 * One cell of an import: from bytes of the file to the value of a field, or a finding (I014..I029).
 * What a cell says is never repeated in a finding: it may be a number in the wrong column.
 */
#ifndef MIA_SITE_IMPORT_CELL_H
#define MIA_SITE_IMPORT_CELL_H

#include "daemon/site/import_sniff.h"
#include "daemon/site/person.h"
#include "daemon/site/validate.h"
#include "lib/date.h"

struct import_cells;

/* Borrows the programme; dates and today as in date_parse_any(). 0 or -ENOMEM. */
int import_cells_new(const struct programme *programme, enum date_order dates, int32_t today,
		     struct import_cells **ret_cells);
void import_cells_free(struct import_cells **cells);
/* Whose questions of their own the cells answer (index of a site): without it they have no codes.
 */
void import_cells_questions(struct import_cells *cells, const struct programme *programme,
			    int site);
/* The encoding of the cells that follow. */
void import_cells_encoding(struct import_cells *cells, enum import_encoding encoding);

/* bytes as libcsv gave them, in the file's encoding (UTF-8 is known to be well-formed). */
struct import_cell {
	enum record_field field;
	const char *bytes;
	size_t n;
	struct validate_result *findings; /* where errors and warnings go */
};

/* Reads a cell into record. An empty one leaves the value missing; only incomes are then 0, the
 * empty set: asked for and not answered. *ret_number is set when the field is a number and right.
 */
void import_cell_read(struct import_cells *cells, const struct import_cell *cell,
		      struct record *record, struct person_number *ret_number);

#endif
