#include "daemon/site/closing.h"

#include "daemon/site/calendar.h"
#include "daemon/site/mark.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>

#define LATE_S (INT64_C(184) * 86400)

/* Nothing was ever recorded or closed, and the month was over before the store was made. */
static bool waits_for_history(const struct closing *closing, uint32_t period)
{
	return store_head(closing->store) == 0 && outbox_last(closing->outbox) == 0 &&
	       calendar_end(period) <= closing->at_made;
}

bool closing_look(struct closing *closing, int64_t at_now)
{
	uint32_t period = book_next(store_book(closing->store));
	bool was_doubtful = closing->is_clock_doubtful;

	closing->is_clock_doubtful = period <= calendar_last(closing->programme) &&
				     !store_is_rehearsal(closing->store) &&
				     calendar_end(period) > closing->at_made &&
				     at_now - calendar_cutoff(closing->programme, period) > LATE_S;
	return closing->is_clock_doubtful && !was_doubtful;
}

int64_t closing_due(const struct closing *closing)
{
	uint32_t period = book_next(store_book(closing->store));

	if (period > calendar_last(closing->programme) || closing->mark != MARK_HELD ||
	    closing->is_clock_doubtful || outbox_halt(closing->outbox)[0] != '\0' ||
	    waits_for_history(closing, period))
		return INT64_MAX;
	return calendar_cutoff(closing->programme, period);
}

int closing_check(const struct closing *closing, int64_t at_now, struct fault *fault)
{
	const char *halt = outbox_halt(closing->outbox);
	uint32_t period = book_next(store_book(closing->store));
	char month[PERIOD_TEXT_BYTES];
	char last_day[DATE_TEXT_BYTES];

	period_format_month(period, month);
	date_format(period_last_day(period), last_day);
	if (halt[0] != '\0') {
		const struct error_row *row = error_find(halt);

		return fault_set(fault, halt, month, row == NULL ? "" : row->remedy_en, "%s",
				 row == NULL ? "an operator must look" : row->en);
	}
	if (closing->mark != MARK_HELD)
		return fault_set(fault, "W015", month, "See `mia explain W015`.",
				 "the store may have been put back from a backup");
	if (period > calendar_last(closing->programme))
		return fault_set(fault, "X020", month, "Nothing more is to be done.",
				 "the last month of the operation is closed");
	if (at_now < calendar_end(period))
		return fault_set(fault, "X020", month, "Sign it off when it is over.",
				 "the month is not over: its last day is %s", last_day);
	return 0;
}

int closing_close(const struct closing *closing, int64_t at_now, uint32_t random,
		  uint32_t *ret_period)
{
	own(mem_free) struct release_figures *figures = calloc(1, sizeof(*figures));
	struct book *book = store_book(closing->store);
	uint32_t period = book_next(book);
	int error;

	if (figures == NULL)
		return fail(-ENOMEM);
	error = book_close(book, period, store_head(closing->store), figures);
	if (error == 0)
		error = outbox_release(closing->outbox, closing->site->id, period, figures, at_now,
				       random);
	if (error != 0)
		return error;
	/* A mark that stays behind is good: the chain goes through it. */
	(void)mark_write(closing->mark_dir, closing->outbox);
	*ret_period = period;
	return 0;
}

int closing_check_mark(struct closing *closing)
{
	return mark_check(closing->mark_dir, closing->store, closing->outbox, &closing->mark);
}

int closing_go_on(struct closing *closing)
{
	int error = closing_check_mark(closing);

	/* A mark that stays behind is good: the chain goes through it. */
	if (error == 0 && closing->mark == MARK_HELD)
		(void)mark_write(closing->mark_dir, closing->outbox);
	return error;
}

int closing_confirm(struct closing *closing, int64_t at_now)
{
	own(safe_abort) struct safe_txn txn = {0};
	char text[48];
	int error;

	(void)snprintf(text, sizeof(text), "confirmed n=%llu",
		       (unsigned long long)outbox_last(closing->outbox));
	safe_write(store_safe(closing->store), &txn);
	store_audit(closing->store, &txn, at_now, text);
	error = safe_commit(&txn);
	if (error == 0)
		error = mark_write(closing->mark_dir, closing->outbox);
	if (error == 0)
		closing->mark = MARK_HELD;
	return error;
}
