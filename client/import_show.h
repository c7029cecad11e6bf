/* What came of an import, for people (5-cli): how many rows, what was refused and why, in the
 * sentences of proto/errors.def, and what to do next. */
#ifndef MIA_CLIENT_IMPORT_SHOW_H
#define MIA_CLIENT_IMPORT_SHOW_H

#include "client/paper.h"
#include "proto/answer.h"

/* again is what stands behind `mia import` to do the same once more; refused_path where its refused
 * rows are, NULL when none. */
int import_show(const struct answer *answer, const char *again, const char *refused_path,
		const struct paper *paper);

#endif
