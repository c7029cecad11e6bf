#include "daemon/hub/results.h"

#include "lib/own.h"
#include "proto/county_result.h"
#include "proto/wire.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define RESULT_BYTES_MAX 262144 /* proto/messages.def */
#define PERIODS_N (RELEASE_PERIOD_MAX - RELEASE_PERIOD_MIN + 1)

/* owed: bit i, site i. */
struct slot {
	bool is_changed, is_kept;
	uint64_t owed;
};

struct results {
	struct results_settings settings;
	size_t changed_n;
	uint32_t owed_n[PROGRAMME_SITES_MAX];
	struct slot slots[PERIODS_N]; /* by month from RELEASE_PERIOD_MIN */
};

_Static_assert(PROGRAMME_SITES_MAX <= 64, "a set of sites fits in 64 bits");

static struct slot *slot_of(struct results *results, uint32_t period)
{
	assert(period >= RELEASE_PERIOD_MIN && period <= RELEASE_PERIOD_MAX);
	return &results->slots[period - RELEASE_PERIOD_MIN];
}

/* ---- what is there ---- */

/* kept: the county as the kept results tell it. */
struct reading {
	struct results *results;
	struct county *kept;
};

/* One that an earlier key of ours signed holds for nobody who has the roster of now. */
static bool is_signed_by(const struct ledger_result *result, const struct sign_key *key)
{
	return wire_check_result(result->body, result->body_n, sign_key_public(key),
				 result->signature);
}

static int take_kept(void *context, const struct ledger_result *result)
{
	struct reading *reading = context;
	uint32_t period;
	int64_t at_made;
	int status;

	if (result->period < RELEASE_PERIOD_MIN || result->period > RELEASE_PERIOD_MAX)
		return fail(-EBADMSG);
	status = county_take_result(reading->kept, result->body, result->body_n, &period, &at_made);
	if (status == 0)
		slot_of(reading->results, result->period)->is_kept = true;
	if (status == 0 && !is_signed_by(result, reading->results->settings.key))
		results_touch(reading->results, result->period);
	/* One of an earlier version of the programme is made anew. */
	return status == -EBADMSG ? 0 : status;
}

static void compare(struct results *results, const struct county *kept)
{
	const struct county *county = results->settings.county;
	struct period_range range = county_range(county);
	size_t sites_n = county_programme(county)->sites_n;

	for (uint32_t period = range.first; period != 0 && period <= range.last; period++)
		for (size_t site = 0; site < sites_n; site++)
			if (county_received(county, period, site) !=
			    county_received(kept, period, site))
				results_touch(results, period);
}

int results_new(const struct results_settings *settings, struct results **ret_results)
{
	own(results_free) struct results *results = NULL;
	own(county_free) struct county *kept = NULL;
	struct reading reading = {0};
	int status = county_new(county_programme(settings->county), &kept);

	if (status != 0)
		return status;
	results = calloc(1, sizeof(*results));
	if (results == NULL)
		return fail(-ENOMEM);
	results->settings = *settings;
	reading = (struct reading){results, kept};
	status = ledger_walk_results(settings->ledger, take_kept, &reading);
	if (status != 0)
		return status;
	compare(results, kept);
	*ret_results = take(results);
	return 0;
}

void results_free(struct results **results)
{
	free(*results);
	*results = NULL;
}

/* ---- making ---- */

void results_sign_with(struct results *results, const struct sign_key *key)
{
	bool is_same = memcmp(sign_key_public(results->settings.key), sign_key_public(key),
			      SIGN_PUBLIC_BYTES) == 0;

	results->settings.key = key;
	for (uint32_t i = 0; i < PERIODS_N && !is_same; i++)
		if (results->slots[i].is_kept)
			results_touch(results, RELEASE_PERIOD_MIN + i);
}

void results_touch(struct results *results, uint32_t period)
{
	struct slot *slot = slot_of(results, period);

	results->changed_n += !slot->is_changed;
	slot->is_changed = true;
}

bool results_is_due(const struct results *results)
{
	return results->changed_n > 0;
}

static int make_one(const struct results *results, uint32_t period, int64_t at_now)
{
	const struct results_settings *settings = &results->settings;
	own(buf_free) struct buf body = {0};
	uint8_t signature[SIGN_BYTES];
	int status = county_pack_result(settings->county, period, at_now, &body);

	if (status == 0)
		status = body.error;
	if (status == 0 && body.n > RESULT_BYTES_MAX)
		status = fail(-EMSGSIZE);
	if (status != 0)
		return status;
	wire_sign_result(body.data, body.n, settings->key, signature);
	ledger_keep_result(settings->ledger, period, body.data, body.n, signature, at_now);
	return 0;
}

static void owe(struct results *results, struct slot *slot, size_t site, bool is_owed)
{
	uint64_t bit = UINT64_C(1) << site;

	if (is_owed == ((slot->owed & bit) != 0))
		return;
	slot->owed ^= bit;
	if (is_owed)
		results->owed_n[site]++;
	else
		results->owed_n[site]--;
}

static void made_anew(struct results *results, struct slot *slot, uint64_t sites)
{
	slot->is_changed = false;
	slot->is_kept = true;
	for (size_t site = 0; site < PROGRAMME_SITES_MAX; site++)
		owe(results, slot, site, (sites >> site & 1) != 0);
}

int results_make(struct results *results, uint64_t sites, int64_t at_now)
{
	int made = 0;
	int status;

	for (uint32_t i = 0; i < PERIODS_N && made == 0; i++)
		if (results->slots[i].is_changed)
			made = make_one(results, RELEASE_PERIOD_MIN + i, at_now);
	status = ledger_commit(results->settings.ledger);
	if (made != 0 || status != 0)
		return made != 0 ? made : status;
	for (size_t i = 0; i < PERIODS_N; i++)
		if (results->slots[i].is_changed)
			made_anew(results, &results->slots[i], sites);
	results->changed_n = 0;
	return 0;
}

void results_owe(struct results *results, size_t site, bool is_owed)
{
	for (size_t i = 0; i < PERIODS_N; i++)
		owe(results, &results->slots[i], site, is_owed && results->slots[i].is_kept);
}

bool results_is_owed(const struct results *results, size_t site)
{
	return results->owed_n[site] > 0;
}

/* ---- sending ---- */

/* The first period owed, or NULL. */
static struct slot *first_owed(struct results *results, size_t site)
{
	for (size_t i = 0; i < PERIODS_N && results->owed_n[site] > 0; i++)
		if ((results->slots[i].owed >> site & 1) != 0)
			return &results->slots[i];
	return NULL;
}

static int pack_result(void *context, const struct ledger_result *result)
{
	struct buf *message = context;
	struct msg msg = {.type = MSG_RESULT};

	msg.RESULT.period = result->period;
	msg.RESULT.body = result->body;
	msg.RESULT.body_n = result->body_n;
	memcpy(msg.RESULT.signature, result->signature, SIGN_BYTES);
	msg_pack(&msg, message);
	return message->error;
}

int results_next(struct results *results, size_t site, struct buf *ret_message)
{
	struct slot *slot = first_owed(results, site);
	uint32_t period;

	if (slot == NULL)
		return -ENOENT;
	period = RELEASE_PERIOD_MIN + (uint32_t)(slot - results->slots);
	return ledger_result(results->settings.ledger, period, pack_result, ret_message);
}

void results_sent(struct results *results, size_t site)
{
	struct slot *slot = first_owed(results, site);

	if (slot != NULL)
		owe(results, slot, site, false);
}
