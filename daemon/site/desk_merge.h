/*
 * Two cases of one person joined (COMMAND_PERSON_MERGE), and erasure (COMMAND_PERSON_ERASE).
 *
 * "mia.merge/1", a table of the fields that differ: field code, keep, drop and becomes text, state
 *   phrase ("taken over", "to be settled", "settled"). What differs must be settled by a field of
 *   the request: until then the exit is EXIT_INPUT_FAULTS with finding D008, and nothing is done.
 *   Items of both are kept. Then as every change, desk_say.h.
 */
#ifndef MIA_SITE_DESK_MERGE_H
#define MIA_SITE_DESK_MERGE_H

#include "daemon/site/desk_change.h"

desk_fn desk_merge, desk_erase;

#endif
