/*
 * Whether the audit chain is as it was written: worked out anew from its events, and held against
 * the heads that our own releases told. A log that was altered together with its chain agrees with
 * itself, but not with what the hub holds of us: the hub is the witness (4.1). What was written
 * after the last release has no witness yet.
 */
#ifndef MIA_SITE_AUDIT_VERIFY_H
#define MIA_SITE_AUDIT_VERIFY_H

#include "daemon/site/store_audit.h"

struct audit_verdict {
	uint64_t events_n;
	uint64_t broken; /* an event that is not as written, or the one after it; 0 none */
	uint64_t told_n; /* releases whose head the log had */
	uint64_t untold; /* the first release that told a head the log never had; 0 none */
	uint64_t lost_n; /* releases that the hub gave back, of a log that was lost */
	uint8_t head[SIGN_HASH_BYTES]; /* as stored */
};
/* 0, -ENOMEM, -EBADMSG a release is damaged, -errno. */
int audit_verify(struct store *store, struct audit_verdict *ret_verdict);

#endif
