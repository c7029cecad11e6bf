#include "daemon/site/book_keep.h"

#include "daemon/site/book_keep_account.h"
#include "daemon/site/book_pages.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <stdlib.h>

#define FORM 1
#define CLAIMS_KEY (UINT32_C(1) << 30)
#define CHAPTER_KEY (UINT32_C(1) << 31)
#define CLAIMS_PERSONS 256 /* persons whose claims share a blob */
#define CLAIMS_MAX (CLAIMS_PERSONS * PROGRAMME_MEASURES_MAX)
#define COUNTS_MAX (PROGRAMME_MEASURES_MAX * PROGRAMME_CELLS_MAX)

static uint32_t claims_key(const struct book_claim *claim)
{
	return CLAIMS_KEY + (uint32_t)(claim->person / CLAIMS_PERSONS);
}

static int give(const struct buf *blob, uint32_t key, book_keep_fn *keep, void *context)
{
	if (blob->error < 0)
		return blob->error;
	return keep(context, key, blob->data, blob->n);
}

static void pack_page(const struct book *book, const struct book_page *page, struct buf *blob)
{
	const struct programme *programme = book->programme;
	size_t counts_n = programme->measures_n * PROGRAMME_CELLS_MAX;
	uint32_t used = 0;

	for (size_t i = 0; i < counts_n; i++)
		used += page->counts[i] != 0;
	pack_array(blob, 2);
	pack_u64(blob, FORM);
	pack_array(blob, used);
	for (size_t i = 0; i < counts_n; i++) {
		if (page->counts[i] == 0)
			continue;
		pack_array(blob, 3);
		pack_u64(blob, programme->measures[i / PROGRAMME_CELLS_MAX].number);
		pack_u64(blob, i % PROGRAMME_CELLS_MAX);
		pack_u64(blob, page->counts[i]);
	}
}

static bool has_corrections(const struct book_chapter *chapter, size_t measure)
{
	for (size_t c = 0; c < PROGRAMME_CELLS_MAX; c++) {
		size_t place = book_place((uint16_t)measure, (uint8_t)c);

		if (chapter->taken[place] != 0 || chapter->added[place] != 0)
			return true;
	}
	return false;
}

static void pack_cells(const struct book *book, size_t measure, const uint32_t counts[],
		       struct buf *blob)
{
	size_t cells_n = book->programme->measures[measure].cells_n;

	pack_array(blob, (uint32_t)cells_n);
	for (size_t c = 0; c < cells_n; c++)
		pack_u64(blob, counts[book_place((uint16_t)measure, (uint8_t)c)]);
}

static void pack_chapter(const struct book *book, const struct book_chapter *chapter,
			 struct buf *blob)
{
	const struct programme *programme = book->programme;
	bool has_account = book_has_account(book, chapter);

	pack_array(blob, has_account ? 4 : 3);
	pack_u64(blob, FORM);
	pack_u64(blob, chapter->watermark);
	pack_array(blob, (uint32_t)programme->measures_n);
	for (size_t m = 0; m < programme->measures_n; m++) {
		bool is_corrected = has_corrections(chapter, m);

		pack_array(blob, is_corrected ? 5 : 3);
		pack_u64(blob, programme->measures[m].number);
		pack_u64(blob, chapter->booked[m]);
		pack_cells(book, m, chapter->figures, blob);
		if (!is_corrected)
			continue;
		pack_cells(book, m, chapter->taken, blob);
		pack_cells(book, m, chapter->added, blob);
	}
	if (has_account)
		book_pack_account(book, chapter, blob);
}

static void pack_claim(const struct book *book, const struct book_claim *claim, struct buf *blob)
{
	bool waits = claim->seq != 0;

	pack_array(blob, 6);
	pack_u64(blob, claim->person);
	pack_u64(blob, book->programme->measures[claim->measure].number);
	pack_u64(blob, claim->settled);
	pack_u64(blob, claim->seq);
	pack_u64(blob, waits ? claim->from : 0);
	pack_u64(blob, waits ? claim->to : 0);
}

static int compare_keys(const void *left, const void *right)
{
	const uint32_t *a = left;
	const uint32_t *b = right;

	return (*a > *b) - (*a < *b);
}

static int compare_claims(const void *left, const void *right)
{
	const struct book_claim *a = left;
	const struct book_claim *b = right;

	if (a->person != b->person)
		return a->person < b->person ? -1 : 1;
	return (a->measure > b->measure) - (a->measure < b->measure);
}

/* Copies of all claims that share a blob with a changed one, by person and measure. */
static int collect_claims(const struct book *book, struct book_claim *ret_claims, size_t *ret_n)
{
	own(mem_free) uint32_t *keys = calloc(book->claims_n + 1, sizeof(*keys));
	size_t keys_n = 0;
	size_t n = 0;

	if (keys == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < book->claims_room; i++) {
		if (book->claims[i].is_changed)
			keys[keys_n++] = claims_key(&book->claims[i]);
	}
	qsort(keys, keys_n, sizeof(*keys), compare_keys);
	for (size_t i = 0; keys_n > 0 && i < book->claims_room; i++) {
		uint32_t key = claims_key(&book->claims[i]);

		if (book->claims[i].person == 0)
			continue;
		if (bsearch(&key, keys, keys_n, sizeof(key), compare_keys) != NULL)
			ret_claims[n++] = book->claims[i];
	}
	qsort(ret_claims, n, sizeof(*ret_claims), compare_claims);
	*ret_n = n;
	return 0;
}

static int keep_claims(const struct book *book, book_keep_fn *keep, void *context)
{
	own(mem_free) struct book_claim *claims = calloc(book->claims_n + 1, sizeof(*claims));
	own(buf_free) struct buf blob = {0};
	size_t n = 0;
	size_t last;
	int error;

	if (claims == NULL)
		return fail(-ENOMEM);
	error = collect_claims(book, claims, &n);
	for (size_t first = 0; error == 0 && first < n; first = last) {
		last = first;
		while (last < n && claims_key(&claims[last]) == claims_key(&claims[first]))
			last++;
		buf_clear(&blob);
		pack_array(&blob, 2);
		pack_u64(&blob, FORM);
		pack_array(&blob, (uint32_t)(last - first));
		for (size_t i = first; i < last; i++)
			pack_claim(book, &claims[i], &blob);
		error = give(&blob, claims_key(&claims[first]), keep, context);
	}
	return error;
}

int book_keep(const struct book *book, book_keep_fn *keep, void *context)
{
	own(buf_free) struct buf blob = {0};
	int error = 0;

	if (book->is_front_changed) {
		pack_array(&blob, 2);
		pack_u64(&blob, FORM);
		pack_u64(&blob, book->next);
		error = give(&blob, 0, keep, context);
	}
	for (size_t i = 0; error == 0 && i < book->pages_n; i++) {
		if (!book->pages[i].is_changed)
			continue;
		buf_clear(&blob);
		pack_page(book, &book->pages[i], &blob);
		error = give(&blob, book->pages[i].period, keep, context);
	}
	for (size_t i = 0; error == 0 && i < book->chapters_n; i++) {
		if (!book->chapters[i].is_changed)
			continue;
		buf_clear(&blob);
		pack_chapter(book, &book->chapters[i], &blob);
		error = give(&blob, CHAPTER_KEY + book->chapters[i].period, keep, context);
	}
	return error < 0 ? error : keep_claims(book, keep, context);
}

void book_kept(struct book *book)
{
	book->is_front_changed = false;
	for (size_t i = 0; i < book->pages_n; i++)
		book->pages[i].is_changed = false;
	for (size_t i = 0; i < book->chapters_n; i++)
		book->chapters[i].is_changed = false;
	for (size_t i = 0; i < book->claims_room; i++)
		book->claims[i].is_changed = false;
}

static void refuse(struct unpack *in)
{
	if (in->error == 0)
		in->error = fail(-EBADMSG);
}

static void restore_page(struct book *book, uint32_t period, struct unpack *in)
{
	struct book_page *page = book_page(book, period);
	uint32_t n = unpack_array(in, COUNTS_MAX);

	if (page == NULL && in->error == 0)
		in->error = fail(-ENOMEM);
	if (page == NULL)
		return;
	for (uint32_t i = 0; i < n && in->error == 0; i++) {
		uint16_t measure;
		uint8_t cell;

		unpack_array_of(in, 3);
		measure = book_read_measure(book, in);
		cell = book_read_cell(book, measure, in);
		page->counts[book_place(measure, cell)] = (uint32_t)unpack_u64(in, UINT32_MAX);
		unpack_leave(in);
	}
	unpack_leave(in);
}

static void restore_cells(const struct book *book, uint16_t measure, uint32_t counts[],
			  struct unpack *in)
{
	size_t cells_n = book->programme->measures[measure].cells_n;

	unpack_array_of(in, (uint32_t)cells_n);
	for (size_t c = 0; c < cells_n; c++)
		counts[book_place(measure, (uint8_t)c)] = (uint32_t)unpack_u64(in, UINT32_MAX);
	unpack_leave(in);
}

/* A measure's booked bits and figures; where corrections were booked, what they took and added. */
static void restore_figures(const struct book *book, struct book_chapter *chapter,
			    struct unpack *in)
{
	uint32_t parts = unpack_array(in, 5);
	uint16_t measure = book_read_measure(book, in);

	if (in->error == 0 && parts != 3 && parts != 5)
		refuse(in);
	if (in->error < 0)
		return;
	chapter->booked[measure] = (uint32_t)unpack_u64(in, UINT32_MAX);
	restore_cells(book, measure, chapter->figures, in);
	if (parts == 5) {
		restore_cells(book, measure, chapter->taken, in);
		restore_cells(book, measure, chapter->added, in);
	}
	unpack_leave(in);
}

static void restore_chapter(struct book *book, uint32_t period, bool has_account, struct unpack *in)
{
	uint64_t watermark = unpack_u64(in, UINT64_MAX);
	uint32_t n = unpack_array(in, PROGRAMME_MEASURES_MAX);
	struct book_chapter *chapter;

	if (in->error == 0 && book->chapters_n > 0 &&
	    book->chapters[book->chapters_n - 1].period >= period)
		refuse(in);
	if (in->error < 0)
		return;
	chapter = book_chapter(book, period);
	if (chapter == NULL) {
		in->error = fail(-ENOMEM);
		return;
	}
	chapter->watermark = watermark;
	for (uint32_t i = 0; i < n && in->error == 0; i++)
		restore_figures(book, chapter, in);
	unpack_leave(in);
	if (has_account)
		book_restore_account(book, chapter, in);
}

/* from or to of a waiting correction; both are 0 where none waits. */
static uint8_t read_side(const struct book *book, const struct book_claim *claim, uint8_t max,
			 struct unpack *in)
{
	uint64_t cell = unpack_u64(in, claim->seq == 0 ? 0 : max);

	if (in->error == 0 && cell != BOOK_CELL_NONE &&
	    cell >= book->programme->measures[claim->measure].cells_n)
		refuse(in);
	return (uint8_t)cell;
}

static void restore_claim(struct book *book, uint32_t key, struct unpack *in)
{
	struct book_claim read = {.person = unpack_u64(in, UINT64_MAX)};
	struct book_claim *claim;

	read.measure = book_read_measure(book, in);
	read.settled = unpack_u64(in, UINT64_MAX);
	read.seq = unpack_u64(in, UINT64_MAX);
	read.from = read_side(book, &read, PROGRAMME_CELLS_MAX - 1, in);
	read.to = read_side(book, &read, BOOK_CELL_NONE, in);
	if (in->error == 0 && (read.person == 0 || claims_key(&read) != key))
		refuse(in);
	if (in->error < 0)
		return;
	claim = book_make_claim(book, read.person, read.measure);
	if (claim == NULL)
		in->error = fail(-ENOMEM);
	else
		*claim = read;
}

static void restore_claims(struct book *book, uint32_t key, struct unpack *in)
{
	uint32_t n = unpack_array(in, CLAIMS_MAX);

	for (uint32_t i = 0; i < n && in->error == 0; i++) {
		unpack_array_of(in, 6);
		restore_claim(book, key, in);
		unpack_leave(in);
	}
	unpack_leave(in);
}

int book_restore(struct book *book, uint32_t key, const void *blob, size_t n)
{
	struct unpack in = unpack_start(blob, n);
	uint32_t parts = unpack_array(&in, 4);
	int error;

	if (in.error == 0 && parts != 2 + (key >= CHAPTER_KEY) && (key < CHAPTER_KEY || parts != 4))
		refuse(&in);
	if (unpack_u64(&in, UINT8_MAX) != FORM)
		refuse(&in);
	if (key >= CHAPTER_KEY)
		restore_chapter(book, key - CHAPTER_KEY, parts == 4, &in);
	else if (key >= CLAIMS_KEY)
		restore_claims(book, key, &in);
	else if (key > 0)
		restore_page(book, key, &in);
	else
		book->next = (uint32_t)unpack_u64(&in, UINT32_MAX);
	unpack_leave(&in);
	error = unpack_end(&in);
	if (error == -ENOMEM)
		return error;
	return error < 0 ? fail(-EBADMSG) : 0;
}
