/*
 * What a rule found in what was typed (a row of "mia.findings/1": code, severity, field, sentence,
 * remedy, detail), for people: its sentence, what it compares with, and the way out, in the words
 * of proto/errors.def.
 */
#ifndef MIA_CLIENT_FINDING_H
#define MIA_CLIENT_FINDING_H

#include "client/paper.h"
#include "lib/buf.h"
#include "proto/sheet.h"

/* Whether it refuses; else it warns or informs. */
bool finding_is_error(const struct sheet *findings, size_t row);
bool finding_is_warning(const struct sheet *findings, size_t row);
/* Id of the field it concerns; "" none. */
const char *finding_field(const struct sheet *findings, size_t row);
const char *finding_code(const struct sheet *findings, size_t row);
/* Code and sentence, the field, the detail and the remedy, from column indent on. */
void finding_show(const struct sheet *findings, size_t row, size_t indent,
		  const struct paper *paper);
/* Appends what a rule compares with, said so that nobody takes it for the field's own value. */
void finding_add_detail(struct buf *to, const char *code, const char *detail);

#endif
