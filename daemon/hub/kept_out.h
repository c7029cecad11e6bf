/*
 * Who is kept out, in words: suspended or retired by the hub itself (suspension) or by the roster,
 * why and since when.
 */
#ifndef MIA_HUB_KEPT_OUT_H
#define MIA_HUB_KEPT_OUT_H

#include "daemon/hub/suspension.h"
#include "proto/sheet.h"

/* "suspended", "has left"; NULL when the site is let in. */
const char *kept_out_word(const struct roster *roster, const struct suspensions *suspensions,
			  const char *site);
/* A note on a site, when it is; on each site of the programme that is. */
void kept_out_note_one(const struct programme *programme, const struct roster *roster,
		       const struct suspensions *suspensions, size_t site,
		       enum programme_language language, struct sheet *sheet);
void kept_out_note(const struct programme *programme, const struct roster *roster,
		   const struct suspensions *suspensions, enum programme_language language,
		   struct sheet *sheet);

#endif
