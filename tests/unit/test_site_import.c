#include "daemon/site/change.h"
#include "daemon/site/import.h"

#include "lib/file.h"
#include "proto/errors.h"
#include "proto/programme_find.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 64

static struct programme *programme;

/* What an import gave. */
struct kept {
	struct import_row row;
	struct record record;
	struct validate_result result;
};
struct gathered {
	struct kept rows[ROWS_MAX];
	size_t n;
	struct import_summary summary;
	struct fault fault;
	int error;
	const struct record *known;
	int stop_at; /* row to stop at, or 0 */
};
static struct gathered got;

static int load(void **state)
{
	struct buf bytes = {0};
	struct fault fault;

	(void)state;
	assert_int_equal(file_read("proto/programme/mia.ini", 1 << 20, &bytes), 0);
	assert_int_equal(programme_read("mia.ini", bytes.data, bytes.n, &programme, &fault), 0);
	buf_free(&bytes);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	programme_free(&programme);
	return 0;
}

static int keep(void *context, struct import_row *row)
{
	struct gathered *gathered = context;
	struct kept *kept = &gathered->rows[gathered->n++];

	assert_true(gathered->n <= ROWS_MAX);
	kept->row = *row;
	kept->record = *row->record;
	kept->result = *row->result;
	return gathered->stop_at > 0 && gathered->n == (size_t)gathered->stop_at ? -ECANCELED : 0;
}

static enum lookup_verdict know(void *context, const struct record *record,
				struct record *ret_known)
{
	struct gathered *gathered = context;
	struct lookup_copy copy;

	if (gathered->known == NULL)
		return LOOKUP_NOBODY;
	lookup_copy(gathered->known, &copy);
	if (!lookup_is_same(&copy, record))
		return LOOKUP_NOBODY;
	*ret_known = *gathered->known;
	return LOOKUP_SOMEBODY;
}

static struct import_settings usual(void)
{
	return (struct import_settings){
		.programme = programme,
		.site = &programme->sites[programme_site_index(programme, "sodertalje")],
		.today = date_from_civil(2018, 7, 1),
	};
}

/* Imports bytes in pieces. */
static void import_pieces(const struct import_settings *settings, const void *bytes, size_t n,
			  size_t piece)
{
	struct import *import = NULL;
	const struct record *known = got.known;
	int stop_at = got.stop_at;

	memset(&got, 0, sizeof(got));
	got.known = known;
	got.stop_at = stop_at;
	assert_int_equal(import_new(settings, keep, know, &got, &import), 0);
	for (size_t at = 0; got.error == 0 && at < n; at += piece)
		got.error = import_feed(import, (const char *)bytes + at,
					n - at < piece ? n - at : piece, &got.fault);
	if (got.error == 0)
		got.error = import_end(import, &got.fault);
	import_summary(import, &got.summary);
	import_free(&import);
	assert_null(import);
	got.known = NULL;
	got.stop_at = 0;
}

static void import_text_of(const char *text)
{
	struct import_settings settings = usual();

	import_pieces(&settings, text, strlen(text), strlen(text) + 1);
}

static bool has(size_t row, const char *code)
{
	const struct validate_result *result = &got.rows[row].result;

	for (size_t i = 0; i < result->findings_n; i++)
		if (strcmp(result->findings[i].code, code) == 0)
			return true;
	return false;
}

static void assert_fault(const char *code)
{
	assert_int_equal(got.error, -EBADMSG);
	assert_string_equal(got.fault.code, code);
	assert_true(got.fault.reason[0] != '\0' && got.fault.remedy[0] != '\0');
	assert_non_null(error_find(code));
}

static void assert_value(size_t row, enum record_field field, const char *code)
{
	assert_true(record_has_code(
		&got.rows[row].record, field,
		programme_code_by_word(programme_list(programme, record_row(field)->list), code)
			->number));
}

/* One data row of the usual columns, with one cell of column changed. */
static void import_cell_of(const char *column, const char *cell)
{
	char text[1024];

	(void)snprintf(text, sizeof(text), "Lokalt id;Inskrivningsdatum;%s\n17;2018-04-01;%s\n",
		       column, cell);
	import_text_of(text);
	assert_int_equal(got.error, 0);
	assert_int_equal(got.n, 1);
}

#define HEAD "Personnummer;Samtycke;Kön;Inskrivningsdatum;Försörjning;Kommun\n"

static void a_plain_file_gives_its_rows(void **state)
{
	(void)state;
	import_text_of(HEAD "760312-2388;Lämnat;Kvinna;2018-04-01;Försörjningsstöd;Södertälje\n"
			    "760312-2396;given;man;20180402;assistance + sickness;0181\n");
	assert_int_equal(got.error, 0);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.summary.rows, 2);
	assert_int_equal(got.summary.rows_refused, 0);
	assert_string_equal(got.summary.encoding, "UTF-8");
	assert_int_equal(got.summary.delimiter, ';');
	assert_int_equal(got.summary.heading_line, 1);
	assert_string_equal(got.rows[0].record.identity.number, "197603122388");
	assert_int_equal(got.rows[0].record.identity.type, ID_PERSONNUMMER);
	assert_int_equal(got.rows[0].record.value[FIELD_entry_date], date_from_civil(2018, 4, 1));
	assert_int_equal(got.rows[0].record.value[FIELD_municipality], 181);
	assert_value(0, FIELD_sex, "woman");
	assert_value(1, FIELD_sex, "man");
	assert_value(1, FIELD_income, "assistance");
	assert_value(1, FIELD_income, "sickness");
	assert_int_equal(got.rows[1].record.value[FIELD_municipality], 181);
}

static void the_birth_date_comes_from_the_number(void **state)
{
	(void)state;
	import_text_of("pnr;samtycke;inskriven\n760312-2388;ja;2018-04-01\n");
	assert_int_equal(got.rows[0].record.value[FIELD_birth_date], date_from_civil(1976, 3, 12));
	assert_value(0, FIELD_sex, "woman");
}

static void pieces_of_any_size_give_the_same(void **state)
{
	static const char text[] =
		"\xEF\xBB\xBFListan\n\n" HEAD "760312-2388;ja;K;2018-04-01;A-kassa;0181\r\n"
		"760312-2389;ja;K;2018-04-01;A-kassa;0181\r\n"
		"760312-2396;ja;M;2018-04-01;\"A-kassa\";0181";
	struct import_settings settings = usual();
	uint64_t offset;

	(void)state;
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		import_pieces(&settings, text, sizeof(text) - 1, piece);
		assert_int_equal(got.error, 0);
		assert_int_equal(got.n, 3);
		assert_int_equal(got.summary.rows_refused, 1);
		assert_int_equal(got.rows[1].row.line, 5);
		offset = got.rows[1].row.offset;
		assert_memory_equal(text + offset, "760312-2389;", 12);
		assert_memory_equal(text + offset + got.rows[1].row.bytes, "\r\n", 2);
		assert_memory_equal(text + got.summary.heading_offset, "Personnummer", 12);
		assert_int_equal(got.summary.heading_bytes, strlen(HEAD) - 1);
	}
	assert_string_equal(got.summary.encoding, "UTF-8 with BOM");
	assert_int_equal(got.summary.heading_line, 3);
}

static void rows_far_into_the_file_know_their_place(void **state)
{
	struct import_settings settings = usual();
	struct buf file = {0};
	size_t wanted;

	(void)state;
	buf_add_text(&file, "Förbundets lista\n");
	buf_add_text(&file, HEAD);
	while (file.n < IMPORT_HEAD_BYTES + 100000)
		buf_add_text(&file, ";;;;;\n");
	wanted = file.n;
	buf_add_text(&file, "760312-2388;ja;K;2018-04-01;A-kassa;0181\n");
	import_pieces(&settings, file.data, file.n, 4099);
	buf_free(&file);
	assert_int_equal(got.error, 0);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.rows[0].row.offset, wanted);
	assert_true(got.summary.blank_lines > 1000);
}

static void delimiters_are_found_out(void **state)
{
	(void)state;
	import_text_of("lokalt id,kön,inskrivningsdatum\n17,kvinna,2018-04-01\n");
	assert_int_equal(got.summary.delimiter, ',');
	assert_int_equal(got.n, 1);
	import_text_of("lokalt id\tkön\tinskrivningsdatum\n17\tkvinna\t2018-04-01\n");
	assert_int_equal(got.summary.delimiter, '\t');
	assert_int_equal(got.n, 1);
	import_text_of("a,b,c\nlokalt id;kön;inskrivningsdatum\n17;kvinna;2018-04-01\n");
	assert_int_equal(got.summary.delimiter, ';');
	assert_int_equal(got.summary.heading_line, 2);
}

static void windows_1252_is_found_out(void **state)
{
	(void)state;
	import_text_of("lokalt id;k\xF6n;inskrivningsdatum;utbildning\n"
		       "17;kvinna;2018-04-01;Folkh\xF6gskola\n");
	assert_string_equal(got.summary.encoding, "Windows-1252");
	assert_value(0, FIELD_education, "folkhigh");
	/* Nothing in the headings tells: the first row that does decides. */
	import_text_of("id;entry_date;education\n16;2018-04-01;upper3\n"
		       "17;2018-04-01;Folkh\xF6gskola\n");
	assert_string_equal(got.summary.encoding, "Windows-1252");
	assert_value(1, FIELD_education, "folkhigh");
	import_text_of("id;entry_date;education\n17;2018-04-01;Folkh\xC3\xB6gskola\n");
	assert_string_equal(got.summary.encoding, "UTF-8");
	assert_value(0, FIELD_education, "folkhigh");
}

static void two_encodings_in_one_file_refuse_the_odd_row(void **state)
{
	(void)state;
	import_text_of("lokalt id;kön;inskrivningsdatum;utbildning\n"
		       "17;kvinna;2018-04-01;Folkh\xF6gskola\n"
		       "18;kvinna;2018-04-01;Folkhögskola\n");
	assert_true(has(0, "I016"));
	assert_false(got.rows[1].result.has_error);
}

static void no_break_spaces_are_spaces(void **state)
{
	(void)state;
	import_cell_of("Kön", "\xC2\xA0kvinna \xC2\xA0");
	assert_value(0, FIELD_sex, "woman");
	import_text_of("id;entry_date;k\xF6n\n17;2018-04-01\xA0;\xA0kvinna\xA0\n");
	assert_value(0, FIELD_sex, "woman");
	assert_int_equal(got.rows[0].record.value[FIELD_entry_date], date_from_civil(2018, 4, 1));
}

static void files_that_are_no_csv_are_named(void **state)
{
	struct import_settings settings = usual();
	char bytes[4096];

	(void)state;
	import_text_of("PK\x03\x04 and so on");
	assert_fault("I001");
	import_text_of("\xD0\xCF\x11\xE0 and so on");
	assert_fault("I001");
	import_text_of("%PDF-1.4");
	assert_fault("I001");
	import_text_of("");
	assert_fault("I003");
	memset(bytes, 7, sizeof(bytes));
	import_pieces(&settings, bytes, sizeof(bytes), sizeof(bytes));
	assert_fault("I002");
	import_pieces(&settings, "\xFF\xFEk\0\xF6\0n\0", 8, 8);
	assert_fault("I010");
}

static void a_file_without_headings_is_refused_and_not_repeated(void **state)
{
	(void)state;
	import_text_of("760312-2388;Prov Provsson;2018-04-01\n");
	assert_fault("I005");
	assert_null(strstr(got.fault.reason, "2388"));
	assert_null(strstr(got.fault.reason, "Provsson"));
	import_text_of("Personnumer;Konn;Inskrivningsdatm\n");
	assert_fault("I005");
	assert_non_null(strstr(got.fault.reason, "personnummer"));
	import_text_of(HEAD);
	assert_fault("I004");
}

static void required_columns_are_asked_for(void **state)
{
	(void)state;
	import_text_of("kön;inskrivningsdatum\nkvinna;2018-04-01\n");
	assert_fault("I008");
	import_text_of("lokalt id;kön\n17;kvinna\n");
	assert_fault("I008");
	import_text_of("lokalt id;kön;gender;inskriven\n17;kvinna;man;2018-04-01\n");
	assert_fault("I033");
}

static void a_map_names_columns(void **state)
{
	struct import_settings settings = usual();
	static const char text[] = "Nyckel;Sort;Kön;Dag\n17;x;kvinna;2018-04-01\n";

	(void)state;
	settings.map =
		"# our system\nNYCKEL = local_id\r\nDag = Inskrivningsdatum\nKön =\nSort = sex\n";
	import_pieces(&settings, text, sizeof(text) - 1, 7);
	assert_int_equal(got.error, 0);
	assert_true(has(0, "I025"));
	settings.map = "Nyckel = local_id\u2028Dag = entry_date\u2028Kön =\u2028Sort =";
	import_pieces(&settings, text, sizeof(text) - 1, 7);
	assert_int_equal(got.error, 0);
	assert_false(has(0, "I025"));
	settings.map = "Nyckel = local_id\nDag = no such field\n";
	import_pieces(&settings, text, sizeof(text) - 1, 7);
	assert_fault("I009");
	assert_string_equal(got.fault.place, "--map:2");
	settings.map = "Nyckel\n";
	import_pieces(&settings, text, sizeof(text) - 1, 7);
	assert_fault("I009");
}

static void columns_nobody_knows_are_named_and_not_read(void **state)
{
	(void)state;
	import_text_of("id;inskriven;Skostorlek;Telefon\n17;2018-04-01;44;070\n");
	assert_int_equal(got.error, 0);
	assert_string_equal(got.summary.unknown_headings, "Skostorlek, Telefon");
	assert_int_equal(got.summary.unknown_headings_n, 2);
}

static void limits_are_kept(void **state)
{
	struct import_settings settings = usual();

	(void)state;
	settings.bytes = IMPORT_BYTES_MAX + 1;
	import_pieces(&settings, HEAD, strlen(HEAD), 8);
	assert_fault("I006");
}

static void what_the_caller_answers_stops_the_import(void **state)
{
	(void)state;
	got.stop_at = 1;
	import_text_of("id;inskriven\n17;2018-04-01\n18;2018-04-01\n");
	assert_int_equal(got.error, -ECANCELED);
	assert_int_equal(got.n, 1);
}

static void each_fault_of_a_number_has_its_code(void **state)
{
	static const struct {
		const char *cell, *code;
	} cells[] = {
		{"760312-2389", "I014"}, {"900101-T220", "I017"},   {"hej", "I018"},
		{"556036-0793", "I019"}, {"20180702-2387", "I020"}, {"2,0171E+11", "I021"},
		{"2.0171E+11", "I021"},  {"102292381", "I022"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		char text[256];

		(void)snprintf(text, sizeof(text),
			       "personnummer;samtycke;inskriven\n%s;ja;2018-04-01\n",
			       cells[i].cell);
		import_text_of(text);
		assert_int_equal(got.n, 1);
		assert_true(has(0, cells[i].code));
		assert_int_equal(got.rows[0].result.findings_n, 1);
		assert_int_equal(got.summary.rows_refused, 1);
		assert_string_equal(got.rows[0].result.findings[0].detail, "");
	}
}

static void each_fault_of_a_cell_has_its_code(void **state)
{
	static const struct {
		const char *column, *cell, *code;
	} cells[] = {
		{"Födelsedatum", "1976-13-01", "I023"},
		{"Födelsedatum", "1/4/1976", "I024"},
		{"Kön", "kvinnna", "I025"},
		{"Försörjning", "A-kassa + tur", "I025"},
		{"Försörjning", "+;", "I025"},
		{"Kommun", "Atlantis", "I025"},
		{"Kommun", "9999", "I025"},
		{"Månader i arbetslöshet", "tolv", "I026"},
		{"Månader i arbetslöshet", "1,5", "I026"},
		{"Månader i arbetslöshet", "1e3", "I026"},
		{"Månader i arbetslöshet", "99999999999999999999", "I026"},
		{"Namn", "\"a\nb\"", "I029"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		char quoted[128];

		(void)snprintf(quoted, sizeof(quoted), cells[i].cell[0] == '"' ? "%s" : "\"%s\"",
			       cells[i].cell);
		import_cell_of(cells[i].column, quoted);
		if (!has(0, cells[i].code))
			print_error("%s in %s is not %s\n", cells[i].cell, cells[i].column,
				    cells[i].code);
		assert_true(has(0, cells[i].code));
		assert_true(got.rows[0].result.has_error);
		assert_non_null(error_find(cells[i].code));
	}
}

static void a_slip_gets_the_nearest_code_proposed(void **state)
{
	(void)state;
	import_cell_of("Kön", "kvinnna");
	assert_string_equal(got.rows[0].result.findings[0].detail, "Kvinna");
	import_cell_of("Kön", "197603122388");
	assert_string_equal(got.rows[0].result.findings[0].detail, "");
}

static void each_fault_of_a_row_has_its_code(void **state)
{
	struct import_settings settings = usual();
	static const char nul[] = "id;inskriven;kön\n1\0;2018-04-01;man\n18;2018-04-01;man\n";

	(void)state;
	import_text_of("id;inskriven;kön\n17;2018-04-01;ma\"n\n18;2018-04-01;man\n");
	assert_true(has(0, "I011"));
	assert_false(got.rows[1].result.has_error);
	import_text_of("id;inskriven;kön\n17;2018-04-01;man;5\n18;2018-04-01;man;;\n");
	assert_true(has(0, "I013"));
	assert_false(got.rows[1].result.has_error);
	import_pieces(&settings, nul, sizeof(nul) - 1, sizeof(nul));
	assert_true(has(0, "I015"));
	assert_false(got.rows[1].result.has_error);
}

static void long_cells_are_refused(void **state)
{
	struct buf file = {0};
	struct import_settings settings = usual();

	(void)state;
	buf_add_text(&file, "id;inskriven\n");
	for (int i = 0; i < 97; i++)
		buf_add_byte(&file, 'x');
	buf_add_text(&file, ";2018-04-01\n");
	for (int i = 0; i < 5000; i++)
		buf_add_byte(&file, 'x');
	buf_add_text(&file, ";2018-04-01\n18;2018-04-01\n");
	import_pieces(&settings, file.data, file.n, file.n);
	buf_free(&file);
	assert_int_equal(got.n, 3);
	assert_true(has(0, "I027"));
	assert_true(has(1, "I012"));
	assert_false(got.rows[2].result.has_error);
}

static void dates_are_read_as_said(void **state)
{
	struct import_settings settings = usual();
	static const char text[] = "id;inskriven\n17;1/4/2018\n";

	(void)state;
	settings.dates = DATE_ORDER_DMY;
	import_pieces(&settings, text, sizeof(text) - 1, 5);
	assert_int_equal(got.rows[0].record.value[FIELD_entry_date], date_from_civil(2018, 4, 1));
	settings.dates = DATE_ORDER_MDY;
	import_pieces(&settings, text, sizeof(text) - 1, 5);
	assert_int_equal(got.rows[0].record.value[FIELD_entry_date], date_from_civil(2018, 1, 4));
	import_cell_of("Intresseanmälan", "43160"); /* Excel's 2018-03-01 */
	assert_int_equal(got.rows[0].record.value[FIELD_interest_date],
			 date_from_civil(2018, 3, 1));
}

static void counts_may_carry_empty_decimals(void **state)
{
	(void)state;
	import_cell_of("Månader i arbetslöshet", "14,0");
	assert_int_equal(got.rows[0].record.value[FIELD_months_unemployed], 14);
	import_cell_of("Månader i arbetslöshet", "14.00");
	assert_int_equal(got.rows[0].record.value[FIELD_months_unemployed], 14);
	import_cell_of("Timmar per månad", "-3");
	assert_true(has(0, "V037"));
}

static void a_lost_zero_of_a_municipality_is_put_back(void **state)
{
	(void)state;
	import_cell_of("Kommun", "181");
	assert_int_equal(got.rows[0].record.value[FIELD_municipality], 181);
	assert_true(has(0, "I028"));
	assert_false(got.rows[0].result.has_error);
	import_cell_of("Kommun", "1480");
	assert_true(has(0, "V013"));
	assert_false(got.rows[0].result.has_error);
}

static void codes_are_ids_labels_aliases_or_numbers(void **state)
{
	static const char *const words[] = {"longterm", "Långtidsarbetslös", "LÅNGTIDSARBETSLÖS",
					    "Long-term unemployed", "2"};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		import_cell_of("Ställning på arbetsmarknaden", words[i]);
		assert_value(0, FIELD_labour, "longterm");
	}
	import_cell_of("AF-program", "x");
	assert_value(0, FIELD_af_programme, "yes");
	import_cell_of("AF-program", "0");
	assert_value(0, FIELD_af_programme, "no");
}

static void sets_are_split(void **state)
{
	static const char *const cells[] = {"A-kassa+Lön", "A-kassa , Lön", "\"A-kassa;Lön\"",
					    "A-kassa|Lön|", "insurance + 11"};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		import_cell_of("Försörjning", cells[i]);
		if (got.rows[0].result.has_error)
			print_error("%s: %s\n", cells[i], got.rows[0].result.findings[0].code);
		assert_false(got.rows[0].result.has_error);
		assert_value(0, FIELD_income, "insurance");
		assert_value(0, FIELD_income, "wage");
	}
}

static void an_empty_income_is_an_error_only_where_it_is_asked(void **state)
{
	(void)state;
	import_cell_of("Försörjning", "");
	assert_true(has(0, "V024"));
	import_cell_of("Kön", "");
	assert_false(has(0, "V024"));
}

static void a_number_without_consent_is_refused(void **state)
{
	(void)state;
	import_text_of("personnummer;inskriven\n760312-2388;2018-04-01\n");
	assert_true(has(0, "V002"));
	import_text_of("personnummer;inskriven;samtycke\n760312-2388;2018-04-01;nej\n");
	assert_true(got.rows[0].result.has_error);
}

static void a_refuser_is_anonymous_and_dated_by_recording(void **state)
{
	(void)state;
	import_text_of("id;inskriven;kön;samtycke;skyddad\n17;2018-04-02;kvinna;nej;\n"
		       "18;2018-04-02;man;ja;ja\n;2018-04-02;man;nej;\n");
	assert_int_equal(got.rows[0].record.identity.type, ID_ANONYMOUS);
	assert_int_equal(got.rows[0].record.value[FIELD_entry_date], date_from_civil(2018, 7, 1));
	assert_true(has(0, "I035"));
	assert_false(got.rows[0].result.has_error);
	assert_int_equal(got.rows[1].record.identity.type, ID_ANONYMOUS);
	assert_true(has(2, "I034"));
}

static void a_known_anonymous_keeps_its_day(void **state)
{
	struct record known;

	(void)state;
	record_clear(&known);
	known.identity.type = ID_ANONYMOUS;
	(void)strcpy(known.identity.local_id, "17");
	known.value[FIELD_entry_date] = date_from_civil(2018, 5, 5);
	known.value[FIELD_sex] = 1;
	known.value[FIELD_consent] = RECORD_CONSENT_REFUSED;
	got.known = &known;
	import_text_of("id;inskriven;kön;samtycke\n17;2018-04-02;kvinna;nej\n");
	assert_false(change_differs(&known, &got.rows[0].record));
	assert_int_equal(got.rows[0].result.findings_n, 0);
}

static void columns_the_file_lacks_keep_what_is_known(void **state)
{
	struct record known;

	(void)state;
	record_clear(&known);
	known.identity.type = ID_LOCAL;
	(void)strcpy(known.identity.local_id, "17");
	known.value[FIELD_sex] = 1;
	known.value[FIELD_education] = 4;
	known.value[FIELD_entry_date] = date_from_civil(2018, 4, 2);
	got.known = &known;
	import_text_of("id;inskriven;utbildning\n17;2018-04-02;\n");
	assert_int_equal(got.rows[0].record.value[FIELD_sex], 1);
	assert_int_equal(got.rows[0].record.value[FIELD_education], RECORD_MISSING);
}

static void answers_are_a_form_of_their_own(void **state)
{
	(void)state;
	import_text_of("Inbjudningskod;Svarsdatum;Egenmakt;Nöjd\nabc-1;2018-04-01;4;9\n"
		       ";2018-04-01;4;9\nabc-3;2018-04-01;6;9\n");
	assert_int_equal(got.summary.form, IMPORT_ANSWERS);
	assert_string_equal(got.rows[0].record.invitation, "abc-1");
	assert_int_equal(got.rows[0].record.value[FIELD_power], 4);
	assert_int_equal(got.rows[0].result.findings_n, 0);
	assert_true(has(1, "V050"));
	assert_true(has(2, "I025"));
}

static void an_answer_that_names_its_person_is_refused(void **state)
{
	(void)state;
	import_text_of("Inbjudningskod;Svarsdatum;Egenmakt;Namn;pnr\n"
		       "abc-1;2018-04-01;4;;\nabc-2;2018-04-01;4;;760312-2388\n"
		       "abc-3;2018-04-01;4;Prov;\n");
	assert_int_equal(got.rows[0].result.findings_n, 0);
	assert_true(has(1, "V054"));
	assert_true(has(2, "V054"));
}

static void a_file_of_participants_yields_no_answers(void **state)
{
	(void)state;
	import_text_of("id;inskriven;Egenmakt\n17;2018-04-01;4\n");
	assert_int_equal(got.rows[0].record.value[FIELD_power], RECORD_MISSING);
}

static void a_short_row_lacks_its_last_cells(void **state)
{
	(void)state;
	import_text_of("id;inskriven;kön;utbildning\n17;2018-04-01\n");
	assert_int_equal(got.rows[0].record.value[FIELD_sex], RECORD_MISSING);
	assert_false(got.rows[0].result.has_error);
}

static void many_words_of_nonsense_do_not_confuse_the_memory(void **state)
{
	struct import_settings settings = usual();
	struct buf file = {0};

	(void)state;
	buf_add_text(&file, "id;inskriven;utbildning\n");
	for (int i = 0; i < 60; i++)
		buf_printf(&file, "%d;2018-04-01;%s%d\n", i, i % 2 == 0 ? "" : "hittepå ",
			   i % 2 == 0 ? i % 20 / 2 + 1 : i);
	import_pieces(&settings, file.data, file.n, file.n);
	buf_free(&file);
	for (int i = 0; i < 60; i++) {
		if (i % 2 == 0)
			assert_int_equal(got.rows[i].record.value[FIELD_education], i % 20 / 2 + 1);
		else
			assert_true(has((size_t)i, "I025"));
	}
}

/* ---- A site's own questions ---- */

static void import_vidare(const struct programme *vidare, const char *site, const char *text)
{
	const struct import_settings settings = {
		.programme = vidare,
		.site = &vidare->sites[programme_site_index(vidare, site)],
		.today = date_from_civil(2023, 7, 1),
	};

	import_pieces(&settings, text, strlen(text), strlen(text));
}

static struct programme *read_vidare(void)
{
	struct programme *vidare = NULL;
	struct buf bytes = {0};
	struct fault fault;

	assert_int_equal(file_read("tests/data/programme/unga-vidare.ini", 1 << 20, &bytes), 0);
	assert_int_equal(programme_read("vidare", bytes.data, bytes.n, &vidare, &fault), 0);
	buf_free(&bytes);
	return vidare;
}

static void a_site_s_own_questions_are_columns_of_its_files_alone(void **state)
{
	static const char text[] = "local_id;entry_date;Har djur;Plays in a team\n"
				   "17;2023-05-02;dog;yes\n18;2023-05-02;elefant;no\n";
	struct programme *vidare = read_vidare();

	(void)state;
	import_vidare(vidare, "lund", text);
	assert_int_equal(got.n, 2);
	assert_int_equal(got.summary.unknown_headings_n, 1);
	assert_int_equal(got.rows[0].record.value[FIELD_question_1],
			 programme_code_by_id(programme_list(vidare, "pet"), "dog")->number);
	assert_int_equal(got.rows[0].record.value[FIELD_question_3], RECORD_MISSING);
	assert_true(has(1, "I025"));
	import_vidare(vidare, "malmo", text);
	assert_int_equal(got.summary.unknown_headings_n, 1);
	assert_int_equal(got.rows[0].record.value[FIELD_question_1], RECORD_MISSING);
	assert_int_equal(got.rows[0].record.value[FIELD_question_3],
			 programme_code_by_id(programme_list(vidare, "yesno"), "yes")->number);
	programme_free(&vidare);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_file_gives_its_rows),
		cmocka_unit_test(a_site_s_own_questions_are_columns_of_its_files_alone),
		cmocka_unit_test(the_birth_date_comes_from_the_number),
		cmocka_unit_test(pieces_of_any_size_give_the_same),
		cmocka_unit_test(rows_far_into_the_file_know_their_place),
		cmocka_unit_test(delimiters_are_found_out),
		cmocka_unit_test(windows_1252_is_found_out),
		cmocka_unit_test(two_encodings_in_one_file_refuse_the_odd_row),
		cmocka_unit_test(no_break_spaces_are_spaces),
		cmocka_unit_test(files_that_are_no_csv_are_named),
		cmocka_unit_test(a_file_without_headings_is_refused_and_not_repeated),
		cmocka_unit_test(required_columns_are_asked_for),
		cmocka_unit_test(a_map_names_columns),
		cmocka_unit_test(columns_nobody_knows_are_named_and_not_read),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(what_the_caller_answers_stops_the_import),
		cmocka_unit_test(each_fault_of_a_number_has_its_code),
		cmocka_unit_test(each_fault_of_a_cell_has_its_code),
		cmocka_unit_test(a_slip_gets_the_nearest_code_proposed),
		cmocka_unit_test(each_fault_of_a_row_has_its_code),
		cmocka_unit_test(long_cells_are_refused),
		cmocka_unit_test(dates_are_read_as_said),
		cmocka_unit_test(counts_may_carry_empty_decimals),
		cmocka_unit_test(a_lost_zero_of_a_municipality_is_put_back),
		cmocka_unit_test(codes_are_ids_labels_aliases_or_numbers),
		cmocka_unit_test(sets_are_split),
		cmocka_unit_test(an_empty_income_is_an_error_only_where_it_is_asked),
		cmocka_unit_test(a_number_without_consent_is_refused),
		cmocka_unit_test(a_refuser_is_anonymous_and_dated_by_recording),
		cmocka_unit_test(a_known_anonymous_keeps_its_day),
		cmocka_unit_test(columns_the_file_lacks_keep_what_is_known),
		cmocka_unit_test(answers_are_a_form_of_their_own),
		cmocka_unit_test(an_answer_that_names_its_person_is_refused),
		cmocka_unit_test(a_file_of_participants_yields_no_answers),
		cmocka_unit_test(a_short_row_lacks_its_last_cells),
		cmocka_unit_test(many_words_of_nonsense_do_not_confuse_the_memory),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
