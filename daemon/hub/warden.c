#include "daemon/hub/warden.h"

#include "daemon/hub/draft.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One row a command: what the site then is, and what is said. */
static const struct order {
	enum command command;
	enum roster_status status;
	const char *done, *would;
} orders[] = {
	{COMMAND_SITE_SUSPEND, ROSTER_SUSPENDED,
	 N_("%1 is suspended: its reports wait there until `mia site resume %1`."),
	 N_("%1 would be suspended: its reports wait there. Nothing was changed.")},
	{COMMAND_SITE_RESUME, ROSTER_ACTIVE,
	 N_("%1 is let in again; it comes by itself within five minutes."),
	 N_("%1 would be let in again. Nothing was changed.")},
	{COMMAND_SITE_RETIRE, ROSTER_RETIRED,
	 N_("%1 has left: what it reported stays; nothing more is taken from it."),
	 N_("%1 would be kept out for good; what it reported stays. Nothing was changed.")},
};

int warden_say(const char *msgid, const char *word, struct answer *ret_answer)
{
	return answer_line(ret_answer, "mia.trust/1", msgid, word, NULL);
}

void warden_audit(const struct warden *warden, const char *event, const char *site)
{
	char text[LEDGER_TEXT_BYTES];

	(void)snprintf(text, sizeof(text), "%s site=%s operator=%s", event, site,
		       warden->operator_name);
	ledger_audit(warden->ledger, warden->at_now, text);
}

int warden_check_site(const struct warden *warden, const char *site, struct fault *fault)
{
	if (programme_site_index(warden->programme, site) >= 0)
		return 0;
	return fault_set(fault, "X009", "SITE", "`mia sites` lists them.",
			 "there is no site \"%s\"", site);
}

int warden_tell_damage(struct answer *ret_answer)
{
	struct fault fault = {0};

	(void)fault_set(&fault, "H001", "ledger", error_find("H001")->remedy_en,
			"a row about who is trusted is damaged");
	return answer_fault(ret_answer, &fault);
}

void warden_drop(struct ledger *ledger)
{
	ledger_put_row(ledger, "x.draft", NULL, 0); /* whatever its row: the group fails with it */
	(void)ledger_commit(ledger);
}

/* There is such a site, and it is not so already. */
static int check(const struct warden *warden, const struct order *order, const char *site,
		 struct fault *fault)
{
	const struct suspension *known = suspension_find(warden->suspensions, site);
	enum roster_status status = known == NULL ? ROSTER_ACTIVE : known->status;

	if (warden_check_site(warden, site, fault) != 0)
		return -EBADMSG;
	if (status == order->status)
		return fault_set(fault, "X023", site, "`mia status` shows how each site is.",
				 "it is %s already", roster_status_name(status));
	return 0;
}

/* Who has left, leaves the next roster too; who is let in again, stays in it. A suspension is the
 * hub's own. Into the ledger's open group. */
static int keep_draft(const struct warden *warden, enum roster_status status, const char *site)
{
	const struct roster_member *known = roster_find(warden->roster, site);
	own(mem_free) struct draft *draft = calloc(1, sizeof(*draft));
	struct roster_step step;
	int error = draft == NULL ? fail(-ENOMEM) : 0;

	if (status == ROSTER_SUSPENDED || known == NULL)
		return 0;
	if (error == 0)
		error = draft_load(warden->ledger, draft);
	if (error != 0 || (status == ROSTER_ACTIVE && !draft_ends(draft, known)))
		return error;
	step = (struct roster_step){.member = *known};
	step.member.status = status;
	return draft_put(draft, warden->roster, &step, warden->ledger);
}

static int carry_out(const struct warden *warden, const struct order *order, const char *site)
{
	struct suspension change = {.status = order->status, .at = warden->at_now};
	int place = programme_site_index(warden->programme, site);
	int status;

	text_copy(change.site, sizeof(change.site), site);
	(void)snprintf(change.why, sizeof(change.why), "operator=%s", warden->operator_name);
	status = keep_draft(warden, order->status, site);
	if (status == 0)
		status = suspension_set(warden->suspensions, warden->ledger, &change);
	if (status != 0)
		warden_drop(warden->ledger);
	else if (order->status != ROSTER_ACTIVE)
		door_shut(warden->door, (size_t)place);
	if (status == 0)
		suspension_tell(warden->suspensions, warden->roster, warden->county);
	return status;
}

int warden_suspend_clones(struct door *door, struct suspensions *suspensions, struct ledger *ledger,
			  const struct programme *programme, int64_t at_now)
{
	char both[SUSPENSION_WHY_BYTES - sizeof("reason=clone ")];
	int status = 0;
	size_t site;

	while (status == 0 && door_next_clone(door, &site, both, sizeof(both))) {
		struct suspension change = {.status = ROSTER_SUSPENDED, .at = at_now};

		text_copy(change.site, sizeof(change.site), programme->sites[site].id);
		(void)snprintf(change.why, sizeof(change.why), "reason=clone %s", both);
		status = suspension_set(suspensions, ledger, &change);
		if (status == 0)
			door_end_clone(door, site);
	}
	return status;
}

int warden_carry_out(const struct warden *warden, const struct request *request,
		     struct answer *ret_answer)
{
	bool is_tried = request_option(request, "dry-run") != NULL;
	const struct order *order = NULL;
	const char *site = request->arguments[0];
	struct fault fault = {0};
	int status;

	for (size_t i = 0; i < array_n(orders); i++)
		if (orders[i].command == request->command)
			order = &orders[i];
	if (order == NULL)
		return -ENOENT;
	status = check(warden, order, site, &fault);
	if (status == 0 && !is_tried)
		status = carry_out(warden, order, site);
	if (status == -EBADMSG)
		return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault)
					     : warden_tell_damage(ret_answer);
	return status != 0 ? status
			   : warden_say(is_tried ? order->would : order->done, site, ret_answer);
}
