/*
 * Intake: one import under way. Bytes of the file in, the store's batch and the findings out. Row
 * by row it asks import (which validates) and the store (known, new, changed, the same), and keeps
 * line numbers and places in the file, never a value. Without --apply nothing is stored; what is
 * stored is one batch, there wholly or not at all.
 *
 * The answer (exit 0; EXIT_INPUT_FAULTS when rows are refused and nothing is stored;
 * EXIT_IN_PART when some were stored and some refused):
 *   "mia.import/1", a form:
 *     file text, form phrase ("participants", "answers"), encoding text, delimiter phrase
 *     ("semicolon", "comma", "tab"), heading_line, rows, accepted, new, changed, unchanged,
 *     refused counts, batch count (empty when nothing was stored)
 *   "mia.import.findings/1", a table, gravest first, one row a code and column:
 *     code text, severity phrase ("error", "warning", "note"), count, rows text (the first 20
 *     line numbers, "17, 44"), column text (the field's label, empty when none in particular),
 *     detail text (when it is the same in all rows; else empty)
 *   attachment, canonical MessagePack, when rows are refused:
 *     [[offset uint, bytes uint] of the row of headings,
 *      [[offset uint, bytes uint, codes str]...] of the refused rows, in file order]
 *     offsets count from the file's first byte; codes are "I014 I031"
 */
#ifndef MIA_SITE_INTAKE_H
#define MIA_SITE_INTAKE_H

#include "daemon/site/import.h"
#include "daemon/site/store.h"
#include "proto/answer.h"
#include "proto/command.h"

/* All borrowed, request and operator_name for intake_new() only; the request's options are apply,
 * all-or-nothing, encoding, dates and map (the map's text, not its path); its argument is the
 * file's name, of which the last part is kept. */
struct intake_settings {
	const struct programme *programme;
	const struct programme_site *site;
	struct store *store;
	const struct request *request;
	const char *operator_name;
	int64_t at_now;
};

struct intake;
/* -EBADMSG with fault: X002 an option's value, I... a map or encoding that cannot be; -errno. */
int intake_new(const struct intake_settings *settings, struct intake **ret_intake,
	       struct fault *fault);
/* Drops the batch unless it was stored. */
void intake_free(struct intake **intake);
/* -EBADMSG with fault when the file as a whole cannot be read; -errno. Free it then. */
int intake_feed(struct intake *intake, const void *bytes, size_t n, struct fault *fault);
/* Stores the batch if that was asked for, audits it (counts only), fills the answer; what is wrong
 * with the file as a whole becomes the answer. -errno: nothing was stored. */
int intake_end(struct intake *intake, struct answer *ret_answer);

/* What was done, for the conductor's log: after intake_end(). batch 0: nothing stored. */
struct intake_counts {
	uint64_t rows, accepted, refused, batch;
};
void intake_counts(const struct intake *intake, struct intake_counts *ret_counts);

#endif
