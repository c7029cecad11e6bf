/*
 * Reading a programme file: ini text to struct programme, with file:line for every fault and "did
 * you mean". The parser refuses what 3-privacy forbids and says why. The hash is
 * H("mia/1/programme", section, key, value, ...) over the entries in file order, trimmed: comments
 * and white space do not count.
 */
#ifndef MIA_PROTO_PROGRAMME_READ_H
#define MIA_PROTO_PROGRAMME_READ_H

#include "proto/programme.h"

/* Parses n bytes known as name. 0 and an owned programme, -EBADMSG with fault filled (codes
 * P001...), -ENOMEM. */
int programme_read(const char *name, const void *bytes, size_t n, struct programme **ret_programme,
		   struct fault *fault);

/*
 * Reads path and, unless key is NULL, requires path.sig to be a signature of its hash by key (32
 * bytes, Ed25519): unsigned or altered is -EBADMSG. Both roles use this.
 */
int programme_open(const char *path, const uint8_t *key, struct programme **ret_programme,
		   struct fault *fault);

#endif
