#include "daemon/hub/usher.h"

#include "daemon/hub/draft.h"
#include "daemon/hub/invite.h"
#include "daemon/hub/ledger_known.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"
#include "proto/carried.h"
#include "proto/errors.h"
#include "proto/verified.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DAYS 14
#define DAYS_MOST 90
#define CODE_RAW_BYTES ((WELCOME_CODE_BYTES - 1) / 2)
/* Reports a site may still make with the key before, until it has the roster with the new one. */
#define REPORTS_IN_BETWEEN 24

struct errand {
	const struct warden *warden;
	const struct request *request;
	const char *site; /* the first argument */
	struct fault *fault;
};

typedef int errand_fn(const struct errand *errand, struct answer *ret_answer);

/* ---- parts ---- */

static int check_site(const struct errand *errand)
{
	if (programme_site_index(errand->warden->programme, errand->site) >= 0)
		return 0;
	return fault_set(errand->fault, "X009", "SITE", "`mia sites` lists them.",
			 "there is no site \"%s\"", errand->site);
}

static void audit(const struct errand *errand, const char *event)
{
	char text[LEDGER_TEXT_BYTES];

	(void)snprintf(text, sizeof(text), "%s site=%s operator=%s", event, errand->site,
		       errand->warden->operator_name);
	ledger_audit(errand->warden->ledger, errand->warden->at_now, text);
}

static int say(const char *msgid, const char *word, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.trust/1", SHEET_LINES);

	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	sheet_add_phrase(sheet, msgid, word, NULL);
	return answer_add(ret_answer, &sheet);
}

static struct verifier verifier_of(const struct warden *warden)
{
	return (struct verifier){warden->operator_name, warden->at_now};
}

/* ---- invitations ---- */

static int read_days(const struct errand *errand, uint64_t *ret_days)
{
	const char *text = request_option(errand->request, "days");
	uint64_t days = DAYS;

	if (text != NULL && (text_to_u64(text, DAYS_MOST, &days) != 0 || days == 0))
		return fault_set(errand->fault, "X002", "--days", "Give days, 1 to 90.",
				 "\"%s\" is no number of days", text);
	*ret_days = days;
	return 0;
}

static int read_endpoint(const struct errand *errand, char *ret_endpoint, size_t size)
{
	const char *text = request_option(errand->request, "hub");

	if (text == NULL || strncmp(text, "tcp://", 6) != 0 || strlen(text) >= size)
		return fault_set(errand->fault, "X002", "--hub", "Give --hub tcp://NAME:PORT.",
				 "the site must be told where it finds this hub");
	text_copy(ret_endpoint, size, text);
	return 0;
}

/* Everything a new site must know, signed by the hub; the code is nowhere else but as a hash. */
static void fill_in(const struct errand *errand, struct welcome *welcome)
{
	const struct warden *warden = errand->warden;
	const struct roster_member *hub = roster_find(warden->roster, ROSTER_HUB);
	uint8_t raw[CODE_RAW_BYTES];

	secret_random(raw, sizeof(raw));
	text_hex(raw, sizeof(raw), welcome->code);
	text_copy(welcome->site, sizeof(welcome->site), errand->site);
	memcpy(welcome->programme, warden->programme->hash, sizeof(welcome->programme));
	memcpy(welcome->programme_key, warden->programme_key, sizeof(welcome->programme_key));
	memcpy(welcome->hub_sign, hub->sign, sizeof(welcome->hub_sign));
	memcpy(welcome->hub_link, hub->link, sizeof(welcome->hub_link));
	welcome_sign(welcome, warden->key);
}

static int keep_invite(const struct errand *errand, const struct welcome *welcome, int32_t last_day)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	struct invite invite = {.last_day = last_day};
	int status = invites == NULL ? fail(-ENOMEM) : invite_load(errand->warden->ledger, invites);

	text_copy(invite.site, sizeof(invite.site), errand->site);
	text_copy(invite.operator_name, sizeof(invite.operator_name),
		  errand->warden->operator_name);
	invite_hash(welcome->code, invite.code);
	if (status == 0)
		status = invite_put(invites, &invite, errand->warden->ledger);
	if (status == 0)
		audit(errand, "invited");
	return status != 0 ? status : ledger_commit(errand->warden->ledger);
}

static int create(const struct errand *errand, struct answer *ret_answer)
{
	struct welcome welcome = {0};
	uint64_t days = 0;
	int32_t last_day;
	int status = check_site(errand);

	if (status == 0)
		status = read_days(errand, &days);
	if (status == 0)
		status = read_endpoint(errand, welcome.endpoint, sizeof(welcome.endpoint));
	if (status != 0)
		return status;
	last_day = date_of_moment(errand->warden->at_now) + (int32_t)days;
	date_format(last_day, welcome.last_day);
	fill_in(errand, &welcome);
	status = keep_invite(errand, &welcome, last_day);
	if (status != 0)
		return status;
	welcome_add(&ret_answer->attachment, &welcome);
	return say(N_("%1 is invited. Send them the file; read them this hub's fingerprint over "
		      "the telephone, never in a letter: `mia key show`."),
		   errand->site, ret_answer);
}

static int list(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	int status = invites == NULL ? fail(-ENOMEM) : invite_load(errand->warden->ledger, invites);

	return status != 0
		       ? status
		       : invite_show(invites, date_of_moment(errand->warden->at_now), ret_answer);
}

static int take_back(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	int status = invites == NULL ? fail(-ENOMEM) : invite_load(errand->warden->ledger, invites);

	if (status == 0 && invite_find(invites, errand->site) == NULL)
		return fault_set(errand->fault, "X009", errand->site, "See `mia invite list`.",
				 "it has no invitation");
	if (status == 0)
		status = invite_remove(invites, errand->site, errand->warden->ledger);
	if (status == 0)
		audit(errand, "invitation_revoked");
	if (status == 0)
		status = ledger_commit(errand->warden->ledger);
	return status != 0 ? status
			   : say(N_("The invitation of %1 is worth nothing any more."),
				 errand->site, ret_answer);
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

/* A card holds by the key before, or by an invitation: then the key before is lost. */
static int judge_card(const struct errand *errand, const struct welcome_card *card,
		      const struct invites *invites, struct draft_change *ret_change)
{
	const struct warden *warden = errand->warden;
	const struct roster_member *known = roster_find(warden->roster, errand->site);
	struct draft_change change = {.member = card->member};
	uint8_t hash[SIGN_HASH_BYTES];
	bool is_vouched = known != NULL && known->status == ROSTER_ACTIVE &&
			  suspension_find(warden->suspensions, errand->site) == NULL &&
			  welcome_card_is_vouched(card, known->sign);

	if (known != NULL && known->status == ROSTER_ACTIVE &&
	    memcmp(known->sign, card->member.sign, sizeof(known->sign)) == 0)
		return fault_set(errand->fault, "X023", errand->site, "",
				 "the roster in force has these keys");
	if (!is_vouched &&
	    !invite_holds(invites, errand->site, card->code, date_of_moment(warden->at_now)))
		return fault_set(errand->fault, "J005", errand->site, error_find("J005")->remedy_en,
				 "its code is not of an invitation that is open");
	ledger_head(warden->ledger, errand->site, &change.last_n, hash);
	change.last_n += is_vouched ? REPORTS_IN_BETWEEN : 0;
	change.is_lost = !is_vouched;
	*ret_change = change;
	return 0;
}

static int keep_change(const struct errand *errand, const struct draft_change *change,
		       struct answer *ret_answer)
{
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	const struct warden *warden = errand->warden;
	int status = draft == NULL ? fail(-ENOMEM) : draft_load(warden->ledger, draft);

	if (status == 0)
		status = draft_put(draft, warden->roster, change, warden->ledger);
	if (status == 0)
		status = draft_add_text(draft, warden->roster, &ret_answer->attachment);
	return status;
}

static int take_in(const struct errand *errand, const struct draft_change *change,
		   const struct verified *verified, struct invites *invites,
		   struct answer *ret_answer)
{
	int status = ledger_known_put(errand->warden->ledger, verified);

	if (status == 0)
		status = invite_remove(invites, errand->site, errand->warden->ledger);
	if (status == 0)
		status = keep_change(errand, change, ret_answer);
	if (status == 0)
		audit(errand, "accepted");
	return status != 0 ? status : ledger_commit(errand->warden->ledger);
}

/* The fingerprint comes last: nobody is telephoned for a card that does not hold. */
static int accept(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	const struct verifier verifier = verifier_of(errand->warden);
	struct welcome_card card = {0};
	struct draft_change change = {0};
	struct verified verified;
	int status = invites == NULL ? fail(-ENOMEM) : invite_load(errand->warden->ledger, invites);

	if (status == 0)
		status = check_site(errand);
	if (status == 0)
		status = read_card(errand, &card);
	if (status == 0)
		status = judge_card(errand, &card, invites, &change);
	if (status == 0)
		status = verified_type(errand->request, &verifier, &card.member, &verified,
				       errand->fault);
	if (status == 0)
		status = take_in(errand, &change, &verified, invites, ret_answer);
	return status != 0 ? status
			   : say(N_("%1 is in the draft of the next roster, which counts when the "
				    "programme owner and two sites have signed it."),
				 errand->site, ret_answer);
}

/* ---- keys ---- */

static int show_keys(const struct errand *errand, struct answer *ret_answer)
{
	own(mem_free) struct verified_list *verified = calloc(1, sizeof(*verified));
	int status = verified == NULL ? fail(-ENOMEM)
				      : ledger_known_load(errand->warden->ledger, verified);

	return status != 0
		       ? status
		       : verified_show(verified, errand->warden->roster, ROSTER_HUB, ret_answer);
}

static int verify(const struct errand *errand, struct answer *ret_answer)
{
	const struct roster_member *member = roster_find(errand->warden->roster, errand->site);
	const struct verifier verifier = verifier_of(errand->warden);
	struct verified verified;
	int status;

	if (member == NULL)
		return fault_set(errand->fault, "X009", "NAME", "`mia key show` lists them.",
				 "the roster has no member \"%s\"", errand->site);
	status = verified_type(errand->request, &verifier, member, &verified, errand->fault);
	if (status == 0)
		status = ledger_known_put(errand->warden->ledger, &verified);
	if (status == 0)
		status = ledger_commit(errand->warden->ledger);
	return status != 0 ? status
			   : say(N_("The key of %1 is verified."), errand->site, ret_answer);
}

/* Out at once, here; out of the roster when the draft is signed. */
static int keep_out(const struct errand *errand, struct answer *ret_answer)
{
	const struct warden *warden = errand->warden;
	const struct roster_member *known = roster_find(warden->roster, errand->site);
	int place = programme_site_index(warden->programme, errand->site);
	bool is_tried = request_option(errand->request, "dry-run") != NULL;
	struct draft_change change = {0};
	struct suspension out = {.status = ROSTER_SUSPENDED, .at = warden->at_now};
	int status;

	if (known == NULL || place < 0)
		return fault_set(errand->fault, "X009", "SITE", "`mia key show` lists them.",
				 "the roster has no site \"%s\"", errand->site);
	if (is_tried)
		return say(N_("The key of %1 would be revoked: it is kept out at once, and the "
			      "next roster says so. Nothing was changed."),
			   errand->site, ret_answer);
	change.member = *known;
	change.member.status = ROSTER_SUSPENDED;
	text_copy(out.site, sizeof(out.site), errand->site);
	(void)snprintf(out.why, sizeof(out.why), "operator=%s", warden->operator_name);
	status = keep_change(errand, &change, ret_answer);
	if (status == 0)
		audit(errand, "key_revoked");
	if (status == 0)
		status = suspension_set(warden->suspensions, warden->ledger, &out);
	if (status != 0)
		return status;
	door_shut(warden->door, (size_t)place);
	return say(N_("%1 is kept out from now on. The draft of the next roster says so too."),
		   errand->site, ret_answer);
}

/* ---- the whole ---- */

int usher_carry_out(const struct warden *warden, const struct request *request,
		    struct answer *ret_answer)
{
	static const struct {
		enum command command;
		errand_fn *run;
	} rows[] = {
		{COMMAND_INVITE_CREATE, create},    {COMMAND_INVITE_LIST, list},
		{COMMAND_INVITE_REVOKE, take_back}, {COMMAND_ACCEPT, accept},
		{COMMAND_KEY_SHOW, show_keys},      {COMMAND_KEY_VERIFY, verify},
		{COMMAND_KEY_REVOKE, keep_out},
	};
	struct fault fault = {0};
	const struct errand errand = {warden, request, request->arguments[0], &fault};

	for (size_t i = 0; i < array_n(rows); i++) {
		int status;

		if (rows[i].command != request->command)
			continue;
		status = rows[i].run(&errand, ret_answer);
		return status == -EBADMSG && fault.code[0] != '\0'
			       ? answer_fault(ret_answer, &fault)
			       : status;
	}
	return -ENOENT;
}
