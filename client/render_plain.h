/* A sheet for grep and awk: a line a row, tabs between, the columns' ids on top, notes after "# ".
 */
#ifndef MIA_CLIENT_RENDER_PLAIN_H
#define MIA_CLIENT_RENDER_PLAIN_H

#include "client/paper.h"
#include "proto/sheet.h"

/* 0 or -ENOMEM. */
int render_plain(const struct sheet *sheet, const struct paper *paper);
/* The same rows with commas and RFC 4180 quotes, and no notes: figures as digits, phrases in
 * English. */
int render_csv(const struct sheet *sheet, const struct paper *paper);

#endif
