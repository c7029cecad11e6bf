/*
 * States of the county that `mia wait` waits for.
 */
#ifndef MIA_HUB_REACH_H
#define MIA_HUB_REACH_H

#include "daemon/hub/door.h"

/* Every site that takes part in the month of at, and has not left, is greeted. */
bool reach_contact(const struct door *door, const struct county *county, int64_t at);
/* Every site has reported every month whose cut-off day has passed at at. */
bool reach_complete(const struct county *county, int64_t at);
/* Whether a state holds: ready, contact, received or complete; -EINVAL no such state. */
int reach_state(const struct door *door, const struct county *county, int64_t at, const char *state,
		bool *ret_is_reached);

#endif
