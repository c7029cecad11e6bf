/*
 * What a programme counts beside its headlines: indicators in packs, tables of sites (lane B) and
 * of the county (lane C), and the sites' own questions (2-domain; 3-privacy 3.3, 3.4). Read with
 * proto/programme_read, owned by struct programme.
 */
#ifndef MIA_PROTO_PROGRAMME_FIGURES_H
#define MIA_PROTO_PROGRAMME_FIGURES_H

#include "proto/programme_counts.h"
#include "proto/programme_variable.h"

#define PROGRAMME_PACKS_MAX 16
#define PROGRAMME_INDICATORS_MAX 128
#define PROGRAMME_TABLES_MAX 64
#define PROGRAMME_CHECKS_MAX 64 /* of one pack */
#define PROGRAMME_QUESTIONS_MAX 256
#define PROGRAMME_SLOTS 8 /* questions of one site */

enum programme_status {
	STATUS_COUNTED, /* from the records of all */
	STATUS_SAMPLED, /* by a sample, outside this system */
	STATUS_ENTITY, /* projects or firms, not persons */
	STATUS_LOCAL, /* counted at the site for its own use, never released */
};

/* Persons with an event of kind, of a complete record, for whom any of the rules holds (none: all).
 */
struct programme_indicator {
	uint16_t number; /* stable for ever */
	const char *id;
	struct programme_label label;
	uint16_t pack; /* index */
	enum programme_kind kind;
	enum programme_status status;
	const struct programme_rule *rules;
	size_t rules_n;
	struct programme_span span;
	struct programme_span released; /* outside it, it is the site's own */
	const char *source; /* the regulation's own words for it, or where they stand */
};

/* total: all persons with the event; complete: those of them whose record is complete. Both are of
 * the kind of the indicators beside them. */
enum programme_term_type { TERM_INDICATOR, TERM_COMPLETE, TERM_TOTAL };
struct programme_term {
	enum programme_term_type type;
	uint16_t indicator; /* index, of TERM_INDICATOR */
};

/* left + left ... <= or = right + right ..., of figures summed from the first month. */
struct programme_check {
	const char *text; /* as written */
	bool is_equal;
	const struct programme_term *left, *right;
	size_t left_n, right_n;
	struct programme_span span;
};

/* Indicators that are counted together. A record is complete when every variable of complete is
 * known: has a group on the event's day that is none of its unknown ones. */
struct programme_pack {
	const char *id;
	struct programme_label label;
	struct programme_span span;
	const uint16_t *complete; /* indexes of variables */
	size_t complete_n;
	enum programme_cadence cadence; /* of each indicator alone, at a site */
	int by; /* index of the variable they are also cut by, once a year, or -1 */
	const struct programme_check *checks;
	size_t checks_n;
};

enum programme_scope { SCOPE_SITE, SCOPE_COUNTY };

/* Persons with an event of kind, for whom any of the rules holds, by one or two variables. A cell
 * for each group (or pair), and one for those of whom a variable is not known. */
struct programme_table {
	uint16_t number; /* stable for ever */
	const char *id;
	struct programme_label label;
	enum programme_kind kind;
	enum programme_scope scope;
	enum programme_cadence cadence; /* quarter or year */
	enum programme_cadence small; /* at a site whose detail is by the year */
	uint16_t dims[2]; /* indexes of variables */
	uint8_t dims_n;
	const struct programme_rule *rules;
	size_t rules_n;
	struct programme_span span;
	uint32_t epsilon; /* per mille; county tables */
	uint8_t max_codes; /* of one person in a set; county tables; else 1 */
};

/* A question only one site asks: coded, kept in the record's field question_SLOT, never released. A
 * slot is one question's for ever. */
struct programme_question {
	const char *id;
	struct programme_label label;
	uint16_t site; /* index */
	uint8_t slot; /* 1..PROGRAMME_SLOTS */
	const char *list;
	struct programme_span span;
	const char *const *aliases; /* headings, beside id and labels */
	size_t aliases_n;
};

#endif
