/*
 * Raw counts: what a record contributes to which measure. Only the conductor may use it
 * (tests/PLAN): what leaves the house comes from the books.
 */
#ifndef MIA_SITE_TALLY_H
#define MIA_SITE_TALLY_H

#include "daemon/site/record.h"

/* One booking to be: cell of measure (programme indexes), dated in month period. */
struct tally_entry {
	uint16_t measure;
	uint8_t cell;
	uint32_t period;
};

/* At most one entry a measure. */
struct tally {
	struct tally_entry entries[PROGRAMME_MEASURES_MAX];
	size_t n;
};

/* Field names of the programme's conditions resolved once. */
struct tally_plan;
/* -EBADMSG with fault (S013) when a rule is about a field that is none of record.def, or is there
 * in another shape. Borrows the programme. */
int tally_plan_new(const struct programme *programme, struct tally_plan **ret_plan,
		   struct fault *fault);
void tally_plan_free(struct tally_plan **plan);

/*
 * What the record contributes as it stands. Each kind is dated by one field (tally.c's table); of
 * what a person has many of, the first counts, so that five spells of one person change no figure
 * (3.1). Who was transferred in did not enter here. An exit counts from its date
 * when its outcome is complete (a reason and the date of its result are there), else from
 * outcome_days after (3.1). Codes and measures are those valid on the event's date: a code that
 * was not, is as one missing. A misregistered record gives nothing.
 */
void tally_record(const struct tally_plan *plan, const struct record *record,
		  struct tally *ret_tally);
/* A survey answer or a deviation: nobody's. */
void tally_answer(const struct tally_plan *plan, const struct record *answer,
		  struct tally *ret_tally);

/* Whether the record has an event of a kind that counts: its day, and the month it counts from. A
 * misregistered one has none. */
bool tally_event(const struct tally_plan *plan, enum programme_kind kind,
		 const struct record *record, int32_t *ret_day, uint32_t *ret_period);
/* Of a record with an event on a day: whether it is complete for a pack of indicators, whether it
 * counts in an indicator (complete, collected on that day, and under its rules), and the number of
 * the first group of a variable that it falls in, 0 none. */
bool tally_is_complete(const struct tally_plan *plan, size_t pack, const struct record *record,
		       int32_t day);
bool tally_indicator(const struct tally_plan *plan, size_t indicator, const struct record *record,
		     int32_t day);
uint16_t tally_group(const struct tally_plan *plan, size_t variable, const struct record *record,
		     int32_t day);

#endif
