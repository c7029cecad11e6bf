#include "daemon/hub/usher.h"

#include "daemon/hub/draft.h"
#include "daemon/hub/host.h"
#include "daemon/hub/invite.h"
#include "daemon/hub/ledger_known.h"
#include "daemon/hub/witness.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/errors.h"
#include "proto/period.h"
#include "proto/roster_next.h"
#include "proto/welcome.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct errand {
	const struct warden *warden;
	const struct request *request;
	const char *site; /* the first argument: a site, or the hub */
	struct fault *fault;
};

static bool is_hub(const struct errand *errand)
{
	return strcmp(errand->site, ROSTER_HUB) == 0;
}

static int check_site(const struct errand *errand)
{
	return is_hub(errand) ? 0 : warden_check_site(errand->warden, errand->site, errand->fault);
}

/* ---- accept ---- */

static int read_card(const struct errand *errand, struct welcome_card *ret_card)
{
	own(buf_free) struct buf text = {0};
	int status;

	carried_take(errand->request, &text);
	status = text.error != 0
			 ? text.error
			 : welcome_card_read("card", text.data, text.n, ret_card, errand->fault);
	if (status == 0 && strcmp(ret_card->member.name, errand->site) != 0)
		return fault_set(errand->fault, "J004", "card", error_find("J004")->remedy_en,
				 "it is the card of \"%s\"", ret_card->member.name);
	return status;
}

/*
 * The last report that the key before is good for. A report is of the month after the one before
 * it, and none comes before its month is over (collect): so it is the hub's last one and every
 * month that will be over when the draft is at its oldest. Too few, and what a site signs in
 * between could not be checked afterwards (a roster that comes still later is refused, R046); more
 * would only lengthen the life of a key that is gone. The hub makes no reports.
 */
static uint64_t last_good(const struct errand *errand)
{
	const struct warden *warden = errand->warden;
	int place = programme_site_index(warden->programme, errand->site);
	uint32_t before = period_of_day(warden->programme->operation.from) - 1;
	uint32_t over;
	uint8_t hash[SIGN_HASH_BYTES];
	uint64_t n;

	if (place < 0)
		return 0;
	ledger_head(warden->ledger, errand->site, &n, hash);
	if (county_head(warden->county, (size_t)place)->n > 0)
		before = county_head(warden->county, (size_t)place)->period;
	over = period_of_day(date_of_moment(warden->at_now) + ROSTER_DRAFT_DAYS) - 1;
	return n + (over > before ? over - before : 0);
}

/* Its invitation is used up by itself, where the answer to it was lost on the way. */
static int refuse_code(const struct errand *errand, const struct welcome_card *card)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	int status = draft == NULL ? fail(-ENOMEM) : draft_load(errand->warden->ledger, draft);

	if (status != 0)
		return status;
	if (draft_has(draft, &card->member))
		return fault_set(errand->fault, "X023", errand->site,
				 N_("`mia roster draft --out FILE` writes the draft again."),
				 N_("this card is in the draft of the next roster"));
	return fault_set(errand->fault, "J005", errand->site, error_find("J005")->remedy_en,
			 N_("its code is not of an invitation that is open"));
}

/* A card holds by the key before, or by an invitation: then the key before is lost, and good for
 * what the hub has. */
static int judge_card(const struct errand *errand, const struct welcome_card *card,
		      const struct invites *invites, struct roster_step *ret_step)
{
	const struct warden *warden = errand->warden;
	const struct roster_member *known = roster_find(warden->roster, errand->site);
	bool is_active = known != NULL && known->status == ROSTER_ACTIVE;
	struct roster_step step = {.member = card->member};
	uint8_t hash[SIGN_HASH_BYTES];

	if (is_active && memcmp(known->sign, card->member.sign, sizeof(known->sign)) == 0)
		return fault_set(errand->fault, "X023", errand->site, "",
				 "the roster in force has these keys");
	step.is_lost = !is_active || suspension_find(warden->suspensions, errand->site) != NULL ||
		       !welcome_card_is_vouched(card, known->sign);
	if (step.is_lost &&
	    !invite_holds(invites, errand->site, card->code, date_of_moment(warden->at_now)))
		return refuse_code(errand, card);
	if (step.is_lost)
		ledger_head(warden->ledger, errand->site, &step.last_n, hash);
	else
		step.last_n = last_good(errand);
	*ret_step = step;
	return 0;
}

/* A draft that no room could read would hold up everybody: a key of another's card in it, or one
 * that was given up. Nothing is put into the ledger for it. */
static int check_draft(const struct errand *errand, const struct roster_step *step)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	own(mem_free) struct roster *read = calloc(1, sizeof(*read));
	own(buf_free) struct buf text = {0};
	const struct warden *warden = errand->warden;
	int status =
		draft == NULL || read == NULL ? fail(-ENOMEM) : draft_load(warden->ledger, draft);

	if (status == 0)
		status = draft_take(draft, warden->roster, step);
	if (status == 0)
		status = draft_add_text(draft, warden->roster, &text);
	return status != 0 ? status : roster_read("draft", text.data, text.n, read, errand->fault);
}

static int keep_step(const struct errand *errand, const struct roster_step *step,
		     struct answer *ret_answer)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	const struct warden *warden = errand->warden;
	int status = draft == NULL ? fail(-ENOMEM) : draft_load(warden->ledger, draft);

	if (status == 0)
		status = draft_put(draft, warden->roster, step, warden->ledger);
	if (status == 0)
		status = draft_add_text(draft, warden->roster, &ret_answer->attachment);
	return status;
}

static int take_in(const struct errand *errand, const struct roster_step *step,
		   const struct verified *verified, struct invites *invites,
		   struct answer *ret_answer)
{
	int status = ledger_known_put(errand->warden->ledger, verified);

	if (status == 0)
		status = invite_remove(invites, errand->site, errand->warden->ledger);
	if (status == 0)
		status = keep_step(errand, step, ret_answer);
	if (status == 0)
		warden_audit(errand->warden, "accepted", errand->site);
	return status != 0 ? status : ledger_commit(errand->warden->ledger);
}

/* The fingerprint comes last: nobody is telephoned for a card that does not hold. */
static int accept(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	const struct verifier by = {errand->warden->operator_name, errand->warden->at_now};
	struct welcome_card card = {0};
	struct roster_step step = {0};
	struct verified verified;
	int status = invites == NULL ? fail(-ENOMEM) : invite_load(errand->warden->ledger, invites);

	if (status == 0)
		status = check_site(errand);
	if (status == 0)
		status = read_card(errand, &card);
	if (status == 0)
		status = judge_card(errand, &card, invites, &step);
	if (status == 0)
		status = check_draft(errand, &step);
	if (status == 0)
		status = ledger_known_type(errand->warden->ledger, errand->request, &by,
					   &card.member, &verified, errand->fault);
	if (status == 0)
		status = take_in(errand, &step, &verified, invites, ret_answer);
	return status != 0
		       ? status
		       : warden_say(
				 N_("%1 is in the draft of the next roster, which counts when the "
				    "programme owner and two sites have signed it."),
				 errand->site, ret_answer);
}

/* ---- key revoke ---- */

/* Out at once, here; out of the roster when the draft is signed. */
static int keep_out(const struct errand *errand, struct answer *ret_answer)
{
	const struct warden *warden = errand->warden;
	const struct roster_member *known = roster_find(warden->roster, errand->site);
	int place = programme_site_index(warden->programme, errand->site);
	bool is_tried = request_option(errand->request, "dry-run") != NULL;
	struct roster_step step = {0};
	struct suspension out = {.status = ROSTER_SUSPENDED, .at = warden->at_now};
	int status;

	if (known == NULL || place < 0)
		return fault_set(errand->fault, "X009", "SITE", "`mia key show` lists them.",
				 "the roster has no site \"%s\"", errand->site);
	if (is_tried)
		return warden_say(
			N_("The key of %1 would be revoked: it is kept out at once, and the "
			   "next roster says so. Nothing was changed."),
			errand->site, ret_answer);
	step.member = *known;
	step.member.status = ROSTER_SUSPENDED;
	text_copy(out.site, sizeof(out.site), errand->site);
	(void)snprintf(out.why, sizeof(out.why), "operator=%s", warden->operator_name);
	status = keep_step(errand, &step, ret_answer);
	if (status == 0)
		warden_audit(errand->warden, "key_revoked", errand->site);
	if (status == 0)
		status = suspension_set(warden->suspensions, warden->ledger, &out);
	if (status != 0)
		return status;
	door_shut(warden->door, (size_t)place);
	return warden_say(
		N_("%1 is kept out from now on. The draft of the next roster says so too."),
		errand->site, ret_answer);
}

/* ---- the whole ---- */

static int carry_out_own(const struct warden *warden, const struct request *request,
			 struct answer *ret_answer)
{
	struct fault fault = {0};
	const struct errand errand = {warden, request, request->arguments[0], &fault};
	int status = -ENOENT;

	if (request->command == COMMAND_ACCEPT)
		status = accept(&errand, ret_answer);
	else if (request->command == COMMAND_KEY_REVOKE)
		status = keep_out(&errand, ret_answer);
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : status;
}

int usher_carry_out(const struct warden *warden, const struct request *request,
		    struct answer *ret_answer)
{
	int status = host_carry_out(warden, request, ret_answer);

	if (status == -ENOENT)
		status = witness_carry_out(warden, request, ret_answer);
	if (status == -ENOENT)
		status = carry_out_own(warden, request, ret_answer);
	if (status == 0 || status == -ENOENT)
		return status;
	warden_drop(warden->ledger);
	return status == -EBADMSG ? warden_tell_damage(ret_answer) : status;
}
