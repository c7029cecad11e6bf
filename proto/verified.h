/*
 * Whose keys were compared by voice: a person typed the fingerprint as the other side read it out
 * (3.5). Both rooms keep such a list, a row of their store's meta, and know the next ones by it:
 *   x.verified  [[name str, sign bin32, at int, operator str, how str] ...]
 */
#ifndef MIA_PROTO_VERIFIED_H
#define MIA_PROTO_VERIFIED_H

#include "proto/answer.h"
#include "proto/command.h"
#include "proto/roster.h"

#define VERIFIED_ROW "x.verified"
#define VERIFIED_HOW_BYTES 16
#define VERIFIED_EVENT_BYTES 256

struct verified {
	char name[ROSTER_NAME_BYTES];
	uint8_t sign[SIGN_PUBLIC_BYTES];
	int64_t at; /* UTC seconds */
	char operator_name[64];
	char how[VERIFIED_HOW_BYTES]; /* "phone" or "meeting" */
};

/* One row a name: the last that was verified. Valid when zeroed. */
struct verified_list {
	size_t n;
	struct verified rows[ROSTER_MEMBERS_MAX];
};

void verified_pack(const struct verified_list *list, struct buf *ret_row);
/* -EBADMSG when it is not what was packed. */
int verified_unpack(const struct buf *row, struct verified_list *ret_list);
/* NULL when that key of that member was not verified. */
const struct verified *verified_find(const struct verified_list *list, const char *name,
				     const uint8_t sign[static SIGN_PUBLIC_BYTES]);
/* Adds a row, in place of an earlier one of the name. -ENOSPC. */
int verified_add(struct verified_list *list, const struct verified *row);
/* "verified member=NAME operator=NAME how=phone fingerprint=41907-12345-..." for the audit. */
void verified_event(const struct verified *row, char ret_text[static VERIFIED_EVENT_BYTES]);

/* Who verifies, and when. */
struct verifier {
	const char *operator_name;
	int64_t at_now;
};
/*
 * Whether the request's field named like the member is the fingerprint of its key, as typed; how it
 * was heard is --by, phone unless told. -EBADMSG with fault at the member's name: J001 nothing was
 * typed yet, J002 it is another, X002 --by.
 */
int verified_type(const struct request *request, const struct verifier *verifier,
		  const struct roster_member *member, struct verified *ret_row,
		  struct fault *fault);
/* `mia key show`: "mia.keys/1", a row a member of the roster. A fingerprint that was not typed yet
 * is left out: it is to be heard. */
int verified_show(const struct verified_list *list, const struct roster *roster, const char *owner,
		  struct answer *ret_answer);

#endif
