/*
 * What a word means: every term of the programme with its labels in both languages, its meaning and
 * when it is valid (`mia define`).
 */
#ifndef MIA_PROTO_DEFINE_H
#define MIA_PROTO_DEFINE_H

#include "proto/command.h"
#include "proto/sheet.h"

/*
 * "mia.define/1", a row a term: what (a CODE: measure, cell, goal, indicator, pack, table,
 * variable, group, list, code, field, question, site), of (the id of what a cell, group or code
 * belongs to), id, sv, en, meaning (in words, in the request's language) and valid ("FROM..TO").
 *
 * Without arguments every term but cells, groups, codes and fields. With some, the terms they name,
 * by id or either label, each with its parts; when none is called so, those whose labels have the
 * words in them. -EBADMSG with fault X009 when there are none either, with the nearest proposed;
 * -ENOMEM.
 */
int define_sheet(const struct programme *programme, const struct request *request,
		 struct sheet **ret_sheet, struct fault *fault);

#endif
