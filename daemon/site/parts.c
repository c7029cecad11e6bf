#include "daemon/site/parts.h"

#include "daemon/site/calendar.h"
#include "daemon/site/demand.h"
#include "daemon/site/mark.h"
#include "daemon/site/pin.h"
#include "daemon/site/published.h"
#include "daemon/site/known.h"
#include "lib/own.h"
#include "proto/coverage.h"

#include <errno.h>

static struct store_settings store_settings(const struct room_settings *settings)
{
	return (struct store_settings){
		.dir = settings->state_dir,
		.owner = settings->owner,
		.vault_key = settings->vault_key,
		.index_key = settings->index_key,
		.programme = settings->programme,
		.map_bytes = settings->store_bytes,
		.is_rehearsal = settings->is_rehearsal,
	};
}

static int find_site(const struct room_settings *settings, const struct programme_site **ret_site,
		     struct fault *fault)
{
	int index = programme_site_index(settings->programme, settings->owner);

	if (index < 0)
		return fault_set(fault, "X009", "owner", "Use the site's id in the programme file.",
				 "the programme has no site \"%s\"", settings->owner);
	*ret_site = &settings->programme->sites[index];
	return 0;
}

/* A store's first mark: without it every new store would have to meet the hub before it closes. */
static int mark_new(const struct room_settings *settings, struct store *store)
{
	own(sign_key_free) struct sign_key *key = NULL;
	own(outbox_free) struct outbox *outbox = NULL;
	struct outbox_signer signer = {0};
	int error = sign_key_new(settings->sign_seed, &key);

	signer.key = key;
	if (error == 0)
		error = outbox_new(store, settings->programme, &signer, &outbox);
	return error != 0 ? error : mark_write(settings->state_dir, outbox);
}

/* Whoever was invited holds to the hub whose fingerprint was typed, before any roster. */
static int keep_hub(const struct room_settings *settings, struct store *store)
{
	own(safe_abort) struct safe_txn txn = {0};
	int error;

	if (settings->hub == NULL)
		return 0;
	safe_write(store_safe(store), &txn);
	house_put_hub(&txn, settings->hub);
	error = safe_commit(&txn);
	return error != 0 ? error : known_keep(store, settings->verified);
}

int parts_create(const struct room_settings *settings, int64_t at_now, struct fault *fault)
{
	const struct store_settings store = store_settings(settings);
	const struct house house = {.at_made = at_now, .clock_offset_s = settings->clock_offset_s};
	const struct programme_site *site = NULL;
	own(store_close) struct store *made = NULL;
	int error = find_site(settings, &site, fault);

	if (error == 0)
		error = store_create(&store, calendar_first(settings->programme, site), fault);
	if (error == 0)
		error = store_open(&store, &made, fault);
	if (error == 0)
		error = house_keep(made, &house);
	if (error == 0)
		error = keep_hub(settings, made);
	return error != 0 ? error : mark_new(settings, made);
}

static int open_chain(const struct room_settings *settings, struct parts *parts,
		      struct fault *fault)
{
	int error = sign_key_new(settings->sign_seed, &parts->key);

	parts->signer = (struct outbox_signer){parts->key, settings->roster};
	if (error == 0)
		error = outbox_new(parts->store, settings->programme, &parts->signer,
				   &parts->outbox);
	if (error == -EBADMSG)
		error = fault_set(fault, "S014", settings->state_dir,
				  "Restore the last backup; check that sign.key is this store's.",
				  "the chain of reports is broken or signed by another key");
	return error;
}

static int open_county(const struct room_settings *settings, struct parts *parts,
		       struct fault *fault)
{
	int error = county_new(settings->programme, &parts->county);

	if (error == 0)
		error = published_load(parts->store, &parts->versions, parts->county);
	if (error == 0)
		coverage_hold_to(parts->county, settings->roster);
	if (error == -EBADMSG)
		error = fault_set(fault, "S004", settings->state_dir,
				  "Restore the last backup and keep the damaged files.",
				  "a kept county result is damaged");
	return error;
}

static int open_courier(const struct room_settings *settings, struct parts *parts)
{
	const struct courier_settings courier = {
		.site = settings->owner,
		.programme = settings->programme,
		.versions = &parts->versions,
		.roster = settings->roster,
		.outbox = parts->outbox,
		.store = parts->store,
		.county = parts->county,
		.is_rehearsal = store_is_rehearsal(parts->store),
	};

	return courier_new(&courier, &parts->courier);
}

static int read_house(const struct room_settings *settings, struct parts *parts,
		      struct fault *fault)
{
	int error = house_read(parts->store, &parts->house);

	if (error == -EBADMSG)
		error = fault_set(fault, "S004", settings->state_dir,
				  "Restore the last backup and keep the damaged files.",
				  "the row about the store itself is missing or damaged");
	return error;
}

/* The roster must name us, and be the one we hold to or one that may follow it. */
static int check_roster(const struct room_settings *settings, struct parts *parts, int64_t at_now,
			struct fault *fault)
{
	if (roster_find(settings->roster, settings->owner) == NULL)
		return fault_set(fault, "W010", settings->owner,
				 "Use a signed roster that has this site's card (identity.ini).",
				 "the roster has no member \"%s\"", settings->owner);
	return pin_roster(parts->store, settings->roster, at_now, fault);
}

/* A programme whose demands are about what records do not have is known before anything is read. */
static int check_demands(const struct room_settings *settings, struct fault *fault)
{
	own(demands_free) struct demands *demands = NULL;

	return demands_new(settings->programme, &demands, fault);
}

int parts_open(const struct room_settings *settings, int64_t at_now, struct parts *parts,
	       struct fault *fault)
{
	const struct store_settings store = store_settings(settings);
	int error = find_site(settings, &parts->site, fault);

	if (error == 0)
		error = check_demands(settings, fault);
	if (error == 0)
		error = store_open(&store, &parts->store, fault);
	if (error == 0)
		error = read_house(settings, parts, fault);
	if (error == 0)
		error = check_roster(settings, parts, at_now, fault);
	if (error == 0)
		parts->hub = roster_find(settings->roster, ROSTER_HUB);
	if (error == 0)
		error = house_versions_open(parts->store, settings, at_now, &parts->versions,
					    fault);
	if (error == 0)
		error = open_chain(settings, parts, fault);
	if (error == 0)
		error = open_county(settings, parts, fault);
	if (error == 0)
		error = open_courier(settings, parts);
	parts->closing = (struct closing){
		.programme = settings->programme,
		.site = parts->site,
		.store = parts->store,
		.outbox = parts->outbox,
		.versions = &parts->versions,
		.at_made = parts->house.at_made,
		.mark_dir = settings->state_dir,
	};
	return error != 0 ? error : closing_check_mark(&parts->closing);
}

int parts_take_roster(struct parts *parts, const struct room_settings *settings, int64_t at_now,
		      struct fault *fault)
{
	own(sign_key_free) struct sign_key *key = NULL;
	int error = sign_key_new(settings->sign_seed, &key);

	if (error == 0)
		error = check_roster(settings, parts, at_now, fault);
	if (error != 0)
		return error;
	parts->hub = roster_find(settings->roster, ROSTER_HUB);
	sign_key_free(&parts->key);
	parts->key = take(key);
	parts->signer = (struct outbox_signer){parts->key, settings->roster};
	courier_take_roster(parts->courier, settings->roster);
	coverage_hold_to(parts->county, settings->roster);
	return 0;
}

void parts_close(struct parts *parts)
{
	courier_free(&parts->courier);
	county_free(&parts->county);
	outbox_free(&parts->outbox);
	sign_key_free(&parts->key);
	versions_free(&parts->versions);
	store_close(&parts->store);
}
