/*
 * What the desk answers: findings with their way out, what was done, and forms.
 *
 * "mia.findings/1", a table, gravest first: code text, severity phrase, field code (id and label;
 *   empty when none in particular), sentence and remedy text in the language asked for, detail
 *   phrase (a coded value, date, state or case number; empty when there is none).
 * "mia.case/1", a form: case count (empty: nothing stored), event code, state code, stored phrase
 *   ("yes", or "no: a dry run"), changed text (fields, with commas between), token text (of a
 *   transfer out: shown this once). A dry run of what destroys has a note: mia then asks for the
 *   case to be typed.
 * "mia.form/1", a table: field code, type text (text, code, set, date, month, count, number,
 *   token), required phrase ("yes", "no", or when), value text (what is known, as it may be typed;
 *   a number masked), hint phrase, decides text ("yes": ask for the form anew once this is
 *   answered). "mia.choices/1", a table: field text, code text, label text: codes that hold on the
 *   day.
 */
#ifndef MIA_SITE_DESK_SAY_H
#define MIA_SITE_DESK_SAY_H

#include "daemon/site/desk_case.h"
#include "proto/answer.h"

/* Adds the findings, when there are any; the answer's exit is EXIT_INPUT_FAULTS with an error. */
int desk_say_findings(const struct desk_case *of, struct answer *ret_answer);
/* Findings, and before them what was done unless there is an error. */
int desk_say_done(const struct desk_case *of, const char *id, const char *sentence,
		  struct answer *ret_answer);
/* The form of the case's questions, with what is known, and its choices. */
int desk_say_form(const struct desk_case *of, int32_t day, struct answer *ret_answer);

/* "19760312-23**"; "" without a number. */
void desk_say_masked(const struct desk_case *of, const struct record *record,
		     char ret_text[static PERSON_MASKED_BYTES]);

#endif
