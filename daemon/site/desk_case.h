/*
 * A case in hand: the person before, the record as it shall be, and what is wrong with it; from
 * opening over judging to storing. A person is shown to people by a case number, which is their
 * number in the store: no secret, and no identity.
 */
#ifndef MIA_SITE_DESK_CASE_H
#define MIA_SITE_DESK_CASE_H

#include "daemon/site/desk_ask.h"
#include "daemon/site/store.h"

/* Who sits at the desk, and when: borrowed. */
struct desk {
	const struct programme *programme;
	const struct programme_site *site;
	struct store *store;
	const char *operator_name;
	int64_t at_now;
	bool is_importing; /* then nobody is changed */
};

struct desk_case {
	const struct desk *desk;
	const struct request *request;
	struct desk_words words;
	int32_t today;
	struct store_person person; /* before; id 0: nobody yet */
	struct store_person known; /* who has the identity of somebody new; id 0: nobody */
	struct record after;
	struct desk_questions questions;
	struct desk_typed typed;
	struct validate_result findings;
	enum store_act act; /* how it is stored */
	bool is_apart; /* a deviation: nobody's */
	bool is_again; /* somebody new, who was registered by mistake before */
	bool is_noted; /* the access is audited */
};

/* A case of nobody yet. */
void desk_case_new(const struct desk *desk, const struct request *request,
		   struct desk_case *ret_case);
/* The case that an argument names, as it is. -EBADMSG with fault X002 or X009; -errno. Nothing of
 * it may be shown or changed before desk_case_note(). */
int desk_case_open(const struct desk *desk, const struct request *request, size_t argument,
		   struct desk_case *ret_case, struct fault *fault);
/* Audits the access to the case, once: event as in access.h, more behind it. 0 also when it is
 * nobody's yet; -errno. */
int desk_case_note(struct desk_case *of, const char *event, const char *more);
void desk_case_wipe(struct desk_case *of); /* own(desk_case_wipe) */

/* Misregistered, whatever the record says, and else as life_state(). */
enum life_state desk_case_state(const struct desk_case *of);

/* Reads the fields by the case's questions. As desk_ask_read(). */
int desk_case_read(struct desk_case *of, struct fault *fault);
/* How the person is known, after the fields were read: the type of the identity, and what a new
 * number says about sex and birth. */
void desk_case_identify(struct desk_case *of);
/* Items in their places; then all rules. is_correction: what was wrong from the start is put right,
 * so that nothing is held against what is known. */
void desk_case_judge(struct desk_case *of, bool is_correction);
/* Whether the identities of somebody new, or new ones of a person, are of somebody else here: adds
 * the error (V043, V044, D004, D005, V056). Who was misregistered is taken up again. Before
 * judging. 0, -errno.
 */
int desk_case_check_known(struct desk_case *of);
/* Audited as event and on disk, unless it is a dry run or there is an error: 0, -errno. */
int desk_case_store(struct desk_case *of, const char *event, const char *more);
bool desk_case_is_dry_run(const struct desk_case *of);
/* Whether the case stays what it was: all that was typed was recorded already. */
bool desk_case_is_same(const struct desk_case *of);

#endif
