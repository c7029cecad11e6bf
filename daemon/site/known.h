/*
 * Whose keys this site knows by voice, kept in its store (proto/verified), and which were heard
 * wrong (proto/tries): two rows of meta, and an event for each time something was typed.
 */
#ifndef MIA_SITE_KNOWN_H
#define MIA_SITE_KNOWN_H

#include "daemon/site/store.h"
#include "proto/tries.h"
#include "proto/verified.h"

/* 0 also when nobody is known yet; -EBADMSG a damaged row, -errno. */
int known_load(struct store *store, struct verified_list *ret_list);
/* Keeps a verification, audits it, and forgets what was wrong before. -ENOSPC, -errno. */
int known_keep(struct store *store, const struct verified *verified);
/* What an operator typed for a member (verified_type()), kept whether right or wrong: -EBADMSG with
 * fault J001, J002, J008 the third wrong one or a key that is locked, X002; -errno: nothing was
 * kept. */
int known_type(struct store *store, const struct request *request, const struct verifier *by,
	       const struct roster_member *member, struct fault *fault);

#endif
