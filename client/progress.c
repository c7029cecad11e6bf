#include "client/progress.h"

#include "client/number.h"
#include "client/words.h"
#include "lib/own.h"
#include "lib/text.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define BAR_COLUMNS 24
#define SHOW_MS 100
#define NAME_BYTES 256
#define WIDTH_FOR_BAR 60
#define WIDTH_FOR_PACE 80

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct progress progress_start(const struct paper *paper, const char *name, uint64_t total)
{
	return (struct progress){
		.paper = paper,
		.name = name,
		.total = total,
		.started_ms = now_ms(),
		.shown_ms = -SHOW_MS,
		.is_shown = paper_is_terminal(paper),
	};
}

static void add_bar(struct buf *line, const struct progress *progress, uint64_t bytes)
{
	uint64_t full = progress->total == 0 ? 0 : bytes * BAR_COLUMNS / progress->total;

	for (uint64_t i = 0; i < BAR_COLUMNS; i++)
		buf_add_text(line, progress->paper->is_utf8 ? (i < full ? "█" : "░")
							    : (i < full ? "#" : "."));
}

/* Rate and time left, once there is something to judge by. */
static void add_pace(struct buf *line, const struct progress *progress, uint64_t bytes,
		     int64_t spent_ms)
{
	char rate[NUMBER_BYTES], left[NUMBER_BYTES];

	if (spent_ms < 500 || bytes == 0 || bytes >= progress->total)
		return;
	number_bytes((int64_t)(bytes * 1000 / (uint64_t)spent_ms), progress->paper->language, rate);
	number_duration((int64_t)((progress->total - bytes) * (uint64_t)spent_ms / bytes),
			progress->paper->language, left);
	words_add(line, N_("  %1/s, %2 left"), rate, left, NULL);
}

/* Bar, share, rows and pace; of these what is not needed is left out of a narrow terminal. */
static void add_figures(struct buf *line, const struct progress *progress, uint64_t bytes,
			uint64_t rows, int64_t spent_ms)
{
	char share[NUMBER_BYTES], count[NUMBER_BYTES];
	size_t width = progress->paper->width;

	number_share((int64_t)bytes, (int64_t)progress->total, progress->paper->language, share);
	if (width == 0 || width >= WIDTH_FOR_BAR) {
		buf_add_text(line, "  ");
		add_bar(line, progress, bytes);
	}
	buf_printf(line, "  %s", share);
	if (rows > 0) {
		number_count((int64_t)rows, progress->paper->language, count);
		words_add(line, N_("  %1 rows"), count, NULL);
	}
	if (width == 0 || width >= WIDTH_FOR_PACE)
		add_pace(line, progress, bytes, spent_ms);
}

/* As much of the name as there is room for: a line that goes on in the next one could not be
 * written over. */
static void add_name(struct buf *line, const char *name, size_t room)
{
	char piece[NAME_BYTES];
	size_t n;

	text_copy(piece, sizeof(piece), name);
	if (text_width(piece) <= room) {
		buf_add_text(line, piece);
		return;
	}
	for (n = strlen(piece); n > 0 && text_width(piece) + 1 > room;) {
		do
			n--;
		while (n > 0 && ((unsigned char)piece[n] & 0xC0) == 0x80);
		piece[n] = '\0';
	}
	buf_printf(line, "%s…", piece);
}

void progress_told(void *context, uint64_t bytes, uint64_t rows)
{
	struct progress *progress = context;
	own(buf_free) struct buf line = {0};
	own(buf_free) struct buf figures = {0};
	size_t width = progress->paper->width, taken;
	int64_t now = now_ms();

	if (!progress->is_shown || now - progress->shown_ms < SHOW_MS)
		return;
	progress->shown_ms = now;
	add_figures(&figures, progress, bytes, rows, now - progress->started_ms);
	if (buf_text(&figures) == NULL)
		return;
	taken = text_width(buf_text(&figures));
	buf_add_text(&line, "\r\033[K");
	add_name(&line, progress->name,
		 width == 0          ? NAME_BYTES
		 : width > taken + 2 ? width - taken - 1
				     : 1);
	buf_add_text(&line, buf_text(&figures));
	if (buf_text(&line) == NULL)
		return;
	(void)fputs(buf_text(&line), progress->paper->to);
	(void)fflush(progress->paper->to);
}

void progress_end(struct progress *progress)
{
	if (!progress->is_shown || progress->shown_ms < 0)
		return;
	(void)fputs("\r\033[K", progress->paper->to);
	(void)fflush(progress->paper->to);
}
