/*
 * The words a heading of an import file may be: the programme's names and aliases of the fields,
 * after folding of case and spaces, and before them those of a --map file.
 */
#ifndef MIA_SITE_IMPORT_HEADING_H
#define MIA_SITE_IMPORT_HEADING_H

#include "daemon/site/record.h"
#include "lib/fail.h"

#define IMPORT_HEADING_UNKNOWN (-1)
#define IMPORT_HEADING_IGNORED (-2) /* the map says `HEADING =` */
#define IMPORT_HEADING_FAILED (-3) /* there was no memory to look for it */

struct import_headings;

/* site is the index of whose questions of their own are headings too. map is the text of a --map
 * file (lines HEADING = FIELD; FIELD is an id or any known heading, or nothing for a column not to
 * be read; # begins a comment), or NULL. 0, -EBADMSG with fault (I009), -ENOMEM. */
int import_headings_new(const struct programme *programme, int site, const char *map,
			struct import_headings **ret_headings, struct fault *fault);
void import_headings_free(struct import_headings **headings);

/* The field of a heading (UTF-8), IMPORT_HEADING_UNKNOWN, _IGNORED or _FAILED. */
int import_headings_find(const struct import_headings *headings, const char *heading);
/* The nearest known heading, for "did you mean", or NULL. */
const char *import_headings_nearest(const struct import_headings *headings, const char *heading);

#endif
