/*
 * The end of a look at the whole store (store_sound.h): the tables of persons, look-ups and keys
 * row by row, at one moment. Each holds as many rows as it says, so that also the look-up of who
 * was condensed, which nobody can work out any more, is missed when it is gone; each person's row
 * names the last act that the log has of them; no entry of the index leads to nobody, to the
 * erased, or to who has another identity.
 */
#ifndef MIA_SITE_STORE_SOUND_TABLES_H
#define MIA_SITE_STORE_SOUND_TABLES_H

#include "daemon/site/store_sound.h"

/* After the last step. 0; -errno. */
int store_sound_tables(struct store_sound *sound);

#endif
