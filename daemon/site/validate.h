/*
 * The rules a record must keep (2-domain, Validation): each has an id in proto/errors.def (V...), a
 * severity, a sentence in both languages and a way out. Rules see one record and what is known of
 * the person; they never touch the store.
 */
#ifndef MIA_SITE_VALIDATE_H
#define MIA_SITE_VALIDATE_H

#include "daemon/site/record.h"

enum validate_severity { VALIDATE_INFORM, VALIDATE_WARN, VALIDATE_ERROR };

#define VALIDATE_FINDINGS_MAX 16

/* field is the one to mend (FIELD_N: none in particular); detail is a coded value or date for the
 * sentence, never a number or a name. */
struct validate_finding {
	char code[8]; /* "V012" */
	enum validate_severity severity;
	enum record_field field;
	char detail[64];
};

struct validate_result {
	struct validate_finding findings[VALIDATE_FINDINGS_MAX];
	size_t findings_n;
	bool has_error;
};

/* What a rule may ask besides the record itself. */
struct validate_context {
	const struct programme *programme;
	const struct programme_site *site;
	int32_t today;
	const struct record *known; /* the person's record as stored, or NULL */
};

void validate_record(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result);
/* A survey answer. */
void validate_answer(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result);
/* Adds a finding of the caller's own. When the places are taken it takes that of a less grave one;
 * an error counts even when it finds none. */
void validate_add(struct validate_result *result, const char *code, enum validate_severity severity,
		  enum record_field field, const char *detail);

#endif
