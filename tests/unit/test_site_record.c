#include "daemon/site/change.h"
#include "daemon/site/lookup.h"
#include "daemon/site/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct record some_record(void)
{
	struct record record;

	record_clear(&record);
	record.identity.type = ID_PERSONNUMMER;
	(void)strcpy(record.identity.number, "197603122388");
	(void)strcpy(record.identity.name, "Prov Provsson");
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_sex] = 1;
	record.value[FIELD_income] = 1 << 0 | 1 << 4;
	record.value[FIELD_entry_date] = -3;
	return record;
}

static void assert_same(const struct record *a, const struct record *b)
{
	assert_int_equal(a->identity.type, b->identity.type);
	assert_string_equal(a->identity.number, b->identity.number);
	assert_string_equal(a->identity.local_id, b->identity.local_id);
	assert_string_equal(a->identity.name, b->identity.name);
	assert_string_equal(a->invitation, b->invitation);
	assert_memory_equal(a->value, b->value, sizeof(a->value));
}

/* after as it is read back from a change to before. */
static struct record carried(const struct record *before, const struct record *after)
{
	struct record result = *before;
	struct buf bytes = {0};
	struct unpack in;

	change_pack(before, after, &bytes);
	assert_int_equal(bytes.error, 0);
	in = unpack_start(bytes.data, bytes.n);
	change_apply(&in, &result);
	assert_int_equal(unpack_end(&in), 0);
	buf_free(&bytes);
	return result;
}

static void every_field_is_found_by_its_id(void **state)
{
	(void)state;
	for (int field = 0; field < FIELD_N; field++)
		assert_int_equal(record_field(record_row((enum record_field)field)->id), field);
	assert_int_equal(record_field("no_such_field"), -1);
}

/* The text a record is looked up by in one way, or "". */
static const char *looked_up(const struct record *record, enum lookup_kind kind)
{
	struct lookup lookups[LOOKUPS_MAX];
	size_t n = lookup_all(record, lookups);

	for (size_t i = 0; i < n; i++)
		if (lookups[i].kind == kind)
			return lookups[i].text;
	return "";
}

static void a_cleared_record_has_nothing(void **state)
{
	struct record record;

	(void)state;
	record_clear(&record);
	for (int field = 0; field < FIELD_N; field++)
		assert_int_equal(record.value[field], RECORD_MISSING);
	assert_int_equal(record.identity.type, ID_NONE);
	assert_int_equal(lookup_all(&record, (struct lookup[LOOKUPS_MAX]){{0}}), 0);
}

static void codes_sets_and_flags_answer_alike(void **state)
{
	struct record record = some_record();

	(void)state;
	assert_true(record_has_code(&record, FIELD_sex, 1));
	assert_false(record_has_code(&record, FIELD_sex, 2));
	assert_true(record_has_code(&record, FIELD_income, 5));
	assert_false(record_has_code(&record, FIELD_income, 2));
	assert_false(record_has_code(&record, FIELD_income, 32));
	assert_false(record_has_code(&record, FIELD_labour, 1));
	assert_false(record_has_code(&record, FIELD_protected, 1));
	record.value[FIELD_protected] = 1;
	assert_true(record_has_code(&record, FIELD_protected, 2));
}

static void a_change_carries_what_differs_and_nothing_else(void **state)
{
	struct record empty;
	struct record record = some_record();
	struct record changed = record;
	struct record result;

	(void)state;
	record_clear(&empty);
	result = carried(&empty, &record);
	assert_same(&result, &record);
	changed.value[FIELD_sex] = RECORD_MISSING;
	(void)strcpy(changed.identity.name, "Annat Namn");
	result = carried(&record, &changed);
	assert_same(&result, &changed);
}

static void no_change_is_one_byte(void **state)
{
	struct record record = some_record();
	struct buf bytes = {0};

	(void)state;
	assert_false(change_differs(&record, &record));
	change_pack(&record, &record, &bytes);
	assert_int_equal(bytes.n, 1);
	buf_free(&bytes);
}

static void an_anonymous_local_id_is_never_written(void **state)
{
	struct record empty, record, result;

	(void)state;
	record_clear(&empty);
	record_clear(&record);
	record.identity.type = ID_ANONYMOUS;
	(void)strcpy(record.identity.local_id, "A-17");
	result = carried(&empty, &record);
	assert_int_equal(result.identity.type, ID_ANONYMOUS);
	assert_string_equal(result.identity.local_id, "");
	assert_false(change_differs(&result, &record));
	assert_string_equal(looked_up(&record, LOOKUP_LOCAL_ID), "A-17");
}

static void a_withdrawn_number_is_dropped_and_still_looks_up(void **state)
{
	struct record stored = some_record();
	struct record row = stored;
	struct record result;

	(void)state;
	row.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	assert_string_equal(looked_up(&row, LOOKUP_NUMBER), "197603122388");
	result = carried(&stored, &row);
	assert_string_equal(result.identity.number, "");
	assert_string_equal(result.identity.name, "");
	assert_false(change_differs(&result, &row));
}

static void kinds_of_identity_have_look_ups_apart(void **state)
{
	struct record number = some_record();
	struct record local, answer;

	(void)state;
	record_clear(&local);
	local.identity.type = ID_LOCAL;
	(void)strcpy(local.identity.local_id, "197603122388");
	record_clear(&answer);
	(void)strcpy(answer.invitation, "197603122388");
	assert_string_equal(looked_up(&number, LOOKUP_NUMBER), "197603122388");
	assert_string_equal(looked_up(&local, LOOKUP_LOCAL_ID), "197603122388");
	assert_string_equal(looked_up(&answer, LOOKUP_INVITATION), "197603122388");
	for (int a = 0; a <= LOOKUP_DEVIATION; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(lookup_domain((enum lookup_kind)a),
						lookup_domain((enum lookup_kind)b));
}

static void assert_refused(const struct buf *bytes, size_t n)
{
	struct record record = some_record();
	struct record before = record;
	struct unpack in = unpack_start(bytes->data, n);

	change_apply(&in, &record);
	assert_int_not_equal(unpack_end(&in), 0);
	assert_memory_equal(&record, &before, sizeof(record));
}

static void a_truncated_change_changes_nothing(void **state)
{
	struct record empty;
	struct record record = some_record();
	struct buf bytes = {0};

	(void)state;
	record_clear(&empty);
	change_pack(&empty, &record, &bytes);
	for (size_t n = 0; n < bytes.n; n++)
		assert_refused(&bytes, n);
	buf_free(&bytes);
}

static void a_field_that_is_none_is_refused(void **state)
{
	static const uint64_t fields[] = {FIELD_N, FIELD_name, FIELD_local_id, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct buf bytes = {0};

		pack_array(&bytes, 1);
		pack_array(&bytes, 2);
		pack_u64(&bytes, fields[i]);
		pack_i64(&bytes, 1);
		assert_refused(&bytes, bytes.n);
		buf_free(&bytes);
	}
}

static void a_wiped_record_is_a_cleared_one(void **state)
{
	struct record record = some_record();
	struct record cleared;

	(void)state;
	record_wipe(&record);
	record_clear(&cleared);
	assert_string_equal(record.identity.number, "");
	assert_memory_equal(record.value, cleared.value, sizeof(cleared.value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_found_by_its_id),
		cmocka_unit_test(a_cleared_record_has_nothing),
		cmocka_unit_test(codes_sets_and_flags_answer_alike),
		cmocka_unit_test(a_change_carries_what_differs_and_nothing_else),
		cmocka_unit_test(no_change_is_one_byte),
		cmocka_unit_test(an_anonymous_local_id_is_never_written),
		cmocka_unit_test(a_withdrawn_number_is_dropped_and_still_looks_up),
		cmocka_unit_test(kinds_of_identity_have_look_ups_apart),
		cmocka_unit_test(a_truncated_change_changes_nothing),
		cmocka_unit_test(a_field_that_is_none_is_refused),
		cmocka_unit_test(a_wiped_record_is_a_cleared_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
