/*
 * The warden: what administrators order at the hub about who may come in: `site suspend`, `site
 * resume`, `site retire`. Part of the conductor (hub.c).
 */
#ifndef MIA_HUB_WARDEN_H
#define MIA_HUB_WARDEN_H

#include "daemon/hub/door.h"
#include "daemon/hub/suspension.h"
#include "proto/answer.h"
#include "proto/command.h"

/* Borrowed; suspensions are changed, and the county told of who has left. */
struct warden {
	const struct programme *programme;
	const struct roster *roster;
	const uint8_t *programme_key; /* SIGN_PUBLIC_BYTES */
	const struct sign_key *key;
	struct ledger *ledger;
	struct door *door;
	struct suspensions *suspensions;
	struct county *county;
	const char *operator_name;
	int64_t at_now;
};

/* Suspends, durably, every site whose key the door found at two machines; both sessions are over.
 * -errno of the ledger: not yet, and it is asked again. */
int warden_suspend_clones(struct door *door, struct suspensions *suspensions, struct ledger *ledger,
			  const struct programme *programme, int64_t at_now);

/* A line as the answer, "mia.trust/1": -ENOMEM. */
int warden_say(const char *msgid, const char *word, struct answer *ret_answer);
/* "EVENT site=SITE operator=NAME" into the ledger's open group. */
void warden_audit(const struct warden *warden, const char *event, const char *site);
/* -EBADMSG with fault X009 when the programme has no such site. */
int warden_check_site(const struct warden *warden, const char *site, struct fault *fault);
/* Fault H001 as the answer: a row that decides about trust cannot be read. -ENOMEM. */
int warden_tell_damage(struct answer *ret_answer);
/* What was put into the ledger's open group for an order that failed is dropped. */
void warden_drop(struct ledger *ledger);
/* -ENOENT when the command is none of these, -ENOMEM, -errno of the ledger. */
int warden_carry_out(const struct warden *warden, const struct request *request,
		     struct answer *ret_answer);

#endif
