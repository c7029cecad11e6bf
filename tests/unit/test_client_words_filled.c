#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/words_filled.h"
#include "lib/own.h"

#include <string.h>

#define VIEWS 4

static size_t match(const char *msgid, const char *text, struct words_view views[VIEWS], size_t *n)
{
	*n = 0;
	return words_filled_match(msgid, text, views, VIEWS, n);
}

static void check_view(const struct words_view *view, const char *text)
{
	assert_int_equal(view->n, strlen(text));
	assert_memory_equal(view->text, text, view->n);
}

static void a_filled_sentence_leads_back_to_its_msgid(void **state)
{
	struct words_view views[VIEWS];
	size_t n;

	(void)state;
	assert_true(match("there is no option --%s here", "there is no option --perod here", views,
			  &n) > 0);
	assert_int_equal(n, 1);
	check_view(&views[0], "perod");
	assert_true(match("%zu arguments were given; it takes %zu to %zu",
			  "3 arguments were given; it takes 1 to 2", views, &n) > 0);
	assert_int_equal(n, 3);
	check_view(&views[0], "3");
	check_view(&views[2], "2");
}

static void a_sentence_that_is_another_ones_is_not_taken(void **state)
{
	struct words_view views[VIEWS];
	size_t n;

	(void)state;
	assert_int_equal(match("there is no option --%s here", "there is no option --perod", views,
			       &n),
			 0);
	assert_int_equal(match("\"%s\" is no epoch", "\"x\" is no epoch at all", views, &n), 0);
	assert_int_equal(match("a fixed sentence", "a fixed sentence", views, &n), 0);
	assert_int_equal(match("%s", "", views, &n), 0);
}

static void the_last_fixed_words_are_looked_for_at_the_end(void **state)
{
	struct words_view views[VIEWS];
	size_t n;

	(void)state;
	/* The name holds what follows it. */
	assert_true(match("no site \"%s\"", "no site \"a\"b\"", views, &n) > 0);
	check_view(&views[0], "a\"b");
}

static void a_per_cent_sign_is_fixed_text(void **state)
{
	struct words_view views[VIEWS];
	size_t n;

	(void)state;
	assert_int_equal(match("%d%% of %s", "12%% of it", views, &n) > 0, 1);
	assert_int_equal(n, 2);
}

static void without_a_catalogue_nothing_is_said(void **state)
{
	own(buf_free) struct buf text = {0};

	(void)state;
	assert_false(words_filled_add(&text, "", "anything"));
	assert_false(words_filled_add(&text, "/dev/null", "anything"));
	assert_int_equal(text.n, 0);
}

/* A catalogue of one pair, as the GNU gettext manual draws it. */
static void write_catalogue(const char *path, const char *msgid, const char *msgstr, size_t cut)
{
	const uint32_t head[] = {0x950412de, 0, 1, 28, 36, 0, 0};
	const uint32_t rows[] = {(uint32_t)strlen(msgid), 44, (uint32_t)strlen(msgstr),
				 (uint32_t)(44 + strlen(msgid) + 1)};
	own(buf_free) struct buf file = {0};
	FILE *to = fopen(path, "wb");

	buf_add(&file, head, sizeof(head));
	buf_add(&file, rows, sizeof(rows));
	buf_add(&file, msgid, strlen(msgid) + 1);
	buf_add(&file, msgstr, strlen(msgstr) + 1);
	assert_int_equal(file.error, 0);
	assert_non_null(to);
	assert_int_equal(fwrite(file.data, 1, file.n - cut, to), file.n - cut);
	assert_int_equal(fclose(to), 0);
}

static void a_translation_is_filled_in_its_own_order(void **state)
{
	own(buf_free) struct buf text = {0};
	char path[] = "/tmp/mia-words-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	write_catalogue(path, "%s has %u rows", "%2$u rader i %1$s", 0);
	assert_true(words_filled_add(&text, path, "april.csv has 12 rows"));
	assert_string_equal(buf_text(&text), "12 rader i april.csv");
	buf_clear(&text);
	write_catalogue(path, "%s has %u rows", "%s har %u rader", 0);
	assert_true(words_filled_add(&text, path, "april.csv has 12 rows"));
	assert_string_equal(buf_text(&text), "april.csv har 12 rader");
	fd_close(&fd);
	assert_int_equal(unlink(path), 0);
}

static void a_catalogue_cut_anywhere_says_nothing_and_reads_nothing_beyond(void **state)
{
	char path[] = "/tmp/mia-words-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	for (size_t cut = 1; cut < 70; cut++) {
		own(buf_free) struct buf text = {0};

		write_catalogue(path, "%s has %u rows", "%s har %u rader", cut);
		(void)words_filled_add(&text, path, "april.csv has 12 rows");
		if (text.n > 0) /* the msgid was whole: the translation must be empty or whole */
			assert_null(memchr(text.data, '\0', text.n));
	}
	fd_close(&fd);
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filled_sentence_leads_back_to_its_msgid),
		cmocka_unit_test(a_sentence_that_is_another_ones_is_not_taken),
		cmocka_unit_test(the_last_fixed_words_are_looked_for_at_the_end),
		cmocka_unit_test(a_per_cent_sign_is_fixed_text),
		cmocka_unit_test(without_a_catalogue_nothing_is_said),
		cmocka_unit_test(a_translation_is_filled_in_its_own_order),
		cmocka_unit_test(a_catalogue_cut_anywhere_says_nothing_and_reads_nothing_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
