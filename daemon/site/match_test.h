/*
 * One test of a rule, resolved to a field and numbers (match.h).
 */
#ifndef MIA_SITE_MATCH_TEST_H
#define MIA_SITE_MATCH_TEST_H

#include "daemon/site/record.h"

#define MATCH_MASK_BITS 64 /* codes under it are one bit of a mask */
#define MATCH_NOWHERE UINT16_MAX

/* Values of a variable that will do, on some days; low is high for a code. */
struct match_part {
	int32_t low, high;
	struct programme_span span;
};

/* mask has the parts that are codes under MATCH_MASK_BITS and hold for ever; is_plain when that is
 * all: the usual test is one shift. */
struct match_test {
	uint16_t field, until; /* MATCH_NOWHERE: no field of records */
	uint8_t shape, unit; /* enum programme_shape, enum programme_lapse */
	bool is_not, is_plain, is_item, is_bool;
	uint64_t mask;
	uint32_t first, n; /* parts */
};

/* field is not MATCH_NOWHERE; parts are those that first counts from. */
bool match_test_holds(const struct match_test *test, const struct match_part parts[],
		      const struct record *record, int32_t day);

#endif
