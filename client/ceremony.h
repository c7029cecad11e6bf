/*
 * What the programme owner does, seldom and with care: sign a programme file, and put the sites'
 * identity cards together to a signed roster (3-privacy 3.5).
 */
#ifndef MIA_CLIENT_CEREMONY_H
#define MIA_CLIENT_CEREMONY_H

#include "client/call.h"

/* programme sign FILE --key KEY [--make-key]: FILE.sig, of a programme or a roster;
 * "mia.signature/1". Keys: programme_key.h. */
call_fn ceremony_sign;
/* roster build CARD... --out FILE [--epoch N]: "mia.roster/1", the members with their fingerprints.
 */
call_fn ceremony_roster;

#endif
