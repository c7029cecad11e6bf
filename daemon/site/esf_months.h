/*
 * The months' sheets as they would look today, beside what was handed out: the looking of esf.h,
 * which alone uses it.
 */
#ifndef MIA_SITE_ESF_MONTHS_H
#define MIA_SITE_ESF_MONTHS_H

#include "daemon/site/esf_sent.h"
#include "daemon/site/sweep.h"

#define ESF_CASES_MAX 1000
#define ESF_EXPORT "esf" /* id of the programme's [export] */

/* A month's sheet as it is today, beside what was handed out. */
struct esf_month {
	struct sign_hash hash;
	uint8_t today[SIGN_HASH_BYTES];
	uint64_t rows;
	struct buf content; /* of an export; wiped */
	bool was_sent;
	struct esf_sent sent;
	uint64_t cases; /* plan: whose line is another */
	int64_t since; /* plan: their first change; 0 unknown */
};

enum esf_what { ESF_NEW, ESF_CHANGED, ESF_GONE };

struct esf_months {
	struct store *store;
	const struct programme *programme;
	const struct programme_export *export;
	const char *site;
	bool is_export, is_dry;
	int64_t at;
	uint64_t head_seq; /* last log entry when it began: who changes meanwhile is asked again */
	char operator_name[ACT_OPERATOR_BYTES];
	uint32_t first; /* month of months[0] */
	struct esf_month *months; /* owned */
	size_t months_n;
	struct {
		uint32_t period;
		uint64_t id;
		enum esf_what what;
	} cases[ESF_CASES_MAX];
	size_t cases_n;
};

/* Reads what was asked: as esf_begin() of esf.h. */
int esf_months_new(const struct sweep_ask *ask, struct esf_months **ret_esf, struct fault *fault);
void esf_months_free(struct esf_months **esf);
/* Takes somebody's lines in, and of a plan says whose are others than those handed out. */
int esf_months_add(struct esf_months *esf, const struct store_person *person);
/* All were taken in: today's hashes. */
void esf_months_end(struct esf_months *esf);

#endif
