#include "proto/versions.h"

#include "lib/own.h"
#include "proto/county_result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture_programme.h"

#define JUNE (2024 * 12 + 5)

/* A second version that moves every measure by one: a new measure of a kind that nobody counts
 * stands first, a new site too. */
static const struct fixture_slip edits[] = {
	{"[programme]", "version = 3", "version = 4", "", ""},
	{"[site malmo]", "[site malmo]",
	 "[site ystad]\nsv = Ystad\nen = Ystad\nvalid = 2024-01-01..\nages = 16-24\nmunicipality = "
	 "1286 | Ystad | Ystad\n\n[site malmo]",
	 "", ""},
	{"[measure ", "[measure ",
	 "[measure said_no]\nnumber = 99\nsv = Nej\nen = No\nkind = declined\nunit = person\n"
	 "cadence = month\nvalid = 2024-06-01..\n\n[measure ",
	 "", ""},
};

struct world {
	struct buf before, after; /* texts, without NUL */
	struct programme *now;
	struct versions versions;
	struct programme *old; /* read once more */
};

static void read_text(const struct buf *text, struct programme **ret_programme)
{
	struct fault fault = {0};

	if (programme_read("version", text->data, text->n, ret_programme, &fault) != 0)
		fail_msg("%s %s %s", fault.code, fault.place, fault.reason);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	own(buf_free) struct buf text = {0};
	struct fault fault = {0};

	fixture_file(SECOND_PROGRAMME, &text);
	buf_add(&world->before, text.data, text.n - 1);
	for (size_t i = 0; i < array_n(edits); i++) {
		own(buf_free) struct buf edited = {0};

		fixture_edit(&text, &edits[i], &edited);
		buf_add(&edited, "", 1);
		buf_clear(&text);
		buf_add(&text, edited.data, edited.n);
	}
	buf_add(&world->after, text.data, text.n - 1);
	read_text(&world->before, &world->old);
	read_text(&world->after, &world->now);
	world->versions.now = world->now;
	assert_int_equal(versions_add(&world->versions, world->before.data, world->before.n,
				      &fault),
			 0);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	versions_free(&world->versions);
	programme_free(&world->now);
	programme_free(&world->old);
	buf_free(&world->before);
	buf_free(&world->after);
	free(world);
	return 0;
}

/* Figures of a month under a version: every cell of measure number n holds 10 n + its place. */
static void fill(const struct programme *programme, struct release_figures *figures)
{
	*figures = (struct release_figures){0};
	for (size_t m = 0; m < programme->measures_n; m++) {
		const struct programme_measure *measure = &programme->measures[m];

		if (!programme_is_due(measure, JUNE))
			continue;
		figures->is_due[m] = true;
		for (size_t c = 0; c < measure->cells_n; c++)
			figures->cells[m][c].value = 10u * measure->number + (uint32_t)c;
	}
}

static void pack(const struct programme *programme, struct buf *ret_payload)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));

	(void)snprintf(body->site, sizeof(body->site), "malmo");
	body->n = 1;
	body->period = JUNE;
	memcpy(body->programme, programme->hash, sizeof(body->programme));
	fill(programme, &body->figures);
	assert_int_equal(release_pack(body, programme, ret_payload), 0);
}

static void a_release_of_a_former_version_is_read_by_numbers(void **state)
{
	const struct world *world = *state;
	own(buf_free) struct buf payload = {0};
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	size_t same = 0;

	pack(world->old, &payload);
	assert_int_equal(release_unpack(world->now, payload.data, payload.n, body),
			 RELEASE_OTHER_PROGRAMME);
	assert_int_equal(versions_unpack(&world->versions, payload.data, payload.n, body),
			 RELEASE_FINE);
	for (size_t m = 0; m < world->now->measures_n; m++) {
		const struct programme_measure *measure = &world->now->measures[m];

		assert_int_equal(body->figures.is_due[m], programme_is_due(measure, JUNE));
		for (size_t c = 0; c < measure->cells_n && body->figures.is_due[m]; c++) {
			const struct release_cell cell = body->figures.cells[m][c];

			if (measure->number == 99)
				assert_int_equal(cell.state, CELL_NOT_COLLECTED);
			else
				assert_int_equal(cell.value, 10u * measure->number + c);
			same += cell.state == CELL_VALUE;
		}
	}
	assert_true(same > 3);
}

static void a_release_of_the_version_in_force_is_read_as_it_is(void **state)
{
	const struct world *world = *state;
	own(buf_free) struct buf payload = {0};
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	int m = programme_measure_by_number(world->now, 99);

	pack(world->now, &payload);
	assert_int_equal(versions_unpack(&world->versions, payload.data, payload.n, body),
			 RELEASE_FINE);
	assert_int_equal(body->figures.cells[m][0].value, 990);
}

static void a_release_of_no_known_version_is_refused_by_name(void **state)
{
	const struct world *world = *state;
	const struct versions only = {.now = world->old};
	own(buf_free) struct buf payload = {0};
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));

	pack(world->now, &payload);
	assert_int_equal(versions_unpack(&only, payload.data, payload.n, body),
			 RELEASE_OTHER_PROGRAMME);
	assert_null(versions_find(&only, world->now->hash));
}

static void a_version_is_added_once(void **state)
{
	struct world *world = *state;
	struct fault fault = {0};

	assert_int_equal(versions_add(&world->versions, world->before.data, world->before.n,
				      &fault),
			 0);
	assert_int_equal(versions_add(&world->versions, world->after.data, world->after.n, &fault),
			 0);
	assert_int_equal(world->versions.former_n, 1);
	assert_int_equal(versions_add(&world->versions, "[x]", 3, &fault), -EBADMSG);
	assert_int_equal(world->versions.former_n, 1);
}

/* A result of one version in the county of another: by sites' ids, too. */
static void take_result(const struct programme *made, const struct versions *versions, int expected,
			struct county *county)
{
	own(county_free) struct county *from = NULL;
	own(buf_free) struct buf body = {0};
	own(mem_free) struct release_figures *figures = calloc(1, sizeof(*figures));
	uint32_t period = 0;
	int64_t at_made = 0;

	fill(made, figures);
	assert_int_equal(county_new(made, &from), 0);
	assert_int_equal(county_set(from, JUNE, (size_t)programme_site_index(made, "lund"), figures,
				    1000),
			 0);
	assert_int_equal(county_pack_result(from, JUNE, 2000, &body), 0);
	assert_int_equal(county_take_result_of(county, versions, body.data, body.n, &period,
					       &at_made),
			 expected);
	assert_int_equal(period, JUNE);
	assert_int_equal(at_made, 2000);
}

static void a_result_of_a_former_version_counts_under_the_one_in_force(void **state)
{
	const struct world *world = *state;
	own(county_free) struct county *county = NULL;
	const struct release_figures *figures;
	int entered = programme_measure_index(world->now, world->old->measures[0].id);

	assert_true(entered > 0);
	assert_int_equal(county_new(world->now, &county), 0);
	take_result(world->old, &world->versions, 0, county);
	figures = county_figures(county, JUNE, (size_t)programme_site_index(world->now, "lund"));
	assert_non_null(figures);
	assert_int_equal(figures->cells[entered][0].value,
			 10u * world->now->measures[entered].number);
}

static void a_result_of_a_later_version_says_its_month_and_counts_nothing(void **state)
{
	const struct world *world = *state;
	const struct versions only = {.now = world->old};
	own(county_free) struct county *county = NULL;

	assert_int_equal(county_new(world->old, &county), 0);
	take_result(world->now, &only, -EPROTONOSUPPORT, county);
	assert_int_equal(county_range(county).first, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_release_of_a_former_version_is_read_by_numbers,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_release_of_the_version_in_force_is_read_as_it_is,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_release_of_no_known_version_is_refused_by_name,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_version_is_added_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_result_of_a_former_version_counts_under_the_one_in_force, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_result_of_a_later_version_says_its_month_and_counts_nothing, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
