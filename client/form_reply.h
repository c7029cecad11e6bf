/*
 * What a person types at a question of a form, understood: a code by itself, its label, its number
 * in the list or the beginning of any of them; a date as it is written in Sweden; the signs
 * that every question knows. The daemon judges what it means; this says at once what
 * cannot be an answer at all.
 */
#ifndef MIA_CLIENT_FORM_REPLY_H
#define MIA_CLIENT_FORM_REPLY_H

#include "client/form.h"

enum form_reply {
	REPLY_VALUE, /* to be taken */
	REPLY_KEEP, /* Enter: what is known stands */
	REPLY_EMPTY, /* - */
	REPLY_HELP, /* ? */
	REPLY_BACK, /* < */
	REPLY_GO, /* /12 or /word: to that question */
	REPLY_REST, /* . the rest stands as it is */
	REPLY_WRONG, /* fault says why and what to type instead */
};

/* Whether a list's codes are numbers themselves; then they are typed, not their places. */
bool form_is_numbered(const struct form *form, const struct form_field *field);

/* Where /word or /12 goes to from a question: the next one whose label or id has the word, or the
 * one of that number; at itself when there is none. */
size_t form_reply_place(const struct form *form, size_t at, const char *word);

/* today is the day on which 180401 is read. ret_value is for REPLY_VALUE and REPLY_GO (the word):
 * codes as ids (a set's with | between), dates as 2018-04-01, months as 2018-04, a token as digits,
 * the rest as typed without outer blanks. Nothing typed stands in the fault. */
enum form_reply form_reply(const struct form *form, const struct form_field *field,
			   const char *typed, int32_t today,
			   char ret_value[static REQUEST_FIELD_BYTES], struct fault *fault);

#endif
