/*
 * A sheet as JSON for programs: schema, title, rows (a table), values (a form) or lines, notes.
 * Keys are never translated and phrases are English; figures are numbers, and what is not known is
 * {"state": "suppressed" | "missing" | "not_collected" | "zero"}, never 0 and never absent.
 */
#ifndef MIA_CLIENT_RENDER_JSON_H
#define MIA_CLIENT_RENDER_JSON_H

#include "client/paper.h"
#include "proto/sheet.h"

/* One document: the sheet, or an array of them when there are several. 0 or -ENOMEM. */
int render_json(struct sheet *const sheets[], size_t n, const struct paper *paper);

#endif
