#include "proto/programme_read.h"

#include "lib/buf.h"
#include "lib/date.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/errors.h"
#include "proto/signature.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A programme that has nothing in common with MIA but the language: green cards of libraries. */
static const char cards[] = "[programme]\n"
			    "id = cards\n"
			    "sv = Gr\xc3\xb6na kort\n"
			    "en = Green cards\n"
			    "case = 7/2023\n"
			    "version = 3\n"
			    "valid = 2023-01-01..\n"
			    "ages = 7-99\n"
			    "\n"
			    "[policy]\n"
			    "k = 10\n"
			    "cutoff_days = 1\n"
			    "on_time_days = 5\n"
			    "outcome_days = 0\n"
			    "send_spread_s = 0\n"
			    "\n"
			    "[site north]\n"
			    "sv = Norr\n"
			    "en = North\n"
			    "target = 2023-01-01 | 40\n"
			    "target = 2024-01-01 | 60\n"
			    "municipality = 2580 | Lule\xc3\xa5 | Lule\xc3\xa5 | ..2023-12-31\n"
			    "[site south]\n"
			    "sv = S\xc3\xb6"
			    "der\n"
			    "en = South\n"
			    "ages = 9-90\n"
			    "valid = 2023-06-01..\n"
			    "municipality = 1280 | Malm\xc3\xb6 | Malm\xc3\xb6\n"
			    "municipality = 2580 | Lule\xc3\xa5 | Lule\xc3\xa5 | 2024-01-01..\n"
			    "\n"
			    "[list shelf]\n"
			    "sv = Hylla\n"
			    "en = Shelf\n"
			    "code = 10 | poetry | Lyrik | Poetry\n"
			    "code = 7 | maps | Kartor | Maps | 2023-01-01..2024-12-31\n"
			    "code = 9 | rest | Annat | Anything else\n"
			    "alias = poetry | Dikter | Poesi\n"
			    "\n"
			    "[field shelf]\n"
			    "sv = Hylla\n"
			    "en = Shelf\n"
			    "list = shelf\n"
			    "alias = hyllplats | plats\n"
			    "[field town]\n"
			    "sv = Ort\n"
			    "en = Town\n"
			    "list = municipality\n"
			    "[field card]\n"
			    "sv = Kort\n"
			    "en = Card\n"
			    "\n"
			    "[measure begun]\n"
			    "number = 4\n"
			    "sv = Nya\n"
			    "en = New\n"
			    "kind = entered\n"
			    "unit = person\n"
			    "cadence = quarter\n"
			    "valid = 2023-01-01..2023-12-31\n"
			    "[measure begun_by_shelf]\n"
			    "number = 5\n"
			    "sv = Nya efter hylla\n"
			    "en = New by shelf\n"
			    "kind = entered\n"
			    "unit = person\n"
			    "cadence = year\n"
			    "valid = 2024-01-01..\n"
			    "cell = paper | Papper | Paper\n"
			    "when = shelf is poetry,  maps\n"
			    "when = town is 2580\n"
			    "cell = others | \xc3\x96vriga | Others\n"
			    "[measure visits]\n"
			    "number = 9\n"
			    "sv = Bes\xc3\xb6k\n"
			    "en = Visits\n"
			    "kind = deviation\n"
			    "unit = event\n"
			    "cadence = month\n"
			    "\n"
			    "[goal paper]\n"
			    "sv = Papper\n"
			    "en = Paper\n"
			    "measure = begun_by_shelf\n"
			    "cells = paper\n"
			    "per_mille = 500\n";

/* cards with from replaced by to, once. */
static void edit(const char *from, const char *to, struct buf *ret_text)
{
	const char *at = strstr(cards, from);

	assert_non_null(at);
	buf_add(ret_text, cards, (size_t)(at - cards));
	buf_add_text(ret_text, to);
	buf_add_text(ret_text, at + strlen(from));
	assert_int_equal(ret_text->error, 0);
}

static int read_text(const char *text, struct programme **ret_programme, struct fault *fault)
{
	return programme_read("cards.ini", text, strlen(text), ret_programme, fault);
}

static void another_programme_parses_as_well(void **state)
{
	own(programme_free) struct programme *programme = NULL;
	struct fault fault = {0};
	const struct programme_list *shelf;
	const struct programme_measure *measure;

	(void)state;
	assert_int_equal(read_text(cards, &programme, &fault), 0);
	assert_string_equal(programme->id, "cards");
	assert_int_equal(programme->version, 3);
	assert_int_equal(programme->operation.to, INT32_MAX);
	assert_int_equal(programme->policy.k, 10);
	assert_int_equal(programme->sites_n, 2);
	assert_int_equal(programme->sites[0].age_min, 7);
	assert_int_equal(programme->sites[1].age_max, 90);
	assert_int_equal(programme->sites[0].targets_n, 2);
	assert_int_equal(programme->targets_n, 0);
	shelf = programme_list(programme, "shelf");
	assert_int_equal(programme_code_by_word(shelf, "POESI")->number, 10);
	assert_int_equal(programme_code(shelf, 7)->span.to, date_from_civil(2024, 12, 31));
	assert_int_equal(programme_list(programme, "municipality")->codes_n, 2);
	assert_string_equal(programme->fields[0].aliases[1], "plats");
	assert_null(programme->fields[2].list);
	measure = &programme->measures[1];
	assert_int_equal(measure->cells_n, 2);
	assert_int_equal(measure->cells[0].rules_n, 2);
	assert_int_equal(measure->cells[0].rules[0].tests[0].groups[1], 7);
	assert_int_equal(measure->cells[0].rules[1].tests[0].groups[0], 2580);
	assert_int_equal(programme->measures[0].cells_n, 1);
	assert_string_equal(programme->measures[0].cells[0].id, "total");
	assert_int_equal(programme->measures[2].unit, UNIT_EVENT);
	assert_int_equal(programme->measures[2].kind, KIND_DEVIATION);
	assert_int_equal(programme->goals[0].cells, 1);
	assert_int_equal(programme->goals[0].base_cells, 3);
}

struct slip {
	const char *from, *to, *code, *said;
};

static void check_slips(const struct slip *slips, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		own(buf_free) struct buf text = {0};
		struct programme *programme = NULL;
		struct fault fault = {0};

		edit(slips[i].from, slips[i].to, &text);
		assert_int_equal(read_text(buf_text(&text), &programme, &fault), -EBADMSG);
		assert_null(programme);
		assert_string_equal(fault.code, slips[i].code);
		if (strstr(fault.reason, slips[i].said) == NULL)
			fail_msg("\"%s\" does not say \"%s\"", fault.reason, slips[i].said);
		assert_memory_equal(fault.place, "cards.ini:", 10);
		assert_string_equal(fault.remedy, error_find(fault.code)->remedy_en);
	}
}

static void a_slip_in_a_word_gets_the_nearest_one_proposed(void **state)
{
	static const struct slip slips[] = {
		{"[policy]", "[pollicy]", "P001", "did you mean \"policy\""},
		{"[site north]", "[sites north]", "P001", "did you mean \"site\""},
		{"cutoff_days", "cutof_days", "P002", "did you mean \"cutoff_days\""},
		{"kind = entered", "kind = enterd", "P014", "did you mean \"entered\""},
		{"unit = event", "unit = events", "P014", "did you mean \"event\""},
		{"cadence = year", "cadence = yearly", "P014", "did you mean \"year\""},
		{"list = shelf", "list = shelff", "P014", "did you mean \"shelf\""},
		{"when = shelf", "when = shelv", "P014", "did you mean \"shelf\""},
		{"is poetry", "is poetri", "P014", "did you mean \"poetry\""},
		{"alias = poetry", "alias = petry", "P014", "did you mean \"poetry\""},
		{"measure = begun_by", "measure = begun_bye", "P014",
		 "did you mean \"begun_by_shelf\""},
		{"cells = paper", "cells = papper", "P014", "did you mean \"paper\""},
		{"kind = entered", "kind = zzzzzzzzzzzz", "P014", "there is no kind of event"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void what_stands_twice_is_refused(void **state)
{
	static const struct slip slips[] = {
		{"[site south]", "[site north]", "P003", "sv stands at line 18 already"},
		{"[field card]", "[field shelf]", "P003", "[field shelf] begins at line"},
		{"k = 10\n", "k = 10\nk = 11\n", "P003", "k stands at line 11"},
		{"poetry,  maps", "maps, maps", "P003", "maps stands twice"},
		{"cells = paper", "cells = paper, paper", "P003", "paper stands twice"},
		{"7 | maps", "7 | poetry", "P012", "10 poetry"},
		{"cell = others", "cell = paper", "P012", "paper"},
		{"7 | maps", "10 | maps", "P013", "10 poetry"},
		{"number = 9", "number = 4", "P013", "begun"},
		{"Kartor", "lyrik", "P015", "\"lyrik\" already means something else at line"},
		{"Dikter", "maps", "P015", "\"maps\""},
		{"sv = Ort", "sv = HYLLPLATS", "P015", "already means something else"},
		{"alias = hyllplats", "alias = CARD", "P015", "already means something else"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void what_is_missing_is_named(void **state)
{
	static const struct slip slips[] = {
		{"[policy]\nk = 10\n", "[policy]\n", "P004", "[policy] has no k"},
		{"case = 7/2023\n", "", "P004", "[programme] has no case"},
		{"en = North\n", "", "P005", "[site north] has no en"},
		{"sv = Nya\n", "", "P005", "[measure begun] has no sv"},
		{"code = 9 | rest | Annat | Anything else\n", "code = 9 | rest | Annat\n", "P006",
		 "has 3 parts"},
		{"| Annat |", "| |", "P006", "part 3 is empty"},
		{"cell = others | \xc3\x96vriga | Others", "cell = others | Others", "P006",
		 "has 2 parts"},
		{"en = Card\n", "en =\n", "P006", "empty"},
		{"when = shelf is poetry,  maps", "when = shelf poetry", "P006", "is not like"},
		{"cells = paper\n", "cells = ,\n", "P006", "names no cell"},
		{"is poetry,  maps", "is poetry,,maps", "P014", "no code of shelf \"\""},
		{"when = shelf is poetry", "when = card is poetry", "P014", "no code list"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void malformed_numbers_dates_and_ids_are_refused(void **state)
{
	static const struct slip slips[] = {
		{"version = 3", "version = 3.1", "P007", "3.1"},
		{"version = 3", "version = 0", "P007", "from 1"},
		{"number = 9", "number = 65536", "P007", "65536"},
		{"7 | maps", "-7 | maps", "P007", "-7"},
		{"ages = 7-99", "ages = 99-7", "P007", "99-7"},
		{"ages = 7-99", "ages = 7", "P007", "ages"},
		{"ages = 7-99", "ages = 7-1000", "P007", "ages"},
		{"1280 |", "128 |", "P007", "four digits"},
		{"1280 |", "0000 |", "P007", "0000"},
		{"| 40", "| 0", "P007", "from 1"},
		{"per_mille = 500", "per_mille = 1001", "P007", "1001"},
		{"target = 2024-01-01", "target = 2024-02-30", "P008", "2024-02-30"},
		{"2023-06-01..", "2023-06-01", "P008", "is not a span"},
		{"2023-06-01..", "..", "P008", "is not a span"},
		{"2023-06-01..", "2023-06-01..2024-1-1", "P008", "is not a span"},
		{"[site south]", "[site Syd]", "P011", "Syd"},
		{"[site south]", "[site]", "P011", ""},
		{"[site south]", "[site hub]", "P011", "hub"},
		{"[list shelf]", "[list municipality]", "P011", "municipality"},
		{"cell = paper", "cell = pa per", "P011", "pa per"},
		{"[policy]", "[policy strict]", "P001", "stands alone"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void empty_and_overlapping_spans_are_refused(void **state)
{
	static const struct slip slips[] = {
		{"2023-01-01..2024-12-31", "2024-12-31..2023-01-01", "P009", "ends before"},
		{"| ..2023-12-31", "| ..2024-01-01", "P010", ""},
		{"| ..2023-12-31", "| 2023-12-31..", "P010", "north"},
		{"2023-06-01..\n", "2023-06-01..2023-07-01\n", "P009", "no day within"},
		{"2024-01-01..\ncell", "2024-01-02..\ncell", "P009", "whole months"},
		{"2023-01-01..2023-12-31\n[measure", "2023-01-01..2023-12-30\n[measure", "P009",
		 "whole months"},
		{"target = 2024-01-01", "target = 2023-01-01", "P023", "2023-01-01"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void what_privacy_forbids_is_refused_and_the_remedy_says_why(void **state)
{
	static const struct slip slips[] = {
		{"k = 10", "k = 2", "P017", "each of the two knows"},
		{"k = 10", "k = 0", "P017", "k = 0"},
		{"cadence = quarter", "cadence = week", "P018", "finer than a month"},
		{"cadence = month", "cadence = day", "P018", "finer than a month"},
		{"cell = others | \xc3\x96vriga | Others\n",
		 "cell = others | \xc3\x96vriga | Others\nwhen = shelf is rest\n", "P019",
		 "nothing takes the rest"},
		{"when = shelf is poetry,  maps\nwhen = town is 2580\n", "", "P019",
		 "only the last may"},
		{"cell = paper | Papper | Paper\n", "", "P019", "when belongs below"},
		{"kind = entered\nunit = person", "kind = entered\nunit = event", "P020",
		 "entered is counted in persons"},
		{"kind = deviation", "kind = answered", "P020", "answered"},
		{"kind = deviation", "kind = hours", "P037", "no headline"},
		{"kind = deviation", "kind = spell_started", "P038", "five spells"},
		{"kind = deviation", "kind = spell_ended", "P038", "five spells"},
		{"2023-01-01..2023-12-31\n[measure", "2023-01-01..2024-01-31\n[measure", "P021",
		 "both count entered"},
		{"kind = deviation\nunit = event", "kind = entered\nunit = person", "P021",
		 "both count entered"},
		{"2024-01-01..\ncell", "2024-02-01..\ncell", "P025", "begun_by_shelf"},
		{"cutoff_days = 1", "cutoff_days = 6", "P026", "6 days"},
	};

	(void)state;
	assert_non_null(strstr(error_find("P017")->remedy_en, "at least two others"));
	check_slips(slips, array_n(slips));
}

static void a_goal_needs_something_to_be_held_against(void **state)
{
	static const struct slip slips[] = {
		{"measure = begun_by_shelf", "measure = left", "P014", "measure \"left\""},
		{"per_mille = 500", "per_mille = 0", "P022", "has none"},
		{"per_mille = 500", "per_mille = 0\nbase = visits", "P022", "has no base"},
	};

	(void)state;
	check_slips(slips, array_n(slips));
}

static void the_fault_names_the_line(void **state)
{
	own(buf_free) struct buf text = {0};
	struct programme *programme = NULL;
	struct fault fault = {0};

	(void)state;
	edit("k = 10", "# a comment\n\nk = 1", &text);
	assert_int_equal(read_text(buf_text(&text), &programme, &fault), -EBADMSG);
	assert_string_equal(fault.place, "cards.ini:13");
}

static void control_characters_of_a_file_do_not_reach_the_terminal(void **state)
{
	own(buf_free) struct buf text = {0};
	struct programme *programme = NULL;
	struct fault fault = {0};

	(void)state;
	edit("kind = entered", "kind = \x1b[31mentered", &text);
	assert_int_equal(read_text(buf_text(&text), &programme, &fault), -EBADMSG);
	assert_null(strchr(fault.reason, '\x1b'));
}

/* n sections (or lines) made with format from 0..n-1, put before the policy. */
static void check_too_many(const char *head, const char *format, unsigned n)
{
	own(buf_free) struct buf text = {0}, more = {0};
	struct programme *programme = NULL;
	struct fault fault = {0};

	buf_add_text(&more, head);
	for (unsigned i = 0; i < n; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_printf(&more, format, i + 100, i + 100);
#pragma GCC diagnostic pop
	}
	buf_add_text(&more, "[policy]");
	edit("[policy]", buf_text(&more), &text);
	assert_int_equal(read_text(buf_text(&text), &programme, &fault), -EBADMSG);
	assert_string_equal(fault.code, "P016");
}

static void more_than_a_programme_can_hold_is_refused(void **state)
{
	(void)state;
	check_too_many("", "[site s%u]\nsv = s\nen = s\nmunicipality = 0%u | m | m\n", 63);
	check_too_many("",
		       "[measure m%u]\nnumber = %u\nsv = m\nen = m\nkind = left\nunit = person\n"
		       "cadence = month\n",
		       64);
	check_too_many("[list l]\nsv = l\nen = l\n", "code = %u | c%u | l | l\n", 257);
	check_too_many("[list l]\nsv = l\nen = l\n", "code = %u | c%u | l | l\n", 8192);
	check_too_many("", "[goal g%u]\nsv = g\nen = g\nmeasure = visits\nper_mille = %u\n", 64);
	check_too_many("", "[x%u]\ny = %u\n", 1100);
}

static void read_hash(const char *text, uint8_t ret_hash[static PROGRAMME_HASH_BYTES])
{
	own(programme_free) struct programme *programme = NULL;

	assert_int_equal(read_text(text, &programme, NULL), 0);
	memcpy(ret_hash, programme->hash, PROGRAMME_HASH_BYTES);
}

static void comments_and_white_space_do_not_change_the_hash(void **state)
{
	own(buf_free) struct buf spaced = {0}, changed = {0};
	uint8_t plain[PROGRAMME_HASH_BYTES], other[PROGRAMME_HASH_BYTES];

	(void)state;
	read_hash(cards, plain);
	edit("k = 10\n", "\n# why ten\n   k=10  \r\n\n", &spaced);
	read_hash(buf_text(&spaced), other);
	assert_memory_equal(plain, other, sizeof(plain));
	edit("k = 10", "k = 11", &changed);
	read_hash(buf_text(&changed), other);
	assert_memory_not_equal(plain, other, sizeof(plain));
}

/* H("mia/1/programme", section, key, value, ...), made here by hand. */
static void the_hash_is_that_of_the_entries_in_order(void **state)
{
	static const char *const entries[][3] = {{"programme", "id", "cards"},
						 {"programme", "sv", "Gr\xc3\xb6na kort"}};
	const char *rest = strstr(cards, "en = Green");
	char copy[sizeof(cards)], section[64] = "programme", *line, *lines = copy;
	uint8_t expected[SIGN_HASH_BYTES], hash[PROGRAMME_HASH_BYTES];
	struct sign_hash made;

	(void)state;
	sign_hash_start(&made, "mia/1/programme");
	for (size_t i = 0; i < array_n(entries); i++)
		for (size_t j = 0; j < 3; j++)
			sign_hash_part(&made, entries[i][j], strlen(entries[i][j]));
	memcpy(copy, rest, strlen(rest) + 1);
	while ((line = strsep(&lines, "\n")) != NULL) {
		char *equals = strstr(line, " = ");

		if (*line == '[')
			(void)snprintf(section, sizeof(section), "%.*s", (int)strlen(line) - 2,
				       line + 1);
		if (equals == NULL)
			continue;
		sign_hash_part(&made, section, strlen(section));
		sign_hash_part(&made, line, (size_t)(equals - line));
		sign_hash_part(&made, equals + 3, strlen(equals + 3));
	}
	sign_hash_end(&made, expected);
	read_hash(cards, hash);
	assert_memory_equal(hash, expected, sizeof(hash));
}

static void a_file_cut_anywhere_is_read_or_refused_in_words(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(cards); n += 3) {
		own(programme_free) struct programme *programme = NULL;
		struct fault fault = {0};
		int error = programme_read("cut", cards, n, &programme, &fault);

		assert_true(error == 0 || (error == -EBADMSG && fault.reason[0] != '\0'));
		assert_int_equal(error == 0, programme != NULL);
	}
}

static char folder[] = "/tmp/mia-test-programme-XXXXXX";
static char path[128];
static struct sign_key *key;

static int make_folder(void **state)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = {7};

	(void)state;
	if (mkdtemp(folder) == NULL || sign_key_new(seed, &key) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/cards.ini", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char name[160];

	(void)state;
	sign_key_free(&key);
	(void)snprintf(name, sizeof(name), "%s.sig", path);
	(void)unlink(name);
	(void)unlink(path);
	return rmdir(folder);
}

static void a_signed_file_opens_and_an_unsigned_or_altered_one_does_not(void **state)
{
	own(programme_free) struct programme *signed_one = NULL;
	struct programme *programme = NULL;
	own(buf_free) struct buf altered = {0};
	struct fault fault = {0};
	uint8_t hash[PROGRAMME_HASH_BYTES];

	(void)state;
	assert_int_equal(programme_open(path, NULL, &programme, &fault), -EBADMSG);
	assert_string_equal(fault.code, "P024");
	assert_int_equal(file_write(path, cards, strlen(cards), 0644), 0);
	assert_int_equal(programme_open(path, sign_key_public(key), &programme, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R020");
	read_hash(cards, hash);
	assert_int_equal(signature_write(path, SIGNATURE_PROGRAMME, hash, key), 0);
	assert_int_equal(programme_open(path, sign_key_public(key), &signed_one, &fault), 0);
	edit("k = 10", "k = 3", &altered);
	assert_int_equal(file_write(path, altered.data, altered.n, 0644), 0);
	assert_int_equal(programme_open(path, sign_key_public(key), &programme, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R023");
	assert_null(programme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_programme_parses_as_well),
		cmocka_unit_test(a_slip_in_a_word_gets_the_nearest_one_proposed),
		cmocka_unit_test(what_stands_twice_is_refused),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(malformed_numbers_dates_and_ids_are_refused),
		cmocka_unit_test(empty_and_overlapping_spans_are_refused),
		cmocka_unit_test(what_privacy_forbids_is_refused_and_the_remedy_says_why),
		cmocka_unit_test(a_goal_needs_something_to_be_held_against),
		cmocka_unit_test(the_fault_names_the_line),
		cmocka_unit_test(control_characters_of_a_file_do_not_reach_the_terminal),
		cmocka_unit_test(more_than_a_programme_can_hold_is_refused),
		cmocka_unit_test(comments_and_white_space_do_not_change_the_hash),
		cmocka_unit_test(the_hash_is_that_of_the_entries_in_order),
		cmocka_unit_test(a_file_cut_anywhere_is_read_or_refused_in_words),
		cmocka_unit_test(a_signed_file_opens_and_an_unsigned_or_altered_one_does_not),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
