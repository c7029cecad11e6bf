/*
 * Swedish personal identity numbers: personnummer and samordningsnummer, their dates, century and
 * check digit, and how they may be shown.
 */
#ifndef MIA_SITE_PERSON_H
#define MIA_SITE_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PERSON_NUMBER_BYTES 13 /* canonical YYYYMMDDNNNN and NUL */
#define PERSON_MASKED_BYTES 14 /* "19760312-23**" and NUL */

enum person_fault {
	PERSON_FINE,
	PERSON_EMPTY,
	PERSON_EXCEL_NUMBER, /* 2,0171E+11 and its like */
	PERSON_LOST_ZERO, /* nine or eleven digits: a spreadsheet cut a leading zero */
	PERSON_LETTER, /* a letter in the serial */
	PERSON_FORM, /* not a number of this form */
	PERSON_DATE, /* no such date: also organisation numbers and mobile numbers */
	PERSON_CHECK_DIGIT,
	PERSON_FUTURE, /* born after today */
	PERSON_FAULT_N,
};

struct person_number {
	char digits[PERSON_NUMBER_BYTES];
	bool is_coordination; /* day + 60 */
	int32_t birth_date; /* days, or DATE_NONE when the coordination number has no known day or
			       month */
	int birth_year;
	bool is_woman; /* by the ninth of ten digits (even); only of personnummer it means what it
			  says */
};

/*
 * Parses YYMMDD-NNNN, YYMMDD+NNNN, YYMMDDNNNN, YYYYMMDD-NNNN, YYYYMMDDNNNN (outer spaces allowed).
 * Without a century: the latest that makes the person 0..99, one earlier for '+'. today in days.
 */
enum person_fault person_parse(const char *text, int32_t today, struct person_number *ret_number);
/* "19760312-23**": all that a message may show. */
void person_mask(const struct person_number *number, char ret_text[static PERSON_MASKED_BYTES]);
/* Whether it is one of Skatteverket's official test numbers' serials (238, 239 and the 98x series):
 * for the generator and rehearsal. */
bool person_is_test_number(const struct person_number *number);

#endif
