/*
 * Detached signatures of the programme and the roster by the programme key, in a file beside them
 * (FILE.sig), three lines of text:
 * - "mia-signature 1"
 * - "key " and the fingerprint of the signing key: 41907 ...
 * - "signature " and 128 hex digits: Ed25519 over LP(domain) hash32
 */
#ifndef MIA_PROTO_SIGNATURE_H
#define MIA_PROTO_SIGNATURE_H

#include "lib/fail.h"
#include "lib/sign.h"

#define SIGNATURE_PROGRAMME "mia/1/programme"
#define SIGNATURE_ROSTER "mia/1/roster"

/* Signs hash and writes path.sig whole or not at all. */
int signature_write(const char *path, const char *domain,
		    const uint8_t hash[static SIGN_HASH_BYTES], const struct sign_key *key);
/* 0, or -EBADMSG with fault: missing, malformed, by another key (both fingerprints named), or of
 * another content. */
int signature_verify(const char *path, const char *domain,
		     const uint8_t hash[static SIGN_HASH_BYTES],
		     const uint8_t key[static SIGN_PUBLIC_BYTES], struct fault *fault);

#endif
