/*
 * Any record that an act could leave, judged: [flags u8][n u16le][n bytes: change of the known
 * record][the rest: change of the record judged]. No finding repeats a run of digits; the rules say
 * the same with a plan and without; chores and own figures take whatever the rules take.
 */
#include "daemon/site/change.h"
#include "daemon/site/chore.h"
#include "daemon/site/truth.h"

#include "lib/date.h"
#include "lib/file.h"
#include "proto/programme_read.h"

#include <assert.h>
#include <string.h>

#define IS_NEW 1
#define IS_CORRECTION 2
#define IS_ANSWER 4
#define HAS_KNOWN 8
#define IS_ANONYMOUS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct programme *programme(void)
{
	static struct programme *loaded;
	struct buf bytes = {0};
	struct fault fault;

	if (loaded == NULL) {
		assert(file_read("proto/programme/mia.ini", 1 << 20, &bytes) == 0);
		assert(programme_read("mia.ini", bytes.data, bytes.n, &loaded, &fault) == 0);
		buf_free(&bytes);
	}
	return loaded;
}

static int32_t in_calendar(enum record_field field, int32_t value)
{
	const int32_t first = date_from_civil(1800, 1, 1);
	const int32_t last = date_from_civil(2200, 12, 31);

	return record_row(field)->type == RECORD_DATE && (value < first || value > last)
		       ? RECORD_MISSING
		       : value;
}

/* Whoever makes a record, import or desk, gives only days of the calendar (lib/date). */
static void keep_calendar(struct record *record)
{
	struct record told;

	for (int field = 0; field < FIELD_N; field++)
		record->value[field] = in_calendar((enum record_field)field, record->value[field]);
	record_copy(record, &told);
	record->items_n = 0;
	for (size_t i = 0; i < told.items_n; i++) {
		struct record one;

		record_clear(&one);
		item_tell(&told.items[i], &one);
		for (int field = 0; field < FIELD_N; field++)
			one.value[field] = in_calendar((enum record_field)field, one.value[field]);
		if (item_settle(&one, told.items[i].part) == 0 && one.items_n == 1)
			(void)item_add(record, &one.items[0]);
	}
}

/* What a change makes of nobody; false when it is none. */
static bool read_record(const uint8_t *bytes, size_t n, struct record *ret_record)
{
	struct unpack in = unpack_start(bytes, n);

	record_clear(ret_record);
	change_apply(&in, ret_record);
	if (unpack_end(&in) != 0)
		return false;
	keep_calendar(ret_record);
	return true;
}

static void check_result(const struct validate_result *result)
{
	bool has_error = false;

	assert(result->findings_n <= VALIDATE_FINDINGS_MAX);
	for (size_t i = 0; i < result->findings_n; i++) {
		const char *detail = result->findings[i].detail;

		has_error = has_error || result->findings[i].severity == VALIDATE_ERROR;
		for (; *detail != '\0'; detail++)
			assert(strspn(detail, "0123456789") < 9);
	}
	assert(!has_error || result->has_error);
}

static void check_same(const struct validate_result *a, const struct validate_result *b)
{
	assert(a->findings_n == b->findings_n && a->has_error == b->has_error);
	for (size_t i = 0; i < a->findings_n; i++)
		assert(strcmp(a->findings[i].code, b->findings[i].code) == 0 &&
		       a->findings[i].field == b->findings[i].field);
}

/* Everybody's chores and figures: a day for each chore, and every person in at most one cell. */
static void check_counted(const struct record *record, bool is_answer,
			  const struct chore_context *context)
{
	static struct store_person person;
	static struct truth *truth;
	const struct period_range range = {2017 * 12, 2022 * 12};
	int32_t dues[CHORE_N];
	struct fault fault;

	store_person_clear(&person);
	record_copy(record, &person.record);
	person.is_answer = is_answer;
	chore_dues(context, &person, dues);
	assert(truth_new(programme(), range.first, range, &truth, &fault) == 0);
	assert(truth_visit(truth, &person) == 0);
	for (size_t i = 0; i < truth_rows_n(truth); i++)
		assert(truth_sum(truth, i, range) <= 1);
	truth_free(&truth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct record record, known;
	static struct chore_context context;
	struct validate_result with, without;
	struct fault fault;
	size_t known_n;
	uint8_t flags;

	if (n < 3)
		return 0;
	flags = data[0];
	known_n = (size_t)(data[1] | data[2] << 8);
	if (known_n > n - 3 || !read_record(data + 3, known_n, &known) ||
	    !read_record(data + 3 + known_n, n - 3 - known_n, &record))
		return 0;
	if ((flags & IS_ANONYMOUS) != 0)
		record.identity.type = ID_ANONYMOUS;
	if (context.demands == NULL)
		assert(chore_context_make(programme(), &programme()->sites[0],
					  date_from_civil(2018, 7, 1), &context, &fault) == 0);
	context.rules.known = (flags & HAS_KNOWN) != 0 ? &known : NULL;
	context.rules.is_new = (flags & IS_NEW) != 0;
	context.rules.is_correction = (flags & IS_CORRECTION) != 0;
	validate_stored(&record, (flags & IS_ANSWER) != 0, &context.rules, &with);
	check_result(&with);
	context.rules.demands = NULL;
	validate_stored(&record, (flags & IS_ANSWER) != 0, &context.rules, &without);
	check_same(&with, &without);
	context.rules.demands = context.demands;
	check_counted(&record, (flags & IS_ANSWER) != 0, &context);
	return 0;
}
