#include "daemon/site/book_keep_account.h"

#include "daemon/site/book_pages.h"
#include "lib/fail.h"

#include <errno.h>

#define COUNTS_MAX (PROGRAMME_MEASURES_MAX * PROGRAMME_CELLS_MAX)

static void refuse(struct unpack *in)
{
	if (in->error == 0)
		in->error = fail(-EBADMSG);
}

uint16_t book_read_measure(const struct book *book, struct unpack *in)
{
	uint16_t number = (uint16_t)unpack_u64(in, UINT16_MAX);
	int index = programme_measure_by_number(book->programme, number);

	if (in->error == 0 && index < 0)
		refuse(in);
	return in->error < 0 ? 0 : (uint16_t)index;
}

uint8_t book_read_cell(const struct book *book, uint16_t measure, struct unpack *in)
{
	uint64_t cell = unpack_u64(in, PROGRAMME_CELLS_MAX - 1);

	if (in->error == 0 && cell >= book->programme->measures[measure].cells_n)
		refuse(in);
	return in->error < 0 ? 0 : (uint8_t)cell;
}

static bool rests(const struct book_chapter *chapter, size_t place)
{
	return (chapter->rests[place / PROGRAMME_CELLS_MAX] >> place % PROGRAMME_CELLS_MAX & 1) !=
	       0;
}

/* Places with a difference, or a figure that rests on adopted ones. */
static uint32_t count_used(const struct book *book, const struct book_chapter *chapter)
{
	size_t counts_n = book->programme->measures_n * PROGRAMME_CELLS_MAX;
	uint32_t used = 0;

	for (size_t i = 0; i < counts_n; i++)
		used += chapter->differences[i] != 0 || rests(chapter, i);
	return used;
}

bool book_has_account(const struct book *book, const struct book_chapter *chapter)
{
	return chapter->is_adopted || count_used(book, chapter) > 0;
}

void book_pack_account(const struct book *book, const struct book_chapter *chapter,
		       struct buf *blob)
{
	const struct programme *programme = book->programme;
	size_t counts_n = programme->measures_n * PROGRAMME_CELLS_MAX;

	pack_array(blob, 2);
	pack_u64(blob, chapter->is_adopted);
	pack_array(blob, count_used(book, chapter));
	for (size_t i = 0; i < counts_n; i++) {
		if (chapter->differences[i] == 0 && !rests(chapter, i))
			continue;
		pack_array(blob, 4);
		pack_u64(blob, programme->measures[i / PROGRAMME_CELLS_MAX].number);
		pack_u64(blob, i % PROGRAMME_CELLS_MAX);
		pack_i64(blob, chapter->differences[i]);
		pack_u64(blob, rests(chapter, i));
	}
}

void book_restore_account(const struct book *book, struct book_chapter *chapter, struct unpack *in)
{
	uint32_t n;

	unpack_array_of(in, 2);
	chapter->is_adopted = unpack_u64(in, 1) != 0;
	n = unpack_array(in, COUNTS_MAX);
	for (uint32_t i = 0; i < n && in->error == 0; i++) {
		uint16_t measure;
		uint8_t cell;

		unpack_array_of(in, 4);
		measure = book_read_measure(book, in);
		cell = book_read_cell(book, measure, in);
		chapter->differences[book_place(measure, cell)] =
			(int32_t)unpack_i64(in, -INT32_MAX, INT32_MAX);
		chapter->rests[measure] |= (uint32_t)unpack_u64(in, 1) << cell;
		unpack_leave(in);
	}
	unpack_leave(in);
	unpack_leave(in);
}
