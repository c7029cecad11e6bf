/*
 * What must not change from one version of a programme to the next: records hold numbers of codes,
 * chains hold figures of measures, and both outlive the file they were made by.
 */
#ifndef MIA_PROTO_PROGRAMME_CHANGE_H
#define MIA_PROTO_PROGRAMME_CHANGE_H

#include "proto/programme.h"

#define PROGRAMME_CHANGE_BYTES 192

/*
 * One thing that may not change: code is P060 (a number or id in use is gone, or means something
 * else), P061 (a span changed on days that are past), P062 (what a measure counts changed under its
 * number), P063 (the policy is looser, or k another) or P064 (the version was not raised); section
 * and id as in the file ("list", "sex"); what names the part, as written there ("code 3 other").
 */
struct programme_change {
	const char *code, *section, *id;
	char what[PROGRAMME_CHANGE_BYTES];
};
typedef int programme_change_fn(void *context, const struct programme_change *change);

/* Tells told of each, in the order of the old file; stops at what it returns but 0, and returns
 * that. today divides past from future. */
int programme_changes(const struct programme *before, const struct programme *after, int32_t today,
		      programme_change_fn *told, void *context);

#endif
