#include "daemon/site/proof.h"

#include "daemon/site/calendar.h"
#include "daemon/site/store.h"
#include "lib/date.h"
#include "lib/own.h"

#include <errno.h>
#include <stdio.h>

#define SLICE 2000 /* persons: some tens of milliseconds */
#define NONE (-1)

struct proof {
	struct truth *truth; /* owned */
	uint64_t head; /* log entry the walk began at */
	uint64_t after;
	uint32_t last; /* month */
	bool is_done;
};

void proof_free(struct proof **proof)
{
	if (*proof == NULL)
		return;
	truth_free(&(*proof)->truth);
	free(*proof);
	*proof = NULL;
}

/* ---- judging ---- */

/* The kind of the indicators among terms: KIND_N when there are none, NONE when they differ. */
static int kind_of(const struct programme *programme, const struct programme_term terms[], size_t n,
		   int kind)
{
	for (size_t i = 0; i < n; i++) {
		int other;

		if (terms[i].type != TERM_INDICATOR)
			continue;
		other = (int)programme->indicators[terms[i].indicator].kind;
		if (kind != KIND_N && kind != other)
			return NONE;
		kind = other;
	}
	return kind;
}

static int kind_of_check(const struct programme *programme, const struct programme_check *check)
{
	int kind = kind_of(programme, check->left, check->left_n, KIND_N);

	return kind == NONE ? NONE : kind_of(programme, check->right, check->right_n, kind);
}

/* A total beside indicators of several kinds is that of the first. */
static int first_kind(const struct programme *programme, const struct programme_check *check)
{
	int kind = kind_of_check(programme, check);

	for (size_t i = 0; i < check->left_n && kind == NONE; i++)
		if (check->left[i].type == TERM_INDICATOR)
			kind = (int)programme->indicators[check->left[i].indicator].kind;
	return kind;
}

/* What terms are checked on. */
struct ground {
	const struct truth *truth;
	const struct programme *programme;
	struct period_range range;
	size_t pack;
	int kind; /* of totals */
};

static int row_of(const struct ground *ground, const struct programme_term *term)
{
	if (term->type == TERM_INDICATOR)
		return truth_find(ground->truth, TRUTH_INDICATOR, term->indicator, 0);
	return truth_find(ground->truth, term->type == TERM_TOTAL ? TRUTH_TOTAL : TRUTH_COMPLETE,
			  ground->pack, (size_t)ground->kind);
}

/* The sum of the terms; false when one of them is not collected, or nothing says of what kind. */
static bool sum_of(const struct ground *ground, const struct programme_term terms[], size_t n,
		   uint64_t *ret_sum)
{
	*ret_sum = 0;
	for (size_t i = 0; i < n; i++) {
		int row = row_of(ground, &terms[i]);

		if (row < 0 || !truth_is_collected(ground->truth, (size_t)row, ground->range))
			return false;
		*ret_sum += truth_sum(ground->truth, (size_t)row, ground->range);
	}
	return true;
}

static bool does_hold(const struct ground *ground, const struct programme_check *check)
{
	uint64_t left, right;

	if (!sum_of(ground, check->left, check->left_n, &left) ||
	    !sum_of(ground, check->right, check->right_n, &right))
		return true;
	return check->is_equal ? left == right : left <= right;
}

/* Takes a check that fails over one found before, when it is graver. */
static bool judge_pack(struct ground *ground, const struct programme_pack *pack,
		       struct proof_breach *breach)
{
	for (size_t i = 0; i < pack->checks_n && !breach->is_grave; i++) {
		const struct programme_check *check = &pack->checks[i];
		bool is_grave = kind_of_check(ground->programme, check) != NONE;

		ground->kind = first_kind(ground->programme, check);
		if ((breach->check != NULL && !is_grave) ||
		    !programme_holds(check->span, period_last_day(ground->range.last)) ||
		    does_hold(ground, check))
			continue;
		*breach = (struct proof_breach){pack, check, is_grave};
	}
	return breach->check != NULL;
}

bool proof_judge(const struct truth *truth, const struct programme *programme, uint32_t period,
		 struct proof_breach *ret_breach)
{
	struct ground ground = {.truth = truth, .programme = programme, .range = {0, period}};
	struct proof_breach breach = {0};

	for (size_t i = 0; i < programme->packs_n; i++) {
		ground.pack = i;
		(void)judge_pack(&ground, &programme->packs[i], &breach);
	}
	if (breach.check != NULL)
		*ret_breach = breach;
	return breach.check != NULL;
}

/* ---- before a closing ---- */

static int begin(const struct closing *closing, uint32_t last, struct proof **ret_proof)
{
	own(proof_free) struct proof *proof = calloc(1, sizeof(*proof));
	uint32_t first = calendar_first(closing->programme, closing->site);
	struct fault fault;
	int error;

	if (proof == NULL)
		return fail(-ENOMEM);
	proof->head = store_head(closing->store);
	proof->last = last;
	error = truth_new(closing->programme, first, (struct period_range){first, last},
			  &proof->truth, &fault);
	if (error == 0)
		*ret_proof = take(proof);
	return error;
}

/* Looks at some more persons: 0 when all were seen. */
static int go_on(struct proof *proof, const struct closing *closing)
{
	int error = 0;

	if (!proof->is_done)
		error = store_scan(closing->store, &proof->after, SLICE, truth_visit, proof->truth,
				   &proof->is_done);
	if (error != 0)
		return error;
	return proof->is_done ? 0 : -EINPROGRESS;
}

static int note(const struct closing *closing, const struct proof_breach *breach, uint32_t period,
		int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	char month[PERIOD_TEXT_BYTES], text[128];

	period_format_month(period, month);
	(void)snprintf(text, sizeof(text), "check_failed period=%s pack=%s check=%zu", month,
		       breach->pack->id, (size_t)(breach->check - breach->pack->checks) + 1);
	safe_write(store_safe(closing->store), &txn);
	store_audit(closing->store, &txn, at_now, text);
	return safe_commit(&txn);
}

static int judge(const struct proof *proof, struct closing *closing, uint32_t period,
		 int64_t at_now)
{
	struct proof_breach breach = {0};
	int error = 0;

	(void)proof_judge(proof->truth, closing->programme, period, &breach);
	if (breach.check != NULL && breach.check != closing->breach)
		error = note(closing, &breach, period, at_now);
	if (error != 0)
		return error;
	closing->breach = breach.check;
	closing->is_stopped = breach.is_grave;
	return breach.is_grave ? -ECANCELED : 0;
}

static int prove(struct proof **proof, struct closing *closing, int64_t at_now)
{
	uint32_t period = book_next(store_book(closing->store));
	uint32_t today = period_of_day(date_of_moment(at_now));
	int error = 0;

	if (*proof != NULL &&
	    ((*proof)->head != store_head(closing->store) || (*proof)->last < period))
		proof_free(proof);
	if (*proof == NULL)
		error = begin(closing, today > period ? today : period, proof);
	if (error == 0)
		error = go_on(*proof, closing);
	return error == 0 ? judge(*proof, closing, period, at_now) : error;
}

int proof_close(struct proof **proof, struct closing *closing, int64_t at_now, uint32_t random,
		uint32_t *ret_period)
{
	int error = prove(proof, closing, at_now);

	return error != 0 ? error : closing_close(closing, at_now, random, ret_period);
}
