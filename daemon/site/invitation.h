/*
 * Invitation codes of the survey: 12 random characters of Crockford's base 32 (60 bits) and one
 * that checks them, modulo 37 (https://www.crockford.com/base32.html). A code is given out once and
 * tells of nobody; the store keeps only keyed hashes of them (store_invite.h).
 */
#ifndef MIA_SITE_INVITATION_H
#define MIA_SITE_INVITATION_H

#include <stdbool.h>

#define INVITATION_BYTES 14 /* 13 characters and NUL */
#define INVITATION_SHOWN_BYTES 17 /* "7K3M-9TQX-0V2H-C" */

/* Only codes whose check is a letter or digit are made: Crockford's other check symbols do not
 * survive spreadsheets. */
void invitation_make(char ret_code[static INVITATION_BYTES]);
/* As people copy it: small or capital, with blanks and hyphens, O for 0, I and L for 1. False, and
 * nothing given, when it is no code. */
bool invitation_read(const char *text, char ret_code[static INVITATION_BYTES]);
void invitation_show(const char code[static INVITATION_BYTES],
		     char ret_shown[static INVITATION_SHOWN_BYTES]);

#endif
