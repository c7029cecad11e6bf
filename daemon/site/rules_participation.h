/*
 * The rules of a participation: interest, entry, spells, and what is known already (2-domain,
 * Validation): not asked of the anonymous, of whom only sex and entry are kept, nor of what was
 * registered by mistake.
 */
#ifndef MIA_SITE_RULES_PARTICIPATION_H
#define MIA_SITE_RULES_PARTICIPATION_H

#include "daemon/site/rules.h"

rules_set rules_of_participation;

#endif
