/*
 * Commands about who is trusted that daemons carry out after a person typed fingerprints:
 * `accept`, `key verify`, `roster sign`; and those whose answer is a file: `invite create`,
 * `key revoke`, `roster draft`. The daemon asks for one fingerprint after another; none is shown
 * before it is typed.
 */
#ifndef MIA_CLIENT_TRUST_H
#define MIA_CLIENT_TRUST_H

#include "client/call.h"

/* invite create SITE --out FILE: the invitation, 0600. */
call_fn trust_invite;
/* accept SITE --card FILE --out FILE: the draft of the next roster. */
call_fn trust_accept;
/* key verify NAME. */
call_fn trust_verify;
/* key revoke SITE --out FILE, roster draft --out FILE: the draft of the next roster. */
call_fn trust_draft;
/* roster sign FILE: adds the site's signature to FILE.sig. */
call_fn trust_sign;

#endif
