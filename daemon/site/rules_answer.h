/*
 * The rules of what is nobody's: a survey answer, and a report of a deviation (2-domain,
 * Validation).
 */
#ifndef MIA_SITE_RULES_ANSWER_H
#define MIA_SITE_RULES_ANSWER_H

#include "daemon/site/rules.h"

rules_set rules_of_answer;
rules_set rules_of_deviation;

#endif
