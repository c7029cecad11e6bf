/*
 * Detached signatures of the programme and the roster, in a file beside them (FILE.sig), lines of
 * text: "mia-signature 1", then two for each who signed:
 * - "key " and the fingerprint of the signing key: 41907 ...
 * - "signature " and 128 hex digits: Ed25519 over LP(domain) hash32
 */
#ifndef MIA_PROTO_SIGNATURE_H
#define MIA_PROTO_SIGNATURE_H

#include "lib/fail.h"
#include "lib/sign.h"

#define SIGNATURE_PROGRAMME "mia/1/programme"
#define SIGNATURE_ROSTER "mia/1/roster"
#define SIGNATURE_PAIRS_MAX 16

/* A signature file taken apart; nothing in it has been checked. Valid when zeroed. */
struct signatures {
	size_t n;
	struct signature_pair {
		char key[SIGN_FINGERPRINT_BYTES];
		uint8_t signature[SIGN_BYTES];
	} pairs[SIGNATURE_PAIRS_MAX];
};

/* Signs hash and writes path.sig, with this one signature, whole or not at all. */
int signature_write(const char *path, const char *domain,
		    const uint8_t hash[static SIGN_HASH_BYTES], const struct sign_key *key);
/* As signature_write(), but keeps the signatures of others that path.sig has: one more signs. An
 * older one by the same key is replaced. -EBADMSG with fault: path.sig is malformed or full. */
int signature_add(const char *path, const char *domain, const uint8_t hash[static SIGN_HASH_BYTES],
		  const struct sign_key *key, struct fault *fault);

/* As signature_add(), of a pair somebody else made: its two lines of text. It is not checked. */
int signature_keep(const char *path, const char *text, struct fault *fault);

/* Reads path.sig: -EBADMSG with fault, missing R020 or malformed R021. */
int signature_read(const char *path, struct signatures *ret_signatures, struct fault *fault);
/* Whether key signed hash: 0; -ENOENT no signature bears its fingerprint; -EBADMSG one does, and is
 * of another content. */
int signature_by(const struct signatures *signatures, const char *domain,
		 const uint8_t hash[static SIGN_HASH_BYTES],
		 const uint8_t key[static SIGN_PUBLIC_BYTES]);
/* 0, or -EBADMSG with fault: missing, malformed, not by key (the fingerprints named), or of another
 * content. */
int signature_verify(const char *path, const char *domain,
		     const uint8_t hash[static SIGN_HASH_BYTES],
		     const uint8_t key[static SIGN_PUBLIC_BYTES], struct fault *fault);

#endif
