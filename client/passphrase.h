/*
 * A passphrase from the person at the terminal, without echo, or for scripts from a file descriptor
 * (--passphrase-fd N): never from the command line or the environment, where others can read it.
 */
#ifndef MIA_CLIENT_PASSPHRASE_H
#define MIA_CLIENT_PASSPHRASE_H

#include "client/options.h"
#include "lib/fail.h"

#define PASSPHRASE_BYTES 512
#define PASSPHRASE_LEAST 12 /* characters of a new one */

/*
 * Reads one for what (a file's name, for the question). A new one is asked for twice at a terminal
 * and must be PASSPHRASE_LEAST characters long. ret_text is the caller's, locked memory of its own
 * (secret_new()). -EBADMSG with fault R035: too short, not the same twice, nobody to ask; X002: no
 * such descriptor.
 */
int passphrase_read(const struct options *options, const char *what, bool is_new,
		    char ret_text[static PASSPHRASE_BYTES], struct fault *fault);

#endif
