/*
 * The rules of coming and going between participations and associations, and against what is known
 * of the person already (2-domain, Units of count and Validation).
 */
#ifndef MIA_SITE_RULES_KNOWN_H
#define MIA_SITE_RULES_KNOWN_H

#include "daemon/site/rules.h"

rules_set rules_of_known;

#endif
