/*
 * Whose keys this site knows by voice, kept in its store (proto/verified): a row of meta, and an
 * event for each that was verified.
 */
#ifndef MIA_SITE_KNOWN_H
#define MIA_SITE_KNOWN_H

#include "daemon/site/store.h"
#include "proto/verified.h"

/* 0 also when nobody is known yet; -EBADMSG a damaged row, -errno. */
int known_load(struct store *store, struct verified_list *ret_list);
/* Keeps a verification, and audits it. -ENOSPC, -errno. */
int known_keep(struct store *store, const struct verified *verified);

#endif
