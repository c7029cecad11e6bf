/*
 * Stories of a county: two real sites (books, outbox, courier) and the real hub (door, ledger)
 * under one simulated clock, over a link that loses, repeats and reorders by a seed. However a
 * story goes, it ends with the hub's totals equal to the sums over each site's own chain.
 */
#include "daemon/hub/door.h"
#include "daemon/hub/ledger_read.h"
#include "daemon/hub/refill.h"
#include "tests/unit/fixture_site.h"

#include <errno.h>

#define SITES 2
#define FLIGHTS_MAX 512
#define SETTLE_MS                                                                                  \
	(INT64_C(12) * 3600 * 1000) /* of simulated time; a story that needs more hangs            \
				     */
#define DAY_MS (INT64_C(86400) * 1000)

static const char *const site_names[SITES] = {"hbs", "varna"};

/* A message on its way: to the hub, or to connection of site. */
struct flight {
	bool is_used, is_to_hub;
	size_t site;
	uint32_t connection;
	int64_t arrives_ms;
	struct buf bytes;
};

struct site {
	struct stage *stage;
	uint32_t connection; /* of the socket that is open */
	bool has_socket, is_connected;
	int64_t connects_ms; /* when the dial will be answered, or INT64_MAX */
	bool is_cut; /* its line */
};

struct world {
	uint64_t seed;
	unsigned lose, repeat; /* of a hundred messages */
	int64_t mono_ms; /* the wall clock is BEGIN and this */
	struct roster roster;
	struct site sites[SITES];
	struct flight flights[FLIGHTS_MAX];
	char dir[64]; /* the hub's */
	struct ledger_settings ledger_settings;
	struct ledger *ledger;
	struct county *county;
	struct door *door;
	struct sign_key *hub_key;
	uint64_t repeated; /* releases the hub had already, over all its lives */
};

/* ---- chance ---- */

static uint32_t draw(struct world *world)
{
	world->seed ^= world->seed << 13;
	world->seed ^= world->seed >> 7;
	world->seed ^= world->seed << 17;
	return (uint32_t)(world->seed >> 16);
}

static int64_t now_at(const struct world *world)
{
	return BEGIN + world->mono_ms / 1000;
}

static struct courier_moment moment_of(struct world *world)
{
	return (struct courier_moment){.at = now_at(world),
				       .mono_ms = world->mono_ms,
				       .random = draw(world)};
}

/* ---- the hub ---- */

static void open_hub(struct world *world)
{
	struct fault fault = {0};
	struct programme *mia = world->sites[0].stage->mia;

	assert_int_equal(ledger_open(&world->ledger_settings, &world->ledger, &fault), 0);
	assert_int_equal(county_new(mia, &world->county), 0);
	assert_int_equal(refill_county(world->ledger, &(struct versions){.now = mia}, world->county,
				       &fault),
			 0);
	assert_int_equal(door_new(&(struct door_settings){.programme = mia,
							  .roster = &world->roster,
							  .ledger = world->ledger,
							  .county = world->county,
							  .key = world->hub_key,
							  .is_rehearsal = true},
				  &world->door),
			 0);
}

static void close_hub(struct world *world)
{
	struct door_counts counts;

	door_counts(world->door, &counts);
	world->repeated += counts.repeated;
	assert_int_equal(counts.refused, 0);
	assert_int_equal(counts.quarantined, 0);
	door_free(&world->door);
	county_free(&world->county);
	ledger_close(&world->ledger);
}

static void remove_ledger(const struct world *world)
{
	static const char *const files[] = {"data.mdb", "lock.mdb", "lock", ""};
	char path[128];

	for (size_t i = 0; i < array_n(files); i++) {
		(void)snprintf(path, sizeof(path), "%s/ledger/%s", world->dir, files[i]);
		(void)remove(path);
	}
}

/* A closed store as a backup has it, and back. */
static void copy_store(const char *dir, const char *name, struct buf *ret_bytes)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s/data.mdb", dir, name);
	assert_int_equal(file_read(path, 64 << 20, ret_bytes), 0);
}

static void restore_store(const char *dir, const char *name, const struct buf *bytes)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s/data.mdb", dir, name);
	(void)remove(path);
	assert_int_equal(file_write(path, bytes->data, bytes->n, 0600), 0);
}

/* ---- the world ---- */

static void make_site(struct world *world, size_t i)
{
	own(sign_key_free) struct sign_key *key = NULL;
	struct stage *stage;
	void *state = NULL;

	(void)make_bare_stage(&state);
	stage = state;
	stage->sign_seed[0] = (uint8_t)(10 + i);
	stage->settings.owner = site_names[i];
	stage->settings.roster = &world->roster;
	assert_int_equal(sign_key_new(stage->sign_seed, &key), 0);
	stage->roster.members_n = 0;
	add_member(stage, site_names[i], sign_key_public(key));
	world->roster.members[world->roster.members_n++] = stage->roster.members[0];
	world->sites[i] = (struct site){.stage = stage, .connects_ms = INT64_MAX};
}

static struct world *begin(uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));
	struct fault fault = {0};

	assert_non_null(world);
	world->seed = seed * 0x9E3779B97F4A7C15u;
	for (size_t i = 0; i < SITES; i++)
		make_site(world, i);
	world->hub_key = world->sites[0].stage->hub_key;
	world->roster.members[SITES] = (struct roster_member){.name = ROSTER_HUB};
	memcpy(world->roster.members[SITES].sign, sign_key_public(world->hub_key), 32);
	world->roster.members_n = SITES + 1;
	world->roster.epoch = 1;
	for (size_t i = 0; i < SITES; i++) {
		assert_int_equal(parts_create(&world->sites[i].stage->settings, BEGIN, &fault), 0);
		open_stage(world->sites[i].stage);
	}
	(void)snprintf(world->dir, sizeof(world->dir), "/tmp/test_site.XXXXXX");
	assert_non_null(mkdtemp(world->dir));
	world->ledger_settings = (struct ledger_settings){
		.dir = world->dir,
		.vault_key = world->sites[0].stage->vault_key,
		.programme = world->sites[0].stage->mia,
		.map_bytes = 4 << 20,
		.is_rehearsal = true,
	};
	assert_int_equal(ledger_create(&world->ledger_settings), 0);
	open_hub(world);
	return world;
}

static void end(struct world *world)
{
	close_hub(world);
	remove_ledger(world);
	(void)remove(world->dir);
	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		buf_free(&world->flights[i].bytes);
	for (size_t i = 0; i < SITES; i++) {
		void *state = world->sites[i].stage;

		(void)strike_stage(&state);
	}
	free(world);
}

/* ---- the line ---- */

static void launch_once(struct world *world, size_t site, bool is_to_hub, const void *bytes,
			size_t n)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++) {
		struct flight *flight = &world->flights[i];

		if (flight->is_used)
			continue;
		flight->is_used = true;
		flight->is_to_hub = is_to_hub;
		flight->site = site;
		flight->connection = world->sites[site].connection;
		flight->arrives_ms = world->mono_ms + 5 + draw(world) % 400;
		buf_clear(&flight->bytes);
		buf_add(&flight->bytes, bytes, n);
		assert_int_equal(flight->bytes.error, 0);
		return;
	}
	fail_msg("the line is full");
}

/* Lost, once, or twice; each with a delay of its own. */
static void launch(struct world *world, size_t site, bool is_to_hub, const void *bytes, size_t n)
{
	if (world->sites[site].is_cut || draw(world) % 100 < world->lose)
		return;
	launch_once(world, site, is_to_hub, bytes, n);
	if (draw(world) % 100 < world->repeat)
		launch_once(world, site, is_to_hub, bytes, n);
}

static void make_route(const struct world *world, size_t site, uint8_t ret_route[static 5])
{
	ret_route[0] = (uint8_t)site;
	memcpy(ret_route + 1, &world->sites[site].connection, 4);
}

static void obey(struct world *world, size_t i, enum courier_want want)
{
	struct site *site = &world->sites[i];

	if (want == COURIER_NOTHING)
		return;
	site->is_connected = false;
	site->has_socket = want == COURIER_DIAL;
	site->connection++;
	site->connects_ms = INT64_MAX;
	if (want == COURIER_DIAL && !site->is_cut)
		site->connects_ms = world->mono_ms + 10 + draw(world) % 100;
}

static void land_at_hub(struct world *world, const struct flight *flight)
{
	uint8_t route[5] = {(uint8_t)flight->site};

	memcpy(route + 1, &flight->connection, 4);
	assert_int_equal(door_receive(world->door,
				      &(struct arrival){.name = site_names[flight->site],
							.route = route,
							.route_n = sizeof(route),
							.bytes = flight->bytes.data,
							.n = flight->bytes.n,
							.at_now = now_at(world),
							.mono_ms = world->mono_ms}),
			 0);
}

static void land_at_site(struct world *world, const struct flight *flight)
{
	struct site *site = &world->sites[flight->site];
	struct courier_moment moment = moment_of(world);
	enum courier_want want = COURIER_NOTHING;
	int error;

	if (!site->is_connected || site->connection != flight->connection)
		return;
	error = courier_receive(site->stage->parts.courier, flight->bytes.data, flight->bytes.n,
				&moment, &want);
	assert_true(error == 0 || error == -EBADMSG);
	obey(world, flight->site, want);
}

static void land_all(struct world *world)
{
	for (size_t i = 0; i < FLIGHTS_MAX; i++) {
		struct flight *flight = &world->flights[i];

		if (!flight->is_used || flight->arrives_ms > world->mono_ms)
			continue;
		flight->is_used = false;
		if (flight->is_to_hub)
			land_at_hub(world, flight);
		else
			land_at_site(world, flight);
	}
}

/* ---- a turn of everybody ---- */

static void turn_site(struct world *world, size_t i)
{
	struct site *site = &world->sites[i];
	struct parts *parts = &site->stage->parts;
	struct courier_moment moment = moment_of(world);
	own(buf_free) struct buf letter = {0};
	uint32_t period;

	while (moment.at >= closing_due(&parts->closing))
		assert_int_equal(closing_close(&parts->closing, moment.at, draw(world), &period),
				 0);
	obey(world, i, courier_tick(parts->courier, &moment));
	if (site->has_socket && !site->is_connected && world->mono_ms >= site->connects_ms) {
		site->is_connected = true;
		courier_connected(parts->courier, &moment);
	}
	while (site->is_connected && courier_next(parts->courier, moment.at, &letter)) {
		launch(world, i, true, letter.data, letter.n);
		courier_sent(parts->courier, world->mono_ms);
	}
}

static void turn_hub(struct world *world)
{
	struct door_out out;
	size_t changed = 0, clone;
	char both[160];

	do {
		assert_int_equal(door_flush(world->door, now_at(world), &changed), 0);
		while (door_next(world->door, &out)) {
			uint8_t route[5];
			size_t i = out.route[0];

			make_route(world, i, route);
			if (memcmp(route, out.route, sizeof(route)) != 0) { /* gone, or half open */
				door_sent(world->door, route[1] % 2 == 0 ? 0 : -EHOSTUNREACH);
				continue;
			}
			launch(world, i, false, out.bytes, out.n);
			door_sent(world->door, 0);
		}
	} while (door_waits(world->door) == DOOR_NOW);
	/* Whatever the line does, nobody has two machines here. */
	assert_false(door_next_clone(world->door, &clone, both, sizeof(both)));
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When something will happen next, or until. */
static int64_t next_ms(const struct world *world, int64_t until_ms)
{
	int64_t next = until_ms;

	for (size_t i = 0; i < FLIGHTS_MAX; i++)
		if (world->flights[i].is_used)
			next = earlier(next, world->flights[i].arrives_ms);
	for (size_t i = 0; i < SITES; i++) {
		const struct site *site = &world->sites[i];
		const struct parts *parts = &site->stage->parts;
		int64_t at = earlier(closing_due(&parts->closing), courier_due_at(parts->courier));

		next = earlier(next, courier_due_ms(parts->courier));
		if (at != INT64_MAX)
			next = earlier(next, (at - BEGIN) * 1000);
		if (site->has_socket && !site->is_connected)
			next = earlier(next, site->connects_ms);
	}
	return next > world->mono_ms ? next : world->mono_ms + 1;
}

static void turn(struct world *world, int64_t until_ms)
{
	land_all(world);
	turn_hub(world);
	for (size_t i = 0; i < SITES; i++)
		turn_site(world, i);
	world->mono_ms = earlier(next_ms(world, until_ms), until_ms);
}

static void run_until(struct world *world, int64_t until_ms)
{
	while (world->mono_ms < until_ms)
		turn(world, until_ms);
}

static void run_to(struct world *world, int year, int month, int day)
{
	run_until(world, (date_to_moment(date_from_civil(year, month, day)) - BEGIN) * 1000);
}

static bool is_settled(const struct world *world)
{
	for (size_t i = 0; i < SITES; i++) {
		const struct outbox *outbox = world->sites[i].stage->parts.outbox;

		if (outbox_received(outbox) != outbox_last(outbox))
			return false;
	}
	return true;
}

/* All that was closed is received: within bounds of simulated time, whatever the line does. */
static void settle(struct world *world)
{
	int64_t until_ms = world->mono_ms + SETTLE_MS;

	while (!is_settled(world)) {
		turn(world, until_ms);
		assert_true(is_settled(world) || world->mono_ms < until_ms);
	}
}

/* ---- what happens to people and machines ---- */

static void cut(struct world *world, size_t i)
{
	struct courier_moment moment = moment_of(world);

	world->sites[i].is_cut = true;
	obey(world, i, courier_lost(world->sites[i].stage->parts.courier, &moment, false));
}

static void mend(struct world *world, size_t i)
{
	world->sites[i].is_cut = false;
}

/* The power goes: memory and socket are lost, the disk is as it was last committed. */
static void crash_site(struct world *world, size_t i)
{
	reopen_stage(world->sites[i].stage);
	world->sites[i].connection++;
	world->sites[i].is_connected = world->sites[i].has_socket = false;
}

static void lose_hub_connections(struct world *world)
{
	for (size_t i = 0; i < SITES; i++) {
		struct courier_moment moment = moment_of(world);

		obey(world, i, courier_lost(world->sites[i].stage->parts.courier, &moment, false));
	}
}

static void enter_each(struct world *world, size_t n, int32_t day)
{
	for (size_t i = 0; i < SITES; i++)
		enter(world->sites[i].stage, n + i, day);
}

/* ---- the reckoning ---- */

static void assert_same_figures(const struct programme *mia, const struct release_figures *at_hub,
				const struct release_figures *own)
{
	assert_non_null(at_hub);
	for (size_t m = 0; m < mia->measures_n; m++) {
		assert_int_equal(at_hub->is_due[m], own->is_due[m]);
		for (size_t c = 0; c < mia->measures[m].cells_n; c++) {
			assert_int_equal(at_hub->cells[m][c].state, own->cells[m][c].state);
			assert_int_equal(at_hub->cells[m][c].value, own->cells[m][c].value);
		}
	}
}

/* Month by month, cell by cell; gives what entered in all. */
static int64_t compare_chain(struct world *world, size_t i)
{
	struct stage *stage = world->sites[i].stage;
	int index = programme_site_index(stage->mia, site_names[i]);
	uint64_t last = outbox_last(stage->parts.outbox);
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	int64_t sum = 0;

	assert_int_equal(county_head(world->county, (size_t)index)->n, last);
	for (uint64_t n = 1; n <= last; n++) {
		read_body(stage, n, body);
		assert_int_equal(body->period, FIRST + n - 1);
		assert_same_figures(stage->mia,
				    county_figures(world->county, body->period, (size_t)index),
				    &body->figures);
		sum += entered(stage, n);
	}
	return sum;
}

static int64_t hub_total(const struct world *world, const struct programme *mia, size_t i)
{
	struct period_range range = county_range(world->county);
	const struct county_ask ask = {
		.range = range,
		.site = programme_site_index(mia, site_names[i]),
		.measure = programme_measure_index(mia, "entered"),
		.cell = -1,
		.until = range.last,
	};
	struct county_sum sum;

	county_sum(world->county, &ask, &sum);
	return sum.value;
}

/* Hub totals are the sums over the site's own chain, and what was entered is published or waits. */
static void assert_agreed(struct world *world)
{
	for (size_t i = 0; i < SITES; i++) {
		struct stage *stage = world->sites[i].stage;
		int64_t sum = compare_chain(world, i);
		struct book_balance balance;

		assert_int_equal(hub_total(world, stage->mia, i), sum);
		book_balance(store_book(stage->parts.store),
			     (size_t)programme_measure_index(stage->mia, "entered"), 0, &balance);
		assert_int_equal(balance.published, sum);
		assert_int_equal(balance.published + balance.waiting, stage->persons);
	}
}

/* On a good line everybody also learns the county's figures. */
static void assert_county_is_known(struct world *world)
{
	struct programme *mia = world->sites[0].stage->mia;
	struct period_range range = county_range(world->county);

	world->lose = world->repeat = 0;
	lose_hub_connections(world);
	run_until(world, world->mono_ms + 15 * 60 * 1000);
	for (size_t i = 0; i < SITES; i++) {
		const struct county *county = world->sites[i].stage->parts.county;

		for (uint32_t period = range.first; period <= range.last; period++) {
			for (size_t of = 0; of < SITES; of++) {
				size_t index = (size_t)programme_site_index(mia, site_names[of]);
				const struct release_figures *own =
					county_figures(county, period, index);

				assert_non_null(own);
				assert_same_figures(mia,
						    county_figures(world->county, period, index),
						    own);
			}
		}
	}
}

/* ---- the stories ---- */

#define SEEDS 6

static void a_quiet_year_on_a_good_line(void **state)
{
	struct world *world = begin(1);

	(void)state;
	for (int month = 4; month <= 12; month++) {
		run_to(world, 2017, month, 15);
		enter_each(world, (size_t)month, date_from_civil(2017, month, 14));
	}
	run_to(world, 2018, 2, 1);
	settle(world);
	assert_agreed(world);
	assert_int_equal(outbox_last(world->sites[0].stage->parts.outbox), 9);
	assert_county_is_known(world);
	end(world);
}

static void a_year_on_a_line_that_loses_repeats_and_reorders(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world *world = begin(seed);

		world->lose = 30;
		world->repeat = 30;
		for (int month = 4; month <= 12; month++) {
			run_to(world, 2017, month, 15);
			enter_each(world, (size_t)month, date_from_civil(2017, month, 14));
		}
		run_to(world, 2018, 2, 1);
		settle(world);
		assert_agreed(world);
		assert_county_is_known(world);
		end(world);
	}
}

static void ninety_days_without_a_line_then_everything_at_once(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world *world = begin(seed);

		world->lose = 15;
		world->repeat = 15;
		run_to(world, 2017, 5, 15);
		settle(world);
		cut(world, 0);
		cut(world, 1);
		enter_each(world, 8, date_from_civil(2017, 5, 20));
		run_until(world, world->mono_ms + 90 * DAY_MS);
		assert_int_equal(outbox_received(world->sites[0].stage->parts.outbox), 1);
		assert_int_equal(outbox_last(world->sites[0].stage->parts.outbox), 4);
		mend(world, 0);
		mend(world, 1);
		settle(world);
		assert_agreed(world);
		assert_county_is_known(world);
		end(world);
	}
}

static void a_month_in_which_nothing_happened_is_reported_as_such(void **state)
{
	struct world *world = begin(3);
	int index = programme_site_index(world->sites[0].stage->mia, site_names[0]);

	(void)state;
	enter_each(world, 6, date_from_civil(2017, 4, 20));
	run_to(world, 2017, 7, 1);
	settle(world);
	assert_int_equal(entered(world->sites[0].stage, 1), 6);
	assert_int_equal(entered(world->sites[0].stage, 2), 0);
	assert_non_null(county_figures(world->county, FIRST + 1, (size_t)index));
	assert_agreed(world);
	end(world);
}

static void every_message_comes_twice_and_counts_once(void **state)
{
	struct world *world = begin(4);
	struct door_counts counts;

	(void)state;
	world->repeat = 100;
	enter_each(world, 6, date_from_civil(2017, 4, 20));
	run_to(world, 2017, 8, 1);
	settle(world);
	door_counts(world->door, &counts);
	assert_true(counts.repeated > 0);
	assert_agreed(world);
	end(world);
}

/* The release is at the hub, its receipt is not here: the power goes. */
static void
a_site_that_dies_between_release_and_receipt_sends_nothing_twice_that_counts(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world *world = begin(seed);

		enter_each(world, 9, date_from_civil(2017, 4, 20));
		for (int i = 0; i < 6; i++) {
			struct outbox *outbox = world->sites[0].stage->parts.outbox;
			uint64_t last = outbox_last(outbox);

			while (outbox_last(outbox) == last ||
			       courier_due_at(world->sites[0].stage->parts.courier) != INT64_MAX)
				turn(world, INT64_MAX);
			run_until(world, world->mono_ms + draw(world) % 700);
			crash_site(world, 0);
		}
		settle(world);
		assert_agreed(world);
		end(world);
	}
}

static void a_hub_that_dies_at_any_moment_keeps_what_it_receipted(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world *world = begin(seed);

		world->lose = 10;
		for (int i = 0; i < 12; i++) {
			enter_each(world, 3, date_from_civil(2017, 4, 20));
			run_until(world, world->mono_ms + 20 * DAY_MS + draw(world) % 600000);
			lose_hub_connections(world);
			close_hub(world);
			open_hub(world);
			for (size_t s = 0; s < SITES; s++) {
				int index = programme_site_index(world->sites[0].stage->mia,
								 site_names[s]);

				assert_true(county_head(world->county, (size_t)index)->n >=
					    outbox_received(world->sites[s].stage->parts.outbox));
			}
		}
		settle(world);
		assert_agreed(world);
		end(world);
	}
}

static void a_hub_restored_from_an_old_copy_gets_the_rest_again(void **state)
{
	struct world *world = begin(5);
	own(buf_free) struct buf copy = {0};

	(void)state;
	enter_each(world, 6, date_from_civil(2017, 4, 20));
	run_to(world, 2017, 6, 15);
	settle(world);
	close_hub(world);
	copy_store(world->dir, "ledger", &copy);
	open_hub(world);
	lose_hub_connections(world);
	enter_each(world, 7, date_from_civil(2017, 7, 20));
	run_to(world, 2017, 10, 15);
	settle(world);
	assert_int_equal(outbox_received(world->sites[0].stage->parts.outbox), 6);
	lose_hub_connections(world);
	close_hub(world);
	restore_store(world->dir, "ledger", &copy);
	open_hub(world);
	run_until(world, world->mono_ms + 3600 * 1000);
	settle(world);
	assert_agreed(world);
	assert_int_equal(outbox_received(world->sites[0].stage->parts.outbox), 6);
	assert_county_is_known(world);
	end(world);
}

static void a_hub_that_lost_everything_is_rebuilt_by_its_sites(void **state)
{
	struct world *world = begin(6);

	(void)state;
	world->lose = 20;
	world->repeat = 20;
	enter_each(world, 6, date_from_civil(2017, 4, 20));
	run_to(world, 2018, 6, 15);
	settle(world);
	lose_hub_connections(world);
	close_hub(world);
	remove_ledger(world);
	assert_int_equal(ledger_create(&world->ledger_settings), 0);
	open_hub(world);
	run_until(world, world->mono_ms + 3600 * 1000);
	settle(world);
	assert_int_equal(outbox_last(world->sites[0].stage->parts.outbox), 14);
	assert_agreed(world);
	assert_county_is_known(world);
	end(world);
}

/* Nothing it reported is lost or counted twice, and it reports nothing more by itself. */
static void a_site_restored_from_an_old_copy_takes_over_its_reports_and_stops(void **state)
{
	struct world *world = begin(7);
	struct stage *stage = world->sites[0].stage;
	own(buf_free) struct buf records = {0};
	own(buf_free) struct buf keys = {0};

	(void)state;
	enter_each(world, 6, date_from_civil(2017, 4, 20));
	run_to(world, 2017, 6, 15);
	settle(world);
	close_stage(stage);
	copy_store(stage->dir, "records", &records);
	copy_store(stage->dir, "keys", &keys);
	open_stage(stage);
	crash_site(world, 0);
	enter_each(world, 7, date_from_civil(2017, 6, 20));
	run_to(world, 2017, 9, 15);
	settle(world);
	close_stage(stage);
	restore_store(stage->dir, "records", &records);
	restore_store(stage->dir, "keys", &keys);
	open_stage(stage);
	crash_site(world, 0);
	assert_int_equal(stage->parts.closing.mark, MARK_OTHER); /* nothing closes */
	run_until(world, world->mono_ms + 3600 * 1000);
	assert_string_equal(outbox_halt(stage->parts.outbox), "W013");
	assert_int_equal(outbox_last(stage->parts.outbox), 5);
	assert_int_equal(compare_chain(world, 0), 6 + 7);
	run_to(world, 2018, 1, 15);
	assert_int_equal(outbox_last(stage->parts.outbox), 5);
	assert_int_equal(outbox_last(world->sites[1].stage->parts.outbox), 9);
	end(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quiet_year_on_a_good_line),
		cmocka_unit_test(a_year_on_a_line_that_loses_repeats_and_reorders),
		cmocka_unit_test(ninety_days_without_a_line_then_everything_at_once),
		cmocka_unit_test(a_month_in_which_nothing_happened_is_reported_as_such),
		cmocka_unit_test(every_message_comes_twice_and_counts_once),
		cmocka_unit_test(
			a_site_that_dies_between_release_and_receipt_sends_nothing_twice_that_counts),
		cmocka_unit_test(a_hub_that_dies_at_any_moment_keeps_what_it_receipted),
		cmocka_unit_test(a_hub_restored_from_an_old_copy_gets_the_rest_again),
		cmocka_unit_test(a_hub_that_lost_everything_is_rebuilt_by_its_sites),
		cmocka_unit_test(a_site_restored_from_an_old_copy_takes_over_its_reports_and_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
