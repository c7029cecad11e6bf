#include "daemon/site/book_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CLAIMS_ROOM_FIRST 64

size_t book_place(uint16_t measure, uint8_t cell)
{
	assert(cell < PROGRAMME_CELLS_MAX);
	return (size_t)measure * PROGRAMME_CELLS_MAX + cell;
}

static uint32_t *new_counts(const struct book *book)
{
	return calloc(book->programme->measures_n * PROGRAMME_CELLS_MAX + 1, sizeof(uint32_t));
}

static void drop_chapter(const struct book_chapter *chapter)
{
	free(chapter->booked);
	free(chapter->figures);
	free(chapter->taken);
	free(chapter->added);
	free(chapter->differences);
	free(chapter->rests);
}

void book_drop(struct book *book)
{
	for (size_t i = 0; i < book->pages_n; i++)
		free(book->pages[i].counts);
	for (size_t i = 0; i < book->chapters_n; i++)
		drop_chapter(&book->chapters[i]);
	free(book->pages);
	free(book->chapters);
	free(book->claims);
}

/* Room for one more of size bytes in an array: false when memory is out. */
static bool has_room(void **array, size_t n, size_t *room, size_t size)
{
	size_t wanted = *room == 0 ? 16 : *room * 2;
	void *grown;

	if (n < *room)
		return true;
	grown = reallocarray(*array, wanted, size);
	if (grown == NULL)
		return false;
	*array = grown;
	*room = wanted;
	return true;
}

struct book_page *book_page(struct book *book, uint32_t period)
{
	void *pages = book->pages;
	size_t at = book->pages_n;
	uint32_t *counts;

	while (at > 0 && book->pages[at - 1].period >= period)
		at--;
	if (at < book->pages_n && book->pages[at].period == period)
		return &book->pages[at];
	if (!has_room(&pages, book->pages_n, &book->pages_room, sizeof(*book->pages)))
		return NULL;
	book->pages = pages;
	counts = new_counts(book);
	if (counts == NULL)
		return NULL;
	memmove(&book->pages[at + 1], &book->pages[at],
		(book->pages_n - at) * sizeof(*book->pages));
	book->pages[at] = (struct book_page){.period = period, .counts = counts};
	book->pages_n++;
	return &book->pages[at];
}

static struct book_chapter *add_chapter(struct book *book, uint32_t period)
{
	void *chapters = book->chapters;
	struct book_chapter chapter = {.period = period};

	assert(book->chapters_n == 0 || book->chapters[book->chapters_n - 1].period < period);
	if (!has_room(&chapters, book->chapters_n, &book->chapters_room, sizeof(*book->chapters)))
		return NULL;
	book->chapters = chapters;
	chapter.booked = calloc(book->programme->measures_n + 1, sizeof(uint32_t));
	chapter.rests = calloc(book->programme->measures_n + 1, sizeof(uint32_t));
	chapter.figures = new_counts(book);
	chapter.taken = new_counts(book);
	chapter.added = new_counts(book);
	chapter.differences =
		calloc(book->programme->measures_n * PROGRAMME_CELLS_MAX + 1, sizeof(int32_t));
	if (chapter.booked == NULL || chapter.figures == NULL || chapter.taken == NULL ||
	    chapter.added == NULL || chapter.differences == NULL || chapter.rests == NULL) {
		drop_chapter(&chapter);
		return NULL;
	}
	book->chapters[book->chapters_n] = chapter;
	return &book->chapters[book->chapters_n++];
}

struct book_chapter *book_find_chapter(const struct book *book, uint32_t period)
{
	for (size_t i = 0; i < book->chapters_n; i++)
		if (book->chapters[i].period == period)
			return &book->chapters[i];
	return NULL;
}

struct book_chapter *book_chapter(struct book *book, uint32_t period)
{
	struct book_chapter *chapter = book_find_chapter(book, period);

	return chapter != NULL ? chapter : add_chapter(book, period);
}

/* The slot of person and measure in a table of room slots, or the free one where it belongs. The
 * factor is 2^64 / golden ratio (Knuth, TAOCP 6.4): neighbouring numbers land far apart. */
static struct book_claim *slot_of(struct book_claim *claims, size_t room, uint64_t person,
				  uint16_t measure)
{
	uint64_t mixed = (person * PROGRAMME_MEASURES_MAX + measure) * 0x9E3779B97F4A7C15u;
	size_t at = (size_t)(mixed >> 32) & (room - 1);

	while (claims[at].person != 0 &&
	       (claims[at].person != person || claims[at].measure != measure))
		at = (at + 1) & (room - 1);
	return &claims[at];
}

struct book_claim *book_find_claim(const struct book *book, uint64_t person, uint16_t measure)
{
	struct book_claim *slot;

	assert(person != 0);
	if (book->claims_room == 0)
		return NULL;
	slot = slot_of(book->claims, book->claims_room, person, measure);
	return slot->person == 0 ? NULL : slot;
}

static bool grow_claims(struct book *book)
{
	size_t room = book->claims_room == 0 ? CLAIMS_ROOM_FIRST : book->claims_room * 2;
	struct book_claim *claims = calloc(room, sizeof(*claims));

	if (claims == NULL)
		return false;
	for (size_t i = 0; i < book->claims_room; i++) {
		const struct book_claim *old = &book->claims[i];

		if (old->person != 0)
			*slot_of(claims, room, old->person, old->measure) = *old;
	}
	free(book->claims);
	book->claims = claims;
	book->claims_room = room;
	return true;
}

struct book_claim *book_make_claim(struct book *book, uint64_t person, uint16_t measure)
{
	struct book_claim *slot;

	assert(person != 0);
	/* At most three quarters full. */
	if ((book->claims_n + 1) * 4 > book->claims_room * 3 && !grow_claims(book))
		return NULL;
	slot = slot_of(book->claims, book->claims_room, person, measure);
	if (slot->person == 0) {
		*slot = (struct book_claim){.person = person, .measure = measure};
		book->claims_n++;
	}
	return slot;
}
