/*
 * The rules a record must keep (2-domain, Validation): each has an id in proto/errors.def (V...), a
 * severity, a sentence in both languages and a way out. Rules see one record and what is known of
 * the person; they never touch the store.
 */
#ifndef MIA_SITE_VALIDATE_H
#define MIA_SITE_VALIDATE_H

#include "daemon/site/demand.h"

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
	const struct demands *demands; /* of the programme; NULL: made for this once */
	int32_t today;
	const struct record *known; /* the person's record as stored, or NULL */
	bool is_new; /* they are to be registered as someone new, whatever is known */
	bool is_correction; /* what was wrong from the start is put right */
};

void validate_record(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result);
/* A survey answer. */
void validate_answer(const struct record *record, const struct validate_context *context,
		     struct validate_result *ret_result);
/* The report of a deviation; a local id is the report's number. */
void validate_deviation(const struct record *record, const struct validate_context *context,
			struct validate_result *ret_result);
/* Whichever of the three a record of the store is; is_answer as store_person has it. */
void validate_stored(const struct record *record, bool is_answer,
		     const struct validate_context *context, struct validate_result *ret_result);
/* Adds a finding of the caller's own. When the places are taken it takes that of a less grave one;
 * an error counts even when it finds none. */
void validate_add(struct validate_result *result, const char *code, enum validate_severity severity,
		  enum record_field field, const char *detail);

/* Id for programs ("error") and msgid for people. */
const char *validate_severity_id(enum validate_severity severity);
const char *validate_severity_word(enum validate_severity severity);
/* What the programme calls a field, else its id; NULL for FIELD_N. */
const char *validate_field_label(const struct programme *programme, enum record_field field,
				 enum programme_language language);

#endif
