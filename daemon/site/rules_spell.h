/*
 * The rules of what a person has many of: activities, hours by month and pauses (2-domain,
 * Validation). Asked of the same records as those of a participation; those that hold items
 * against one another look at the record as a whole.
 */
#ifndef MIA_SITE_RULES_SPELL_H
#define MIA_SITE_RULES_SPELL_H

#include "daemon/site/rules.h"

rules_set rules_of_spell;

#endif
