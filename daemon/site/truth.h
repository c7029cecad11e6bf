/*
 * The truth of a site: what its records say as they stand, by month, for its own eyes. Every
 * measure's cells, and of each pack the persons with an event, those of them whose record is
 * complete, and its indicators, whole and by the pack's own cut (2-domain, Units of count: total
 * and complete are kept apart). Raw counts: nothing of them leaves the house.
 */
#ifndef MIA_SITE_TRUTH_H
#define MIA_SITE_TRUTH_H

#include "daemon/site/store_scan.h"
#include "proto/period.h"

/* What a row counts. */
enum truth_type {
	TRUTH_MEASURE, /* a cell of measure index */
	TRUTH_TOTAL, /* pack index: persons with an event of kind part */
	TRUTH_COMPLETE, /* those of them whose record is complete */
	TRUTH_INDICATOR, /* indicator index: part 0 all, else group part - 1 of the pack's cut */
};
struct truth_row {
	enum truth_type type;
	uint16_t index;
	uint8_t part; /* of a measure: the cell */
};

struct truth;
/* Nothing counted yet, in the months of range (assert: not empty). What is dated before the site's
 * first month counts in it, as it is booked there. -EBADMSG with fault as tally_plan_new();
 * -ENOMEM. Borrows the programme. */
int truth_new(const struct programme *programme, uint32_t first_month, struct period_range range,
	      struct truth **ret_truth, struct fault *fault);
void truth_free(struct truth **truth);
/* Adds a person: a store_scan_fn whose context is the truth. Always 0. */
int truth_visit(void *truth, const struct store_person *person);

/* The rows, measures first, then pack by pack, in the programme's order. */
size_t truth_rows_n(const struct truth *truth);
const struct truth_row *truth_row(const struct truth *truth, size_t row);
/* The row that counts that, or -1. */
int truth_find(const struct truth *truth, enum truth_type type, size_t index, size_t part);
/* The sum over months; those outside the range count nothing. */
uint64_t truth_sum(const struct truth *truth, size_t row, struct period_range range);
/* Whether the row is collected in any of the months: an indicator by a sample never is. */
bool truth_is_collected(const struct truth *truth, size_t row, struct period_range range);

#endif
