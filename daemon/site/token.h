/*
 * The token of a transfer (2-domain, Units of count): 20 digits that the person carries from one
 * association to another and that are typed there; 18 random ones and two check digits (ISO/IEC
 * 7064, MOD 97-10). Nothing of it goes over the wire.
 */
#ifndef MIA_SITE_TOKEN_H
#define MIA_SITE_TOKEN_H

#include "daemon/site/record.h"

/* 20 digits that check; nothing else, no blanks. */
bool token_is_good(const char *text);
/* A fresh one, by the system's randomness. */
void token_new(char ret_token[static RECORD_TOKEN_BYTES]);

#endif
