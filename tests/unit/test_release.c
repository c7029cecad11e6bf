#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* lib/fail has its own */

#include "proto/release.h"
#include "tests/unit/fixture_county.h"

#define MAY MONTH(2018, 5)
#define JUNE MONTH(2018, 6)
/* Where the bytes of a May release by "south" are, by the drawing in proto/release.h. */
#define AT_VERSION 1
#define AT_CELLS_ENTERED (1 + 1 + 6 + 1 + 3 + 34 + 34 + 1 + 5 + 1 + 1 + 1 + 2)
#define AT_CELLS_LEFT (AT_CELLS_ENTERED + 5 + 1 + 1 + 2)
#define AT_PADDING (AT_CELLS_LEFT + 15)

static void pack_fine(const struct release_body *body, struct buf *ret_payload)
{
	assert_int_equal(release_pack(body, &fixture_programme, ret_payload), 0);
}

static enum release_fault unpack_verdict(const struct buf *payload)
{
	struct release_body body;

	return release_unpack(&fixture_programme, payload->data, payload->n, &body);
}

static void a_release_comes_back_as_it_was_packed(void **state)
{
	struct release_body body = fixture_body(JUNE), back;
	own(buf_free) struct buf payload = {0};

	(void)state;
	body.n = UINT64_MAX;
	body.is_rehearsal = true;
	body.figures.cells[LEFT][0].value = 5;
	body.figures.cells[LEFT][1] = (struct release_cell){CELL_SUPPRESSED, 0};
	body.figures.cells[LEFT][2] = (struct release_cell){CELL_ZERO, 0};
	body.figures.cells[ENTERED][0].value = UINT32_MAX;
	body.figures.cells[ANSWERED][1] = (struct release_cell){CELL_NOT_COLLECTED, 0};
	pack_fine(&body, &payload);
	assert_int_equal(release_unpack(&fixture_programme, payload.data, payload.n, &back),
			 RELEASE_FINE);
	assert_string_equal(back.site, "south");
	assert_true(back.n == UINT64_MAX && back.period == JUNE && back.is_rehearsal);
	assert_true(back.at_closed == body.at_closed);
	assert_memory_equal(back.audit_head, body.audit_head, sizeof(body.audit_head));
	for (size_t m = 0; m < fixture_programme.measures_n; m++) {
		assert_int_equal(back.figures.is_due[m], m != ENDED);
		for (size_t c = 0; c < PROGRAMME_CELLS_MAX; c++) {
			assert_int_equal(back.figures.cells[m][c].state,
					 body.figures.cells[m][c].state);
			assert_int_equal(back.figures.cells[m][c].value,
					 body.figures.cells[m][c].value);
		}
	}
}

static void the_bytes_are_as_drawn(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};
	static const uint8_t head[] = {0x9a, 1, 0xa5, 's', 'o', 'u', 't', 'h', 1, 0xcd, 0x5e, 0x9c};
	static const uint8_t tables[] = {0x92, 0x92, 2, 0xc4, 5, 0, 7, 1, 0, 0, 0x92, 3, 0xc4, 15};

	(void)state;
	body.figures.cells[ENTERED][0].value = 263;
	pack_fine(&body, &payload);
	assert_memory_equal(payload.data, head, sizeof(head));
	assert_memory_equal(payload.data + AT_CELLS_ENTERED - 5, tables, sizeof(tables));
	assert_int_equal(payload.data[AT_PADDING], 0xc5);
}

static void the_size_does_not_depend_on_the_content(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf small = {0}, large = {0};

	(void)state;
	pack_fine(&body, &small);
	strcpy(body.site, "north");
	body.n = UINT64_MAX;
	body.at_closed = INT64_MAX;
	for (size_t c = 0; c < 3; c++)
		body.figures.cells[LEFT][c].value = UINT32_MAX;
	pack_fine(&body, &large);
	assert_int_equal(small.n, large.n);
	assert_int_equal(small.n, release_payload_bytes(&fixture_programme, MAY));
	assert_int_equal(small.n % RELEASE_BLOCK_BYTES, 0);
}

/* Around a multiple of the block the padding's own header changes length; every number of cells
 * must still fill the container. */
static void every_programme_fills_its_container(void **state)
{
	static struct programme_cell cells[PROGRAMME_CELLS_MAX];
	struct programme_measure measures[PROGRAMME_MEASURES_MAX] = {0};
	struct programme programme = fixture_programme;
	size_t blocks = 0;

	(void)state;
	programme.measures = measures;
	for (size_t m = 0; m < PROGRAMME_MEASURES_MAX; m++) {
		measures[m] = fixture_measures[ENTERED];
		measures[m].number = (uint16_t)(m < 32 ? m + 1 : 40000 + m);
		measures[m].cells = cells;
		for (size_t n = 1; n <= PROGRAMME_CELLS_MAX; n++) {
			struct release_body body = fixture_body(MAY), back;
			own(buf_free) struct buf payload = {0};

			memset(body.figures.is_due, true, m + 1);
			measures[m].cells_n = n;
			programme.measures_n = m + 1;
			assert_int_equal(release_pack(&body, &programme, &payload), 0);
			assert_int_equal(payload.n, release_payload_bytes(&programme, MAY));
			assert_int_equal(release_unpack(&programme, payload.data, payload.n, &back),
					 RELEASE_FINE);
			blocks = payload.n / RELEASE_BLOCK_BYTES;
		}
	}
	assert_true(blocks > 1 && blocks * RELEASE_BLOCK_BYTES <= RELEASE_PAYLOAD_MAX);
}

static void a_figure_under_k_cannot_be_packed(void **state)
{
	(void)state;
	for (uint32_t value = 0; value <= 6; value++) {
		struct release_body body = fixture_body(MAY);
		own(buf_free) struct buf payload = {0};

		body.figures.cells[LEFT][1].value = value;
		assert_int_equal(release_pack(&body, &fixture_programme, &payload),
				 value == 0 || value >= 5 ? 0 : -EPERM);
	}
}

static void a_missing_cell_cannot_be_packed(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	body.figures.cells[LEFT][1].state = CELL_MISSING;
	assert_int_equal(release_pack(&body, &fixture_programme, &payload), -EPERM);
}

static void a_cell_no_site_may_send_is_refused(void **state)
{
	static const struct {
		uint8_t cell[5];
		enum release_fault verdict;
	} cases[] = {
		{{CELL_VALUE, 0}, RELEASE_FINE},
		{{CELL_VALUE, 1}, RELEASE_BAD_CELL},
		{{CELL_VALUE, 4}, RELEASE_BAD_CELL},
		{{CELL_VALUE, 5}, RELEASE_FINE},
		{{CELL_VALUE, 0, 0, 0, 1}, RELEASE_FINE},
		{{CELL_SUPPRESSED, 0}, RELEASE_FINE},
		{{CELL_SUPPRESSED, 9}, RELEASE_BAD_CELL},
		{{CELL_MISSING, 0}, RELEASE_BAD_CELL},
		{{CELL_NOT_COLLECTED, 0}, RELEASE_FINE},
		{{CELL_NOT_COLLECTED, 9}, RELEASE_BAD_CELL},
		{{CELL_ZERO, 0}, RELEASE_FINE},
		{{CELL_ZERO, 9}, RELEASE_BAD_CELL},
		{{5, 0}, RELEASE_BAD_CELL},
		{{255, 0}, RELEASE_BAD_CELL},
	};
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	pack_fine(&body, &payload);
	for (size_t i = 0; i < array_n(cases); i++) {
		memcpy(payload.data + AT_CELLS_LEFT, cases[i].cell, 5);
		assert_int_equal(unpack_verdict(&payload), cases[i].verdict);
	}
}

static void padding_that_is_not_zero_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	pack_fine(&body, &payload);
	payload.data[payload.n - 1] = 1;
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void a_container_of_another_size_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};
	size_t padding_n;

	(void)state;
	pack_fine(&body, &payload);
	/* One zero more, and the padding's length says so: well-formed, yet larger than it may be.
	 */
	padding_n = (size_t)payload.data[AT_PADDING + 1] << 8 | payload.data[AT_PADDING + 2];
	padding_n++;
	payload.data[AT_PADDING + 1] = (uint8_t)(padding_n >> 8);
	payload.data[AT_PADDING + 2] = (uint8_t)padding_n;
	buf_add_byte(&payload, 0);
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void every_truncation_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};
	size_t whole;

	(void)state;
	pack_fine(&body, &payload);
	whole = payload.n;
	for (payload.n = 0; payload.n < whole; payload.n++)
		assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void another_version_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	pack_fine(&body, &payload);
	payload.data[AT_VERSION] = 2;
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
	payload.data[AT_VERSION] = 0;
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void number_zero_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	body.n = 0;
	pack_fine(&body, &payload);
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void a_site_that_is_not_in_the_programme_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	strcpy(body.site, "norht");
	pack_fine(&body, &payload);
	assert_int_equal(unpack_verdict(&payload), RELEASE_MALFORMED);
}

static void another_programme_is_named_as_such(void **state)
{
	struct release_body body = fixture_body(MAY);
	own(buf_free) struct buf payload = {0};

	(void)state;
	body.programme[31] ^= 1;
	pack_fine(&body, &payload);
	assert_int_equal(unpack_verdict(&payload), RELEASE_OTHER_PROGRAMME);
}

/* Packed by a programme that differs in its measures but claims the same hash. */
static void tables_that_are_not_those_due_are_refused(void **state)
{
	struct programme_measure measures[array_n(fixture_measures)];
	struct programme other = fixture_programme;

	(void)state;
	for (int change = 0; change < 3; change++) {
		struct release_body body = fixture_body(MAY);
		own(buf_free) struct buf payload = {0};

		memcpy(measures, fixture_measures, sizeof(measures));
		other.measures = measures;
		if (change == 0)
			measures[ENTERED].number = 4;
		if (change == 1)
			measures[LEFT].cells_n = 2;
		if (change == 2)
			measures[LEFT].span.to = 0;
		body.figures.is_due[LEFT] = change != 2;
		assert_int_equal(release_pack(&body, &other, &payload), 0);
		assert_int_equal(unpack_verdict(&payload), RELEASE_OTHER_TABLES);
	}
}

static void a_measure_is_in_the_release_only_while_it_is_valid(void **state)
{
	struct release_body body = fixture_body(MONTH(2018, 2)), back;
	own(buf_free) struct buf payload = {0};

	(void)state;
	body.figures.cells[ENDED][0].value = 8;
	pack_fine(&body, &payload);
	assert_int_equal(release_unpack(&fixture_programme, payload.data, payload.n, &back),
			 RELEASE_FINE);
	assert_true(back.figures.is_due[ENDED] && !back.figures.is_due[ANSWERED]);
	assert_int_equal(back.figures.cells[ENDED][0].value, 8);
}

static void nothing_is_given_when_a_release_is_refused(void **state)
{
	struct release_body body = fixture_body(MAY), back = {.n = 77};
	own(buf_free) struct buf payload = {0};

	(void)state;
	pack_fine(&body, &payload);
	payload.data[payload.n - 1] = 1;
	(void)release_unpack(&fixture_programme, payload.data, payload.n, &back);
	assert_int_equal(back.n, 77);
	assert_string_equal(back.site, "");
}

static void make_signed(struct release *release, struct sign_key **key)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = {1};
	struct release_body body = fixture_body(MAY);
	struct buf payload = {0};
	uint8_t prev[SIGN_HASH_BYTES];

	assert_int_equal(sign_key_new(seed, key), 0);
	sign_chain_start("south", prev);
	pack_fine(&body, &payload);
	release_sign(release, 1, prev, &payload, *key);
	assert_null(payload.data);
}

static void a_signed_release_verifies_and_an_altered_one_does_not(void **state)
{
	own(release_free) struct release release = {0};
	own(sign_key_free) struct sign_key *key = NULL;
	uint8_t hash[SIGN_HASH_BYTES];

	(void)state;
	make_signed(&release, &key);
	memcpy(hash, release.hash, sizeof(hash));
	memset(release.hash, 0, sizeof(release.hash));
	assert_true(release_verify(&release, sign_key_public(key)));
	assert_memory_equal(release.hash, hash, sizeof(hash));
	release.payload.data[40] ^= 1;
	assert_false(release_verify(&release, sign_key_public(key)));
	release.payload.data[40] ^= 1;
	release.n = 2;
	assert_false(release_verify(&release, sign_key_public(key)));
	release.n = 1;
	release.prev[0] ^= 1;
	assert_false(release_verify(&release, sign_key_public(key)));
}

static void a_release_chains_onto_the_one_before(void **state)
{
	own(release_free) struct release first = {0}, second = {0};
	own(sign_key_free) struct sign_key *key = NULL;
	struct release_body body = fixture_body(JUNE);
	struct buf payload = {0};
	uint8_t expected[SIGN_HASH_BYTES];

	(void)state;
	make_signed(&first, &key);
	body.n = 2;
	pack_fine(&body, &payload);
	sign_chain_next(first.hash, 2, payload.data, payload.n, expected);
	release_sign(&second, 2, first.hash, &payload, key);
	assert_memory_equal(second.prev, first.hash, sizeof(expected));
	assert_memory_equal(second.hash, expected, sizeof(expected));
	/* The next may be signed in the place of the one before. */
	pack_fine(&body, &payload);
	release_sign(&first, 2, first.hash, &payload, key);
	assert_memory_equal(first.hash, expected, sizeof(expected));
}

static void every_fault_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < RELEASE_FAULT_N; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(release_fault_name((enum release_fault)a),
						release_fault_name((enum release_fault)b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_release_comes_back_as_it_was_packed),
		cmocka_unit_test(the_bytes_are_as_drawn),
		cmocka_unit_test(the_size_does_not_depend_on_the_content),
		cmocka_unit_test(every_programme_fills_its_container),
		cmocka_unit_test(a_figure_under_k_cannot_be_packed),
		cmocka_unit_test(a_missing_cell_cannot_be_packed),
		cmocka_unit_test(a_cell_no_site_may_send_is_refused),
		cmocka_unit_test(padding_that_is_not_zero_is_refused),
		cmocka_unit_test(a_container_of_another_size_is_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(another_version_is_refused),
		cmocka_unit_test(number_zero_is_refused),
		cmocka_unit_test(a_site_that_is_not_in_the_programme_is_refused),
		cmocka_unit_test(another_programme_is_named_as_such),
		cmocka_unit_test(tables_that_are_not_those_due_are_refused),
		cmocka_unit_test(a_measure_is_in_the_release_only_while_it_is_valid),
		cmocka_unit_test(nothing_is_given_when_a_release_is_refused),
		cmocka_unit_test(a_signed_release_verifies_and_an_altered_one_does_not),
		cmocka_unit_test(a_release_chains_onto_the_one_before),
		cmocka_unit_test(every_fault_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
