#include "daemon/site/desk_history.h"

#include "daemon/site/book_account.h"
#include "daemon/site/desk_say.h"
#include "lib/own.h"
#include "proto/period.h"

#include <errno.h>
#include <string.h>

#define ACTS_MAX 200 /* of one person; older ones are not shown */
#define CELL_BYTES 160

struct history {
	const struct desk_case *of;
	struct sheet *sheet;
	uint64_t number; /* of the act */
	uint64_t seq;
	uint64_t later[PROGRAMME_MEASURES_MAX]; /* the next act that told it anew, 0 none */
	struct act act;
	struct store_person before, after;
};

static void history_wipe(struct history *history)
{
	explicit_bzero(history, sizeof(*history));
}

/* ---- rows ---- */

static const char *done_word(enum store_act kind)
{
	static const char *const words[] = {
		[ACT_REGISTERED] = N_("registered"),
		[ACT_CHANGED] = N_("recorded"),
		[ACT_CORRECTED] = N_("corrected"),
		[ACT_ANSWERED] = N_("answered"),
		[ACT_UNDONE] = N_("import taken back"),
		[ACT_MISREGISTERED] = N_("out of every count"),
		[ACT_CONDENSED] = N_("made anonymous"),
		[ACT_MERGED] = N_("joined with another case"),
	};

	return words[kind];
}

/* What every row begins with. */
static void begin_row(const struct history *history)
{
	sheet_add_number(history->sheet, (int64_t)history->number);
	sheet_add_number(history->sheet, history->act.at);
	sheet_add_text(history->sheet, history->act.operator_name);
	sheet_add_phrase(history->sheet, done_word(history->act.kind), NULL);
}

static void value_text(const struct desk_case *of, const struct record *record,
		       enum record_field field, struct buf *text)
{
	char masked[PERSON_MASKED_BYTES];

	if (field == FIELD_person_number) {
		desk_say_masked(of, record, masked);
		buf_add_text(text, masked);
	} else if (field != FIELD_transfer_out_token) {
		desk_words_read(&of->words, record, field, text);
	}
}

static void add_pair(const struct history *history, struct buf *before, struct buf *after)
{
	sheet_add_text(history->sheet, buf_text(before));
	sheet_add_text(history->sheet, buf_text(after));
	sheet_add_empty(history->sheet);
}

static bool is_other_text(const struct buf *a, const struct buf *b)
{
	return a->n != b->n || (a->n > 0 && memcmp(a->data, b->data, a->n) != 0);
}

static void add_field(const struct history *history, enum record_field field)
{
	own(buf_wipe) struct buf before = {0}, after = {0};
	const struct desk_words *words = &history->of->words;

	value_text(history->of, &history->before.record, field, &before);
	value_text(history->of, &history->after.record, field, &after);
	if (!is_other_text(&before, &after))
		return;
	begin_row(history);
	sheet_add_code(history->sheet, record_row(field)->id, desk_words_label(words, field), NULL);
	add_pair(history, &before, &after);
}

/* ---- items ---- */

/* "CBT, 2018-02-01, 2018-03-01": the values of an item that there are. */
static void item_text(const struct desk_case *of, const struct record_item *item, struct buf *text)
{
	struct record told;
	const char *between = "";

	if (item == NULL)
		return;
	record_clear(&told);
	item_tell(item, &told);
	for (int field = 0; field < FIELD_N; field++) {
		if (record_row((enum record_field)field)->part != item->part ||
		    told.value[field] == RECORD_MISSING)
			continue;
		buf_add_text(text, between);
		desk_words_read(&of->words, &told, (enum record_field)field, text);
		between = ", ";
	}
	record_wipe(&told);
}

/* The item of the same day (and activity) in another record. */
static const struct record_item *same_item(const struct record *record,
					   const struct record_item *like)
{
	for (const struct record_item *item = item_next(record, like->part, NULL); item != NULL;
	     item = item_next(record, like->part, item))
		if (item_day(item) == item_day(like) &&
		    (like->part != RECORD_SPELL ||
		     item_value(item, FIELD_activity) == item_value(like, FIELD_activity)))
			return item;
	return NULL;
}

static void add_item(const struct history *history, const struct record_item *was,
		     const struct record_item *is)
{
	own(buf_wipe) struct buf before = {0}, after = {0};
	enum record_part part = was != NULL ? was->part : is->part;

	item_text(history->of, was, &before);
	item_text(history->of, is, &after);
	if (!is_other_text(&before, &after))
		return;
	begin_row(history);
	sheet_add_code(history->sheet, record_row(item_day_field(part))->id, desk_words_part(part),
		       NULL);
	add_pair(history, &before, &after);
}

static void add_items(const struct history *history)
{
	const struct record *before = &history->before.record;
	const struct record *after = &history->after.record;

	for (size_t i = 0; i < before->items_n; i++)
		add_item(history, &before->items[i], same_item(after, &before->items[i]));
	for (size_t i = 0; i < after->items_n; i++)
		if (same_item(before, &after->items[i]) == NULL)
			add_item(history, NULL, &after->items[i]);
}

/* ---- the books ---- */

static const struct book_event *contribution(const struct store_person *person, uint16_t measure)
{
	for (size_t i = 0; i < person->contributions_n; i++)
		if (person->contributions[i].entry.measure == measure)
			return &person->contributions[i];
	return NULL;
}

static void add_count(const struct history *history, const struct book_event *event)
{
	const struct programme *programme = history->of->desk->programme;
	const struct programme_measure *measure;
	const struct programme_cell *cell = NULL;
	enum programme_language language = history->of->words.language;
	char text[CELL_BYTES];
	char month[PERIOD_TEXT_BYTES];

	if (event == NULL) {
		sheet_add_empty(history->sheet);
		return;
	}
	measure = &programme->measures[event->entry.measure];
	if (event->entry.cell < measure->cells_n)
		cell = &measure->cells[event->entry.cell];
	period_format_month(event->entry.period, month);
	(void)snprintf(text, sizeof(text), "%s%s%s", month, cell == NULL ? "" : ", ",
		       cell == NULL ? "" : programme_text(cell->label, language));
	sheet_add_text(history->sheet, text);
}

/* What becomes of an event that no closing of ours booked; NULL: it is gone. */
static const char *unbooked(const struct book *book, const struct book_event *event)
{
	if (event == NULL)
		return N_("was not booked");
	if (book_has_advance(book, event->entry.measure, event->entry.cell))
		return N_("in a report that was given back, or waits");
	return N_("waits");
}

static void add_booked(const struct history *history, uint16_t measure,
		       const struct book_event *was, const struct book_event *is)
{
	const struct book *book = store_book(history->of->desk->store);
	uint64_t later = history->later[measure];
	uint32_t period = is == NULL ? 0 : book_find(book, is, later == 0 ? UINT64_MAX : later);
	char month[PERIOD_TEXT_BYTES];

	if (period != 0) {
		period_format_month(period, month);
		sheet_add_phrase(history->sheet, N_("booked in %1"), month, NULL);
	} else if (was != NULL && book_find(book, was, history->seq) != 0) {
		sheet_add_phrase(history->sheet, N_("a correction, booked forward once it can be"),
				 NULL);
	} else if (later == 0) {
		sheet_add_phrase(history->sheet, unbooked(book, is), NULL);
	} else {
		sheet_add_phrase(history->sheet, N_("changed before it was booked"), NULL);
	}
}

static void add_measure(struct history *history, uint16_t measure)
{
	const struct programme *programme = history->of->desk->programme;
	const struct book_event *was = contribution(&history->before, measure);
	const struct book_event *is = contribution(&history->after, measure);
	bool is_told = is != NULL ? is->seq == history->seq : was != NULL;

	if (!is_told)
		return;
	begin_row(history);
	sheet_add_code(history->sheet, programme->measures[measure].id,
		       programme_text(programme->measures[measure].label,
				      history->of->words.language),
		       NULL);
	add_count(history, was);
	add_count(history, is);
	add_booked(history, measure, was, is);
	history->later[measure] = history->seq;
}

/* ---- acts ---- */

static int add_act(struct history *history)
{
	struct store *store = history->of->desk->store;
	uint64_t id = history->of->person.id;
	int error = store_load_act(store, history->seq, &history->act);

	if (error == 0)
		error = store_load_at(store, id, history->act.prev, &history->before);
	if (error == 0)
		error = store_load_at(store, id, history->seq, &history->after);
	if (error != 0)
		return error;
	for (int field = 0; field < FIELD_N; field++)
		add_field(history, (enum record_field)field);
	add_items(history);
	for (size_t m = 0; m < history->of->desk->programme->measures_n; m++)
		add_measure(history, (uint16_t)m);
	return 0;
}

/* The log entries of the person, the latest first. */
static int list_acts(const struct desk_case *of, uint64_t seqs[static ACTS_MAX], size_t *ret_n)
{
	uint64_t seq = of->person.last_seq;
	size_t n = 0;

	while (seq != 0 && n < ACTS_MAX) {
		struct act act;
		int error = store_load_act(of->desk->store, seq, &act);

		if (error != 0)
			return error;
		seqs[n++] = seq;
		seq = act.prev;
	}
	*ret_n = n;
	return 0;
}

static struct sheet *new_sheet(const struct desk_case *of)
{
	struct sheet *sheet = sheet_new("mia.history/1", SHEET_TABLE);
	char number[24];

	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)of->person.id);
	sheet_title(sheet, N_("History of case %1"), number, NULL);
	sheet_column(sheet, "act", SHEET_COUNT, N_("No."), false);
	sheet_column(sheet, "at", SHEET_MOMENT, N_("When"), false);
	sheet_column(sheet, "operator", SHEET_TEXT, N_("Who"), false);
	sheet_column(sheet, "done", SHEET_PHRASE, N_("What"), false);
	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "before", SHEET_TEXT, N_("Before"), false);
	sheet_column(sheet, "after", SHEET_TEXT, N_("After"), false);
	sheet_column(sheet, "booked", SHEET_PHRASE, N_("In the figures"), false);
	return sheet;
}

static int add_acts(const struct desk_case *of, struct sheet *sheet)
{
	own(history_wipe) struct history history = {.of = of, .sheet = sheet};
	uint64_t seqs[ACTS_MAX];
	size_t n = 0;
	int error = list_acts(of, seqs, &n);

	for (size_t i = 0; i < n && error == 0; i++) {
		history.number = n - i;
		history.seq = seqs[i];
		error = add_act(&history);
	}
	return error;
}

int desk_history(const struct desk *desk, const struct request *request, struct answer *ret_answer,
		 struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	own(sheet_free) struct sheet *sheet = NULL;
	int error = desk_case_open(desk, request, 0, &of, fault);

	if (error == 0)
		error = desk_case_note(&of, "person_history", "");
	if (error != 0)
		return error;
	sheet = new_sheet(&of);
	error = add_acts(&of, sheet);
	return error != 0 ? error : answer_add(ret_answer, &sheet);
}
