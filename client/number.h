/*
 * Numbers, dates and durations as people read them, in Swedish or English: the one formatter and
 * the one rounding rule (half up, in whole numbers) of mia (5-cli). Never asks the locale.
 */
#ifndef MIA_CLIENT_NUMBER_H
#define MIA_CLIENT_NUMBER_H

#include "proto/programme.h"

#include <stdint.h>

#define NUMBER_BYTES 64 /* room for any text made here */

/* "2 184" (with no-break spaces) or "2,184"; "-" before what is below zero. */
void number_count(int64_t n, enum programme_language language, char ret_text[static NUMBER_BYTES]);
/* "29,3 %" or "29.3%": number / of, one decimal, half up. "-" when of is not above zero. */
void number_share(int64_t number, int64_t of, enum programme_language language,
		  char ret_text[static NUMBER_BYTES]);
/* Tenths of a per cent of number / of, half up; of > 0 (assert), number >= 0. */
int64_t number_per_mille(int64_t number, int64_t of);
/* "4,1 MB", units of 1000, one decimal from kB on. */
void number_bytes(int64_t bytes, enum programme_language language,
		  char ret_text[static NUMBER_BYTES]);
/* "18 ms", "4,2 s", "12 min", "5 h 3 min", "3 d 4 h" (Swedish: tim, dygn). */
void number_duration(int64_t milliseconds, enum programme_language language,
		     char ret_text[static NUMBER_BYTES]);
/* "2018-07-10 06:00" in the machine's time zone. */
void number_moment(int64_t at, char ret_text[static NUMBER_BYTES]);
/* The name of the zone number_moment() tells it in: "CET", "UTC". */
void number_zone(int64_t at, char ret_text[static NUMBER_BYTES]);

#endif
