/*
 * A programme as sheets, a part each: what it declares, in both languages, with its rules in words.
 */
#ifndef MIA_CLIENT_PROGRAMME_SHEET_H
#define MIA_CLIENT_PROGRAMME_SHEET_H

#include "lib/buf.h"
#include "proto/programme.h"
#include "proto/sheet.h"

/* "mia.programme_PART/1", tables; the words of rules are in the language. NULL when memory is out.
 */
typedef struct sheet *programme_sheet_fn(const struct programme *programme,
					 enum programme_language language);

/* Who takes part and what is written down: programme_sheet_terms.c. */
programme_sheet_fn programme_sheet_sites;
programme_sheet_fn programme_sheet_lists;
programme_sheet_fn programme_sheet_variables;
programme_sheet_fn programme_sheet_questions;
programme_sheet_fn programme_sheet_demands;
programme_sheet_fn programme_sheet_exports;
/* What is counted: programme_sheet.c. */
programme_sheet_fn programme_sheet_measures;
programme_sheet_fn programme_sheet_tables;
programme_sheet_fn programme_sheet_indicators;
programme_sheet_fn programme_sheet_checks;
programme_sheet_fn programme_sheet_goals;

/* Of a sheet that is being filled: a label's two columns and their cells, a span's, and cells of
 * words that buf has gathered (which is emptied). */
void programme_sheet_label_columns(struct sheet *sheet);
void programme_sheet_add_label(struct sheet *sheet, struct programme_label label);
void programme_sheet_span_columns(struct sheet *sheet);
void programme_sheet_add_span(struct sheet *sheet, struct programme_span span);
void programme_sheet_add_words(struct sheet *sheet, struct buf *words);

#endif
