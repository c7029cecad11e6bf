/*
 * New keys of persons who were condensed (condense.h) take the place of those before.
 */
#ifndef MIA_SITE_STORE_RENEW_H
#define MIA_SITE_STORE_RENEW_H

struct store;

/*
 * After a commit with acts ACT_CONDENSED, and at start. A next key whose act is the person's last
 * takes the place of the one before, which is remembered in STATE/erased and destroyed, and so is
 * whoever had been merged into the person; any other is a failed attempt's and goes. On failure the
 * acts can be read all the same, and it is to be tried again. 0, -errno.
 */
int store_renew_settle(struct store *store);

#endif
