/*
 * Asking the person at mia for a fingerprint as it is read to them, typed in groups of five (3.5).
 * What was wrong in a try is not told, so that nobody is led to the right one.
 * A daemon counts the wrong ones (proto/tries); mia itself does where there is no room yet (mia
 * join).
 */
#ifndef MIA_CLIENT_FINGERPRINT_H
#define MIA_CLIENT_FINGERPRINT_H

#include "client/call.h"

#define FINGERPRINT_TRIES 3
#define FINGERPRINT_TYPED_BYTES 128

/* Asks for the fingerprint of who, once; standard input is what is typed. -EBADMSG with fault J001
 * when nothing is. */
int fingerprint_ask(const struct call *call, const char *who,
		    char ret_typed[static FINGERPRINT_TYPED_BYTES], struct fault *fault);
/* Says that it was another, to a daemon that counts. */
void fingerprint_wrong(const struct call *call);
/* Asks until it is that of pk: -EBADMSG with fault J002 after the third. */
int fingerprint_check(const struct call *call, const char *who,
		      const uint8_t pk[static SIGN_PUBLIC_BYTES], struct fault *fault);

#endif
