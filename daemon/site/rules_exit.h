/*
 * The rules of leaving and of the follow-up six months later (2-domain, Validation). Asked of the
 * same records as those of a participation.
 */
#ifndef MIA_SITE_RULES_EXIT_H
#define MIA_SITE_RULES_EXIT_H

#include "daemon/site/rules.h"

rules_set rules_of_exit;

#endif
