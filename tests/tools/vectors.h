/*
 * Parts of mia-vectors: readers of a case's members, which hold for every kind of case (a vector
 * that lacks one is our own fault: assert), and the kind that needs a programme.
 */
#ifndef MIA_TESTS_TOOLS_VECTORS_H
#define MIA_TESTS_TOOLS_VECTORS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

const char *text_of(const json_t *in, const char *key);
uint64_t number_of(const json_t *in, const char *key);
/* Exactly n bytes of hex. */
void bytes_of(const json_t *in, const char *key, uint8_t *to, size_t n);
json_t *hex_json(const void *bytes, size_t n);

/* Packs the payload of a release of "body" and "figures" under the programme "shape": its hex. */
json_t *run_release(const json_t *in);

#endif
