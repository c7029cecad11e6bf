/*
 * A room signs the next roster (3.5). What a site and the hub have in common there: it comes next
 * after the one in force, every key that is new in it was heard by voice and typed here, and the
 * signature says so. Whose counts is for those who take the roster (proto/roster_change).
 */
#ifndef MIA_PROTO_ENDORSE_H
#define MIA_PROTO_ENDORSE_H

#include "proto/verified.h"

/* The roster a request carries (proto/carried): -EBADMSG with fault R0.., R042 when its epoch is
 * not the next; -ENOMEM. */
int endorse_read(const struct request *request, const struct roster *in_force,
		 struct roster *ret_next, struct fault *fault);
/* The first member from *place on whose sign key is new and was not verified; *place is after it
 * then. NULL when there is none left. */
const struct roster_member *endorse_unheard(const struct roster *in_force,
					    const struct roster *next,
					    const struct verified_list *list, size_t *place);
/* Whether a member has another key, sign or link, than in force. */
bool endorse_is_changed(const struct roster *in_force, const struct roster_member *member);
/* No former key that is new in it is good for a report beyond last_n, the last there can be while a
 * draft lies: -EBADMSG with fault R048. Nobody takes such a word back once it is in force. */
int endorse_check_formers(const struct roster *in_force, const struct roster *next, uint64_t last_n,
			  struct fault *fault);
/* "roster_signed epoch=2 operator=NAME hash=...", for the audit, which comes before the answer. */
void endorse_event(const struct roster *next, const char *operator_name,
		   char ret_text[static VERIFIED_EVENT_BYTES]);
/* "mia.roster_signed/1", what changes for each member, with the fingerprints that are new; the
 * signature is the answer's attachment, "key ...\nsignature ...\n" as in FILE.sig. -ENOMEM. */
int endorse_answer(const struct roster *in_force, const struct roster *next,
		   const struct sign_key *key, struct answer *ret_answer);

#endif
