/*
 * The programme: the closed, signed list of everything that may be counted (3-privacy), as read
 * from proto/programme/NAME.ini. Nothing of MIA itself is in C: sites, targets, code lists,
 * measures and policy are rows of that file, each with validity dates.
 */
#ifndef MIA_PROTO_PROGRAMME_H
#define MIA_PROTO_PROGRAMME_H

#include "lib/fail.h"
#include "proto/programme_counts.h"
#include "proto/programme_figures.h"
#include "proto/programme_terms.h"
#include "proto/programme_variable.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAMME_HASH_BYTES 32

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
	const struct programme_variable *variables; /* one of each coded field, and the declared */
	size_t variables_n;
	const struct programme_measure *measures;
	size_t measures_n;
	const struct programme_pack *packs;
	size_t packs_n;
	const struct programme_indicator *indicators;
	size_t indicators_n;
	const struct programme_table *tables;
	size_t tables_n;
	const struct programme_question *questions;
	size_t questions_n;
	const struct programme_export *exports;
	size_t exports_n;
	const struct programme_demand *demands;
	size_t demands_n;
	const struct programme_goal *goals;
	size_t goals_n;
	void *memory; /* owns everything above */
};

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
