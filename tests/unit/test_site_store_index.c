#include "daemon/site/store_index.h"

#include "tests/unit/fixture_site.h"

#include <errno.h>

#define NUMBER "198001052383"
#define OTHER_NUMBER "198506172389"
#define TOKEN "12345678901234567888"

static const struct store_origin by_hand = {.at = INT64_C(1543622400), .operator_name = "anna"};

static struct record person(const char *number, const char *local_id)
{
	struct record record;

	record_clear(&record);
	record.identity.type = number[0] != '\0' ? ID_PERSONNUMMER : ID_LOCAL;
	strcpy(record.identity.number, number);
	strcpy(record.identity.local_id, local_id);
	record.value[FIELD_consent] = RECORD_CONSENT_GIVEN;
	record.value[FIELD_entry_date] = date_from_civil(2018, 1, 20);
	return record;
}

static uint64_t registered(struct stage *stage, const struct record *record)
{
	uint64_t id = 0;

	assert_int_equal(store_act(stage->parts.store, &by_hand, 0, ACT_REGISTERED, record, &id),
			 0);
	return id;
}

static int changed(struct stage *stage, uint64_t id, const struct record *record)
{
	return store_act(stage->parts.store, &by_hand, id, ACT_CHANGED, record, &id);
}

/* The number of whom it leads to; 0: nobody. */
static uint64_t found(struct stage *stage, const char *number, const char *local_id)
{
	struct record record = person(number, local_id);
	uint64_t id = 0;

	return store_find(stage->parts.store, &record, &id) ? id : 0;
}

static void each_identity_leads_to_the_person(void **state)
{
	struct stage *stage = *state;
	struct record record = person(NUMBER, "A1");
	uint64_t id, by_token = 0;

	strcpy(record.token_in, TOKEN);
	id = registered(stage, &record);
	reopen_stage(stage);
	assert_int_equal(found(stage, NUMBER, ""), id);
	assert_int_equal(found(stage, "", "A1"), id);
	assert_int_equal(found(stage, NUMBER, "A1"), id);
	assert_int_equal(found(stage, NUMBER, "never"), id);
	assert_int_equal(found(stage, OTHER_NUMBER, ""), 0);
	record_clear(&record);
	strcpy(record.token_in, TOKEN);
	assert_true(store_find(stage->parts.store, &record, &by_token));
	assert_int_equal(by_token, id);
}

static void identities_of_two_persons_find_neither(void **state)
{
	struct stage *stage = *state;
	struct record both = person(NUMBER, "B2");
	struct record one = person(NUMBER, "A1"), two = person(OTHER_NUMBER, "B2");
	uint64_t id = 99;

	(void)registered(stage, &one);
	(void)registered(stage, &two);
	assert_int_equal(store_who(stage->parts.store, &both, &id), LOOKUP_TWO);
	assert_int_equal(id, 99);
	assert_int_equal(store_act(stage->parts.store, &by_hand, 0, ACT_REGISTERED, &both, &id),
			 -EEXIST);
	assert_int_equal(changed(stage, 1, &both), -EEXIST);
}

static void a_token_that_somebody_came_in_by_is_taken(void **state)
{
	struct stage *stage = *state;
	struct record first = person("", "A1"), second = person("", "B2");
	uint64_t id = 0;

	strcpy(first.token_in, TOKEN);
	strcpy(second.token_in, TOKEN);
	(void)registered(stage, &first);
	assert_int_equal(store_who(stage->parts.store, &first, &id), LOOKUP_SOMEBODY);
	assert_int_equal(store_who(stage->parts.store, &second, &id), LOOKUP_TOKEN_TAKEN);
	assert_int_equal(store_act(stage->parts.store, &by_hand, 0, ACT_REGISTERED, &second, &id),
			 -EEXIST);
}

/* Of someone who was handed over the token is still here, and brings nobody else in. */
static void a_token_that_was_given_out_leads_to_whom_it_was_given(void **state)
{
	struct stage *stage = *state;
	struct record first = person("", "A1"), second = person("", "B2"), bearer;
	uint64_t id = 0;

	record_clear(&bearer);
	strcpy(first.token_out, TOKEN);
	strcpy(second.token_in, TOKEN);
	strcpy(bearer.token_in, TOKEN);
	(void)registered(stage, &first);
	reopen_stage(stage);
	assert_int_equal(store_who(stage->parts.store, &second, &id), LOOKUP_TOKEN_TAKEN);
	assert_int_equal(store_who(stage->parts.store, &bearer, &id), LOOKUP_SOMEBODY);
	assert_int_equal(id, 1);
	assert_int_equal(store_act(stage->parts.store, &by_hand, 0, ACT_REGISTERED, &second, &id),
			 -EEXIST);
	first.token_out[0] = '\0'; /* they came back */
	assert_int_equal(changed(stage, 1, &first), 0);
	assert_int_equal(store_who(stage->parts.store, &bearer, &id), LOOKUP_NOBODY);
}

static void a_corrected_identity_leaves_the_old_one_to_others(void **state)
{
	struct stage *stage = *state;
	struct record wrong = person(NUMBER, "A1"), right = person(OTHER_NUMBER, "A2");
	uint64_t id = registered(stage, &wrong);

	assert_int_equal(changed(stage, id, &right), 0);
	assert_int_equal(found(stage, OTHER_NUMBER, ""), id);
	assert_int_equal(found(stage, "", "A2"), id);
	assert_int_equal(found(stage, NUMBER, ""), 0);
	assert_int_equal(found(stage, "", "A1"), 0);
	assert_int_not_equal(registered(stage, &wrong), id);
}

static void who_was_taken_back_gives_way(void **state)
{
	struct stage *stage = *state;
	struct record old = person("", "A1"), new = person(NUMBER, "");
	struct record both = person(NUMBER, "A1");
	uint64_t gone = registered(stage, &old);
	uint64_t id = 0;

	assert_int_equal(store_act(stage->parts.store, &by_hand, gone, ACT_MISREGISTERED, &old,
				   &id),
			 0);
	id = registered(stage, &new);
	assert_int_equal(found(stage, NUMBER, "A1"), id);
	assert_int_equal(changed(stage, id, &both), 0);
	assert_int_equal(found(stage, "", "A1"), id);
}

/* So many that the index is written in several commits: the store begins with a map of a MiB. */
static void a_great_batch_moves_the_identities_of_who_was_known_too(void **state)
{
	struct stage *stage = *state;
	struct store *store = stage->parts.store;
	struct record known = person(NUMBER, "A1"), renamed = person(NUMBER, "A9");
	struct store_batch_result result;
	uint64_t id = registered(stage, &known);

	assert_int_equal(store_batch_begin(store, by_hand.at, "anna", "fil.csv"), 0);
	assert_int_equal(store_batch_add(store, &renamed, false), 0);
	for (int i = 0; i < 5000; i++) {
		char local_id[16];
		struct record record;

		(void)snprintf(local_id, sizeof(local_id), "N%d", i);
		record = person("", local_id);
		assert_int_equal(store_batch_add(store, &record, false), 0);
	}
	assert_int_equal(found(stage, "", "A9"), 0);
	assert_int_equal(store_batch_end(store, &result), 0);
	reopen_stage(stage);
	assert_int_equal(found(stage, "", "A9"), id);
	assert_int_equal(found(stage, "", "A1"), 0);
	assert_int_equal(found(stage, "", "N0"), id + 1);
	assert_int_equal(found(stage, "", "N4999"), id + 5000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
		CASE(each_identity_leads_to_the_person),
		CASE(identities_of_two_persons_find_neither),
		CASE(a_token_that_somebody_came_in_by_is_taken),
		CASE(a_token_that_was_given_out_leads_to_whom_it_was_given),
		CASE(a_corrected_identity_leaves_the_old_one_to_others),
		CASE(who_was_taken_back_gives_way),
		CASE(a_great_batch_moves_the_identities_of_who_was_known_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
