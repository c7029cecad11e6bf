#include "daemon/site/book_forget.h"

#include "daemon/site/book_account.h"
#include "daemon/site/book_pages.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>

/* Whether the event stands in the figures: its claim says so, or a closing. */
static bool is_published(const struct book *book, uint64_t person, const struct book_event *event)
{
	const struct book_claim *claim = book_find_claim(book, person, event->entry.measure);

	if (claim != NULL && (claim->seq != 0 || claim->settled >= event->seq))
		return true;
	return book_find(book, event, UINT64_MAX) != 0;
}

static void take_out(struct book *book, const struct tally_entry *entry)
{
	struct book_page *page = book_page(book, entry->period);
	uint32_t *count;

	assert(page != NULL); /* it waits there */
	book_make_up(book, book_place(entry->measure, entry->cell));
	count = &page->counts[book_place(entry->measure, entry->cell)];
	assert(*count > 0);
	(*count)--;
	page->is_changed = true;
}

/* A closing that was opened again published nobody. */
static void take_out_booked(struct book *book, const struct book_event *event)
{
	uint32_t period = book_find(book, event, UINT64_MAX);

	if (period != 0)
		book_drop_loose(book, period, book_place(event->entry.measure, event->entry.cell));
}

/* What was published stays as it is: the correction goes. */
static void settle(struct book_claim *claim)
{
	if (claim == NULL || claim->seq == 0)
		return;
	claim->settled = claim->seq;
	claim->seq = 0;
	claim->from = claim->to = 0;
	claim->is_changed = true;
}

int book_forget(struct book *book, uint64_t person, const struct book_event contributions[],
		size_t n)
{
	/* A page that is not there would have to be made: first what can fail. */
	for (size_t i = 0; i < n; i++)
		if (!is_published(book, person, &contributions[i]) &&
		    book_page(book, contributions[i].entry.period) == NULL)
			return fail(-ENOMEM);
	for (size_t i = 0; i < n; i++)
		if (!is_published(book, person, &contributions[i]))
			take_out(book, &contributions[i].entry);
		else
			take_out_booked(book, &contributions[i]);
	for (size_t m = 0; m < book->programme->measures_n; m++)
		settle(book_find_claim(book, person, (uint16_t)m));
	return 0;
}
