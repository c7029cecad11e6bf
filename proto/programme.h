/*
 * The programme: the closed, signed list of everything that may be counted (3-privacy), as read
 * from proto/programme/NAME.ini. Nothing of MIA itself is in C: sites, targets, code lists,
 * measures and policy are rows of that file, each with validity dates.
 */
#ifndef MIA_PROTO_PROGRAMME_H
#define MIA_PROTO_PROGRAMME_H

#include "lib/fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAMME_HASH_BYTES 32
#define PROGRAMME_ID_BYTES 48 /* the longest id and its NUL */
#define PROGRAMME_CELLS_MAX 32
#define PROGRAMME_SITES_MAX 64
#define PROGRAMME_MEASURES_MAX 64

struct programme_label {
	const char *sv, *en;
};

/* Inclusive days; INT32_MIN / INT32_MAX where the file says nothing. */
struct programme_span {
	int32_t from, to;
};

/* number is the code's own, stable for ever and stored in records; 1.. 65535. */
struct programme_code {
	uint16_t number;
	const char *id;
	struct programme_label label;
	struct programme_span span;
};

/* A word by which a code may be written: its id, a label or an alias, after text_fold(). */
struct programme_word {
	const char *folded;
	size_t code; /* index */
};

/* The list "municipality" is made of the sites' municipalities: number is the SCB code as a
 * number, id its four digits. */
struct programme_list {
	const char *id;
	struct programme_label label;
	const struct programme_code *codes;
	size_t codes_n;
	const struct programme_word *words; /* sorted by folded, no two alike */
	size_t words_n;
};

struct programme_municipality {
	const char *code; /* SCB, four digits */
	struct programme_label label;
	struct programme_span span;
};

/* A target from a day on (step function). */
struct programme_target {
	int32_t from;
	uint32_t persons;
};

struct programme_site {
	const char *id;
	struct programme_label label;
	struct programme_span span;
	const struct programme_municipality *municipalities;
	size_t municipalities_n;
	const struct programme_target *targets;
	size_t targets_n; /* 0: no target, shown as a dash */
	uint8_t age_min, age_max; /* the site's own entry rule, a warning */
};

/* A heading of an import file: the record field it fills and the names it goes by. */
struct programme_field {
	const char *id; /* a field of daemon/site/record.def */
	struct programme_label label;
	const char *const *aliases;
	size_t aliases_n;
	const char *list; /* id of its code list, or NULL: the field is not coded */
};

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

/* "field is one of these codes" */
struct programme_condition {
	const char *field;
	const uint16_t *numbers;
	size_t numbers_n;
};

/* A cell of a partition: the first cell of which any condition holds takes the event; a cell
 * without conditions takes the rest. */
struct programme_cell {
	const char *id;
	struct programme_label label;
	const struct programme_condition *conditions;
	size_t conditions_n;
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
	uint16_t per_mille;
};

struct programme_policy {
	uint32_t k; /* hold rule */
	uint32_t cutoff_days; /* a month closes so long after its end */
	uint32_t on_time_days; /* on time until so long after its end */
	uint32_t outcome_days; /* an exit is bookable at the latest so long after it */
	uint32_t send_spread_s; /* a release is sent within so long, at random */
};

struct programme {
	const char *id; /* "mia" */
	struct programme_label name;
	const char *case_number; /* "2016/00403" */
	uint32_t version;
	struct programme_span operation; /* first and last day of the operation */
	uint8_t age_min, age_max; /* at entry, an error outside */
	uint8_t hash[PROGRAMME_HASH_BYTES];
	struct programme_policy policy;
	const struct programme_site *sites;
	size_t sites_n;
	const struct programme_target *targets; /* the county's own row */
	size_t targets_n;
	const struct programme_list *lists;
	size_t lists_n;
	const struct programme_field *fields;
	size_t fields_n;
	const struct programme_measure *measures;
	size_t measures_n;
	const struct programme_goal *goals;
	size_t goals_n;
	void *memory; /* owns everything above */
};

/* Which language data labels are shown in. */
enum programme_language { LANGUAGE_SV, LANGUAGE_EN };

void programme_free(struct programme **programme);

/* Index, or -1. */
int programme_site_index(const struct programme *programme, const char *id);
int programme_measure_index(const struct programme *programme, const char *id);
int programme_measure_by_number(const struct programme *programme, uint16_t number);
const struct programme_list *programme_list(const struct programme *programme, const char *id);
/* Code of a list by its number, or by a word a person wrote (id, either label or an alias, folded);
 * NULL when there is none. */
const struct programme_code *programme_code(const struct programme_list *list, uint16_t number);
const struct programme_code *programme_code_by_word(const struct programme_list *list,
						    const char *word);

bool programme_holds(struct programme_span span, int32_t day);
/* Whether a measure is due in the release that closes period (by cadence and validity). */
bool programme_is_due(const struct programme_measure *measure, uint32_t period);
/* Whether the site takes part in that month. */
bool programme_site_takes_part(const struct programme_site *site, uint32_t period);
/* The target in force on a day: true and persons, or false when none. targets are a site's or the
 * county's. */
bool programme_target_on(const struct programme_target targets[], size_t targets_n, int32_t day,
			 uint32_t *ret_persons);
const char *programme_text(struct programme_label label, enum programme_language language);
/* "entered", "left" ... of a kind, as in the programme file. */
const char *programme_kind_name(enum programme_kind kind);

#endif
