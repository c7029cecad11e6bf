/*
 * The rules of a programme file, `when` and `where`: "labour is unemployed, longterm and age_entry
 * is not young". All tests of a line hold; of several lines one is enough.
 */
#ifndef MIA_PROTO_PROGRAMME_RULE_H
#define MIA_PROTO_PROGRAMME_RULE_H

#include "proto/programme_line.h"

#define PROGRAMME_TESTS_MAX 8 /* in one line */

/* The rules on the lines of a key after one entry (NULL: the section's first) and before end.
 * Needs variables. 0, -EBADMSG with the source's fault, -ENOMEM. */
struct programme_lines {
	const struct programme_section *section;
	const char *key;
	const struct programme_entry *after, *end;
};
int programme_build_rules(const struct programme_source *source, const struct programme *programme,
			  const struct programme_lines *lines,
			  const struct programme_rule **ret_rules, size_t *ret_n);

#endif
