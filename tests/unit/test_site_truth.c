/* A site's own figures and the checks that hold them together. */
#include "daemon/site/proof.h"

#include "fixture_site.h"
#include "proto/programme_find.h"

#include <errno.h>

#define ESF "esf2014"

static const struct period_range YEAR = {MONTH(2018, 1), MONTH(2018, 12)};

static int32_t day_of(int year, int month, int day)
{
	return date_from_civil(year, month, day);
}

static int32_t code(const struct programme *mia, enum record_field field, const char *id)
{
	const struct programme_code *found =
		programme_code_by_id(programme_list(mia, record_row(field)->list), id);

	assert_non_null(found);
	return found->number;
}

/* A woman of 28, long-term unemployed, who entered in March 2018. */
static struct store_person *woman(const struct programme *mia)
{
	struct store_person *person = calloc(1, sizeof(*person));
	struct record *record = &person->record;

	assert_non_null(person);
	store_person_clear(person);
	record->identity.type = ID_LOCAL;
	record->value[FIELD_sex] = code(mia, FIELD_sex, "woman");
	record->value[FIELD_birth_date] = day_of(1990, 3, 12);
	record->value[FIELD_entry_date] = day_of(2018, 3, 20);
	record->value[FIELD_education] = code(mia, FIELD_education, "compulsory");
	record->value[FIELD_labour] = code(mia, FIELD_labour, "longterm");
	return person;
}

static struct truth *truth_of(const struct programme *mia)
{
	struct truth *truth = NULL;
	struct fault fault;

	assert_int_equal(truth_new(mia, FIRST, YEAR, &truth, &fault), 0);
	return truth;
}

static uint64_t count(const struct truth *truth, enum truth_type type, size_t index, size_t part)
{
	int row = truth_find(truth, type, index, part);

	assert_true(row >= 0);
	return truth_sum(truth, (size_t)row, YEAR);
}

static size_t indicator(const struct programme *mia, const char *id)
{
	int index = programme_indicator_index(mia, id);

	assert_true(index >= 0);
	return (size_t)index;
}

static size_t pack(const struct programme *mia)
{
	int index = programme_pack_index(mia, ESF);

	assert_true(index >= 0);
	return (size_t)index;
}

static void a_person_counts_in_measures_indicators_and_the_packs_cut(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	size_t entered_index = (size_t)programme_measure_index(mia, "entered");

	assert_int_equal(truth_visit(truth, person), 0);
	assert_int_equal(count(truth, TRUTH_MEASURE, entered_index, 0), 1);
	assert_int_equal(count(truth, TRUTH_TOTAL, pack(mia), KIND_ENTERED), 1);
	assert_int_equal(count(truth, TRUTH_COMPLETE, pack(mia), KIND_ENTERED), 1);
	assert_int_equal(count(truth, TRUTH_TOTAL, pack(mia), KIND_LEFT), 0);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 0), 1);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co02"), 0), 1);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co03"), 0), 0);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 1), 1);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 2), 0);
}

static void who_is_not_complete_counts_in_the_total_only(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);

	person->record.value[FIELD_education] = code(mia, FIELD_education, "unknown");
	assert_int_equal(truth_visit(truth, person), 0);
	assert_int_equal(count(truth, TRUTH_TOTAL, pack(mia), KIND_ENTERED), 1);
	assert_int_equal(count(truth, TRUTH_COMPLETE, pack(mia), KIND_ENTERED), 0);
	assert_int_equal(count(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 0), 0);
}

static void an_event_counts_in_its_month_alone(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	size_t row;

	assert_int_equal(truth_visit(truth, person), 0);
	row = (size_t)truth_find(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 0);
	for (uint32_t month = YEAR.first - 1; month <= YEAR.last + 1; month++)
		assert_int_equal(truth_sum(truth, row, (struct period_range){month, month}),
				 month == MONTH(2018, 3));
}

static void who_became_anonymous_counts_as_was_told(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	size_t applied = (size_t)programme_measure_index(mia, "applied");

	record_clear(&person->record);
	person->record.identity.type = ID_ANONYMOUS;
	person->contributions[person->contributions_n++] = (struct book_event){
		.entry = {.measure = (uint16_t)applied, .period = MONTH(2018, 2)}, .seq = 1};
	assert_int_equal(truth_visit(truth, person), 0);
	assert_int_equal(count(truth, TRUTH_MEASURE, applied, 0), 1);
}

static void what_is_counted_by_a_sample_is_not_collected_here(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	int sampled = truth_find(truth, TRUTH_INDICATOR, indicator(mia, "co18"), 0);
	int counted = truth_find(truth, TRUTH_INDICATOR, indicator(mia, "co01"), 0);

	assert_false(truth_is_collected(truth, (size_t)sampled, YEAR));
	assert_true(truth_is_collected(truth, (size_t)counted, YEAR));
}

/* ---- checks ---- */

/* The programme with one check alone, of one term a side. */
struct checked {
	struct programme programme;
	struct programme_pack packs[PROGRAMME_PACKS_MAX];
	struct programme_term left, right;
	struct programme_check check;
};

static void set_check(const struct programme *mia, const char *left, const char *right,
		      struct checked *ret_checked)
{
	struct checked *set = ret_checked;

	*set = (struct checked){.programme = *mia};
	memcpy(set->packs, mia->packs, mia->packs_n * sizeof(mia->packs[0]));
	set->left = (struct programme_term){TERM_INDICATOR, (uint16_t)indicator(mia, left)};
	set->right = (struct programme_term){TERM_INDICATOR, (uint16_t)indicator(mia, right)};
	set->check = (struct programme_check){.text = "a <= b",
					      .left = &set->left,
					      .left_n = 1,
					      .right = &set->right,
					      .right_n = 1,
					      .span = {INT32_MIN, INT32_MAX}};
	for (size_t i = 0; i < mia->packs_n; i++)
		set->packs[i].checks_n = 0;
	set->packs[pack(mia)].checks = &set->check;
	set->packs[pack(mia)].checks_n = 1;
	set->programme.packs = set->packs;
}

static void the_programmes_own_checks_hold(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	struct proof_breach breach;

	assert_true(mia->packs[pack(mia)].checks_n > 5);
	assert_int_equal(truth_visit(truth, person), 0);
	assert_false(proof_judge(truth, mia, YEAR.last, &breach));
}

static void a_check_of_one_kind_is_grave_and_one_between_kinds_is_not(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	struct proof_breach breach;
	struct checked checked;

	assert_int_equal(truth_visit(truth, person), 0);
	set_check(mia, "co01", "co03", &checked);
	assert_true(proof_judge(truth, &checked.programme, YEAR.last, &breach));
	assert_ptr_equal(breach.check, &checked.check);
	assert_true(breach.is_grave);
	set_check(mia, "co01", "cr01", &checked);
	assert_true(proof_judge(truth, &checked.programme, YEAR.last, &breach));
	assert_false(breach.is_grave);
	set_check(mia, "co03", "co01", &checked);
	assert_false(proof_judge(truth, &checked.programme, YEAR.last, &breach));
}

static void a_check_is_asked_of_figures_up_to_its_month(void **state)
{
	const struct programme *mia = ((struct stage *)*state)->mia;
	own(truth_free) struct truth *truth = truth_of(mia);
	own(mem_free) struct store_person *person = woman(mia);
	struct proof_breach breach;
	struct checked checked;

	set_check(mia, "co01", "co03", &checked);
	assert_int_equal(truth_visit(truth, person), 0);
	assert_false(proof_judge(truth, &checked.programme, MONTH(2018, 2), &breach));
	assert_true(proof_judge(truth, &checked.programme, MONTH(2018, 3), &breach));
}

/* ---- before a closing ---- */

static void enter_woman(struct stage *stage)
{
	const struct store_origin origin = {.at = BEGIN, .operator_name = "anna"};
	own(mem_free) struct store_person *person = woman(stage->mia);
	uint64_t id = 0;

	person->record.value[FIELD_entry_date] = day_of(2017, 4, 3);
	(void)snprintf(person->record.identity.local_id, RECORD_TEXT_BYTES, "W%zu",
		       ++stage->persons);
	assert_int_equal(store_act(stage->parts.store, &origin, 0, ACT_REGISTERED, &person->record,
				   &id),
			 0);
}

static void a_month_whose_figures_hold_closes(void **state)
{
	struct stage *stage = *state;
	own(proof_free) struct proof *proof = NULL;
	uint32_t period = 0;

	enter_woman(stage);
	assert_int_equal(proof_close(&proof, &stage->parts.closing,
				     calendar_cutoff(stage->mia, FIRST), 0, &period),
			 0);
	assert_int_equal(period, FIRST);
	assert_null(stage->parts.closing.breach);
}

static void nothing_is_sealed_when_figures_contradict_one_another(void **state)
{
	struct stage *stage = *state;
	struct closing *closing = &stage->parts.closing;
	int64_t at = calendar_cutoff(stage->mia, FIRST);
	own(proof_free) struct proof *proof = NULL;
	struct checked checked;
	uint32_t period = 0;
	uint64_t events;

	enter_woman(stage);
	set_check(stage->mia, "co01", "co03", &checked);
	closing->programme = &checked.programme;
	assert_int_equal(proof_close(&proof, closing, at, 0, &period), -ECANCELED);
	assert_ptr_equal(closing->breach, &checked.check);
	assert_true(closing->is_stopped);
	assert_int_equal(outbox_last(stage->parts.outbox), 0);
	assert_last_event(stage, "check_failed period=2017-04 pack=" ESF " check=1");
	events = store_audit_count(stage->parts.store);
	assert_int_equal(proof_close(&proof, closing, at, 0, &period), -ECANCELED);
	assert_int_equal(store_audit_count(stage->parts.store), events);
	/* An operator may close it as it is. */
	assert_int_equal(closing_close(closing, at, 0, &period), 0);
	closing->programme = stage->mia;
}

static void a_check_between_kinds_is_told_and_stops_nothing(void **state)
{
	struct stage *stage = *state;
	struct closing *closing = &stage->parts.closing;
	own(proof_free) struct proof *proof = NULL;
	struct checked checked;
	uint32_t period = 0;

	enter_woman(stage);
	set_check(stage->mia, "co01", "cr01", &checked);
	closing->programme = &checked.programme;
	assert_int_equal(proof_close(&proof, closing, calendar_cutoff(stage->mia, FIRST), 0,
				     &period),
			 0);
	assert_ptr_equal(closing->breach, &checked.check);
	assert_false(closing->is_stopped);
	closing->programme = stage->mia;
}

static void figures_are_proven_anew_after_a_change(void **state)
{
	struct stage *stage = *state;
	struct closing *closing = &stage->parts.closing;
	int64_t at = calendar_cutoff(stage->mia, FIRST);
	own(proof_free) struct proof *proof = NULL;
	struct checked checked;
	uint32_t period = 0;

	set_check(stage->mia, "co01", "co03", &checked);
	closing->programme = &checked.programme;
	assert_int_equal(proof_close(&proof, closing, at, 0, &period), 0);
	enter_woman(stage);
	at = calendar_cutoff(stage->mia, FIRST + 1);
	assert_int_equal(proof_close(&proof, closing, at, 0, &period), -ECANCELED);
	closing->programme = stage->mia;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
	const struct CMUnitTest tests[] = {
		TEST(a_person_counts_in_measures_indicators_and_the_packs_cut),
		TEST(who_is_not_complete_counts_in_the_total_only),
		TEST(an_event_counts_in_its_month_alone),
		TEST(who_became_anonymous_counts_as_was_told),
		TEST(what_is_counted_by_a_sample_is_not_collected_here),
		TEST(the_programmes_own_checks_hold),
		TEST(a_check_of_one_kind_is_grave_and_one_between_kinds_is_not),
		TEST(a_check_is_asked_of_figures_up_to_its_month),
		TEST(a_month_whose_figures_hold_closes),
		TEST(nothing_is_sealed_when_figures_contradict_one_another),
		TEST(a_check_between_kinds_is_told_and_stops_nothing),
		TEST(figures_are_proven_anew_after_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
