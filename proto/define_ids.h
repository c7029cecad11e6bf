/*
 * What a term means for programs: ids and numbers alone, the same in every language
 * (define_terms.h has the words for people).
 */
#ifndef MIA_PROTO_DEFINE_IDS_H
#define MIA_PROTO_DEFINE_IDS_H

#include "proto/define_terms.h"

/*
 * Appends, by what it is: a measure its kind; a cell its rules as the programme file writes them,
 * "works is open, own and studies is not none; or ...", or "rest"; a goal "measure/cell+cell / base
 * >= 300", per mille, or "measure/cell >= target"; an indicator and a table kind and rules; a
 * variable its fields; a group its codes or bounds; a site its municipalities' codes; a field and a
 * question their list. Nothing for the rest.
 */
void define_ids(const struct programme *programme, const struct define_term *term,
		struct buf *ret_text);

#endif
