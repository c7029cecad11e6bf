/*
 * The text of a cell, for people and for programs. What is not known is never blank and never 0:
 * ".." hidden, "–" no report, ":" not collected, "0" a true zero, "-" nothing to say (5-cli).
 */
#ifndef MIA_CLIENT_CELL_H
#define MIA_CLIENT_CELL_H

#include "client/paper.h"
#include "lib/buf.h"
#include "proto/sheet.h"

#define CELL_BAR_COLUMNS 25

/* Appends row, column of a sheet as a person reads it. */
void cell_add(struct buf *to, const struct sheet *sheet, size_t row, size_t column,
	      const struct paper *paper);
/* Appends it as a program reads it: digits without marks, a decimal point, dates of ISO 8601,
 * moments in UTC, phrases in English; an empty cell is nothing. */
void cell_add_machine(struct buf *to, const struct sheet *sheet, size_t row, size_t column);
/* Appends a column's heading in the language spoken. */
void cell_add_heading(struct buf *to, const struct sheet_column *column);
/* Appends the bar of number / of against goal per mille, columns wide: the goal stands in the last
 * but one. Without a goal (0) the bar is full when number is of. */
void cell_add_bar(struct buf *to, const struct sheet_cell *cell, size_t columns, bool is_utf8);
/* The same for a cell of the sheet, which may be empty or unknown. */
void cell_add_bar_of(struct buf *to, const struct sheet *sheet, size_t row, size_t column,
		     size_t columns, const struct paper *paper);
const struct sheet_cell *cell_at(const struct sheet *sheet, size_t row, size_t column);
/* The cell of the column with that id, NULL when there is none. */
const struct sheet_cell *cell_find(const struct sheet *sheet, size_t row, const char *id);
/* Whether the column's cells stand to the right. */
bool cell_is_number(enum sheet_type type);

#endif
