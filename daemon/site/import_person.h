/*
 * From the cells of a row to a verdict: whom it is about, what is known of them, and what the rules
 * say; for files with a row a person, and those of nobody (answers, deviations).
 */
#ifndef MIA_SITE_IMPORT_PERSON_H
#define MIA_SITE_IMPORT_PERSON_H

#include "daemon/site/import_columns.h"
#include "daemon/site/lookup.h"
#include "daemon/site/person.h"
#include "daemon/site/validate.h"

/* Whom the row is about, and of LOOKUP_SOMEBODY the record as stored, for validate_context.known.
 * May be NULL: then nobody is known. */
typedef enum lookup_verdict import_known_fn(void *context, const struct record *record,
					    struct record *ret_known);

/* What every row of a file is judged by; all borrowed. */
struct import_judge {
	const struct import_columns *columns;
	struct validate_context rules; /* known is NULL */
	import_known_fn *known;
	void *context; /* of known */
};

/* A row, as its cells were read: findings are theirs. */
struct import_read {
	struct record *record;
	const struct person_number *number; /* NULL: there is none */
	struct validate_result *findings;
};

/* Whom the row is about, and *ret_known of LOOKUP_SOMEBODY. */
enum lookup_verdict import_person_find(const struct import_judge *judge,
				       const struct record *record, struct record *ret_known);
/* A finding when it cannot be about whom it leads to: two persons, somebody had already, nobody in
 * a file of items. */
void import_person_refuse(const struct import_judge *judge, enum lookup_verdict verdict,
			  struct validate_result *findings);

/* Makes the row a whole record and asks the rules, unless its cells are wrong already. known is
 * scratch, which the caller wipes. */
void import_person_judge(const struct import_judge *judge, const struct import_read *read,
			 struct record *known, struct validate_result *ret_result);
void import_apart_judge(const struct import_judge *judge, const struct import_read *read,
			struct validate_result *ret_result);

#endif
