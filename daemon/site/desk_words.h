/*
 * What people call the fields and codes of a record: labels and lists of the programme and of the
 * site's own questions, and the values of a record as cells of a sheet or as text.
 */
#ifndef MIA_SITE_DESK_WORDS_H
#define MIA_SITE_DESK_WORDS_H

#include "daemon/site/item.h"
#include "proto/sheet.h"

struct desk_words {
	const struct programme *programme;
	const struct programme_site *site;
	enum programme_language language;
};

/* Whether the programme has the field; of a local question, whether the site asks it on that day.
 */
bool desk_words_has(const struct desk_words *words, enum record_field field, int32_t day);
const char *desk_words_label(const struct desk_words *words, enum record_field field);
/* What a field's codes are of, or NULL. */
const struct programme_list *desk_words_list(const struct desk_words *words,
					     enum record_field field);
/* What the detail of a finding is for people: ids of fields and of the field's codes by their
 * labels, anything else as it is. */
void desk_words_detail(const struct desk_words *words, enum record_field field, const char *detail,
		       struct buf *ret_text);
/* What a part is called; msgid. */
const char *desk_words_part(enum record_part part);

/* Whether the record says anything in a field. */
bool desk_words_is_given(const struct record *record, enum record_field field);
/* The value as it may be typed: ids of codes with + between, 2018-04-01, 2018-04 of a month, a
 * number; "" when there is none. Never of FIELD_person_number. */
void desk_words_typed(const struct desk_words *words, const struct record *record,
		      enum record_field field, struct buf *ret_text);
/* The same with labels for people. */
void desk_words_read(const struct desk_words *words, const struct record *record,
		     enum record_field field, struct buf *ret_text);

/* A column for a field and its cell, typed as the field is. Not FIELD_person_number. */
void desk_words_column(const struct desk_words *words, struct sheet *sheet,
		       enum record_field field);
void desk_words_cell(const struct desk_words *words, const struct record *record,
		     enum record_field field, struct sheet *sheet);

#endif
