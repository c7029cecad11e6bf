/*
 * The programme key, which says what may be counted and who takes part (3-privacy 3.5). It lies
 * offline in a file sealed by a passphrase, 0600, beside the public one:
 *   KEY      "mia-key 1\n", salt 16, nonce 24, XChaCha20-Poly1305 of the seed 32+16; its key is
 *            Argon2id of the passphrase and salt (RFC 9106; libsodium's MODERATE cost: 256 MiB)
 *   KEY.pub  64 hex digits and a line end
 * A file of 32 bytes is a seed in clear: for rehearsals.
 */
#ifndef MIA_CLIENT_PROGRAMME_KEY_H
#define MIA_CLIENT_PROGRAMME_KEY_H

#include "client/options.h"
#include "lib/fail.h"
#include "lib/sign.h"

/* Makes KEY and KEY.pub, sealed unless --plain-key is among the options. -EBADMSG with fault: R014
 * there already, R035 no good passphrase, R037 its folder is open to others, R030 is not
 * there; -errno. */
int programme_key_make(const char *path, const struct options *options, struct sign_key **ret_key,
		       struct fault *fault);
/* Opens KEY, asking for the passphrase when it is sealed. -EBADMSG with fault: R030..R034 the file,
 * R035 the passphrase is another; -errno. */
int programme_key_open(const char *path, const struct options *options, struct sign_key **ret_key,
		       struct fault *fault);

#endif
