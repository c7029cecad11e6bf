#include "daemon/hub/premises.h"

#include "daemon/hub/clock_row.h"
#include "daemon/hub/ledger_pin.h"
#include "daemon/hub/ledger_read.h"
#include "daemon/hub/ledger_versions.h"
#include "daemon/hub/peers.h"
#include "daemon/hub/refill.h"
#include "lib/own.h"
#include "proto/wire.h"

static struct ledger_settings ledger_settings(const struct room_settings *settings)
{
	return (struct ledger_settings){
		.dir = settings->state_dir,
		.vault_key = settings->vault_key,
		.programme = settings->programme,
		.map_bytes = settings->store_bytes,
		.is_rehearsal = settings->is_rehearsal,
	};
}

int premises_create(const struct room_settings *settings, int64_t at_now, struct fault *fault)
{
	const struct ledger_settings ledger_is = ledger_settings(settings);
	own(ledger_close) struct ledger *ledger = NULL;
	int status = ledger_create(&ledger_is);

	if (status == 0)
		status = ledger_open(&ledger_is, &ledger, fault);
	if (status != 0)
		return status;
	if (settings->is_rehearsal)
		clock_row_put(ledger, settings->clock_offset_s);
	ledger_audit(ledger, at_now,
		     settings->is_rehearsal ? "ledger_made rehearsal=yes"
					    : "ledger_made rehearsal=no");
	return ledger_commit(ledger);
}

static int open_ledger(struct premises *premises, const struct room_settings *settings,
		       int64_t at_now, struct fault *fault)
{
	const struct ledger_settings ledger_is = ledger_settings(settings);
	struct ledger_about about;
	int status = ledger_open(&ledger_is, &premises->ledger, fault);

	if (status != 0)
		return status;
	ledger_about(premises->ledger, &about);
	premises->opened_events_n = about.state->events_n;
	premises->settings.is_rehearsal = about.is_rehearsal;
	status = clock_row_read(premises->ledger, &premises->clock_offset_s);
	if (status == 0)
		status = ledger_pin_roster(premises->ledger, settings->roster, at_now, fault);
	if (status == 0)
		status = suspension_load(premises->ledger, &premises->suspensions, fault);
	if (status == 0)
		status = recall_load(premises->ledger, &premises->recalls, fault);
	if (status == 0)
		status = ledger_versions_open(premises->ledger, settings, at_now,
					      &premises->versions, fault);
	return status;
}

static int open_county(struct premises *premises, struct fault *fault)
{
	int status = county_new(premises->settings.programme, &premises->county);

	if (status == 0)
		status = refill_county(premises->ledger, &premises->versions, premises->county,
				       fault);
	if (status == 0)
		suspension_tell(&premises->suspensions, premises->settings.roster,
				premises->county);
	return status;
}

static int open_door(struct premises *premises)
{
	const struct door_settings settings = {
		.programme = premises->settings.programme,
		.versions = &premises->versions,
		.roster = premises->settings.roster,
		.suspensions = &premises->suspensions,
		.recalls = &premises->recalls,
		.ledger = premises->ledger,
		.county = premises->county,
		.key = premises->key,
		.is_rehearsal = premises->settings.is_rehearsal,
	};

	return door_new(&settings, &premises->door);
}

static int open_server(struct premises *premises, const uint8_t *link_secret)
{
	struct link_peer peers[ROSTER_MEMBERS_MAX];
	const struct link_server_settings settings = {
		.endpoint = premises->settings.endpoint,
		.domain = WIRE_DOMAIN,
		.secret = link_secret,
	};

	premises->listed_n =
		peers_list(premises->settings.programme, premises->settings.roster, peers);
	return link_server_open(&settings, peers, premises->listed_n, &premises->server);
}

int premises_open(const struct room_settings *settings, int64_t at_now, struct premises *premises,
		  struct fault *fault)
{
	int status;

	premises->settings = *settings;
	premises->settings.sign_seed = premises->settings.link_secret = NULL;
	premises->settings.vault_key = premises->settings.index_key = NULL;
	status = open_ledger(premises, settings, at_now, fault);
	if (status == 0)
		status = sign_key_new(settings->sign_seed, &premises->key);
	if (status == 0)
		status = open_county(premises, fault);
	if (status == 0)
		status = open_door(premises);
	if (status == 0)
		status = open_server(premises, settings->link_secret);
	return status;
}

int premises_take_roster(struct premises *premises, const struct room_settings *settings,
			 int64_t at_now, int *ret_listening, struct fault *fault)
{
	struct link_peer peers[ROSTER_MEMBERS_MAX];
	own(sign_key_free) struct sign_key *key = NULL;
	bool is_changed;
	int status = sign_key_new(settings->sign_seed, &key);

	if (status == 0)
		status = ledger_pin_roster(premises->ledger, settings->roster, at_now, fault);
	if (status != 0)
		return status;
	*ret_listening = 0;
	premises->settings.roster = settings->roster;
	suspension_tell(&premises->suspensions, settings->roster, premises->county);
	is_changed = door_trust(premises->door, settings->roster, key);
	sign_key_free(&premises->key);
	premises->key = take(key);
	if (!is_changed)
		return 0;
	premises->listed_n = peers_list(premises->settings.programme, settings->roster, peers);
	link_server_set_key(premises->server, settings->link_secret);
	*ret_listening = link_server_set_peers(premises->server, peers, premises->listed_n);
	return 0;
}

void premises_close(struct premises *premises)
{
	link_server_close(&premises->server);
	door_free(&premises->door);
	county_free(&premises->county);
	sign_key_free(&premises->key);
	versions_free(&premises->versions);
	ledger_close(&premises->ledger);
}
