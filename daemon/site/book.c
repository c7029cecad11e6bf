#include "daemon/site/book.h"

#include "daemon/site/book_account.h"
#include "daemon/site/book_pages.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int book_new(const struct programme *programme, struct book **ret_book)
{
	struct book *book = calloc(1, sizeof(*book));

	if (book == NULL)
		return fail(-ENOMEM);
	book->programme = programme;
	*ret_book = book;
	return 0;
}

void book_free(struct book **book)
{
	if (*book != NULL)
		book_drop(*book);
	free(*book);
	*book = NULL;
}

void book_swap(struct book *book, struct book *other)
{
	struct book kept = *book;

	assert(book->programme == other->programme);
	*book = *other;
	*other = kept;
}

void book_start_at(struct book *book, uint32_t first_period)
{
	assert(book->chapters_n == 0);
	book->next = first_period;
	book->is_front_changed = true;
}

uint32_t book_last_closed(const struct book *book)
{
	uint32_t last = 0;

	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period < book->next; i++)
		last = book->chapters[i].period;
	return last;
}

uint32_t book_next(const struct book *book)
{
	return book->next;
}

uint32_t book_find(const struct book *book, const struct book_event *event, uint64_t before_seq)
{
	const struct tally_entry *entry = &event->entry;

	for (size_t i = 0; i < book->chapters_n; i++) {
		const struct book_chapter *chapter = &book->chapters[i];

		if (chapter->period < entry->period || chapter->watermark < event->seq ||
		    chapter->watermark >= before_seq)
			continue;
		if ((chapter->booked[entry->measure] >> entry->cell & 1) != 0)
			return chapter->period;
	}
	return 0;
}

static bool is_booked(const struct book *book, const struct book_claim *claim,
		      const struct book_event *event)
{
	if (claim != NULL && claim->settled >= event->seq)
		return true;
	return book_find(book, event, UINT64_MAX) != 0;
}

/* The booked event in claim->from is now in cell to, by log entry seq. */
static void correct_claim(struct book_claim *claim, uint64_t seq, uint8_t to)
{
	bool is_same = claim->seq != 0 && claim->to == to;

	claim->is_changed = true;
	if (to == claim->from) {
		claim->seq = 0;
		claim->settled = seq;
	} else if (!is_same) {
		claim->seq = seq;
		claim->to = to;
	}
}

static int move_waiting(struct book *book, const struct tally_entry *before,
			const struct tally_entry *after)
{
	struct book_page *page;

	/* First what can fail; a page is found again since making one may move the others. */
	if (after != NULL && book_page(book, after->period) == NULL)
		return fail(-ENOMEM);
	if (before != NULL) {
		page = book_page(book, before->period);
		if (page == NULL)
			return fail(-ENOMEM);
		assert(page->counts[book_place(before->measure, before->cell)] > 0);
		page->counts[book_place(before->measure, before->cell)]--;
		page->is_changed = true;
	}
	if (after != NULL) {
		page = book_page(book, after->period);
		assert(page != NULL);
		page->counts[book_place(after->measure, after->cell)]++;
		page->is_changed = true;
	}
	return 0;
}

static int change(struct book *book, uint64_t person, uint64_t seq, const struct book_event *before,
		  const struct tally_entry *after)
{
	const struct tally_entry *known = before != NULL ? &before->entry : after;
	uint8_t to = after != NULL ? after->cell : BOOK_CELL_NONE;
	struct book_claim *claim;

	assert(known != NULL);
	claim = book_find_claim(book, person, known->measure);
	if (claim != NULL && claim->seq != 0) {
		correct_claim(claim, seq, to);
		return 0;
	}
	if (before == NULL || !is_booked(book, claim, before))
		return move_waiting(book, before != NULL ? &before->entry : NULL, after);
	claim = book_make_claim(book, person, known->measure);
	if (claim == NULL)
		return fail(-ENOMEM);
	claim->from = before->entry.cell;
	correct_claim(claim, seq, to);
	return 0;
}

static uint16_t measure_of(const struct book_event *before, const struct tally_entry *after)
{
	if (before == NULL)
		return after->measure;
	assert(after == NULL || after->measure == before->entry.measure);
	return before->entry.measure;
}

int book_change(struct book *book, uint64_t person, uint64_t seq, const struct book_event *before,
		const struct tally_entry *after)
{
	int error = change(book, person, seq, before, after);

	if (error < 0)
		return error;
	book_settle(book, measure_of(before, after), seq);
	return 0;
}

int book_absorb(struct book *book, const struct book *other)
{
	size_t counts_n = book->programme->measures_n * PROGRAMME_CELLS_MAX;

	assert(other->programme == book->programme);
	assert(other->chapters_n == 0 && other->claims_n == 0);
	for (size_t i = 0; i < other->pages_n; i++) {
		if (book_page(book, other->pages[i].period) == NULL)
			return fail(-ENOMEM);
	}
	for (size_t i = 0; i < other->pages_n; i++) {
		struct book_page *page = book_page(book, other->pages[i].period);

		assert(page != NULL);
		for (size_t j = 0; j < counts_n; j++)
			page->counts[j] += other->pages[i].counts[j];
		page->is_changed = true;
	}
	book_settle(book, -1, other->latest);
	return 0;
}

/* A closing as worked out, before anything is written. */
struct closing {
	struct release_figures figures;
	uint32_t booked[PROGRAMME_MEASURES_MAX];
	struct correction {
		struct book_claim *claim;
		bool is_applied;
	} * corrections; /* owned: waiting ones in recorded order */
	size_t corrections_n;
};

static void closing_free(struct closing *closing)
{
	free(closing->corrections);
}

/* Books what waits in each cell when there are k persons or more. */
static void book_new_events(const struct book *book, uint32_t period, struct closing *closing)
{
	const struct programme *programme = book->programme;

	for (size_t m = 0; m < programme->measures_n; m++) {
		if (!programme_is_due(&programme->measures[m], period))
			continue;
		closing->figures.is_due[m] = true;
		for (size_t c = 0; c < programme->measures[m].cells_n; c++) {
			uint32_t waiting =
				book_waiting(book, book_place((uint16_t)m, (uint8_t)c), period);

			closing->figures.cells[m][c].state = CELL_VALUE;
			if (waiting == 0 || waiting < programme->policy.k)
				continue;
			closing->figures.cells[m][c].value = waiting;
			closing->booked[m] |= UINT32_C(1) << c;
		}
	}
}

static int compare_corrections(const void *left, const void *right)
{
	const struct book_claim *a = ((const struct correction *)left)->claim;
	const struct book_claim *b = ((const struct correction *)right)->claim;

	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return (a->measure > b->measure) - (a->measure < b->measure);
}

static int collect_corrections(const struct book *book, struct closing *closing)
{
	closing->corrections = calloc(book->claims_n + 1, sizeof(*closing->corrections));
	if (closing->corrections == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < book->claims_room; i++) {
		if (book->claims[i].person != 0 && book->claims[i].seq != 0)
			closing->corrections[closing->corrections_n++].claim = &book->claims[i];
	}
	qsort(closing->corrections, closing->corrections_n, sizeof(*closing->corrections),
	      compare_corrections);
	return 0;
}

static bool may_show(int64_t value, uint32_t k)
{
	return value == 0 || value >= k;
}

/* -from +to within a period's cells, whole or not at all. */
static bool try_correction(const struct book_claim *claim, uint32_t k, struct release_cell cells[])
{
	bool has_to = claim->to != BOOK_CELL_NONE;

	if (!may_show((int64_t)cells[claim->from].value - 1, k))
		return false;
	if (has_to && !may_show((int64_t)cells[claim->to].value + 1, k))
		return false;
	cells[claim->from].value--;
	if (has_to)
		cells[claim->to].value++;
	return true;
}

static int work_out(const struct book *book, uint32_t period, struct closing *closing)
{
	int error = collect_corrections(book, closing);

	if (error < 0)
		return error;
	book_new_events(book, period, closing);
	for (size_t i = 0; i < closing->corrections_n; i++) {
		const struct book_claim *claim = closing->corrections[i].claim;

		closing->corrections[i].is_applied =
			closing->figures.is_due[claim->measure] &&
			try_correction(claim, book->programme->policy.k,
				       closing->figures.cells[claim->measure]);
	}
	return 0;
}

/* What was booked waits no longer. What a chapter that was opened again booked and this closing
 * does not goes with what was entered since: both are of one watermark now. */
static void write_cell(struct book *book, const struct closing *closing,
		       struct book_chapter *chapter, uint16_t measure, uint8_t cell)
{
	size_t place = book_place(measure, cell);

	if ((closing->booked[measure] >> cell & 1) != 0)
		chapter->rests[measure] |= (uint32_t)book_clear(book, place, chapter->period)
					   << cell;
	else if ((chapter->booked[measure] >> cell & 1) != 0)
		book_loosen(book, chapter, place);
	chapter->figures[place] = closing->figures.cells[measure][cell].value;
}

static void write_chapter(struct book *book, const struct closing *closing,
			  struct book_chapter *chapter)
{
	for (size_t m = 0; m < book->programme->measures_n; m++) {
		for (size_t c = 0; c < book->programme->measures[m].cells_n; c++)
			write_cell(book, closing, chapter, (uint16_t)m, (uint8_t)c);
		chapter->booked[m] |= closing->booked[m];
	}
	chapter->is_adopted = false;
	chapter->is_changed = true;
}

static void note_correction(const struct book_claim *claim, const struct book_chapter *chapter)
{
	chapter->taken[book_place(claim->measure, claim->from)]++;
	if (claim->to != BOOK_CELL_NONE)
		chapter->added[book_place(claim->measure, claim->to)]++;
}

static void settle_claim(struct book_claim *claim, uint64_t watermark)
{
	claim->seq = 0;
	claim->settled = watermark;
	claim->is_changed = true;
}

int book_close(struct book *book, uint32_t period, uint64_t head_seq,
	       struct release_figures *ret_figures)
{
	own(closing_free) struct closing closing = {0};
	struct book_chapter *chapter;
	int error;

	assert(period == book->next);
	error = work_out(book, period, &closing);
	if (error < 0)
		return error;
	chapter = book_chapter(book, period);
	if (chapter == NULL)
		return fail(-ENOMEM);
	chapter->watermark = head_seq;
	write_chapter(book, &closing, chapter);
	for (size_t i = 0; i < closing.corrections_n; i++) {
		if (!closing.corrections[i].is_applied)
			continue;
		note_correction(closing.corrections[i].claim, chapter);
		settle_claim(closing.corrections[i].claim, head_seq);
	}
	book->next = period + 1;
	book->is_front_changed = true;
	*ret_figures = closing.figures;
	return 0;
}

int book_preview(const struct book *book, uint32_t period, struct release_figures *ret_figures,
		 uint32_t (*ret_waiting)[PROGRAMME_CELLS_MAX])
{
	own(closing_free) struct closing closing = {0};
	int error = work_out(book, period, &closing);

	if (error < 0)
		return error;
	for (size_t m = 0; ret_waiting != NULL && m < book->programme->measures_n; m++) {
		for (size_t c = 0; c < PROGRAMME_CELLS_MAX; c++) {
			size_t place = book_place((uint16_t)m, (uint8_t)c);
			int64_t waiting = book_net(book, place, UINT32_MAX);

			if ((closing.booked[m] >> c & 1) != 0)
				waiting -= book_net(book, place, period);
			ret_waiting[m][c] = waiting > 0 ? (uint32_t)waiting : 0;
		}
	}
	*ret_figures = closing.figures;
	return 0;
}

void book_balance(const struct book *book, size_t measure, size_t cell,
		  struct book_balance *ret_balance)
{
	size_t place = book_place((uint16_t)measure, (uint8_t)cell);
	int64_t net = book_net(book, place, UINT32_MAX);
	struct book_balance balance = {.waiting = net > 0 ? net : 0,
				       .differences = net < 0 ? net : 0};

	for (size_t i = 0; i < book->chapters_n; i++)
		balance.published += book->chapters[i].figures[place];
	for (size_t i = 0; i < book->claims_room; i++) {
		const struct book_claim *claim = &book->claims[i];

		if (claim->person == 0 || claim->seq == 0 || claim->measure != measure)
			continue;
		balance.corrections += (claim->to == cell) - (claim->from == cell);
	}
	*ret_balance = balance;
}
