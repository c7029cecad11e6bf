/*
 * The versions of one programme that a room knows: the one in force, and earlier ones that it had
 * in force or approved. A release holds measures by number and cells in their order, both stable
 * for ever (proto/programme_change), so that a report made under one version is read under
 * another: what a version lacks was not collected.
 */
#ifndef MIA_PROTO_VERSIONS_H
#define MIA_PROTO_VERSIONS_H

#include "proto/programme.h"
#include "proto/release.h"

#define VERSIONS_FORMER_MAX 32

/* Valid when zeroed, once now is set; that is borrowed, the former ones are owned, and lower. */
struct versions {
	const struct programme *now;
	struct programme *former[VERSIONS_FORMER_MAX];
	size_t former_n;
};
void versions_free(struct versions *versions);

/* Reads a former version from its text: -EBADMSG with fault, -ENOSPC when there are too many,
 * -ENOMEM. One that is there already is left out. */
int versions_add(struct versions *versions, const void *text, size_t n, struct fault *fault);
/* The version of that hash, or NULL. */
const struct programme *versions_find(const struct versions *versions,
				      const uint8_t hash[static PROGRAMME_HASH_BYTES]);

/* release_unpack() under the version that the payload names, its figures by the indexes of now:
 * RELEASE_OTHER_PROGRAMME when none of them is it. */
enum release_fault versions_unpack(const struct versions *versions, const void *payload, size_t n,
				   struct release_body *ret_body);
/* Figures of a period made under one version, as another has them: a measure that is due there and
 * was not here is "not collected", one that is not due there is left out. */
void versions_translate(const struct programme *from, const struct programme *to, uint32_t period,
			const struct release_figures *figures, struct release_figures *ret_figures);

#endif
