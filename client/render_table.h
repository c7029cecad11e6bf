/* Tables for people, drawn by libsmartcols. On a terminal too narrow for one, several below each
 * other; too narrow for those, a form a row. */
#ifndef MIA_CLIENT_RENDER_TABLE_H
#define MIA_CLIENT_RENDER_TABLE_H

#include "client/paper.h"
#include "proto/sheet.h"

/* 0 or -ENOMEM. */
int render_table(const struct sheet *sheet, const struct paper *paper);

#endif
