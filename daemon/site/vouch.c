#include "daemon/site/vouch.h"

#include "daemon/site/known.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/endorse.h"
#include "proto/errors.h"
#include "proto/period.h"
#include "proto/roster_next.h"

#include <errno.h>
#include <string.h>

struct asked {
	const struct parts *parts;
	const struct roster *roster; /* in force */
	struct verifier by;
	const struct request *request;
	struct fault *fault;
};

/* ---- key show, key verify ---- */

static int show(const struct asked *asked, struct answer *ret_answer)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	int error = list == NULL ? fail(-ENOMEM) : known_load(asked->parts->store, list);

	return error != 0 ? error
			  : verified_show(list, asked->roster, asked->parts->site->id, ret_answer);
}

static int verify(const struct asked *asked, struct answer *ret_answer)
{
	const char *name = asked->request->arguments[0];
	const struct roster_member *member = roster_find(asked->roster, name);
	int error;

	if (member == NULL)
		return fault_set(asked->fault, "X009", "NAME", "`mia key show` lists them.",
				 "the roster has no member \"%s\"", name);
	error = known_type(asked->parts->store, asked->request, &asked->by, member, asked->fault);
	return error != 0 ? error
			  : answer_line(ret_answer, "mia.trust/1", N_("The key of %1 is verified."),
					name, NULL);
}

/* ---- roster sign ---- */

/* Every key that is new in it was heard by voice, our own too: one is asked for after another. */
static int check_keys(const struct asked *asked, const struct roster *next)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	const struct roster_member *member;
	size_t place = 0;
	int error = list == NULL ? fail(-ENOMEM) : known_load(asked->parts->store, list);

	while (error == 0 && (member = endorse_unheard(asked->roster, next, list, &place)) != NULL)
		error = known_type(asked->parts->store, asked->request, &asked->by, member,
				   asked->fault);
	return error;
}

/* Our link key no fingerprint is of: that it stays ours is for us to see. */
static int check_own(const struct asked *asked, const struct roster *next)
{
	const char *site = asked->parts->site->id;
	const struct roster_member *now = roster_find(asked->roster, site);
	const struct roster_member *then = roster_find(next, site);

	if (now == NULL || then == NULL || memcmp(now->sign, then->sign, sizeof(now->sign)) != 0 ||
	    memcmp(now->link, then->link, sizeof(now->link)) == 0)
		return 0;
	return fault_set(asked->fault, "J010", "roster", error_find("J010")->remedy_en,
			 N_("it has a link key for this site that is not in force, and no new sign "
			    "key"));
}

/* The last report there can be of any site while a draft that is made now lies: one a month. */
static uint64_t last_possible(const struct asked *asked)
{
	const struct programme *programme = asked->parts->versions.now;
	uint32_t first = period_of_day(programme->operation.from);
	uint32_t then = period_of_day(date_of_moment(asked->by.at_now) + ROSTER_DRAFT_DAYS);

	return then < first ? 1 : then - first + 1;
}

/* The signature is in the audit before anybody has it. */
static int audit_signed(const struct asked *asked, const struct roster *next)
{
	own(safe_abort) struct safe_txn txn = {0};
	char event[VERIFIED_EVENT_BYTES];

	endorse_event(next, asked->by.operator_name, event);
	safe_write(store_safe(asked->parts->store), &txn);
	store_audit(asked->parts->store, &txn, asked->by.at_now, event);
	return safe_commit(&txn);
}

static int sign(const struct asked *asked, struct answer *ret_answer)
{
	own(mem_free) struct roster *next = calloc(1, sizeof(*next));
	int error = next == NULL ? fail(-ENOMEM)
				 : endorse_read(asked->request, asked->roster, next, asked->fault);

	if (error == 0)
		error = check_own(asked, next);
	if (error == 0)
		error = endorse_check_formers(asked->roster, next, last_possible(asked),
					      asked->fault);
	if (error == 0)
		error = check_keys(asked, next);
	if (error == 0)
		error = audit_signed(asked, next);
	return error != 0 ? error
			  : endorse_answer(asked->roster, next, asked->parts->key, ret_answer);
}

/* ---- the whole ---- */

int vouch_carry_out(const struct parts *parts, const struct room_time *now,
		    const struct room_operator *who, const struct request *request,
		    struct answer *ret_answer)
{
	struct fault fault = {0};
	const struct asked asked = {.parts = parts,
				    .roster = parts->signer.roster,
				    .by = {who->name, now->at},
				    .request = request,
				    .fault = &fault};
	int error;

	if (request->command == COMMAND_KEY_SHOW)
		error = show(&asked, ret_answer);
	else if (request->command == COMMAND_KEY_VERIFY)
		error = verify(&asked, ret_answer);
	else if (request->command == COMMAND_ROSTER_SIGN)
		error = sign(&asked, ret_answer);
	else
		return -ENOENT;
	if (error == -EBADMSG && fault.code[0] == '\0')
		(void)fault_set(&fault, "S004", VERIFIED_ROW, error_find("S004")->remedy_en,
				"a row about who is trusted is damaged");
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : error;
}
