/*
 * The proof of a site's figures before a month is sealed (2-domain, Indicators): the checks of the
 * programme's packs, held against the truth (truth.h) summed from the first month on. Everybody is
 * looked at anew after every change, in slices of some thousands, so that a closing itself grows
 * with changes and not with records.
 *
 * A check of one kind of event ("co02 <= co01") can only fail when programme or program is wrong:
 * nothing is sealed then until an operator has looked and closes the month by order (3-privacy:
 * nothing is sent when something fails). A check between kinds ("cr01 <= co03") can fail by
 * transfers, as who came by one entered elsewhere: it is told and stops nothing.
 */
#ifndef MIA_SITE_PROOF_H
#define MIA_SITE_PROOF_H

#include "daemon/site/closing.h"
#include "daemon/site/truth.h"

/* A check that fails. */
struct proof_breach {
	const struct programme_pack *pack;
	const struct programme_check *check;
	bool is_grave; /* of one kind */
};
/* The check that fails on what the truth says from its first month to period, a grave one before
 * others; false when all hold. */
bool proof_judge(const struct truth *truth, const struct programme *programme, uint32_t period,
		 struct proof_breach *ret_breach);

struct proof;
void proof_free(struct proof **proof);
/*
 * Closes the next month, as closing_close(), when its figures hold: 0; -EINPROGRESS, to be called
 * again at once; -ECANCELED when a grave check fails; -errno, and all is as before. *proof is made,
 * and made anew when the store has changed since. A check that fails is an event, "check_failed
 * period=2018-06 pack=esf2014 check=1", and stands in closing->breach until the figures hold again.
 */
int proof_close(struct proof **proof, struct closing *closing, int64_t at_now, uint32_t random,
		uint32_t *ret_period);

#endif
