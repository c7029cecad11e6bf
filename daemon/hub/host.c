#include "daemon/hub/host.h"

#include "daemon/hub/invite.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "lib/vault.h"

#include <errno.h>
#include <string.h>

#define DAYS 14
#define DAYS_MOST 90
#define CODE_RAW_BYTES ((WELCOME_CODE_BYTES - 1) / 2)

struct errand {
	const struct warden *warden;
	const struct request *request;
	const char *site; /* the first argument */
	struct fault *fault;
};

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
		warden_audit(errand->warden, "invited", errand->site);
	return status != 0 ? status : ledger_commit(errand->warden->ledger);
}

static int create(const struct errand *errand, struct answer *ret_answer)
{
	struct welcome welcome = {0};
	uint64_t days = 0;
	int32_t last_day;
	int status = warden_check_site(errand->warden, errand->site, errand->fault);

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
	return warden_say(
		N_("%1 is invited. Send them the file; read them this hub's fingerprint over "
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
		warden_audit(errand->warden, "invitation_revoked", errand->site);
	if (status == 0)
		status = ledger_commit(errand->warden->ledger);
	return status != 0 ? status
			   : warden_say(N_("The invitation of %1 is worth nothing any more."),
					errand->site, ret_answer);
}

/* ---- the whole ---- */

int host_carry_out(const struct warden *warden, const struct request *request,
		   struct answer *ret_answer)
{
	struct fault fault = {0};
	const struct errand errand = {warden, request, request->arguments[0], &fault};
	int status;

	if (request->command == COMMAND_INVITE_CREATE)
		status = create(&errand, ret_answer);
	else if (request->command == COMMAND_INVITE_LIST)
		status = list(&errand, ret_answer);
	else if (request->command == COMMAND_INVITE_REVOKE)
		status = take_back(&errand, ret_answer);
	else
		return -ENOENT;
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : status;
}
