#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "lib/buf.h"
#include "lib/pack.h"
#include "proto/county_result.h"
#include "proto/county_sum.h"
#include "tests/unit/fixture_county.h"

#define MARCH MONTH(2018, 3)
#define AT_MADE 1523500000

static struct county *new_county(void)
{
	struct county *county = NULL;

	assert_int_equal(county_new(&fixture_programme, &county), 0);
	return county;
}

static struct county_head head_of(uint64_t n)
{
	struct county_head head = {.n = n, .period = MARCH, .at_received = 1523400000};

	memset(head.hash, (int)n, sizeof(head.hash));
	memset(head.signature, (int)n + 1, sizeof(head.signature));
	return head;
}

/* North has reported March and says so in its head; the others have not. */
static void make_result(struct buf *ret_body)
{
	own(county_free) struct county *county = new_county();
	struct release_figures figures = fixture_figures(MARCH);
	struct county_head head = head_of(3);

	figures.cells[ENTERED][0].value = 12;
	figures.cells[LEFT][1] = (struct release_cell){CELL_SUPPRESSED, 0};
	assert_int_equal(county_set(county, MARCH, NORTH, &figures, 1523400000), 0);
	county_set_head(county, NORTH, &head);
	assert_int_equal(county_pack_result(county, MARCH, AT_MADE, ret_body), 0);
}

static int take_verdict(const struct buf *body)
{
	own(county_free) struct county *county = new_county();
	uint32_t period = 77;
	int64_t at_made = 77;
	int error = county_take_result(county, body->data, body->n, &period, &at_made);

	if (error < 0) {
		assert_int_equal(period, 77);
		assert_true(at_made == 77);
		assert_int_equal(county_range(county).last, 0);
		assert_int_equal(county_head(county, NORTH)->n, 0);
	}
	return error;
}

static void a_result_gives_heads_and_figures(void **state)
{
	own(county_free) struct county *county = new_county();
	own(buf_free) struct buf body = {0}, again = {0};
	struct county_head head = head_of(3);
	const struct release_figures *figures;
	uint32_t period;
	int64_t at_made;

	(void)state;
	make_result(&body);
	assert_int_equal(county_take_result(county, body.data, body.n, &period, &at_made), 0);
	assert_int_equal(period, MARCH);
	assert_true(at_made == AT_MADE);
	assert_int_equal(county_head(county, NORTH)->n, 3);
	assert_memory_equal(county_head(county, NORTH)->hash, head.hash, sizeof(head.hash));
	assert_memory_equal(county_head(county, NORTH)->signature, head.signature,
			    sizeof(head.signature));
	assert_true(county_head(county, NORTH)->at_received == 1523400000);
	figures = county_figures(county, MARCH, NORTH);
	assert_non_null(figures);
	assert_int_equal(figures->cells[ENTERED][0].value, 12);
	assert_int_equal(figures->cells[LEFT][1].state, CELL_SUPPRESSED);
	assert_true(county_received(county, MARCH, NORTH) == 1523400000);
	assert_null(county_figures(county, MARCH, SOUTH));
	assert_int_equal(county_pack_result(county, MARCH, AT_MADE, &again), 0);
	assert_int_equal(again.n, body.n);
	assert_memory_equal(again.data, body.data, body.n);
}

static void a_result_taken_twice_counts_once(void **state)
{
	own(county_free) struct county *county = new_county();
	struct county_ask ask = {{MARCH, MARCH}, -1, ENTERED, -1, MARCH};
	own(buf_free) struct buf body = {0};
	struct county_sum sum;
	uint32_t period;
	int64_t at_made;

	(void)state;
	make_result(&body);
	for (int i = 0; i < 2; i++)
		assert_int_equal(county_take_result(county, body.data, body.n, &period, &at_made),
				 0);
	county_sum(county, &ask, &sum);
	assert_int_equal(sum.value, 12);
	assert_int_equal(sum.reported, 1);
}

static void an_older_result_does_not_take_a_head_back(void **state)
{
	own(county_free) struct county *county = new_county();
	own(buf_free) struct buf body = {0};
	struct county_head head = head_of(9);
	uint32_t period;
	int64_t at_made;

	(void)state;
	county_set_head(county, NORTH, &head);
	make_result(&body);
	assert_int_equal(county_take_result(county, body.data, body.n, &period, &at_made), 0);
	assert_int_equal(county_head(county, NORTH)->n, 9);
	assert_non_null(county_figures(county, MARCH, NORTH));
}

static void every_truncation_is_refused_and_changes_nothing(void **state)
{
	own(buf_free) struct buf body = {0};
	size_t whole;

	(void)state;
	make_result(&body);
	whole = body.n;
	for (body.n = 0; body.n < whole; body.n++)
		assert_int_equal(take_verdict(&body), -EBADMSG);
	body.n = whole;
	buf_add_byte(&body, 0);
	assert_int_equal(take_verdict(&body), -EBADMSG);
}

static void a_result_of_another_programme_is_refused(void **state)
{
	own(buf_free) struct buf body = {0};

	(void)state;
	make_result(&body);
	assert_int_equal(body.data[4], 0xaa);
	body.data[4] = 0xab;
	assert_int_equal(take_verdict(&body), -EBADMSG);
}

/* The bytes of `from`, which stand once in body, become `to`. */
static void replace(struct buf *body, const char *from, const char *to)
{
	uint8_t *found = memmem(body->data, body->n, from, strlen(from));

	assert_non_null(found);
	memcpy(found, to, strlen(to));
}

static void a_site_that_is_not_known_is_refused(void **state)
{
	own(buf_free) struct buf body = {0};

	(void)state;
	make_result(&body);
	replace(&body, "south", "sowth");
	assert_int_equal(take_verdict(&body), -EBADMSG);
}

static void a_site_named_twice_or_out_of_order_is_refused(void **state)
{
	own(buf_free) struct buf twice = {0}, turned = {0};

	(void)state;
	make_result(&twice);
	replace(&twice, "south", "north");
	assert_int_equal(take_verdict(&twice), -EBADMSG);
	make_result(&turned);
	replace(&turned, "north", "xxxxx");
	replace(&turned, "south", "north");
	replace(&turned, "xxxxx", "south");
	assert_int_equal(take_verdict(&turned), -EBADMSG);
}

static void a_figure_under_k_is_refused(void **state)
{
	own(buf_free) struct buf body = {0};
	static const char entered[] = {(char)0x92, 2, (char)0xc4, 5, 0, 12};
	uint8_t *found;

	(void)state;
	make_result(&body);
	found = memmem(body.data, body.n, entered, sizeof(entered));
	assert_non_null(found);
	found[5] = 4;
	assert_int_equal(take_verdict(&body), -EBADMSG);
	found[5] = 5;
	assert_int_equal(take_verdict(&body), 0);
}

/* A result without sites, of any period. */
static int verdict_of_period(uint64_t period)
{
	own(buf_free) struct buf body = {0};

	pack_array(&body, 5);
	pack_u64(&body, 1);
	pack_bin(&body, fixture_programme.hash, PROGRAMME_HASH_BYTES);
	pack_u64(&body, period);
	pack_i64(&body, AT_MADE);
	pack_array(&body, 0);
	return take_verdict(&body);
}

static void a_period_that_no_calendar_has_is_refused(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_period(MARCH), 0);
	assert_int_equal(verdict_of_period(0), -EBADMSG);
	assert_int_equal(verdict_of_period(RELEASE_PERIOD_MIN - 1), -EBADMSG);
	assert_int_equal(verdict_of_period(RELEASE_PERIOD_MIN), 0);
	assert_int_equal(verdict_of_period(RELEASE_PERIOD_MAX), 0);
	assert_int_equal(verdict_of_period(RELEASE_PERIOD_MAX + 1), -EBADMSG);
	assert_int_equal(verdict_of_period(UINT64_MAX), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_gives_heads_and_figures),
		cmocka_unit_test(a_result_taken_twice_counts_once),
		cmocka_unit_test(an_older_result_does_not_take_a_head_back),
		cmocka_unit_test(every_truncation_is_refused_and_changes_nothing),
		cmocka_unit_test(a_result_of_another_programme_is_refused),
		cmocka_unit_test(a_site_that_is_not_known_is_refused),
		cmocka_unit_test(a_site_named_twice_or_out_of_order_is_refused),
		cmocka_unit_test(a_figure_under_k_is_refused),
		cmocka_unit_test(a_period_that_no_calendar_has_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
