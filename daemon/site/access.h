/*
 * Who looked at which person, and when: every access to a person is an event of the audit chain,
 * "person_shown case=17 operator=anna", durable before anything of the person is shown. Cases,
 * words of what was done and account names stand there; never a value. For those who watch over the
 * house there is the list, and the chain worked out anew.
 */
#ifndef MIA_SITE_ACCESS_H
#define MIA_SITE_ACCESS_H

#include "daemon/site/store_audit.h"
#include "daemon/site/store_sound.h"
#include "proto/answer.h"
#include "proto/command.h"
#include "proto/events.h"

/* What is done with a case: event is "person_shown" and its like, more "event=exit" or "". case 0:
 * nobody was found. */
struct access {
	const char *event;
	const char *more;
	uint64_t number;
	const char *operator_name;
	int64_t at;
};
/* 0 when it is on disk, else -errno: then show nothing. */
int access_note(struct store *store, const struct access *access);
/* Adds the events of the house that were asked for, and no accesses, to an events_sheet(). -errno.
 */
int access_house(struct store *store, const struct events_ask *ask, struct sheet *sheet);

/* COMMAND_AUDIT_SHOW: "mia.audit/1": number, at, operator, done, case, details; options case,
 * operator, since and last. -errno. */
int access_show(struct store *store, const struct request *request, struct answer *ret_answer);
/* COMMAND_AUDIT_VERIFY: "mia.verify/1", a line for the audit chain, one for what our reports told
 * of it, one for the log of acts, one for what was found of the store as a whole; exit
 * EXIT_CHECK_FAILED when one is broken. -errno. */
int access_verify(struct store *store, const struct store_sound *sound, struct answer *ret_answer);

#endif
