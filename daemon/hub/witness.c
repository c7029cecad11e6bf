#include "daemon/hub/witness.h"

#include "daemon/hub/draft.h"
#include "daemon/hub/ledger_known.h"
#include "lib/own.h"
#include "proto/endorse.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>

struct errand {
	const struct warden *warden;
	const struct request *request;
	struct verifier by;
	struct fault *fault;
};

/* ---- key show, key verify ---- */

static int show(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	int status = list == NULL ? fail(-ENOMEM) : ledger_known_load(errand->warden->ledger, list);

	return status != 0 ? status
			   : verified_show(list, errand->warden->roster, ROSTER_HUB, ret_answer);
}

/* What the operator typed for a member, kept. */
static int verify_one(const struct errand *errand, const struct roster_member *member)
{
	struct ledger *ledger = errand->warden->ledger;
	struct verified verified;
	int status = ledger_known_type(ledger, errand->request, &errand->by, member, &verified,
				       errand->fault);

	if (status == 0)
		status = ledger_known_put(ledger, &verified);
	return status != 0 ? status : ledger_commit(ledger);
}

static int verify(const struct errand *errand, struct answer *ret_answer)
{
	const char *name = errand->request->arguments[0];
	const struct roster_member *member = roster_find(errand->warden->roster, name);
	int status;

	if (member == NULL)
		return fault_set(errand->fault, "X009", "NAME", "`mia key show` lists them.",
				 "the roster has no member \"%s\"", name);
	status = verify_one(errand, member);
	return status != 0 ? status
			   : warden_say(N_("The key of %1 is verified."), name, ret_answer);
}

/* ---- roster sign ---- */

static int check_keys(const struct errand *errand, const struct roster *next)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	const struct roster *in_force = errand->warden->roster;
	const struct roster_member *member;
	size_t place = 0;
	int status = list == NULL ? fail(-ENOMEM) : ledger_known_load(errand->warden->ledger, list);

	while (status == 0 && (member = endorse_unheard(in_force, next, list, &place)) != NULL)
		status = verify_one(errand, member);
	return status;
}

/* No fingerprint is of the link key; the hub's card, accepted here, was signed over both. */
static int check_card(const struct errand *errand, const struct roster_member *hub)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	int status = draft == NULL ? fail(-ENOMEM) : draft_load(errand->warden->ledger, draft);

	if (status != 0 || draft_has(draft, hub))
		return status;
	return fault_set(errand->fault, "J010", "roster", error_find("J010")->remedy_en,
			 N_("it has other keys for the hub than the card that was accepted here"));
}

/* Who takes a roster counts sites; of the hub, only its word for its own new keys. */
static int check_own(const struct errand *errand, const struct roster *next)
{
	const struct roster_member *hub = roster_find(next, ROSTER_HUB);

	if (hub != NULL && endorse_is_changed(errand->warden->roster, hub))
		return check_card(errand, hub);
	return fault_set(errand->fault, "J009", "roster", error_find("J009")->remedy_en,
			 N_("the hub's own keys are as before in it; its signature would count "
			    "for nothing"));
}

static int sign(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct roster *next = calloc(1, sizeof(*next));
	const struct warden *warden = errand->warden;
	char event[VERIFIED_EVENT_BYTES];
	int status = next == NULL
			     ? fail(-ENOMEM)
			     : endorse_read(errand->request, warden->roster, next, errand->fault);

	if (status == 0)
		status = check_own(errand, next);
	if (status == 0)
		status = check_keys(errand, next);
	if (status != 0)
		return status;
	endorse_event(next, warden->operator_name, event);
	ledger_audit(warden->ledger, warden->at_now, event);
	status = ledger_commit(warden->ledger);
	return status != 0 ? status : endorse_answer(warden->roster, next, warden->key, ret_answer);
}

/* ---- roster draft ---- */

static int give_draft(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	const struct warden *warden = errand->warden;
	char epoch[16];
	int status = draft == NULL ? fail(-ENOMEM) : draft_load(warden->ledger, draft);

	if (status == 0)
		status = draft_add_text(draft, warden->roster, &ret_answer->attachment);
	(void)snprintf(epoch, sizeof(epoch), "%u", warden->roster->epoch + 1);
	return status != 0 ? status
			   : warden_say(N_("The draft of the roster of epoch %1 is written; it "
					   "counts when the programme owner and two sites have "
					   "signed it."),
					epoch, ret_answer);
}

/* ---- the whole ---- */

int witness_carry_out(const struct warden *warden, const struct request *request,
		      struct answer *ret_answer)
{
	struct fault fault = {0};
	const struct errand errand = {.warden = warden,
				      .request = request,
				      .by = {warden->operator_name, warden->at_now},
				      .fault = &fault};
	int status;

	if (request->command == COMMAND_KEY_SHOW)
		status = show(&errand, ret_answer);
	else if (request->command == COMMAND_KEY_VERIFY)
		status = verify(&errand, ret_answer);
	else if (request->command == COMMAND_ROSTER_SIGN)
		status = sign(&errand, ret_answer);
	else if (request->command == COMMAND_ROSTER_DRAFT)
		status = give_draft(&errand, ret_answer);
	else
		return -ENOENT;
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : status;
}
