/*
 * A form on the terminal: a question with its answers, the help behind `?`, what is wrong with what
 * was typed, and all of it once more before it is stored. Fits 60 columns.
 */
#ifndef MIA_CLIENT_FORM_SHOW_H
#define MIA_CLIENT_FORM_SHOW_H

#include "client/form.h"
#include "client/paper.h"

/* What every question knows, once before the first. */
void form_show_keys(const struct paper *paper);
/* "3/14  Label (required)", the answers with their numbers, what is known; then the prompt. */
void form_show_question(const struct form *form, size_t at, const struct paper *paper);
/* What may be typed here. */
void form_show_help(const struct form *form, const struct form_field *field,
		    const struct paper *paper);
/* The sign before what is typed. */
void form_show_prompt(const struct paper *paper);
/* A number that stands on the line above is written over, its last digits hidden. */
void form_show_masked(const char *number, const struct paper *paper);
/* One complaint of a reply. */
void form_show_wrong(const struct fault *fault, const struct paper *paper);
/* Everything that was typed, with the numbers of its questions. */
void form_show_summary(const struct form *form, const struct paper *paper);

#endif
