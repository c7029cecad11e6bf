/* Each kind of damage is found and told of whom; and no life that a person may lead is taken for
 * damage. */
#include "daemon/site/store_sound_tables.h"

#include "daemon/site/store_forget.h"
#include "daemon/site/store_index.h"
#include "daemon/site/store_invite.h"
#include "tests/unit/fixture_store.h"

#include "lib/fail.h"

#define NUMBER "197603122388" /* one of Skatteverket's test numbers */
#define TOKEN "12345678901234567888"

static struct store_sound *looked(struct store *store, size_t most)
{
	struct store_sound *sound = NULL;
	bool is_done = false;

	assert_int_equal(store_sound_begin(store, &sound), 0);
	while (!is_done)
		assert_int_equal(store_sound_step(sound, most, &is_done), 0);
	assert_int_equal(store_sound_tables(sound), 0);
	return sound;
}

static void assert_sound(struct store *store)
{
	own(store_sound_free) struct store_sound *sound = looked(store, 3);

	if (sound->flaws_n != 0)
		fail_msg("flaw %d of case %llu", (int)sound->flaws[0].kind,
			 (unsigned long long)sound->flaws[0].id);
}

/* Also when everybody is looked at at once. */
static void assert_flaw(struct store *store, enum store_flaw_kind kind, uint64_t id)
{
	for (size_t most = 1; most <= 100; most += 99) {
		own(store_sound_free) struct store_sound *sound = looked(store, most);
		bool is_there = false;

		for (size_t i = 0; i < sound->flaws_n; i++)
			is_there = is_there ||
				   (sound->flaws[i].kind == kind && sound->flaws[i].id == id);
		assert_true(is_there);
	}
}

/* ---- Persons ---- */

static struct record numbered(size_t i)
{
	struct record record = person(i);

	record.identity.type = ID_PERSONNUMMER;
	(void)snprintf(record.identity.number, sizeof(record.identity.number), "%s", NUMBER);
	return record;
}

static void change(struct store *store, uint64_t id, enum store_act kind, struct record record)
{
	uint64_t same = 0;

	assert_int_equal(store_act(store, &by_hand, id, kind, &record, &same), 0);
}

static struct record withdrawn(struct record record)
{
	record.value[FIELD_consent] = RECORD_CONSENT_WITHDRAWN;
	record.value[FIELD_consent_withdrawn_date] = day(2018, 5, 1);
	return record;
}

/* Cases 1 to 5, of whom 1 has a number too. */
static struct store *five(void **state)
{
	struct store *store = opened(*state);

	(void)registered(store, numbered(1));
	for (size_t i = 2; i <= 5; i++)
		(void)registered(store, person(i));
	assert_sound(store);
	return store;
}

/* ---- Damage ---- */

static void hash_of(struct store *store, struct record record, size_t i,
		    uint8_t ret_hash[static VAULT_LOOKUP_BYTES])
{
	struct store_hashes hashes;

	store_index_hashes(store, &record, &hashes);
	assert_true(i < hashes.n);
	memcpy(ret_hash, hashes.of[i].bytes, VAULT_LOOKUP_BYTES);
}

static void delete_row(struct safe *safe, unsigned table, const void *key, size_t key_n)
{
	struct safe_txn txn;

	safe_write(safe, &txn);
	safe_delete(&txn, table, key, key_n);
	assert_int_equal(safe_commit(&txn), 0);
}

static void delete_of(struct safe *safe, unsigned table, uint64_t id)
{
	uint8_t key[8];

	safe_key_u64(id, key);
	delete_row(safe, table, key, sizeof(key));
}

static void lead(struct store *store, const uint8_t hash[static VAULT_LOOKUP_BYTES], uint64_t id)
{
	struct safe_txn txn;

	safe_write(store->records, &txn);
	store_core_put_index(&txn, hash, id);
	assert_int_equal(safe_commit(&txn), 0);
}

/* As they lie, sealed. */
static void swap_rows(struct safe *safe, unsigned table, const uint8_t *one, const uint8_t *other,
		      size_t key_n)
{
	own(buf_free) struct buf a = {0}, b = {0};
	struct kv_bytes value;
	struct safe_txn txn;

	safe_write(safe, &txn);
	assert_true(safe_raw(&txn, table, one, key_n, &value));
	buf_add(&a, value.data, value.n);
	assert_true(safe_raw(&txn, table, other, key_n, &value));
	buf_add(&b, value.data, value.n);
	kv_put(&txn.kv, table, one, key_n, b.data, b.n);
	kv_put(&txn.kv, table, other, key_n, a.data, a.n);
	assert_int_equal(safe_commit(&txn), 0);
}

static void swap_of(struct safe *safe, unsigned table, uint64_t one, uint64_t other)
{
	uint8_t keys[2][8];

	safe_key_u64(one, keys[0]);
	safe_key_u64(other, keys[1]);
	swap_rows(safe, table, keys[0], keys[1], sizeof(keys[0]));
}

static void an_index_entry_that_is_gone_is_missed(void **state)
{
	struct store *store = five(state);
	uint8_t hash[VAULT_LOOKUP_BYTES];

	for (size_t i = 0; i < 2; i++) {
		hash_of(store, numbered(1), i, hash);
		delete_row(store->records, STORE_INDEX, hash, sizeof(hash));
		assert_flaw(store, STORE_FLAW_NOT_FOUND, 1);
		lead(store, hash, 1);
		assert_sound(store);
	}
}

static void an_index_entry_that_leads_to_another_is_found_at_both(void **state)
{
	struct store *store = five(state);
	uint8_t hash[VAULT_LOOKUP_BYTES];

	hash_of(store, person(3), 0, hash);
	lead(store, hash, 4);
	assert_flaw(store, STORE_FLAW_FOUND_OTHER, 3);
	assert_flaw(store, STORE_FLAW_ENTRY_MORE, 4);
}

static void an_entry_that_leads_to_nobody_is_found(void **state)
{
	struct store *store = five(state);
	uint8_t hash[VAULT_LOOKUP_BYTES] = {7};
	uint64_t gone = 2;

	lead(store, hash, 99);
	assert_flaw(store, STORE_FLAW_ENTRY_NOBODY, 0);
	delete_row(store->records, STORE_INDEX, hash, sizeof(hash));
	assert_int_equal(store_erase(store, &by_hand, &gone, 1), 0);
	assert_sound(store);
	lead(store, hash, gone);
	assert_flaw(store, STORE_FLAW_ENTRY_NOBODY, gone);
}

static void an_entry_that_lies_elsewhere_does_not_open(void **state)
{
	struct store *store = five(state);
	uint8_t hashes[2][VAULT_LOOKUP_BYTES];

	hash_of(store, person(3), 0, hashes[0]);
	hash_of(store, person(4), 0, hashes[1]);
	swap_rows(store->records, STORE_INDEX, hashes[0], hashes[1], sizeof(hashes[0]));
	assert_flaw(store, STORE_FLAW_ENTRY, 3);
	assert_flaw(store, STORE_FLAW_ENTRY, 4);
}

static void a_key_that_is_gone_or_another_s_is_found(void **state)
{
	struct store *store = five(state);

	swap_of(store->keys, STORE_KEY, 2, 3);
	assert_flaw(store, STORE_FLAW_KEY, 2);
	assert_flaw(store, STORE_FLAW_KEY, 3);
	delete_of(store->keys, STORE_KEY, 5);
	assert_flaw(store, STORE_FLAW_KEY_GONE, 5);
}

static void a_person_s_row_that_is_gone_or_another_s_is_found(void **state)
{
	struct store *store = five(state);

	swap_of(store->records, STORE_PERSON, 2, 3);
	assert_flaw(store, STORE_FLAW_ROW, 2);
	assert_flaw(store, STORE_FLAW_ROW, 3);
	delete_of(store->records, STORE_PERSON, 4);
	assert_flaw(store, STORE_FLAW_ROW_GONE, 4);
	assert_flaw(store, STORE_FLAW_COUNT_HEAD, 0);
}

/* An old row put back is sealed rightly: the log tells. */
static void a_row_of_yesterday_is_found(void **state)
{
	struct store *store = five(state);
	const struct store_person_row yesterday = {.id = 2, .last_seq = 2};
	struct record record = person(2);
	struct safe_txn txn;

	record.value[FIELD_exit_date] = day(2018, 4, 1);
	change(store, 2, ACT_CHANGED, record);
	assert_sound(store);
	safe_write(store->records, &txn);
	store_core_put_person(&txn, &yesterday);
	assert_int_equal(safe_commit(&txn), 0);
	assert_flaw(store, STORE_FLAW_ROW_OTHER, 2);
}

static void acts_that_lie_elsewhere_are_found(void **state)
{
	struct store *store = five(state);

	swap_of(store->records, STORE_LOG, 2, 3);
	assert_flaw(store, STORE_FLAW_ACTS, 2);
	assert_flaw(store, STORE_FLAW_ACTS, 3);
}

/* Nobody can work out the look-up of who was condensed: that there is one at all is known. */
static void the_look_up_of_who_was_condensed_is_missed(void **state)
{
	struct store *store = five(state);
	uint8_t hash[VAULT_LOOKUP_BYTES];

	change(store, 2, ACT_CHANGED, withdrawn(person(2)));
	assert_sound(store);
	hash_of(store, person(2), 0, hash);
	delete_row(store->records, STORE_INDEX, hash, sizeof(hash));
	assert_flaw(store, STORE_FLAW_NOT_FOUND, 2);
}

/* ---- Lives ---- */

static void whatever_life_a_person_leads_is_no_damage(void **state)
{
	struct store *store = five(state);
	char codes[2][INVITATION_BYTES];
	struct record record = person(1);
	uint64_t gone = 4;

	change(store, 1, ACT_CORRECTED, record); /* the number was wrong */
	assert_sound(store);
	strcpy(record.token_out, TOKEN);
	change(store, 1, ACT_CHANGED, record);
	assert_sound(store);
	change(store, 2, ACT_CHANGED, withdrawn(person(2)));
	change(store, 2, ACT_CHANGED, person(12)); /* consents again, under another id */
	assert_sound(store);
	change(store, 3, ACT_MISREGISTERED, person(3));
	assert_sound(store);
	change(store, 5, ACT_CORRECTED, person(3)); /* takes the id over */
	assert_sound(store);
	change(store, 3, ACT_CHANGED, person(33)); /* known again */
	assert_sound(store);
	assert_int_equal(store_merge(store, &by_hand, 5, 4, &record), -EEXIST);
	record = person(44);
	assert_int_equal(store_merge(store, &by_hand, 5, 4, &record), 0);
	assert_sound(store);
	assert_int_equal(store_erase(store, &by_hand, &gone, 1), 0);
	assert_sound(store);
	assert_int_equal(store_invite(store, &by_hand, 2, codes), 0);
	record_clear(&record);
	strcpy(record.invitation, codes[0]);
	(void)store_act(store, &by_hand, 0, ACT_ANSWERED, &record, &gone);
	record = person(70);
	record.identity.type = ID_ANONYMOUS;
	change(store, registered(store, record), ACT_CHANGED, person(71));
	assert_sound(store);
	assert_sound(reopened(*state));
}

static void what_a_batch_under_way_has_written_is_no_damage(void **state)
{
	struct store *store = five(state);
	struct store_batch_result result;
	struct store_sound *sound = NULL;
	bool is_done = false;

	assert_int_equal(store_sound_begin(store, &sound), 0);
	assert_int_equal(store_sound_step(sound, 2, &is_done), 0);
	assert_int_equal(store_batch_begin(store, AT, "anna", "fil.csv"), 0);
	for (size_t i = 6; i < 5000; i++) {
		struct record record = person(i);

		assert_int_equal(store_batch_add(store, &record, false), 0);
	}
	assert_sound(store);
	assert_int_equal(store_batch_end(store, &result), 0);
	while (!is_done)
		assert_int_equal(store_sound_step(sound, 2, &is_done), 0);
	assert_int_equal(store_sound_tables(sound), 0);
	assert_int_equal(sound->flaws_n, 0);
	store_sound_free(&sound);
	assert_sound(store);
}

/* One who was looked at may change before the tables are. */
static void who_changes_meanwhile_is_no_damage(void **state)
{
	struct store *store = five(state);
	struct store_sound *sound = NULL;
	bool is_done = false;

	assert_int_equal(store_sound_begin(store, &sound), 0);
	assert_int_equal(store_sound_step(sound, 100, &is_done), 0);
	assert_true(is_done);
	change(store, 2, ACT_CORRECTED, person(22));
	change(store, 3, ACT_CHANGED, withdrawn(person(3)));
	(void)registered(store, person(6));
	assert_int_equal(store_sound_tables(sound), 0);
	assert_int_equal(sound->flaws_n, 0);
	store_sound_free(&sound);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_PLACE(an_index_entry_that_is_gone_is_missed),
		IN_A_PLACE(an_index_entry_that_leads_to_another_is_found_at_both),
		IN_A_PLACE(an_entry_that_leads_to_nobody_is_found),
		IN_A_PLACE(an_entry_that_lies_elsewhere_does_not_open),
		IN_A_PLACE(a_key_that_is_gone_or_another_s_is_found),
		IN_A_PLACE(a_person_s_row_that_is_gone_or_another_s_is_found),
		IN_A_PLACE(a_row_of_yesterday_is_found),
		IN_A_PLACE(acts_that_lie_elsewhere_are_found),
		IN_A_PLACE(the_look_up_of_who_was_condensed_is_missed),
		IN_A_PLACE(whatever_life_a_person_leads_is_no_damage),
		IN_A_PLACE(what_a_batch_under_way_has_written_is_no_damage),
		IN_A_PLACE(who_changes_meanwhile_is_no_damage),
	};

	return cmocka_run_group_tests(tests, read_mia, forget_mia);
}
