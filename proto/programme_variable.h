/*
 * The variables of a programme: what may be known of a record when it is counted, cut into groups
 * (2-domain). Every coded field is a variable of its own id; a [variable] section makes another cut
 * of a field, or of the time between two dates. Conditions are tests on variables. Read with
 * proto/programme_read, owned by struct programme.
 */
#ifndef MIA_PROTO_PROGRAMME_VARIABLE_H
#define MIA_PROTO_PROGRAMME_VARIABLE_H

#include "proto/programme_terms.h"

#define PROGRAMME_VARIABLES_MAX 192
#define PROGRAMME_CUTS_MAX 64 /* groups that a [variable] may declare */

enum programme_shape {
	SHAPE_CODE, /* one code of a list */
	SHAPE_SET, /* any number of codes of a list at once */
	SHAPE_NUMBER, /* a whole number */
	SHAPE_LAPSE, /* the time from one date to another, in whole units */
	SHAPE_CELLS, /* the cells of a measure, for its events */
};
enum programme_lapse { LAPSE_YEARS, LAPSE_MONTHS, LAPSE_DAYS };

/* A part of what a variable may be. number is its own, stable for ever (1..65535); of a variable
 * that declares no groups it is the code's. */
struct programme_group {
	uint16_t number;
	const char *id;
	struct programme_label label;
	struct programme_span span;
	const uint16_t *codes; /* SHAPE_CODE, SHAPE_SET: numbers of codes, any of which will do */
	size_t codes_n;
	int32_t low, high; /* SHAPE_NUMBER, SHAPE_LAPSE: inclusive; INT32_MIN + 1, INT32_MAX where
			      open */
};

struct programme_variable {
	const char *id;
	struct programme_label label;
	enum programme_shape shape;
	const char *field; /* of daemon/site/record.def; of a lapse the earlier date; "" of cells */
	const char *until; /* of a lapse the later date; else NULL */
	enum programme_lapse unit;
	const char *list; /* of a coded one; else NULL */
	const char *measure; /* of cells; else NULL */
	const struct programme_group *groups;
	size_t groups_n;
	bool has_groups; /* declared ones; else they are the list's codes */
	const uint16_t *unknown; /* codes that mean "not known" */
	size_t unknown_n;
	bool is_sensitive; /* zeros and homogeneous lines disclose too (3-privacy 3.3, P2, P3) */
	struct programme_span span;
};

/* "variable is one of these groups", or is_not: it has a value, and that is in none of them. */
struct programme_test {
	uint16_t variable; /* index */
	bool is_not;
	const uint16_t *groups; /* numbers */
	size_t groups_n;
};

/* A `when` or `where` line: all its tests hold. */
struct programme_rule {
	const struct programme_test *tests;
	size_t tests_n;
};

enum programme_severity { SEVERITY_INFORM, SEVERITY_WARN, SEVERITY_ERROR };

/* What a record must keep: it is broken when any of the rules holds and, when needs is told, that
 * field is missing. code is a row of proto/errors.def; field is the one to mend. */
struct programme_demand {
	const char *id;
	struct programme_label label;
	const char *code;
	enum programme_severity severity;
	const char *field, *needs; /* of daemon/site/record.def; needs may be NULL */
	const struct programme_rule *rules;
	size_t rules_n;
};

#endif
