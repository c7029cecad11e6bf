/*
 * The table of errors (proto/errors.def): code, exit code of mia, sentence and remedy in both
 * languages. Sentences here are the general ones that `mia explain` shows; a fault in hand says
 * more (struct fault).
 */
#ifndef MIA_PROTO_ERRORS_H
#define MIA_PROTO_ERRORS_H

#include <stddef.h>

/* Exit codes of mia (5-cli). */
enum exit_code {
	EXIT_GOOD = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_DAEMON = 3,
	EXIT_NOT_ALLOWED = 4,
	EXIT_NOT_FOUND = 5,
	EXIT_INCOMPLETE = 6,
	EXIT_CONFIDENTIAL = 7,
	EXIT_INPUT_FAULTS = 8,
	EXIT_TIME_OUT = 9,
	EXIT_CHECK_FAILED = 10,
	EXIT_IN_PART = 11,
	EXIT_INTERRUPTED = 130,
};

struct error_row {
	const char *code;
	enum exit_code exit;
	const char *en, *sv;
	const char *remedy_en, *remedy_sv;
};

/* The row of a code, or NULL. */
const struct error_row *error_find(const char *code);
/* All rows, in the file's order. */
const struct error_row *error_rows(size_t *ret_n);

#endif
