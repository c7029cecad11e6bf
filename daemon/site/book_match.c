#include "daemon/site/book_match.h"

#include "daemon/site/book_pages.h"
#include "lib/own.h"

#include <assert.h>
#include <errno.h>

/* ---- where an event stands ---- */

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

bool book_is_booked(const struct book *book, uint64_t person, const struct book_event *event)
{
	const struct book_claim *claim = book_find_claim(book, person, event->entry.measure);

	if (claim != NULL && claim->settled >= event->seq)
		return true;
	return book_find(book, event, UINT64_MAX) != 0;
}

/* ---- differences ---- */

static size_t place_of(const struct tally_entry *entry)
{
	return book_place(entry->measure, entry->cell);
}

static struct book_chapter *chapter_of(const struct book *book, uint32_t period)
{
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].period == period)
			return &book->chapters[i];
	return NULL;
}

/* The adopted closing that somebody new is matched with, or NULL: to come after every other entry
 * of the log leaves those alone whose entries never end. */
static struct book_chapter *find_pool(const struct book *book, const struct tally_entry *entry)
{
	const struct book_event event = {*entry, BOOK_ALWAYS};
	uint32_t period = book_find(book, &event, UINT64_MAX);

	return period == 0 ? NULL : chapter_of(book, period);
}

static struct book_chapter *find_surplus(const struct book *book, size_t place)
{
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].differences[place] < 0)
			return &book->chapters[i];
	return NULL;
}

static struct book_chapter *find_lacking(const struct book *book, size_t place)
{
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].differences[place] > 0)
			return &book->chapters[i];
	return NULL;
}

uint32_t book_count_surplus(const struct book *book, size_t place, uint32_t period)
{
	uint32_t n = 0;

	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period <= period; i++)
		if (book->chapters[i].differences[place] < 0)
			n += (uint32_t)-book->chapters[i].differences[place];
	return n;
}

void book_take_surplus(struct book *book, size_t place, uint32_t period)
{
	for (size_t i = 0; i < book->chapters_n && book->chapters[i].period <= period; i++) {
		if (book->chapters[i].differences[place] >= 0)
			continue;
		book->chapters[i].differences[place] = 0;
		book->chapters[i].is_changed = true;
	}
}

static void move_difference(struct book_chapter *chapter, size_t place, int32_t by)
{
	chapter->differences[place] += by;
	chapter->is_changed = true;
}

/* What waits without a name up to a closing fills what the closing lacks. */
static void even_place(struct book *book, size_t place)
{
	for (size_t last = 0; last < book->chapters_n; last++) {
		for (size_t i = 0; i <= last && book->chapters[last].differences[place] > 0; i++) {
			int32_t lacks = book->chapters[last].differences[place];
			int32_t more = -book->chapters[i].differences[place];

			if (more <= 0)
				continue;
			if (more > lacks)
				more = lacks;
			move_difference(&book->chapters[i], place, more);
			move_difference(&book->chapters[last], place, -more);
		}
	}
}

void book_even(struct book *book)
{
	for (size_t i = 0; i < book->programme->measures_n * PROGRAMME_CELLS_MAX; i++)
		even_place(book, i);
}

void book_drop_surplus(struct book *book, const struct book_chapter *chapter, size_t place)
{
	struct book_chapter *surplus = find_surplus(book, place);

	if (chapter != NULL && chapter->is_adopted && surplus != NULL)
		move_difference(surplus, place, 1);
}

/* ---- matching ---- */

int book_add_waiting(struct book *book, const struct tally_entry *entry, uint32_t n)
{
	struct book_chapter *pool = find_pool(book, entry);
	struct book_page *page;

	if (pool != NULL) {
		move_difference(pool, place_of(entry), -(int32_t)n);
		even_place(book, place_of(entry));
		return 0;
	}
	page = book_page(book, entry->period);
	if (page == NULL)
		return fail(-ENOMEM);
	page->counts[place_of(entry)] += n;
	page->is_changed = true;
	return 0;
}

int book_move_waiting(struct book *book, const struct tally_entry *before,
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
		assert(page->counts[place_of(before)] > 0);
		page->counts[place_of(before)]--;
		page->is_changed = true;
	}
	return after == NULL ? 0 : book_add_waiting(book, after, 1);
}

/* The person's place in an adopted figure is taken again by an event in the same cell. */
static bool take_place(struct book *book, struct book_claim *claim, uint64_t seq,
		       const struct tally_entry *after)
{
	struct book_chapter *chapter = NULL;

	if (after != NULL && claim->matched != 0 && claim->from == after->cell)
		chapter = chapter_of(book, claim->matched);
	if (chapter == NULL || chapter->differences[place_of(after)] <= 0)
		return false;
	move_difference(chapter, place_of(after), -1);
	claim->settled = seq;
	claim->is_changed = true;
	return true;
}

bool book_come_back(struct book *book, uint64_t person, uint64_t seq,
		    const struct tally_entry *before, const struct tally_entry *after)
{
	struct book_claim *claim =
		after == NULL ? NULL : book_find_claim(book, person, after->measure);

	/* First what can fail; the event waits in its page as long as it is not taken out. */
	if (claim == NULL || (before != NULL && book_page(book, before->period) == NULL))
		return false;
	if (!take_place(book, claim, seq, after))
		return false;
	return before == NULL || book_move_waiting(book, before, NULL) == 0;
}

struct book_chapter *book_find_match(const struct book *book, uint64_t person,
				     const struct book_event *before,
				     const struct tally_entry *after)
{
	const struct book_claim *claim = book_find_claim(book, person, before->entry.measure);
	bool is_settled = claim != NULL && claim->settled >= before->seq;
	uint32_t period = is_settled ? claim->matched : book_find(book, before, UINT64_MAX);
	struct book_chapter *chapter = period == 0 ? NULL : chapter_of(book, period);

	if (chapter != NULL && chapter->is_adopted)
		return chapter;
	if ((chapter == NULL && !is_settled) ||
	    (after != NULL && after->cell == before->entry.cell))
		return NULL;
	return find_surplus(book, place_of(&before->entry));
}

int book_move_matched(struct book *book, struct book_chapter *chapter, uint64_t person,
		      uint64_t seq, const struct tally_entry *before,
		      const struct tally_entry *after)
{
	struct book_claim *claim = book_make_claim(book, person, before->measure);

	if (claim == NULL || (after != NULL && book_page(book, after->period) == NULL))
		return fail(-ENOMEM);
	if (after != NULL && after->cell == before->cell) {
		claim->settled = seq;
		claim->matched = chapter->period;
		claim->from = before->cell;
		claim->is_changed = true;
		return 0;
	}
	move_difference(chapter, place_of(before), 1);
	even_place(book, place_of(before));
	if (take_place(book, claim, seq, after))
		return 0;
	claim->matched = chapter->period;
	claim->from = before->cell;
	claim->is_changed = true;
	return book_move_waiting(book, NULL, after);
}

bool book_match_claim(struct book *book, size_t claim_i, uint64_t seq)
{
	struct book_claim *claim = &book->claims[claim_i];
	size_t from = book_place(claim->measure, claim->from);
	struct book_chapter *surplus = find_surplus(book, from);
	struct book_chapter *lacks = NULL;

	if (claim->to != BOOK_CELL_NONE)
		lacks = find_lacking(book, book_place(claim->measure, claim->to));
	if (surplus == NULL || (claim->to != BOOK_CELL_NONE && lacks == NULL))
		return false;
	move_difference(surplus, from, 1);
	claim->matched = 0;
	if (lacks != NULL) {
		move_difference(lacks, book_place(claim->measure, claim->to), -1);
		claim->matched = lacks->period;
		claim->from = claim->to;
	}
	claim->seq = 0;
	claim->settled = seq;
	claim->is_changed = true;
	return true;
}
