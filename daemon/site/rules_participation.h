/*
 * The rules of a participation: interest, entry, spells, and what is known already (2-domain,
 * Validation): not asked of the anonymous, of whom only sex and entry are kept, nor of what was
 * registered by mistake.
 */
#ifndef MIA_SITE_RULES_PARTICIPATION_H
#define MIA_SITE_RULES_PARTICIPATION_H

#include "daemon/site/rules.h"

const struct rules_row *rules_of_participation(size_t *ret_n);

#endif
