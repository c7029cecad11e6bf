#include "lib/csv.h"
#include "lib/own.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

/* Writes each row down as "line[fault]:field|field|\n", so that a whole file is one text. */
static int write_down(void *context, const struct csv_row *row)
{
	static const char *const faults[] = {
		[CSV_FINE] = "",
		[CSV_FIELD_TOO_LONG] = " long",
		[CSV_TOO_MANY_COLUMNS] = " columns",
		[CSV_LONE_QUOTE] = " quote",
		[CSV_NUL_BYTE] = " nul",
	};
	struct buf *seen = context;

	buf_printf(seen, "%llu%s:", (unsigned long long)row->line, faults[row->fault]);
	for (size_t i = 0; i < row->n; i++) {
		assert_int_equal(row->fields[i][row->bytes[i]], '\0');
		for (size_t j = 0; j < row->bytes[i]; j++)
			buf_add_byte(seen,
				     row->fields[i][j] == 0 ? '^' : (uint8_t)row->fields[i][j]);
		buf_add_byte(seen, '|');
	}
	buf_add_byte(seen, '\n');
	return 0;
}

static int write_raw(void *context, const struct csv_row *row)
{
	struct buf *seen = context;

	buf_add_byte(seen, '<');
	buf_add(seen, row->raw, row->raw_n);
	buf_add_byte(seen, '>');
	return 0;
}

/* Reads text in pieces of the given size into seen. */
static void read_in_pieces(const char *text, size_t n, size_t piece, csv_row_fn *row,
			   struct buf *seen)
{
	own(csv_reader_free) struct csv_reader *reader = NULL;

	assert_int_equal(csv_reader_new(';', row, seen, &reader), 0);
	for (size_t at = 0; at < n; at += piece)
		assert_int_equal(csv_reader_feed(reader, text + at,
						 n - at < piece ? n - at : piece),
				 0);
	assert_int_equal(csv_reader_end(reader), 0);
}

/* The answer must not depend on how the file was cut into pieces. */
static void check_bytes(const char *text, size_t n, const char *expected)
{
	for (size_t piece = 1; piece <= n; piece = piece < 8 ? piece + 1 : piece * 2) {
		own(buf_free) struct buf seen = {0};

		read_in_pieces(text, n, piece, write_down, &seen);
		assert_string_equal(buf_text(&seen), expected);
	}
}

static void check(const char *text, const char *expected)
{
	check_bytes(text, strlen(text), expected);
}

static void check_raw(const char *text, const char *expected)
{
	for (size_t piece = 1; piece <= strlen(text); piece++) {
		own(buf_free) struct buf seen = {0};

		read_in_pieces(text, strlen(text), piece, write_raw, &seen);
		assert_string_equal(buf_text(&seen), expected);
	}
}

static void rows_end_with_any_line_end_or_with_the_file(void **state)
{
	(void)state;
	check("a;b\nc;d\n", "1:a|b|\n2:c|d|\n");
	check("a;b\r\nc;d\r\n", "1:a|b|\n2:c|d|\n");
	check("a;b\rc;d\r", "1:a|b|\n2:c|d|\n");
	check("a;b\r\nc;d", "1:a|b|\n2:c|d|\n");
	check("a", "1:a|\n");
	check("\"a\"", "1:a|\n");
}

static void an_empty_file_has_no_rows(void **state)
{
	own(buf_free) struct buf seen = {0};

	(void)state;
	read_in_pieces("", 0, 1, write_down, &seen);
	assert_int_equal(seen.n, 0);
	check("\xef\xbb\xbf", "");
}

static void blank_lines_are_rows_without_fields(void **state)
{
	(void)state;
	check("\na\n\n \t\n\"\"\n;\n", "1:\n2:a|\n3:\n4:\n5:\n6:||\n");
	check("\r\n\r\na", "1:\n2:\n3:a|\n");
}

static void a_byte_order_mark_is_no_part_of_the_first_field(void **state)
{
	(void)state;
	check("\xef\xbb\xbf\"a\";b\nc\n", "1:a|b|\n2:c|\n");
	check("\xef\xbb", "1:\xef\xbb|\n");
	check("a\n\xef\xbb\xbf"
	      "b\n",
	      "1:a|\n2:\xef\xbb\xbf"
	      "b|\n");
}

static void quotes_keep_what_would_divide(void **state)
{
	(void)state;
	check("\"a;b\";\"c\"\"d\";\" e \"; f \n", "1:a;b|c\"d| e |f|\n");
	check("\"\"\"\";\"\"\n", "1:\"||\n");
	check("\"a\" ;b\n", "1:a|b|\n");
}

static void a_quoted_field_may_hold_lines(void **state)
{
	(void)state;
	check("a;\"b\nc\r\nd\";e\nf\n", "1:a|b\nc\r\nd|e|\n4:f|\n");
	check("\"\n\n\"\n\"x\"\n", "1:\n\n|\n4:x|\n");
}

static void a_lone_quote_costs_its_own_line_only(void **state)
{
	(void)state;
	check("a;b\nc;d\"e;f\ng;h\n", "1:a|b|\n2 quote:c|\n3:g|h|\n");
	check("5\" pipe\nb\n", "1 quote:\n2:b|\n");
	check("\"a\"b;c\nd\n", "1 quote:\n2:d|\n");
	check("\"a\" \"b\";c\nd\n", "1 quote:\n2:d|\n");
	check("x;\"a\"b\r\nd\r\n", "1 quote:x|\n2:d|\n");
	check("a\"\n\"b\"c\nd\n", "1 quote:\n2 quote:\n3:d|\n");
}

static void a_quote_never_closed_costs_the_line_it_opened_in(void **state)
{
	(void)state;
	check("a;\"b\nc\nd;e\n", "1 quote:a|\n2:c|\n3:d|e|\n");
	check("\"", "1 quote:\n");
	check("\"\na\n\"b\n\"", "1 quote:\n2:a|\n3:b\n|\n");
	check("\"\na\n;\"\"", "1 quote:\n2:a|\n3:||\n");
	/* The quote of line 3 closes that of line 1 and then stands inside a text. */
	check("a;\"b\nc\n\"d\";e\nf\n", "1 quote:a|\n2:c|\n3:d|e|\n4:f|\n");
	/* Line 1 is sound up to line 2, where the last quote opens. */
	check("\"a\nb\";\"c\nd\n", "1 quote:a\nb|\n3:d|\n");
	/* A quote after a sound field of two lines belongs to the second. */
	check("\"a\nb\";c\"d\ne\n", "1 quote:a\nb|\n3:e|\n");
}

static void a_quote_never_closed_does_not_swallow_a_long_file(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	buf_add_text(&text, "a;\"b\n");
	buf_add_text(&expected, "1 quote:a|\n");
	for (unsigned i = 2; i < 3000; i++) {
		buf_printf(&text, "row %u;x\n", i);
		buf_printf(&expected, "%u:row %u|x|\n", i, i);
	}
	for (size_t piece = 1; piece < 1000000; piece *= 10) {
		own(buf_free) struct buf seen = {0};

		read_in_pieces((const char *)text.data, text.n, piece, write_down, &seen);
		assert_string_equal(buf_text(&seen), buf_text(&expected));
	}
}

static void a_nul_byte_is_a_fault_of_its_row(void **state)
{
	(void)state;
	check_bytes("a;b\nc\0d;e\nf\n", 12, "1:a|b|\n2 nul:c^d|e|\n3:f|\n");
	check_bytes("\0\n\0", 3, "1 nul:^|\n2 nul:^|\n");
	/* A quote never closed is no way to hide one. */
	check_bytes("\"a\n\0\nb\n", 7, "1 quote:\n2 nul:^|\n3:b|\n");
}

static void fill(struct buf *buf, char byte, size_t n)
{
	memset(buf_extend(buf, n), byte, n);
}

static void a_field_is_refused_beyond_its_bound_and_not_before(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	fill(&text, 'x', CSV_FIELD_BYTES);
	buf_add_text(&text, ";b\na;");
	fill(&text, 'y', CSV_FIELD_BYTES + 1);
	buf_add_text(&text, ";b\n\"");
	fill(&text, 'z', CSV_FIELD_BYTES);
	buf_add_text(&text, "\";\"");
	fill(&text, '"', CSV_FIELD_BYTES * 2);
	buf_add_text(&text, "\"\nend\n");
	buf_add_text(&expected, "1:");
	fill(&expected, 'x', CSV_FIELD_BYTES);
	buf_add_text(&expected, "|b|\n2 long:a||b|\n3:");
	fill(&expected, 'z', CSV_FIELD_BYTES);
	buf_add_text(&expected, "|");
	fill(&expected, '"', CSV_FIELD_BYTES);
	buf_add_text(&expected, "|\n4:end|\n");
	check_bytes((const char *)text.data, text.n, buf_text(&expected));
}

static void columns_are_refused_beyond_their_bound_and_not_before(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};

	(void)state;
	fill(&text, ';', CSV_COLUMNS_MAX - 1);
	buf_add_text(&text, "\n");
	fill(&text, ';', CSV_COLUMNS_MAX);
	buf_add_text(&text, "\n");
	fill(&text, ';', 1000000);
	buf_add_text(&text, "\nend\n");
	buf_add_text(&expected, "1:");
	fill(&expected, '|', CSV_COLUMNS_MAX);
	buf_add_text(&expected, "\n2 columns:");
	fill(&expected, '|', CSV_COLUMNS_MAX);
	buf_add_text(&expected, "\n3 columns:");
	fill(&expected, '|', CSV_COLUMNS_MAX);
	buf_add_text(&expected, "\n4:end|\n");
	for (size_t piece = 97; piece < 2000000; piece *= 10) {
		own(buf_free) struct buf seen = {0};

		read_in_pieces((const char *)text.data, text.n, piece, write_down, &seen);
		assert_string_equal(buf_text(&seen), buf_text(&expected));
	}
}

static void columns_across_lines_without_end_are_refused(void **state)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf seen = {0};

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		buf_add_text(&text, "\"a\n\";");
	read_in_pieces((const char *)text.data, text.n, 100, write_down, &seen);
	assert_non_null(strstr(buf_text(&seen), "1 columns:a\n|a\n|"));
	assert_non_null(strstr(buf_text(&seen), "\n259 quote:"));
}

struct endless {
	size_t rows;
	size_t faulty;
	size_t raw_n_max;
};

static int measure(void *context, const struct csv_row *row)
{
	struct endless *seen = context;

	seen->rows++;
	seen->faulty += row->fault == CSV_FINE ? 0 : 1;
	seen->raw_n_max = row->raw_n > seen->raw_n_max ? row->raw_n : seen->raw_n_max;
	return 0;
}

/* 64 MiB without a line end, with and without a quote opened on the line before. */
static void a_line_without_end_is_one_fault_in_bounded_memory(void **state)
{
	static const char *const starts[] = {"", "\"", "fine\n\"", "a;\"b\n", "x;\0"};
	static char chunk[1 << 20];

	(void)state;
	memset(chunk, 'x', sizeof(chunk));
	for (size_t i = 0; i < array_n(starts); i++) {
		own(csv_reader_free) struct csv_reader *reader = NULL;
		struct endless seen = {0};

		assert_int_equal(csv_reader_new(';', measure, &seen, &reader), 0);
		assert_int_equal(csv_reader_feed(reader, starts[i], strlen(starts[i])), 0);
		for (size_t fed = 0; fed < 64; fed++)
			assert_int_equal(csv_reader_feed(reader, chunk, sizeof(chunk)), 0);
		assert_int_equal(csv_reader_feed(reader, "\r\nlast;row\r", 11), 0);
		assert_int_equal(csv_reader_end(reader), 0);
		assert_int_equal(seen.rows, i == 2 || i == 3 ? 3 : 2);
		assert_int_equal(seen.faulty, i == 3 ? 2 : 1);
		assert_true(seen.raw_n_max < 4 * (1 << 20));
	}
}

static void the_line_after_an_endless_one_has_the_next_number(void **state)
{
	own(csv_reader_free) struct csv_reader *reader = NULL;
	own(buf_free) struct buf seen = {0};
	static char chunk[1 << 20];

	(void)state;
	memset(chunk, 'x', sizeof(chunk));
	assert_int_equal(csv_reader_new(';', write_down, &seen, &reader), 0);
	for (size_t fed = 0; fed < 5; fed++)
		assert_int_equal(csv_reader_feed(reader, chunk, sizeof(chunk)), 0);
	/* A CR and its LF in two pieces are one line end. */
	assert_int_equal(csv_reader_feed(reader, "\r", 1), 0);
	assert_int_equal(csv_reader_feed(reader, "\nlast\n", 6), 0);
	assert_int_equal(csv_reader_end(reader), 0);
	assert_string_equal(buf_text(&seen), "1 long:\n2:last|\n");
}

static void raw_bytes_are_the_rows_own(void **state)
{
	(void)state;
	check_raw("a; \"b\"\r\n\n\"c\nd\";e\nf\"g\nh;\"i\nj",
		  "<a; \"b\"><><\"c\nd\";e><f\"g><h;\"i><j>");
}

static void the_other_delimiters_divide_as_well(void **state)
{
	static const char delimiters[] = {',', '\t'};

	(void)state;
	for (size_t i = 0; i < array_n(delimiters); i++) {
		own(csv_reader_free) struct csv_reader *reader = NULL;
		own(buf_free) struct buf seen = {0};
		char text[] = "a;b,\"c,\td\",,e\n";

		for (char *at = text; *at != '\0'; at++)
			*at = *at == ',' ? delimiters[i] : *at;
		assert_int_equal(csv_reader_new(delimiters[i], write_down, &seen, &reader), 0);
		assert_int_equal(csv_reader_feed(reader, text, strlen(text)), 0);
		assert_int_equal(csv_reader_end(reader), 0);
		assert_string_equal(buf_text(&seen),
				    i == 0 ? "1:a;b|c,\td||e|\n" : "1:a;b|c\t\td||e|\n");
	}
}

static int stop_at_second(void *context, const struct csv_row *row)
{
	unsigned *rows = context;

	(void)row;
	return ++*rows == 2 ? -ECANCELED : 0;
}

static void an_answer_stops_the_reader_for_good(void **state)
{
	own(csv_reader_free) struct csv_reader *reader = NULL;
	unsigned rows = 0;

	(void)state;
	assert_int_equal(csv_reader_new(';', stop_at_second, &rows, &reader), 0);
	assert_int_equal(csv_reader_feed(reader, "a\nb\nc\n\"", 7), -ECANCELED);
	assert_int_equal(csv_reader_feed(reader, "d\n", 2), -ECANCELED);
	assert_int_equal(csv_reader_end(reader), -ECANCELED);
	assert_int_equal(rows, 2);
}

static void check_written(const char *text, const char *expected)
{
	own(buf_free) struct buf buf = {0};

	csv_add_field(&buf, text, ';');
	assert_string_equal(buf_text(&buf), expected);
}

static void a_written_field_is_quoted_where_it_must_be(void **state)
{
	(void)state;
	check_written("", "");
	check_written("a,b c", "a,b c");
	check_written("a;b", "\"a;b\"");
	check_written("5\" pipe", "\"5\"\" pipe\"");
	check_written("a\nb", "\"a\nb\"");
	check_written(" a", "\" a\"");
	check_written("a\t", "\"a\t\"");
}

static void a_written_field_is_never_a_formula(void **state)
{
	(void)state;
	check_written("=1+2", "'=1+2");
	check_written("+46", "'+46");
	check_written("-5", "'-5");
	check_written("@SUM", "'@SUM");
	check_written("\t=1", "\"'\t=1\"");
	check_written("\r=1", "\"'\r=1\"");
	check_written("=a;b", "\"'=a;b\"");
	check_written("a=b", "a=b");
}

static void what_is_written_reads_back(void **state)
{
	static const char *const fields[] = {"a;b", "\"", "x\r\ny", " z ", "plain", "\"\"q"};
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf expected = {0};
	own(buf_free) struct buf seen = {0};

	(void)state;
	buf_add_text(&expected, "1:");
	for (size_t i = 0; i < array_n(fields); i++) {
		csv_add_field(&text, fields[i], ';');
		buf_add_text(&text, i + 1 < array_n(fields) ? ";" : "\r\n");
		buf_printf(&expected, "%s|", fields[i]);
	}
	buf_add_text(&expected, "\n");
	read_in_pieces((const char *)text.data, text.n, 3, write_down, &seen);
	assert_string_equal(buf_text(&seen), buf_text(&expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_end_with_any_line_end_or_with_the_file),
		cmocka_unit_test(an_empty_file_has_no_rows),
		cmocka_unit_test(blank_lines_are_rows_without_fields),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_field),
		cmocka_unit_test(quotes_keep_what_would_divide),
		cmocka_unit_test(a_quoted_field_may_hold_lines),
		cmocka_unit_test(a_lone_quote_costs_its_own_line_only),
		cmocka_unit_test(a_quote_never_closed_costs_the_line_it_opened_in),
		cmocka_unit_test(a_quote_never_closed_does_not_swallow_a_long_file),
		cmocka_unit_test(a_nul_byte_is_a_fault_of_its_row),
		cmocka_unit_test(a_field_is_refused_beyond_its_bound_and_not_before),
		cmocka_unit_test(columns_are_refused_beyond_their_bound_and_not_before),
		cmocka_unit_test(columns_across_lines_without_end_are_refused),
		cmocka_unit_test(a_line_without_end_is_one_fault_in_bounded_memory),
		cmocka_unit_test(the_line_after_an_endless_one_has_the_next_number),
		cmocka_unit_test(raw_bytes_are_the_rows_own),
		cmocka_unit_test(the_other_delimiters_divide_as_well),
		cmocka_unit_test(an_answer_stops_the_reader_for_good),
		cmocka_unit_test(a_written_field_is_quoted_where_it_must_be),
		cmocka_unit_test(a_written_field_is_never_a_formula),
		cmocka_unit_test(what_is_written_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
