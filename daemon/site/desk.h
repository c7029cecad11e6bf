/*
 * The desk: what case workers do with one person. Finding, showing, registering, telling what
 * happened, correcting, moving, joining and erasing, each from fields that were typed, by the rules
 * that files obey. Part of the conductor (site.c): it alone calls the stages here. Every access to
 * a person is audited before anything is shown (access.h), and a change is on disk before it is
 * answered.
 *
 * Answers, besides faults:
 *   --form            "mia.form/1" and "mia.choices/1" (desk_form.h), or the words that may follow
 *   refused           exit 8: "mia.findings/1" (desk_say.h)
 *   done, or --dry-run "mia.case/1" (desk_say.h), beneath it what was found
 *   person find       "mia.found/1": case, state
 *   person show       desk_show.h; --history desk_history.h
 *   person merge      desk_merge.h
 *   audit             access.h
 */
#ifndef MIA_SITE_DESK_H
#define MIA_SITE_DESK_H

#include "daemon/site/desk_case.h"
#include "proto/answer.h"

/* A command of the desk: the answer, which may be a fault. -ENOENT: it is none; -errno: nothing was
 * done. */
int desk_carry_out(const struct desk *desk, const struct request *request,
		   struct answer *ret_answer);

#endif
