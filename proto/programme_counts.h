/*
 * What a programme counts, and under which rules: kinds of booking, measures and their cells, goals
 * and the policy of the hold rule and the deadlines (2-domain, 3-privacy). Owned by struct
 * programme.
 */
#ifndef MIA_PROTO_PROGRAMME_COUNTS_H
#define MIA_PROTO_PROGRAMME_COUNTS_H

#include "proto/programme_variable.h"

#define PROGRAMME_CELLS_MAX 32
#define PROGRAMME_MEASURES_MAX 64

/* What is booked (2-domain, Measures). */
enum programme_kind {
	KIND_APPLIED,
	KIND_DECLINED,
	KIND_ENTERED,
	KIND_REENTERED,
	KIND_TRANSFERRED_IN,
	KIND_TRANSFERRED_OUT,
	KIND_SPELL_STARTED,
	KIND_SPELL_ENDED,
	KIND_HOURS,
	KIND_LEFT,
	KIND_FOLLOWED_UP,
	KIND_ANSWERED,
	KIND_DEVIATION,
	KIND_N,
};

enum programme_unit { UNIT_PERSON, UNIT_EVENT };
enum programme_cadence { CADENCE_MONTH, CADENCE_QUARTER, CADENCE_YEAR };

/* A cell of a partition: the first cell of which any rule holds takes the event; a cell without
 * rules takes the rest. */
struct programme_cell {
	const char *id;
	struct programme_label label;
	const struct programme_rule *rules;
	size_t rules_n;
};

/* A headline of lane A: one cell ("total") or a partition into cells_n cells, each under the hold
 * rule. */
struct programme_measure {
	uint16_t number; /* on the wire; stable for ever */
	const char *id;
	struct programme_label label;
	enum programme_kind kind;
	enum programme_unit unit;
	enum programme_cadence cadence;
	struct programme_span span;
	const struct programme_cell *cells;
	size_t cells_n; /* 1..PROGRAMME_CELLS_MAX */
};

/* Cells of a measure as a share of a base, against a goal in per mille; or (per_mille 0) a number
 * of persons against the county target. */
struct programme_goal {
	const char *id;
	struct programme_label label;
	uint16_t measure; /* index */
	uint32_t cells; /* bit i: cell i counts */
	uint16_t base; /* index of the base measure, all its cells */
	uint32_t base_cells; /* bits */
	bool has_second; /* the same number is shown as a share of a second base too */
	uint16_t second; /* index of that measure, all its cells */
	uint16_t per_mille;
};

/* How a code is written in an export. */
enum programme_as { AS_LABEL, AS_ID, AS_NUMBER };

/* A column of a sheet about persons that leaves the house by hand; field is one of the records'. */
struct programme_column {
	const char *field;
	const char *heading;
	enum programme_as as;
};

/* Such a sheet, as a funder wants it each month; it stays at the site (`mia esf`). */
struct programme_export {
	const char *id;
	struct programme_label label;
	const struct programme_column *columns;
	size_t columns_n;
};

struct programme_policy {
	uint32_t k; /* hold rule */
	uint32_t cutoff_days; /* a month closes so long after its end */
	uint32_t on_time_days; /* on time until so long after its end */
	uint32_t outcome_days; /* an exit is bookable at the latest so long after it */
	uint32_t send_spread_s; /* a release is sent within so long, at random */
	uint32_t epsilon_year; /* per mille: what one person's tables may add up to in a year */
	uint32_t collude; /* so many sites may stand with the hub (3-privacy, threat model) */
	uint32_t retention_months; /* personal data goes so long after its last use; 0: never by
				      itself */
	uint32_t followup_months; /* so long after an exit is followed up; 0: not asked about */
	uint32_t active_months; /* who is active for longer is asked about; 0: nobody */
	uint32_t queue_days; /* who is in the queue for longer is asked about; 0: nobody */
};

#endif
