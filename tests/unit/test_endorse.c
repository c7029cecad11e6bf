#include "proto/endorse.h"

#include "fixture_trust.h"
#include "proto/roster_next.h"

#include <errno.h>
#include <stdio.h>

#include "lib/fail.h"

struct scene {
	struct roster now, next, read;
	struct verified_list list;
	struct request request;
};

/* varna has another key, hbs is new, the hub's link key is another. */
static int make_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	const struct roster_step steps[] = {
		{.member = trust_member("varna", 5), .last_n = 9},
		{.member = trust_member("hbs", 6)},
	};

	assert_non_null(scene);
	scene->now.epoch = 1;
	scene->now.members[scene->now.members_n++] = trust_member(ROSTER_HUB, 1);
	scene->now.members[scene->now.members_n++] = trust_member("varna", 2);
	scene->now.members[scene->now.members_n++] = trust_member("suv", 3);
	roster_next_start(&scene->now, &scene->next);
	for (size_t i = 0; i < array_n(steps); i++)
		assert_int_equal(roster_next_take(&scene->next, &steps[i]), 0);
	scene->next.members[0].link[0] ^= 1;
	*state = scene;
	return 0;
}

static int free_scene(void **state)
{
	free(*state);
	return 0;
}

static int carry(struct scene *scene, uint32_t epoch, struct fault *fault)
{
	own(buf_free) struct buf text = {0};

	scene->next.epoch = epoch;
	roster_add_all(&text, &scene->next);
	scene->request.fields_n = 0;
	trust_carry(&scene->request, &text);
	return endorse_read(&scene->request, &scene->now, &scene->read, fault);
}

static void only_the_very_next_epoch_is_signed(void **state)
{
	struct scene *scene = *state;
	struct fault fault = {0};

	assert_int_equal(carry(scene, 2, &fault), 0);
	assert_int_equal(scene->read.members_n, 4);
	assert_int_equal(carry(scene, 3, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R042");
	fault = (struct fault){0};
	assert_int_equal(carry(scene, 1, &fault), -EBADMSG);
	assert_string_equal(fault.code, "R042");
}

static void what_is_no_roster_is_refused_with_its_own_code(void **state)
{
	struct scene *scene = *state;
	own(buf_free) struct buf text = {0};
	struct fault fault = {0};

	buf_add_text(&text, "[roster]\nepoch = 2\n");
	trust_carry(&scene->request, &text);
	assert_int_equal(endorse_read(&scene->request, &scene->now, &scene->read, &fault),
			 -EBADMSG);
	assert_string_equal(fault.code, "R007");
}

static void every_new_sign_key_is_asked_for_once_until_it_was_heard(void **state)
{
	struct scene *scene = *state;
	struct verified verified = {.name = "varna"};
	const struct roster_member *member;
	size_t place = 0;

	member = endorse_unheard(&scene->now, &scene->next, &scene->list, &place);
	assert_string_equal(member->name, "varna");
	member = endorse_unheard(&scene->now, &scene->next, &scene->list, &place);
	assert_string_equal(member->name, "hbs");
	assert_null(endorse_unheard(&scene->now, &scene->next, &scene->list, &place));
	memcpy(verified.sign, trust_member("varna", 2).sign, sizeof(verified.sign));
	assert_int_equal(verified_add(&scene->list, &verified), 0); /* the key before */
	place = 0;
	member = endorse_unheard(&scene->now, &scene->next, &scene->list, &place);
	assert_string_equal(member->name, "varna");
	memcpy(verified.sign, trust_member("varna", 5).sign, sizeof(verified.sign));
	assert_int_equal(verified_add(&scene->list, &verified), 0);
	place = 0;
	member = endorse_unheard(&scene->now, &scene->next, &scene->list, &place);
	assert_string_equal(member->name, "hbs");
}

static void a_member_is_changed_when_either_key_is_another(void **state)
{
	struct scene *scene = *state;

	assert_true(endorse_is_changed(&scene->now, roster_find(&scene->next, ROSTER_HUB)));
	assert_true(endorse_is_changed(&scene->now, roster_find(&scene->next, "varna")));
	assert_false(endorse_is_changed(&scene->now, roster_find(&scene->next, "suv")));
	assert_false(endorse_is_changed(&scene->now, roster_find(&scene->next, "hbs")));
}

static void the_answer_is_a_signature_that_holds(void **state)
{
	struct scene *scene = *state;
	own(sign_key_free) struct sign_key *key = trust_key(3);
	own(answer_free) struct answer answer = {0};
	char fingerprint[SIGN_FINGERPRINT_BYTES], expected[64], event[VERIFIED_EVENT_BYTES];
	uint8_t signature[SIGN_BYTES];
	struct fault fault = {0};
	const char *hex;

	assert_int_equal(carry(scene, 2, &fault), 0);
	assert_int_equal(endorse_answer(&scene->now, &scene->read, key, &answer), 0);
	sign_fingerprint(sign_key_public(key), fingerprint);
	(void)snprintf(expected, sizeof(expected), "key %s\nsignature ", fingerprint);
	assert_memory_equal(buf_text(&answer.attachment), expected, strlen(expected));
	hex = buf_text(&answer.attachment) + strlen(expected);
	((char *)answer.attachment.data)[strlen(expected) + 2 * SIGN_BYTES] = '\0';
	assert_int_equal(text_unhex(hex, signature, sizeof(signature)), 0);
	assert_true(sign_check(sign_key_public(key), SIGNATURE_ROSTER, scene->read.hash,
			       sizeof(scene->read.hash), signature));
	endorse_event(&scene->read, "anna", event);
	assert_memory_equal(event, "roster_signed epoch=2 operator=anna hash=", 41);
}

/* What the answer says of varna. */
static const char *change_told(const struct answer *answer)
{
	const struct sheet *sheet = answer->sheets[0];

	for (size_t row = 0; row < sheet->rows_n; row++)
		if (strcmp(sheet->cells[row * sheet->columns_n].text, "varna") == 0)
			return sheet->cells[row * sheet->columns_n + 1].text;
	return "";
}

/* For whom nobody vouches but those who sign. */
static void a_key_that_is_said_to_be_lost_is_told(void **state)
{
	struct scene *scene = *state;
	own(sign_key_free) struct sign_key *key = trust_key(3);
	own(answer_free) struct answer answer = {0}, lost = {0};
	struct fault fault = {0};

	assert_int_equal(carry(scene, 2, &fault), 0);
	assert_int_equal(endorse_answer(&scene->now, &scene->read, key, &answer), 0);
	assert_string_equal(change_told(&answer), "has other keys");
	scene->read.formers[0].is_lost = true;
	assert_int_equal(endorse_answer(&scene->now, &scene->read, key, &lost), 0);
	assert_string_equal(change_told(&lost), "has other keys, and the one before is lost");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_the_very_next_epoch_is_signed, make_scene,
						free_scene),
		cmocka_unit_test_setup_teardown(what_is_no_roster_is_refused_with_its_own_code,
						make_scene, free_scene),
		cmocka_unit_test_setup_teardown(
			every_new_sign_key_is_asked_for_once_until_it_was_heard, make_scene,
			free_scene),
		cmocka_unit_test_setup_teardown(a_member_is_changed_when_either_key_is_another,
						make_scene, free_scene),
		cmocka_unit_test_setup_teardown(the_answer_is_a_signature_that_holds, make_scene,
						free_scene),
		cmocka_unit_test_setup_teardown(a_key_that_is_said_to_be_lost_is_told, make_scene,
						free_scene),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
