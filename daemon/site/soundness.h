/*
 * `mia audit verify` at a site: the chains (access.h), and whether the store hangs together
 * (store_sound.h). A long question (sweep.h). Nothing is repaired: what is found is told, with what
 * to do, and is an event of the house, "store_damaged flaws=3 operator=anna".
 */
#ifndef MIA_SITE_SOUNDNESS_H
#define MIA_SITE_SOUNDNESS_H

#include "daemon/site/sweep.h"

int soundness_begin(const struct sweep_ask *ask, void **ret_context, struct fault *fault);
int soundness_step(void *context, size_t most, bool *ret_is_done);
/* access_verify()'s sheet, and "mia.flaws/1" when any was found: flaw, case, remedy; exit
 * EXIT_CHECK_FAILED. */
int soundness_finish(void *context, struct answer *ret_answer);
void soundness_drop(void **context);

#endif
