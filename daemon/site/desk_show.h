/*
 * What is recorded of one person, as sheets: COMMAND_PERSON_SHOW without history.
 *
 * "mia.person/1", a form: case count, state code, known_by code (how the person is known), number
 *   text (masked unless --full), complete phrase; then for each part of the record that says
 * anything "mia.person.PART/1" (identity, consent, interest, entry, exit, followup, transfer,
 * question): a form with a column for each field that has a value; spell, hours, pause, return:
 * tables, a row an item. Last "mia.findings/1": what today's rules say of the record.
 */
#ifndef MIA_SITE_DESK_SHOW_H
#define MIA_SITE_DESK_SHOW_H

#include "daemon/site/desk_change.h"

desk_fn desk_show;

#endif
