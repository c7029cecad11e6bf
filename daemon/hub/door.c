#include "daemon/hub/door.h"

#include "daemon/hub/doubt.h"
#include "daemon/hub/post.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define PUT_OFF_MAX 16 /* flushes with releases after which results are made all the same */
#define PROBE_S 30 /* a quiet session gets its receipt again so often: who is gone is noticed */
#define WAITED_MAX 3000 /* flushes a full queue is waited for: a minute */

struct door {
	struct reception in;
	struct doubt doubt;
	unsigned put_off;
	bool is_stuck; /* results could not be kept: not at once again */
	struct buf message; /* that door_next() gave */
	size_t turn; /* site it is for */
	unsigned turn_mail; /* bit it serves; 0 a result */
	bool is_to_former; /* the connection a site had before (clone) */
};

/* The chain as it is stored. */
static void reset_chain(struct door *door, size_t site)
{
	struct county_head *chain = &door->in.sessions[site].chain;

	*chain = *county_head(door->in.settings.county, site);
	ledger_head(door->in.settings.ledger, door->in.settings.programme->sites[site].id,
		    &chain->n, chain->hash);
}

int door_new(const struct door_settings *settings, struct door **ret_door)
{
	own(door_free) struct door *door = calloc(1, sizeof(*door));
	const struct results_settings results = {
		.ledger = settings->ledger,
		.county = settings->county,
		.key = settings->key,
	};
	int status;

	if (door == NULL)
		return fail(-ENOMEM);
	status = results_new(&results, &door->in.results);
	if (status != 0)
		return status;
	door->in.settings = *settings;
	for (size_t site = 0; site < settings->programme->sites_n; site++)
		reset_chain(door, site);
	*ret_door = take(door);
	return 0;
}

void door_free(struct door **door)
{
	if (*door == NULL)
		return;
	group_free(&(*door)->in.group);
	results_free(&(*door)->in.results);
	buf_free(&(*door)->message);
	free(*door);
	*door = NULL;
}

int door_receive(struct door *door, const struct arrival *arrival)
{
	return reception_take(&door->in, arrival);
}

/* ---- the flush ---- */

/* Nothing of the group is there: chains as before, and no receipt leaves. */
static void roll_back(struct door *door)
{
	group_drop(&door->in.group);
	for (size_t site = 0; site < door->in.settings.programme->sites_n; site++) {
		reset_chain(door, site);
		door->in.sessions[site].mail &= ~(unsigned)MAIL_RECEIPT;
	}
}

static uint64_t greeted(const struct door *door)
{
	uint64_t sites = 0;

	for (size_t site = 0; site < door->in.settings.programme->sites_n; site++)
		if (door->in.sessions[site].state == SESSION_GREETED)
			sites |= UINT64_C(1) << site;
	return sites;
}

static void look_after(struct door *door, int64_t at_now)
{
	for (size_t site = 0; site < door->in.settings.programme->sites_n; site++) {
		struct session *session = &door->in.sessions[site];
		bool is_quiet =
			at_now - session->at_receipt >= PROBE_S || at_now < session->at_receipt;

		session->is_waiting = false;
		door->in.clones[site].is_waiting = false;
		if (session->mail & MAIL_RECEIPT)
			session->at_receipt = at_now;
		else if (session->state == SESSION_GREETED && is_quiet) {
			session->mail |= MAIL_RECEIPT;
			session->at_receipt = at_now;
		}
	}
}

/* What is durable becomes known: to the county, to results, and to the sites as receipts. */
static int publish(struct door *door, int64_t at_now)
{
	const struct door_settings *settings = &door->in.settings;
	int status = group_publish(&door->in.group, settings->county);
	bool is_doubtful = false;

	for (size_t i = 0; i < door->in.group.n && status == 0; i++) {
		const struct accepted *accepted = &door->in.group.accepted[i];

		results_touch(door->in.results, accepted->head.period);
		door->in.sessions[accepted->site].mail |= MAIL_RECEIPT;
		door->in.counts.accepted++;
		is_doubtful |= doubt_look(&door->doubt, settings->county, settings->ledger,
					  accepted->site, at_now);
	}
	group_drop(&door->in.group);
	return status == 0 && is_doubtful ? ledger_commit(settings->ledger) : status;
}

int door_flush(struct door *door, int64_t at_now, size_t *ret_changed)
{
	size_t changed = door->in.group.n;
	int status = ledger_commit(door->in.settings.ledger);

	if (status != 0) {
		roll_back(door);
		return status;
	}
	status = publish(door, at_now);
	if (status != 0)
		return status;
	look_after(door, at_now);
	*ret_changed = changed;
	if (!results_is_due(door->in.results))
		return 0;
	if (changed > 0 && ++door->put_off < PUT_OFF_MAX)
		return 0;
	door->put_off = 0;
	status = results_make(door->in.results, greeted(door), at_now);
	door->is_stuck = status != 0;
	return status;
}

/* ---- sending ---- */

static bool has_mail(const struct door *door, size_t site)
{
	const struct session *session = &door->in.sessions[site];

	return session->state != SESSION_AWAY &&
	       (session->mail != 0 || results_is_owed(door->in.results, site));
}

enum door_wait door_waits(const struct door *door)
{
	if (results_is_due(door->in.results) && !door->is_stuck)
		return DOOR_NOW;
	for (size_t site = 0; site < door->in.settings.programme->sites_n; site++)
		if (has_mail(door, site) || door->in.clones[site].mail != 0)
			return DOOR_SOON;
	return DOOR_IDLE;
}

/* Fills the message for a site's first mail; what cannot be read is skipped, as the ledger's damage
 * shows where it is read for its own sake. */
static bool write_mail(struct door *door, size_t site)
{
	const char *id = door->in.settings.programme->sites[site].id;
	struct session *session = &door->in.sessions[site];
	const struct post post = {door->in.settings.ledger, door->in.settings.key};
	int status;

	buf_clear(&door->message);
	door->turn_mail = post_first(session);
	if (door->turn_mail != 0)
		status = post_pack(&post, session, id, door->turn_mail, &door->message);
	else
		status = results_next(door->in.results, site, &door->message);
	if (status == 0)
		status = door->message.error;
	return status == 0;
}

/* It was sent, or is not to be. */
static void cross_off(struct door *door, size_t site)
{
	if (door->turn_mail != 0)
		post_done(&door->in.sessions[site], door->turn_mail);
	else
		results_sent(door->in.results, site);
}

/* Whether there was anything that could be written. */
static bool write_first(struct door *door, size_t site)
{
	while (has_mail(door, site)) {
		if (write_mail(door, site))
			return true;
		cross_off(door, site);
	}
	return false;
}

static void hand_out(const struct door *door, const uint8_t *route, size_t route_n,
		     struct door_out *ret_out)
{
	*ret_out = (struct door_out){route, route_n, door->message.data, door->message.n};
}

/* What a site's former connection is owed goes first: whether anybody is there is soon known. */
static bool next_of_site(struct door *door, size_t site, struct door_out *ret_out)
{
	const struct session *session = &door->in.sessions[site];
	const struct clone *clone = &door->in.clones[site];

	buf_clear(&door->message);
	door->is_to_former = clone_next(clone, &door->message);
	if (door->is_to_former)
		hand_out(door, clone->former.route, clone->former.route_n, ret_out);
	else if (!session->is_waiting && write_first(door, site))
		hand_out(door, session->route, session->route_n, ret_out);
	else
		return false;
	return true;
}

bool door_next(struct door *door, struct door_out *ret_out)
{
	size_t sites_n = door->in.settings.programme->sites_n;

	for (size_t i = 0; i < sites_n; i++) {
		size_t site = (door->turn + i) % sites_n;

		if (!next_of_site(door, site, ret_out))
			continue;
		door->turn = site;
		return true;
	}
	return false;
}

void door_sent(struct door *door, int status)
{
	struct session *session = &door->in.sessions[door->turn];

	if (door->is_to_former) {
		clone_sent(&door->in.clones[door->turn++], status);
		return;
	}
	if (status == -EAGAIN && ++session->waited_n < WAITED_MAX) {
		session->is_waiting = true;
	} else if (status != 0) {
		(void)session_step(session, EVENT_GONE);
		session_forget(session);
		results_owe(door->in.results, door->turn, false);
	} else {
		session->waited_n = 0;
		cross_off(door, door->turn);
	}
	door->turn++;
}

/* ---- who is let in ---- */

bool door_trust(struct door *door, const struct roster *roster, const struct sign_key *key)
{
	const struct programme *programme = door->in.settings.programme;
	bool is_same = memcmp(roster->hash, door->in.settings.roster->hash, SIGN_HASH_BYTES) == 0;

	door->in.settings.roster = roster;
	door->in.settings.key = key;
	results_sign_with(door->in.results, key);
	for (size_t site = 0; site < programme->sites_n; site++) {
		struct session *session = &door->in.sessions[site];

		session->is_roster_other |= !is_same; /* until it greets with this one */
		if (roster_find_active(roster, programme->sites[site].id) != NULL)
			continue;
		(void)session_step(session, EVENT_GONE);
		session_forget(session);
		results_owe(door->in.results, site, false);
	}
	return !is_same;
}

void door_shut(struct door *door, size_t site)
{
	reception_shut(&door->in, site, "W016");
}

bool door_next_clone(const struct door *door, size_t *ret_site, char *ret_why, size_t size)
{
	for (size_t site = 0; site < door->in.settings.programme->sites_n; site++) {
		if (door->in.clones[site].state != CLONE_FOUND)
			continue;
		clone_name(&door->in.clones[site], ret_why, size);
		*ret_site = site;
		return true;
	}
	return false;
}

void door_end_clone(struct door *door, size_t site)
{
	clone_end(&door->in.clones[site]);
}

/* ---- views ---- */

void door_view(const struct door *door, size_t site, struct door_view *ret_view)
{
	const struct session *session = &door->in.sessions[site];

	*ret_view = (struct door_view){
		.is_connected = session->state == SESSION_GREETED,
		.is_roster_other = session->is_roster_other,
		.is_version_other = session->is_version_other,
		.at_contact = session->at_contact,
	};
	text_copy(ret_view->refusal, sizeof(ret_view->refusal), session->refusal);
}

void door_counts(const struct door *door, struct door_counts *ret_counts)
{
	*ret_counts = door->in.counts;
}

void door_print_states(FILE *to)
{
	session_print_states(to);
	clone_print_states(to);
}
