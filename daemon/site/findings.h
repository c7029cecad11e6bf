/*
 * Findings of an import, gathered row by row into what people read of them: how often each, in
 * which column and rows, and where in the file the refused rows stand. Numbers, codes and dates
 * only, never a value of a record.
 */
#ifndef MIA_SITE_FINDINGS_H
#define MIA_SITE_FINDINGS_H

#include "daemon/site/import.h"
#include "proto/answer.h"

#define FINDINGS_LINES_MAX 20 /* line numbers named of each */

/* One code, column and severity. */
struct findings_group {
	char code[8];
	enum validate_severity severity;
	enum record_field field;
	uint64_t count;
	uint64_t lines[FINDINGS_LINES_MAX];
	char detail[64]; /* of the first */
	bool is_one_detail; /* and of all others */
};

/* Valid when zeroed; groups are owned. error is the first failure, after which nothing is added. */
struct findings {
	struct findings_group *groups;
	size_t groups_n;
	struct buf refused; /* packed places of refused rows */
	uint64_t refused_n;
	int error;
};
void findings_free(struct findings *findings);
/* What was found in a row; refused by result->has_error. */
void findings_add(struct findings *findings, const struct import_row *row);
/* Whose words people read them in. */
struct findings_words {
	const struct programme *programme;
	const struct programme_site *site;
	enum programme_language language;
};
/* Adds the table and, when rows were refused, the attachment (intake.h) to an answer: -ENOMEM. */
int findings_answer(struct findings *findings, const struct findings_words *words,
		    const struct import_summary *summary, struct answer *ret_answer);

#endif
