/*
 * A form as the daemon sends it: the questions of one change of a person ("mia.form/1": field,
 * type, required, value, hint, decides), the codes that may answer them ("mia.choices/1": field,
 * code, label), and what has been typed so far. The daemon knows the programme and judges; a form
 * here knows neither a field nor a code of its own.
 */
#ifndef MIA_CLIENT_FORM_H
#define MIA_CLIENT_FORM_H

#include "lib/fail.h"
#include "proto/answer.h"
#include "proto/command.h"

enum form_type {
	FORM_TEXT,
	FORM_CODE,
	FORM_SET,
	FORM_DATE,
	FORM_MONTH,
	FORM_COUNT,
	FORM_NUMBER, /* a personnummer: never left on the screen in full */
	FORM_TOKEN,
	FORM_TYPE_N,
};

#define FORM_CHOICES_MAX 2048

struct form_choice {
	const char *id, *label;
};

struct form_field {
	const char *id, *label; /* the label in the language asked for */
	const char
		*value; /* what is known, "" nothing: ids of codes, of a set with + or | between */
	const struct sheet_cell *hint; /* NULL none */
	const struct sheet_cell *need; /* a phrase that says when it is required; NULL none */
	enum form_type type;
	bool is_required;
	bool decides; /* what else is asked: the form is asked for anew once it is answered */
	size_t first, choices_n; /* of form.choices */
	bool is_typed;
	char typed[REQUEST_FIELD_BYTES]; /* goes to the daemon; "" empties it */
};

/* Texts are borrowed from the answer it was read from. Valid when zeroed; wiped after use. */
struct form {
	struct form_field fields[REQUEST_FIELDS_MAX];
	size_t fields_n;
	struct form_choice choices[FORM_CHOICES_MAX];
	size_t choices_n;
};

/* The sheet of that schema, or NULL. */
const struct sheet *form_sheet(const struct answer *answer, const char *schema);
/* -EBADMSG with fault X010 when the answer holds no form or one that is not understood. */
int form_read(const struct answer *answer, struct form *ret_form, struct fault *fault);
/* What was typed in from is typed in to as well, where it has the field. */
void form_carry(const struct form *from, struct form *to);
void form_wipe(struct form *form);
/* NULL when there is no such field. */
struct form_field *form_find(struct form *form, const char *id);
/* Puts what was typed into a request, after the fields it has. -E2BIG when they are too many. */
int form_put(const struct form *form, struct request *request);
/* Appends a value as people read it: labels of codes, a number with its last digits hidden. */
void form_add_value(struct buf *to, const struct form *form, const struct form_field *field,
		    const char *value);

#endif
