#include "daemon/site/store_invite.h"

#include "daemon/site/intake.h"
#include "lib/text.h"
#include "proto/errors.h"
#include "tests/unit/fixture_site.h"

#include <errno.h>

#define NOW INT64_C(1543622400) /* 2018-12-01 */
#define HEAD "Inbjudningskod;Svarsdatum;decided\n"

static const struct store_origin by_hand = {.at = NOW, .operator_name = "anna"};

/* Imports answers; gives how many were new, and of the refused *ret_codes is their code. */
static int64_t put(struct stage *stage, const char *text, const char **ret_code)
{
	static char code[8];
	struct request request = {.command = COMMAND_IMPORT,
				  .arguments = {"svar.csv"},
				  .arguments_n = 1,
				  .options = {{.name = "apply"}},
				  .options_n = 1,
				  .stream_bytes = strlen(text)};
	const struct intake_settings settings = {.programme = stage->mia,
						 .site = stage->parts.site,
						 .store = stage->parts.store,
						 .request = &request,
						 .operator_name = "anna",
						 .at_now = NOW};
	own(intake_free) struct intake *intake = NULL;
	own(answer_free) struct answer answer = {0};
	struct fault fault = {0};
	const struct sheet *sheet;

	assert_int_equal(intake_new(&settings, &intake, &fault), 0);
	assert_int_equal(intake_feed(intake, text, strlen(text), &fault), 0);
	assert_int_equal(intake_end(intake, &answer), 0);
	sheet = answer.sheets[1];
	*ret_code = "";
	if (sheet->cells_n > 0 && answer.exit != EXIT_GOOD) {
		(void)snprintf(code, sizeof(code), "%s", sheet->cells[0].text);
		*ret_code = code;
	}
	sheet = answer.sheets[0];
	for (size_t i = 0; i < sheet->columns_n; i++)
		if (strcmp(sheet->columns[i].id, "new") == 0)
			return sheet->cells[i].number;
	return -1;
}

static void until_codes_are_given_out_any_will_do(void **state)
{
	const char *code;

	assert_int_equal(put(*state, HEAD "KOD1;2018-02-02;4\n", &code), 1);
}

static void then_an_answer_needs_one_that_was_given_out(void **state)
{
	struct stage *stage = *state;
	char codes[2][INVITATION_BYTES];
	own(buf_free) struct buf good = {0};
	const char *code;

	assert_int_equal(store_invite(stage->parts.store, &by_hand, 2, codes), 0);
	assert_last_event(stage, "invitations_given operator=anna");
	assert_int_equal(put(stage, HEAD "KOD1;2018-02-02;4\n", &code), 0);
	assert_string_equal(code, "V055");
	buf_printf(&good, "%s%.4s-%.4s-%.5s;2018-02-02;4\n", HEAD, codes[1], codes[1] + 4,
		   codes[1] + 8);
	assert_int_equal(put(stage, buf_text(&good), &code), 1);
	assert_int_equal(store_persons(stage->parts.store), 0);
}

static void a_code_brings_one_answer(void **state)
{
	struct stage *stage = *state;
	char codes[1][INVITATION_BYTES];
	own(buf_free) struct buf first = {0}, other = {0};
	const char *code;

	assert_int_equal(store_invite(stage->parts.store, &by_hand, 1, codes), 0);
	buf_printf(&first, "%s%s;2018-02-02;4\n%s;2018-02-03;5\n", HEAD, codes[0], codes[0]);
	assert_int_equal(put(stage, buf_text(&first), &code), 1);
	assert_string_equal(code, "I036");
	buf_printf(&other, "%s%s;2018-02-02;2\n", HEAD, codes[0]);
	assert_int_equal(put(stage, buf_text(&other), &code), 0); /* the same answer, corrected */
	assert_string_equal(code, "");
}

static void what_answered_before_codes_were_given_out_is_still_known(void **state)
{
	struct stage *stage = *state;
	char codes[1][INVITATION_BYTES];
	const char *code;

	assert_int_equal(put(stage, HEAD "KOD1;2018-02-02;4\n", &code), 1);
	assert_int_equal(store_invite(stage->parts.store, &by_hand, 1, codes), 0);
	assert_int_equal(put(stage, HEAD "KOD1;2018-02-02;4\n", &code), 0);
	assert_string_equal(code, "");
}

static void an_invitation_outlives_the_daemon_and_an_answer_taken_back(void **state)
{
	struct stage *stage = *state;
	char codes[1][INVITATION_BYTES];
	own(buf_free) struct buf text = {0};
	uint64_t acts = 0;
	const char *code;

	assert_int_equal(store_invite(stage->parts.store, &by_hand, 1, codes), 0);
	reopen_stage(stage);
	assert_true(store_invite_is_begun(stage->parts.store));
	buf_printf(&text, "%s%s;2018-02-02;4\n", HEAD, codes[0]);
	assert_int_equal(put(stage, buf_text(&text), &code), 1);
	assert_int_equal(store_batch_undo(stage->parts.store, &by_hand, 1, &acts), 0);
	assert_int_equal(put(stage, buf_text(&text), &code), 1);
}

static void a_batch_that_is_dropped_leaves_the_invitations(void **state)
{
	struct stage *stage = *state;
	static char codes[STORE_INVITE_MAX][INVITATION_BYTES];
	struct record record;

	assert_int_equal(store_invite(stage->parts.store, &by_hand, STORE_INVITE_MAX, codes), 0);
	assert_int_equal(store_batch_begin(stage->parts.store, NOW, "anna", "svar.csv"), 0);
	for (size_t i = 0; i < STORE_INVITE_MAX; i++) {
		record_clear(&record);
		text_copy(record.invitation, sizeof(record.invitation), codes[i]);
		record.value[FIELD_survey_date] = date_from_civil(2018, 2, 2);
		assert_int_equal(store_batch_add(stage->parts.store, &record, true), 0);
	}
	store_batch_abort(stage->parts.store);
	reopen_stage(stage);
	for (size_t i = 0; i < STORE_INVITE_MAX; i++)
		assert_true(store_invite_was_given(stage->parts.store, codes[i]));
}

/* The code stands in no file of the store in clear. */
static void a_code_is_kept_as_a_keyed_hash_only(void **state)
{
	struct stage *stage = *state;
	char codes[1][INVITATION_BYTES];
	char path[128];
	own(buf_free) struct buf file = {0};

	assert_int_equal(store_invite(stage->parts.store, &by_hand, 1, codes), 0);
	(void)snprintf(path, sizeof(path), "%s/records/data.mdb", stage->dir);
	assert_int_equal(file_read(path, 1 << 26, &file), 0);
	assert_null(memmem(file.data, file.n, codes[0], INVITATION_BYTES - 1));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_stage, strike_stage)
		CASE(until_codes_are_given_out_any_will_do),
		CASE(then_an_answer_needs_one_that_was_given_out),
		CASE(a_code_brings_one_answer),
		CASE(what_answered_before_codes_were_given_out_is_still_known),
		CASE(an_invitation_outlives_the_daemon_and_an_answer_taken_back),
		CASE(a_batch_that_is_dropped_leaves_the_invitations),
		CASE(a_code_is_kept_as_a_keyed_hash_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
