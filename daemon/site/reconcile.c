#include "daemon/site/reconcile.h"

#include "daemon/site/book_adopt.h"
#include "lib/date.h"
#include "lib/own.h"
#include "proto/sheet.h"

#include <errno.h>
#include <stdio.h>

/* ---- what came back ---- */

/* What a release says of itself, whatever version it was made by; its figures are not read. */
static int read_head(const struct reconcile *reconcile, uint64_t n, struct release_body *ret_body)
{
	own(release_free) struct release release = {0};
	int64_t at_send = 0;
	int error = outbox_load(reconcile->outbox, n, &release, &at_send);

	if (error != 0)
		return error;
	if (release_unpack_head(release.payload.data, release.payload.n, ret_body) != RELEASE_FINE)
		return fail(-EBADMSG);
	return 0;
}

static int look_at(const struct reconcile *reconcile, struct release_body *body,
		   struct reconcile_view *view)
{
	const struct outbox_return *returned = &view->returned;
	int error = read_head(reconcile, returned->last, body);

	if (error != 0)
		return error;
	view->last_period = body->period;
	error = read_head(reconcile, returned->first, body);
	if (error != 0)
		return error;
	view->first_period = body->period;
	view->lost_from = period_first_day(body->period);
	view->lost_to = date_of_moment(returned->at);
	if (returned->first == 1)
		return 0;
	error = read_head(reconcile, returned->first - 1, body);
	if (error == 0)
		view->lost_from = date_of_moment(body->at_closed);
	return error;
}

int reconcile_look(const struct reconcile *reconcile, struct reconcile_view *ret_view)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	struct reconcile_view view = {0};
	int error = outbox_past_return(reconcile->store, &view.returned);

	if (body == NULL)
		return fail(-ENOMEM);
	if (error == 0 && view.returned.first != 0)
		error = look_at(reconcile, body, &view);
	if (error == 0)
		*ret_view = view;
	return error;
}

/* ---- into the books ---- */

static int refuse(struct fault *fault, uint64_t n, const char *remedy, const char *reason)
{
	char place[32];

	(void)snprintf(place, sizeof(place), "%llu", (unsigned long long)n);
	return fault_set(fault, "X030", place, remedy, "%s", reason);
}

/* A release with its figures, by the indexes of the programme in force. */
static int read_release(const struct reconcile *reconcile, uint64_t n,
			struct release_body *ret_body, struct fault *fault)
{
	own(release_free) struct release release = {0};
	enum release_fault found;
	int64_t at_send = 0;
	int error = outbox_load(reconcile->outbox, n, &release, &at_send);

	if (error != 0)
		return error;
	found = versions_unpack(reconcile->versions, release.payload.data, release.payload.n,
				ret_body);
	if (found == RELEASE_FINE)
		return 0;
	if (found == RELEASE_OTHER_PROGRAMME)
		return refuse(fault, n,
			      N_("Get that version's file and signature, say `mia programme "
				 "approve FILE`, put it in force if it is the later one, and try "
				 "again."),
			      N_("it was made by a version of the programme that is not known "
				 "here"));
	return refuse(fault, n, N_("Keep the folder as it is and telephone the programme owner."),
		      N_("its content is not what a site may send"));
}

/* One release of the chain: left alone while the books say the same, adopted from the first on of
 * which they do not. */
static int adopt_release(struct book *book, const struct release_body *body, bool *is_begun,
			 struct fault *fault)
{
	if (!*is_begun && !book_differs(book, body->period, &body->figures))
		return 0;
	if (!*is_begun)
		book_reopen(book, body->period);
	*is_begun = true;
	if (book_next(book) != body->period)
		return refuse(fault, body->n,
			      N_("Keep the folder as it is and telephone the programme owner."),
			      N_("its month does not follow the one before"));
	return book_adopt(book, body->period, &body->figures);
}

static int adopt_chain(const struct reconcile *reconcile, struct release_body *body,
		       struct fault *fault)
{
	struct book *book = store_book(reconcile->store);
	uint64_t last = outbox_last(reconcile->outbox);
	struct outbox_return returned = {0};
	bool is_begun = false;
	int error = outbox_past_return(reconcile->store, &returned);

	for (uint64_t n = returned.first == 0 ? 1 : returned.first; error == 0 && n <= last; n++) {
		error = read_release(reconcile, n, body, fault);
		if (error == 0)
			error = adopt_release(book, body, &is_begun, fault);
	}
	if (error != 0)
		return error;
	book_reopen(book, outbox_last_period(reconcile->outbox) + 1); /* what we had beyond it */
	book_adopted(book, store_head(reconcile->store));
	return 0;
}

int reconcile_adopt(const struct reconcile *reconcile, struct fault *fault)
{
	own(mem_free) struct release_body *body = calloc(1, sizeof(*body));
	int error;

	if (body == NULL)
		return fail(-ENOMEM);
	error = adopt_chain(reconcile, body, fault);
	if (error != 0)
		store_revert(reconcile->store);
	return error;
}

int reconcile_acknowledge(const struct reconcile *reconcile, const char *operator_name,
			  int64_t at_now, struct fault *fault)
{
	int error = reconcile_adopt(reconcile, fault);

	return error != 0 ? error : outbox_resume(reconcile->outbox, operator_name, at_now);
}

/* ---- what is not there ---- */

static uint64_t missing_in(const struct book *book, const struct programme *programme,
			   uint32_t period)
{
	uint64_t missing = 0;

	for (size_t m = 0; m < programme->measures_n; m++) {
		for (size_t c = 0; c < programme->measures[m].cells_n; c++) {
			uint32_t figure = 0, matched = 0;

			if (book_adoption(book, period, m, c, &figure, &matched))
				missing += figure - matched;
		}
	}
	return missing;
}

uint64_t reconcile_missing(const struct book *book, const struct programme *programme)
{
	uint32_t next = book_next(book);
	uint64_t missing = 0;

	for (uint32_t period = period_of_day(programme->operation.from); period < next; period++)
		missing += missing_in(book, programme, period);
	return missing;
}
