#include "daemon/site/change.h"
#include "daemon/site/store_batch_row.h"
#include "tests/unit/fixture_store.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct record leaver(size_t i, int32_t reason)
{
	struct record record = person(i);

	record.value[FIELD_exit_date] = day(2018, 3, 5);
	record.value[FIELD_exit_reason] = reason;
	record.value[FIELD_result_date] = day(2018, 3, 6);
	return record;
}

static struct record answer(size_t i, int32_t power)
{
	struct record record;

	record_clear(&record);
	(void)snprintf(record.invitation, sizeof(record.invitation), "KOD%05zu", i);
	record.value[FIELD_survey_date] = day(2018, 2, 2);
	record.value[FIELD_power] = power;
	return record;
}

static void begin(struct store *store)
{
	assert_int_equal(store_batch_begin(store, AT, "anna", "april.csv"), 0);
}

static void add(struct store *store, struct record record)
{
	assert_int_equal(store_batch_add(store, &record, record.invitation[0] != '\0'), 0);
}

static struct store_batch_result ended(struct store *store)
{
	struct store_batch_result result = {0};

	assert_int_equal(store_batch_end(store, &result), 0);
	return result;
}

static struct store_batch_result imported(struct store *store, size_t from, size_t n)
{
	begin(store);
	for (size_t i = from; i < from + n; i++)
		add(store, person(i));
	return ended(store);
}

static bool is_known(struct store *store, size_t i)
{
	struct record record = person(i);
	uint64_t id;

	return store_find(store, &record, &id);
}

static int64_t waiting(struct store *store, const char *measure)
{
	return balance(store, measure, 0).waiting;
}

static uint64_t rows(struct safe *safe, unsigned table)
{
	struct safe_txn txn;
	uint64_t n;

	safe_read(safe, &txn);
	n = safe_count(&txn, table);
	safe_abort(&txn);
	return n;
}

/* Nothing in the tables that the head does not account for. */
static void assert_nothing_beyond(struct store *store, uint64_t index_n)
{
	assert_int_equal(rows(store->records, STORE_LOG), store->head.seq);
	assert_int_equal(rows(store->records, STORE_PERSON), store->head.next_person - 1);
	assert_int_equal(rows(store->keys, STORE_KEY), store->head.next_person - 1);
	assert_int_equal(rows(store->records, STORE_INDEX), index_n);
}

/* ---- Opening ---- */

static void a_new_store_is_empty_and_remembers_what_it_is(void **state)
{
	struct place place;
	struct store *store;
	uint8_t head[SIGN_HASH_BYTES], zero[SIGN_HASH_BYTES] = {0};

	(void)state;
	make_place(&place);
	place.settings.is_rehearsal = false;
	store = opened(&place);
	assert_int_equal(store_head(store), 0);
	assert_int_equal(store_persons(store), 0);
	assert_int_equal(book_next(store_book(store)), first_period());
	assert_int_equal(book_last_closed(store_book(store)), 0);
	assert_true(store_is_rehearsal(store));
	store_audit_head(store, head);
	assert_memory_equal(head, zero, sizeof(head));
	store_close(&store);
	assert_null(store);
	assert_int_equal(store_create(&place.settings, first_period(), NULL), -EEXIST);
	remove_place(&place);
}

static void a_store_is_opened_once(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place), *second = NULL;

	assert_int_equal(store_open(&place->settings, &second, NULL), -EBUSY);
	assert_null(second);
	(void)imported(store, 0, 1); /* the first still works */
}

static void assert_refused(const struct store_settings *settings, const char *code)
{
	struct store *store = NULL;
	struct fault fault = {0};

	assert_int_equal(store_open(settings, &store, &fault), -EBADMSG);
	assert_null(store);
	assert_string_equal(fault.code, code);
	assert_string_not_equal(fault.remedy, "");
}

static void another_key_owner_or_programme_is_refused_with_a_reason(void **state)
{
	static const uint8_t other_key[VAULT_KEY_BYTES] = {9};
	struct place place;
	struct store_settings settings;
	struct programme other = *mia;
	struct store *store;

	(void)state;
	make_place(&place);
	settings = place.settings;
	settings.vault_key = other_key;
	assert_refused(&settings, "S003");
	settings = place.settings;
	settings.owner = "varna";
	assert_refused(&settings, "S010");
	settings = place.settings;
	other.case_number = "2024/00001";
	settings.programme = &other;
	assert_refused(&settings, "S011");
	store = opened(&place);
	store_close(&store);
	remove_place(&place);
}

static void keys_of_another_store_are_refused(void **state)
{
	struct place one, two;
	char from[128], to[128];

	(void)state;
	make_place(&one);
	make_place(&two);
	(void)snprintf(from, sizeof(from), "%s/keys/data.mdb", one.dir);
	(void)snprintf(to, sizeof(to), "%s/keys/data.mdb", two.dir);
	assert_int_equal(rename(from, to), 0);
	assert_refused(&two.settings, "S012");
	remove_place(&one);
	remove_place(&two);
}

/* ---- The single change ---- */

static void a_registered_person_is_there_after_a_restart(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_person found;
	struct record record = leaver(7, 1);
	uint64_t id, sought = 0;

	id = registered(store, record);
	store = reopened(place);
	assert_int_equal(store_persons(store), 1);
	assert_true(store_find(store, &record, &sought));
	assert_int_equal(sought, id);
	assert_int_equal(store_load(store, id, &found), 0);
	assert_false(change_differs(&found.record, &record));
	assert_string_equal(found.record.identity.local_id, "L000007");
	assert_int_equal(found.last_seq, 1);
	assert_int_equal(found.contributions_n, 3);
	assert_int_equal(waiting(store, "entered"), 1);
	assert_int_equal(store_load(store, id + 1, &found), -ENOENT);
}

static void a_person_is_the_fold_of_their_acts(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_person found, early;
	struct record record = person(1);
	uint64_t id;

	id = registered(store, record);
	record = leaver(1, 6);
	assert_int_equal(store_act(store, &by_hand, id, ACT_CHANGED, &record, &id), 0);
	record.value[FIELD_exit_reason] = 1;
	record.value[FIELD_interest_date] = RECORD_MISSING;
	assert_int_equal(store_act(store, &by_hand, id, ACT_CORRECTED, &record, &id), 0);
	/* Nothing changes: nothing is written. */
	assert_int_equal(store_act(store, &by_hand, id, ACT_CORRECTED, &record, &id), 0);
	assert_int_equal(store_head(store), 3);
	store = reopened(place);
	assert_int_equal(store_load(store, id, &found), 0);
	assert_false(change_differs(&found.record, &record));
	assert_int_equal(found.contributions_n, 2);
	for (size_t i = 0; i < found.contributions_n; i++) {
		bool is_exit =
			mia->measures[found.contributions[i].entry.measure].kind == KIND_LEFT;

		assert_int_equal(found.contributions[i].seq, is_exit ? 3 : 1);
	}
	assert_int_equal(store_load_at(store, id, 1, &early), 0);
	assert_int_equal(early.record.value[FIELD_exit_date], RECORD_MISSING);
	assert_int_equal(waiting(store, "applied"), 0);
	assert_int_equal(balance(store, "left", 0).waiting, 1);
	assert_int_equal(balance(store, "left", 2).waiting, 0);
}

static void the_same_person_is_not_registered_twice(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record one = person(1), two = person(2);
	uint64_t id, other, untouched = 99;

	id = registered(store, one);
	other = registered(store, two);
	assert_int_equal(store_act(store, &by_hand, 0, ACT_REGISTERED, &one, &untouched), -EEXIST);
	assert_int_equal(store_act(store, &by_hand, other, ACT_CORRECTED, &one, &untouched),
			 -EEXIST);
	assert_int_equal(store_act(store, &by_hand, 77, ACT_CHANGED, &one, &untouched), -ENOENT);
	assert_int_equal(untouched, 99);
	assert_int_equal(store_persons(store), 2);
	/* A corrected identity is found by its new number only. */
	one = person(3);
	assert_int_equal(store_act(store, &by_hand, id, ACT_CORRECTED, &one, &id), 0);
	assert_false(is_known(store, 1));
	assert_true(is_known(store, 3));
}

static void a_misregistered_person_counts_nowhere(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = person(1);
	uint64_t id;

	id = registered(store, record);
	assert_int_equal(store_act(store, &by_hand, id, ACT_MISREGISTERED, &record, &id), 0);
	assert_int_equal(store_persons(store), 0);
	assert_int_equal(waiting(store, "entered"), 0);
	assert_int_equal(store_act(store, &by_hand, id, ACT_CORRECTED, &record, &id), 0);
	assert_int_equal(store_persons(store), 1);
	assert_int_equal(waiting(store, "entered"), 1);
}

static void an_answer_is_no_person(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = answer(1, 5);
	uint64_t id = 0;

	assert_int_equal(store_act(store, &by_hand, 0, ACT_ANSWERED, &record, &id), 0);
	record.value[FIELD_power] = 2;
	assert_int_equal(store_act(store, &by_hand, id, ACT_CORRECTED, &record, &id), 0);
	assert_int_equal(store_persons(store), 0);
	assert_int_equal(balance(store, "answered", 0).waiting, 0);
	assert_int_equal(balance(store, "answered", 1).waiting, 1);
}

static void of_the_anonymous_only_the_look_up_remains(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = person(5);
	struct store_person found;
	uint64_t id;

	record.identity.type = ID_ANONYMOUS;
	id = registered(store, record);
	assert_int_equal(store_load(store, id, &found), 0);
	assert_string_equal(found.record.identity.local_id, "");
	assert_true(store_find(store, &record, &id));
	begin(store);
	assert_int_equal(store_batch_look(store, &record, &id), 0);
	store_batch_abort(store);
}

static void nothing_of_a_person_lies_in_the_clear(void **state)
{
	static const char *const files[] = {"records/data.mdb", "keys/data.mdb"};
	struct place place;
	struct store *store;
	struct record record = person(1);

	(void)state;
	make_place(&place);
	store = opened(&place);
	record.identity.type = ID_PERSONNUMMER;
	strcpy(record.identity.number, "197603122388");
	strcpy(record.identity.name, "Prov Provsson");
	(void)registered(store, record);
	begin(store);
	add(store, leaver(2, 1));
	(void)ended(store);
	store_close(&store);
	for (size_t i = 0; i < array_n(files); i++) {
		struct buf content = {0};
		char path[128];

		(void)snprintf(path, sizeof(path), "%s/%s", place.dir, files[i]);
		assert_int_equal(file_read(path, 64 << 20, &content), 0);
		assert_null(memmem(content.data, content.n, "197603122388", 12));
		assert_null(memmem(content.data, content.n, "Provsson", 8));
		assert_null(memmem(content.data, content.n, "L000002", 7));
		assert_null(memmem(content.data, content.n, "anna", 4));
		assert_null(memmem(content.data, content.n, "april.csv", 9));
		buf_free(&content);
	}
	remove_place(&place);
}

static void a_damaged_act_is_refused_and_not_guessed_at(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = person(1);
	struct store_person found;
	struct safe_txn txn;
	uint8_t seq[8];
	uint64_t id;

	id = registered(store, record);
	safe_key_u64(1, seq);
	safe_write(store_safe(store), &txn);
	safe_put(&txn, STORE_LOG, seq, sizeof(seq), NULL, "junk", 4);
	assert_int_equal(safe_commit(&txn), 0);
	assert_int_equal(store_load(store, id, &found), -EBADMSG);
}

static void the_chain_is_over_the_sealed_log(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct safe_txn txn;
	uint8_t chain[SIGN_HASH_BYTES] = {0};

	for (size_t i = 0; i < 3; i++) {
		struct record record = person(i);

		(void)registered(store, record);
	}
	(void)imported(store, 2, 400);
	safe_read(store_safe(store), &txn);
	for (uint64_t seq = 1; seq <= store_head(store); seq++) {
		struct kv_bytes sealed;
		struct sign_hash hash;
		uint8_t key[8];

		safe_key_u64(seq, key);
		assert_true(safe_raw(&txn, STORE_LOG, key, sizeof(key), &sealed));
		sign_hash_start(&hash, "mia/1/log");
		sign_hash_part(&hash, chain, sizeof(chain));
		sign_hash_part(&hash, sealed.data, sealed.n);
		sign_hash_end(&hash, chain);
	}
	safe_abort(&txn);
	assert_memory_equal(chain, store->head.chain, sizeof(chain));
}

/* ---- Batches ---- */

static void a_batch_is_there_when_it_ends_and_not_before(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;
	struct store_batch_row row;

	begin(store);
	for (size_t i = 0; i < 1000; i++)
		add(store, person(i));
	assert_int_equal(store_persons(store), 0);
	assert_false(is_known(store, 1));
	assert_int_equal(waiting(store, "entered"), 0);
	result = ended(store);
	assert_int_equal(result.registered, 1000);
	assert_int_equal(result.changed, 0);
	assert_int_equal(store_persons(store), 1000);
	assert_int_equal(waiting(store, "entered"), 1000);
	store = reopened(place);
	assert_int_equal(store_persons(store), 1000);
	assert_int_equal(waiting(store, "entered"), 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_true(is_known(store, i));
	assert_nothing_beyond(store, 1000);
	assert_int_equal(store_batch_row_last(store), result.batch);
	assert_int_equal(store_batch_row_get(store, result.batch, &row), 0);
	assert_string_equal(row.file_name, "april.csv");
	assert_string_equal(row.operator_name, "anna");
	assert_int_equal(row.registered, 1000);
}

static void an_aborted_batch_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);

	(void)imported(store, 0, 10);
	begin(store);
	for (size_t i = 5; i < 1500; i++)
		add(store, leaver(i, 1));
	store_batch_abort(store);
	assert_nothing_beyond(store, 10);
	assert_int_equal(waiting(store, "entered"), 10);
	assert_int_equal(waiting(store, "left"), 0);
	assert_false(is_known(store, 1000));
	store = reopened(place);
	assert_nothing_beyond(store, 10);
	assert_int_equal(imported(store, 0, 20).registered, 10);
}

static void the_same_file_twice_changes_nothing(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;

	(void)imported(store, 0, 300);
	result = imported(store, 0, 300);
	assert_int_equal(result.batch, 0);
	assert_int_equal(result.registered, 0);
	assert_int_equal(result.changed, 0);
	assert_int_equal(result.unchanged, 300);
	assert_int_equal(store_head(store), 300);
	assert_int_equal(waiting(store, "entered"), 300);
}

static void the_same_person_twice_in_a_batch_is_told(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = person(3), other = leaver(3, 1);
	uint64_t id = 99;

	for (int trial = 0; trial < 2; trial++) {
		assert_int_equal(store_batch_begin(store, AT, "anna", trial ? NULL : "x.csv"), 0);
		assert_int_equal(store_batch_look(store, &record, &id), 1);
		assert_int_equal(id, 0);
		assert_int_equal(store_batch_add(store, &record, false), 0);
		assert_int_equal(store_batch_look(store, &other, &id), -EEXIST);
		assert_int_equal(store_batch_add(store, &other, false), -EEXIST);
		store_batch_abort(store);
	}
	/* Also one who is known and does not change. */
	(void)imported(store, 3, 1);
	begin(store);
	add(store, record);
	assert_int_equal(store_batch_look(store, &other, &id), -EEXIST);
	assert_int_equal(ended(store).unchanged, 1);
}

static void a_batch_knows_whom_the_store_knows(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record stored = person(3), given = leaver(3, 1), nobody = person(4), known;
	struct record namesake = answer(1, 5); /* an invitation that reads like a local id */

	(void)imported(store, 3, 1);
	(void)snprintf(namesake.invitation, sizeof(namesake.invitation), "%s",
		       stored.identity.local_id);
	begin(store);
	assert_int_equal(store_batch_who(store, &given, &known), LOOKUP_SOMEBODY);
	assert_false(change_differs(&known, &stored));
	assert_int_equal(store_batch_who(store, &namesake, &known), LOOKUP_NOBODY);
	assert_int_equal(store_batch_who(store, &nobody, &known), LOOKUP_NOBODY);
	add(store, nobody);
	assert_int_equal(store_batch_who(store, &given, &known), LOOKUP_SOMEBODY);
	add(store, given);
	assert_int_equal(ended(store).changed, 1);
	begin(store);
	assert_int_equal(store_batch_who(store, &stored, &known), LOOKUP_SOMEBODY);
	assert_false(change_differs(&known, &given));
}

static void a_trial_finds_what_the_batch_would_and_writes_nothing(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;

	(void)imported(store, 0, 10);
	assert_int_equal(store_batch_begin(store, AT, "anna", NULL), 0);
	add(store, person(0));
	add(store, leaver(1, 1));
	add(store, person(100));
	result = ended(store);
	assert_int_equal(result.batch, 0);
	assert_int_equal(result.registered, 1);
	assert_int_equal(result.changed, 1);
	assert_int_equal(result.unchanged, 1);
	assert_int_equal(store_head(store), 10);
	assert_nothing_beyond(store, 10);
	assert_int_equal(waiting(store, "entered"), 10);
}

static void a_row_is_the_whole_record_as_it_shall_be(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = leaver(1, 1), given;
	struct store_person found;
	uint64_t id;

	record.value[FIELD_works_type] = 1;
	id = registered(store, record);
	given = record;
	given.value[FIELD_exit_reason] = 6;
	given.value[FIELD_works_type] = RECORD_MISSING;
	begin(store);
	assert_int_equal(store_batch_look(store, &given, &id), 2);
	add(store, given);
	assert_int_equal(ended(store).changed, 1);
	assert_int_equal(store_load(store, id, &found), 0);
	assert_false(change_differs(&found.record, &given));
	assert_int_equal(found.record.value[FIELD_works_type], RECORD_MISSING);
	assert_int_equal(balance(store, "left", 0).waiting, 0);
	assert_int_equal(balance(store, "left", 2).waiting, 1);
}

static void only_the_single_change_waits_for_a_batch(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct record record = person(9000);
	struct safe_txn txn;
	uint64_t id = 0;

	(void)imported(store, 0, 6);
	begin(store);
	for (size_t i = 6; i < 700; i++)
		add(store, person(i));
	assert_int_equal(store_act(store, &by_hand, 0, ACT_REGISTERED, &record, &id), -EBUSY);
	assert_int_equal(store_batch_begin(store, AT, "bo", "other.csv"), -EBUSY);
	/* A period closes: of what is stored, and of that alone. */
	assert_int_equal(closed(store).cells[programme_measure_index(mia, "entered")][0].value, 6);
	safe_write(store_safe(store), &txn);
	store_audit(store, &txn, AT, "release_made n=1");
	assert_int_equal(safe_commit(&txn), 0);
	for (size_t i = 700; i < 1400; i++)
		add(store, person(i));
	assert_int_equal(ended(store).registered, 1394);
	store = reopened(place);
	assert_int_equal(balance(store, "entered", 0).published, 6);
	assert_int_equal(balance(store, "entered", 0).waiting, 1394);
	assert_int_equal(store_audit_count(store), 3);
	assert_int_equal(closed(store).cells[programme_measure_index(mia, "entered")][0].value,
			 1394);
}

/* ---- Undo ---- */

static void an_undone_batch_is_as_if_it_had_not_been(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result first, second;
	struct store_person found;
	struct record record = person(3);
	uint64_t id = 0, acts = 0;

	first = imported(store, 0, 8);
	begin(store);
	for (size_t i = 4; i < 12; i++)
		add(store, leaver(i, 1));
	second = ended(store);
	assert_int_equal(second.registered, 4);
	assert_int_equal(second.changed, 4);
	assert_int_equal(balance(store, "left", 0).waiting, 8);
	assert_int_equal(store_batch_undo(store, &by_hand, second.batch, &acts), 0);
	assert_int_equal(acts, 8);
	assert_int_equal(store_persons(store), 8);
	assert_int_equal(waiting(store, "entered"), 8);
	assert_int_equal(balance(store, "left", 0).waiting, 0);
	store = reopened(place);
	record = person(4);
	assert_true(store_find(store, &record, &id));
	assert_int_equal(store_load(store, id, &found), 0);
	assert_false(change_differs(&found.record, &record));
	/* What was taken back can be brought in again, as new. */
	begin(store);
	for (size_t i = 4; i < 12; i++)
		add(store, leaver(i, 1));
	second = ended(store);
	assert_int_equal(second.registered, 4);
	assert_int_equal(second.changed, 4);
	assert_int_equal(store_persons(store), 12);
	assert_int_equal(balance(store, "left", 0).waiting, 8);
	/* And taken back again. */
	assert_int_equal(store_batch_undo(store, &by_hand, second.batch, &acts), 0);
	assert_int_equal(store_persons(store), 8);
	assert_int_equal(store_batch_undo(store, &by_hand, first.batch, &acts), -ESTALE);
}

static void an_undo_is_refused_when_it_cannot_be_whole(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;
	struct record record = leaver(2, 1);
	uint64_t id = 0, acts = 99, head;

	result = imported(store, 0, 5);
	assert_int_equal(store_batch_undo(store, &by_hand, 0, &acts), -ENOENT);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch + 1, &acts), -ENOENT);
	assert_true(store_find(store, &record, &id));
	assert_int_equal(store_act(store, &by_hand, id, ACT_CHANGED, &record, &id), 0);
	head = store_head(store);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), -ESTALE);
	assert_int_equal(store_head(store), head);
	assert_int_equal(acts, 99);
	result = imported(store, 20, 5);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), 0);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), -EALREADY);
	assert_int_equal(store_batch_undo(store, &by_hand, store_batch_row_last(store), &acts),
			 -EALREADY);
}

static void what_was_published_is_corrected_after_an_undo_and_never_rewritten(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct store_batch_result result;
	uint64_t acts;

	result = imported(store, 0, 6);
	(void)closed(store);
	assert_int_equal(store_batch_undo(store, &by_hand, result.batch, &acts), 0);
	store = reopened(place);
	assert_int_equal(balance(store, "entered", 0).published, 6);
	assert_int_equal(balance(store, "entered", 0).corrections, -6);
	(void)imported(store, 0, 6);
	assert_int_equal(balance(store, "entered", 0).corrections, 0);
	assert_int_equal(balance(store, "entered", 0).waiting, 0);
}

/* ---- Faults ---- */

/* The child's part: imports and says how far it has come, until it is killed. */
static void import_and_tell(struct place *place, size_t n, int tell)
{
	struct store *store = opened(place);
	struct store_batch_result result;

	begin(store);
	for (size_t i = 0; i < n; i++) {
		add(store, i < 20 ? leaver(i, 1) : person(i));
		if (i % 50 == 0 && write(tell, ".", 1) != 1)
			_exit(2);
	}
	if (write(tell, "E", 1) != 1 || store_batch_end(store, &result) < 0 ||
	    write(tell, "D", 1) != 1)
		_exit(3);
	for (;;)
		(void)pause();
}

/* Kills a child after it has told so many times, or a little later. */
static void import_and_kill(struct place *place, size_t n, size_t tells, size_t later)
{
	int ends[2];
	pid_t child;
	char told;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]);
		import_and_tell(place, n, ends[1]);
	}
	(void)close(ends[1]);
	for (size_t i = 0; i < tells; i++)
		assert_int_equal(read(ends[0], &told, 1), 1);
	for (volatile size_t i = 0; i < later; i++)
		continue;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	(void)close(ends[0]);
}

static void a_kill_at_any_moment_leaves_all_of_a_batch_or_nothing(void **state)
{
	enum { N = 3000, TELLS = N / 50 };
	size_t whole = 0;

	(void)state;
	for (size_t round = 0; round < 24; round++) {
		struct place place;
		struct store *store;
		/* Sixteen times among the adds, eight times about the end. */
		size_t tells = round < 16 ? 1 + round * TELLS / 16 : TELLS + 1 + (round == 23);
		bool is_whole;

		make_place(&place);
		store = opened(&place);
		(void)imported(store, 0, 20);
		store_close(&store);
		import_and_kill(&place, N, tells, round < 16 ? 0 : (round - 16) * 3000000);
		store = opened(&place);
		is_whole = store_persons(store) == N;
		whole += is_whole;
		assert_true(is_whole || store_persons(store) == 20);
		assert_nothing_beyond(store, is_whole ? N : 20);
		assert_int_equal(waiting(store, "entered"), is_whole ? N : 20);
		assert_int_equal(balance(store, "left", 0).waiting, is_whole ? 20 : 0);
		assert_int_equal(store_batch_row_last(store), is_whole ? 2 : 1);
		/* And the import can be made again. */
		(void)imported(store, 0, N);
		assert_int_equal(store_persons(store), N);
		store_close(&store);
		remove_place(&place);
	}
	assert_true(whole > 0 && whole < 24);
}

/* No file of this process may grow any more. */
static struct rlimit limit_growth(const struct place *place)
{
	struct rlimit before, now;
	struct buf content = {0};
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/records/data.mdb", place->dir);
	assert_int_equal(file_read(path, 64 << 20, &content), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	now = before;
	now.rlim_cur = content.n;
	buf_free(&content);
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
	return before;
}

static void a_full_disk_stops_a_batch_and_loses_nothing(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct rlimit before;
	struct store_batch_result result;
	struct record record;
	int error = 0;

	(void)imported(store, 0, 100);
	before = limit_growth(place);
	begin(store);
	for (size_t i = 50; i < 20000 && error == 0; i++) {
		record = leaver(i, 1);
		error = store_batch_add(store, &record, false);
	}
	assert_int_equal(error, -ENOSPC);
	assert_int_equal(store_batch_end(store, &result), -ENOSPC);
	assert_int_equal(store_persons(store), 100);
	assert_int_equal(waiting(store, "entered"), 100);
	assert_int_equal(waiting(store, "left"), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	store = reopened(place);
	assert_nothing_beyond(store, 100);
	assert_int_equal(imported(store, 0, 5000).registered, 4900);
}

static void a_full_disk_stops_a_single_change_and_loses_nothing(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct rlimit before;
	struct record record;
	size_t n = 0;
	uint64_t id;
	int error = 0;

	before = limit_growth(place);
	for (; n < 20000 && error == 0; n++) {
		record = person(n);
		error = store_act(store, &by_hand, 0, ACT_REGISTERED, &record, &id);
	}
	n--;
	assert_int_equal(error, -ENOSPC);
	assert_int_equal(store_persons(store), n);
	assert_int_equal(waiting(store, "entered"), n);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	record = person(n);
	assert_int_equal(store_act(store, &by_hand, 0, ACT_REGISTERED, &record, &id), 0);
	store = reopened(place);
	assert_int_equal(store_persons(store), n + 1);
	assert_int_equal(waiting(store, "entered"), n + 1);
	assert_nothing_beyond(store, n + 1);
}

/* ---- Audit ---- */

/* As an auditor does who has the events: the chain from its root. */
static void follow_audit(struct store *store, uint8_t ret_head[static SIGN_HASH_BYTES])
{
	memset(ret_head, 0, SIGN_HASH_BYTES);
	for (uint64_t n = 1; n <= store_audit_count(store); n++) {
		own(buf_free) struct buf text = {0};
		struct store_event event;
		struct sign_hash hash;

		assert_int_equal(store_audit_read(store, n, &event, &text), 0);
		sign_hash_start(&hash, "mia/1/audit");
		sign_hash_part(&hash, ret_head, SIGN_HASH_BYTES);
		sign_hash_part_u64(&hash, (uint64_t)event.at);
		sign_hash_part(&hash, text.data, text.n);
		sign_hash_part(&hash, event.salt, sizeof(event.salt));
		sign_hash_end(&hash, ret_head);
	}
}

static void events_are_chained_in_the_callers_transaction(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	struct safe_txn txn;
	struct store_event event = {0};
	struct buf text = {0};
	uint8_t head[SIGN_HASH_BYTES], expected[SIGN_HASH_BYTES];

	safe_write(store_safe(store), &txn);
	store_audit(store, &txn, AT, "dropped");
	safe_abort(&txn);
	assert_int_equal(store_audit_count(store), 0);
	safe_write(store_safe(store), &txn);
	store_audit(store, &txn, AT, "first");
	store_audit(store, &txn, AT + 1, "second key=value");
	assert_int_equal(safe_commit(&txn), 0);
	store = reopened(place);
	store_audit_head(store, head);
	follow_audit(store, expected);
	assert_memory_equal(head, expected, sizeof(head));
	assert_int_equal(store_audit_read(store, 2, &event, &text), 0);
	assert_int_equal(event.at, AT + 1);
	assert_string_equal(buf_text(&text), "second key=value");
	assert_int_equal(store_audit_read(store, 3, &event, &text), -ENOENT);
	buf_free(&text);
}

/* The head leaves the house: with known texts at known moments it must tell nothing. */
static void the_audit_head_cannot_be_guessed_from_the_events(void **state)
{
	uint8_t heads[2][SIGN_HASH_BYTES];
	struct place place;
	struct store *store;
	struct safe_txn txn;

	(void)state;
	for (size_t i = 0; i < array_n(heads); i++) {
		make_place(&place);
		store = opened(&place);
		safe_write(store_safe(store), &txn);
		store_audit(store, &txn, AT, "batch_stored batch=1");
		assert_int_equal(safe_commit(&txn), 0);
		store_audit_head(store, heads[i]);
		store_close(&store);
		remove_place(&place);
	}
	assert_memory_not_equal(heads[0], heads[1], SIGN_HASH_BYTES);
}

/* ---- Everything together ---- */

static uint64_t random_state = 42;

/* splitmix64 (Steele, Lea, Flood 2014). */
static size_t draw(size_t below)
{
	uint64_t z = random_state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return (size_t)((z ^ (z >> 31)) % below);
}

static struct record some_record(void)
{
	size_t i = draw(60);
	struct record record;

	if (draw(4) == 0) {
		record = answer(i, 1 + (int32_t)draw(5));
		return record;
	}
	record = draw(2) == 0 ? person(i) : leaver(i, 1 + (int32_t)draw(15));
	record.value[FIELD_entry_date] += (int32_t)draw(200);
	return record;
}

static void change_by_hand(struct store *store)
{
	struct record record = some_record();
	uint64_t id = 0;
	enum store_act act = ACT_CORRECTED;

	if (!store_find(store, &record, &id))
		act = record.invitation[0] != '\0' ? ACT_ANSWERED : ACT_REGISTERED;
	else if (draw(8) == 0)
		act = ACT_MISREGISTERED;
	assert_int_equal(store_act(store, &by_hand, id, act, &record, &id), 0);
}

static void import_some(struct store *store)
{
	begin(store);
	for (size_t i = draw(30); i > 0; i--) {
		struct record record = some_record();
		int error = store_batch_add(store, &record, record.invitation[0] != '\0');

		assert_true(error == 0 || error == -EEXIST);
	}
	if (draw(5) == 0)
		store_batch_abort(store);
	else
		(void)ended(store);
}

/* A recount of the records as they stand is what is published, waits, and waits for correction. */
static void assert_truth(struct store *store)
{
	int64_t truth[PROGRAMME_MEASURES_MAX][PROGRAMME_CELLS_MAX] = {0};

	for (uint64_t id = 1; id < store->head.next_person; id++) {
		struct store_person found;
		struct tally tally = {0};

		assert_int_equal(store_load(store, id, &found), 0);
		if (found.is_answer && !found.is_misregistered)
			tally_answer(store->plan, &found.record, &tally);
		else if (!found.is_misregistered)
			tally_record(store->plan, &found.record, &tally);
		for (size_t i = 0; i < tally.n; i++)
			truth[tally.entries[i].measure][tally.entries[i].cell]++;
		store_person_wipe(&found);
	}
	for (size_t m = 0; m < mia->measures_n; m++) {
		for (size_t c = 0; c < mia->measures[m].cells_n; c++) {
			struct book_balance found;

			book_balance(store_book(store), m, c, &found);
			assert_int_equal(truth[m][c],
					 found.published + found.waiting + found.corrections);
		}
	}
}

static void through_any_life_truth_is_published_and_waiting(void **state)
{
	struct place *place = *state;
	struct store *store = opened(place);
	uint64_t acts;

	for (size_t round = 0; round < 150; round++) {
		size_t what = draw(8);

		if (what < 3)
			change_by_hand(store);
		else if (what < 5)
			import_some(store);
		else if (what == 5)
			(void)store_batch_undo(store, &by_hand, store_batch_row_last(store), &acts);
		else if (what == 6)
			(void)closed(store);
		else
			store = reopened(place);
		if (round % 10 == 0)
			assert_truth(store);
	}
	assert_truth(store);
	assert_true(book_last_closed(store_book(store)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_store_is_empty_and_remembers_what_it_is),
		IN_A_PLACE(a_store_is_opened_once),
		cmocka_unit_test(another_key_owner_or_programme_is_refused_with_a_reason),
		cmocka_unit_test(keys_of_another_store_are_refused),
		IN_A_PLACE(a_registered_person_is_there_after_a_restart),
		IN_A_PLACE(a_person_is_the_fold_of_their_acts),
		IN_A_PLACE(the_same_person_is_not_registered_twice),
		IN_A_PLACE(a_misregistered_person_counts_nowhere),
		IN_A_PLACE(an_answer_is_no_person),
		IN_A_PLACE(of_the_anonymous_only_the_look_up_remains),
		cmocka_unit_test(nothing_of_a_person_lies_in_the_clear),
		IN_A_PLACE(a_damaged_act_is_refused_and_not_guessed_at),
		IN_A_PLACE(the_chain_is_over_the_sealed_log),
		IN_A_PLACE(a_batch_is_there_when_it_ends_and_not_before),
		IN_A_PLACE(an_aborted_batch_leaves_nothing),
		IN_A_PLACE(the_same_file_twice_changes_nothing),
		IN_A_PLACE(the_same_person_twice_in_a_batch_is_told),
		IN_A_PLACE(a_batch_knows_whom_the_store_knows),
		IN_A_PLACE(a_trial_finds_what_the_batch_would_and_writes_nothing),
		IN_A_PLACE(a_row_is_the_whole_record_as_it_shall_be),
		IN_A_PLACE(only_the_single_change_waits_for_a_batch),
		IN_A_PLACE(an_undone_batch_is_as_if_it_had_not_been),
		IN_A_PLACE(an_undo_is_refused_when_it_cannot_be_whole),
		IN_A_PLACE(what_was_published_is_corrected_after_an_undo_and_never_rewritten),
		cmocka_unit_test(a_kill_at_any_moment_leaves_all_of_a_batch_or_nothing),
		IN_A_PLACE(a_full_disk_stops_a_batch_and_loses_nothing),
		IN_A_PLACE(a_full_disk_stops_a_single_change_and_loses_nothing),
		IN_A_PLACE(events_are_chained_in_the_callers_transaction),
		cmocka_unit_test(the_audit_head_cannot_be_guessed_from_the_events),
		IN_A_PLACE(through_any_life_truth_is_published_and_waiting),
	};

	return cmocka_run_group_tests(tests, read_mia, forget_mia);
}
