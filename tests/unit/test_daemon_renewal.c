#include "daemon/renewal.h"
#include "lib/own.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cmocka's fail() makes way for ours. */
#undef fail
#include "lib/fail.h"

/* A room knows only the text of the version that it was opened with. */
struct room {
	const void *text;
};

/* What the rooms of this test did, and which texts they cannot be opened with. */
static struct {
	const char *closed, *refused[2];
	int opened_n;
} seen;

static bool is_refused(const void *text)
{
	for (size_t i = 0; i < array_n(seen.refused); i++)
		if (seen.refused[i] != NULL && strcmp(text, seen.refused[i]) == 0)
			return true;
	return false;
}

static int open_room(const struct room_settings *settings, const struct room_time *now,
		     struct room **ret_room, struct fault *fault)
{
	(void)now;
	seen.opened_n++;
	if (is_refused(settings->programme_text))
		return fault_set(fault, "S011", "state", "Take another.", "not this: %s",
				 (const char *)settings->programme_text);
	*ret_room = calloc(1, sizeof(**ret_room));
	assert_non_null(*ret_room);
	(*ret_room)->text = settings->programme_text;
	return 0;
}

static void close_room(struct room **room)
{
	seen.closed = (*room)->text;
	free(*room);
	*room = NULL;
}

static const struct room_face face = {.role = "site", .open = open_room, .close = close_room};

/* A room that is open with the text "one", and the text "two" for it. */
struct play {
	struct config config;
	struct trust trust, next;
	struct room *room;
	struct renewal renewal;
	struct fault fault;
};

static void begin(struct play *play)
{
	struct room_settings settings;

	memset(&seen, 0, sizeof(seen));
	buf_add(&play->trust.programme_text, "one", 4);
	buf_add(&play->next.programme_text, "two", 4);
	play->renewal = (struct renewal){
		.face = &face,
		.config = &play->config,
		.role = CONFIG_SITE,
		.trust = &play->trust,
		.room = &play->room,
	};
	settings = trust_room_settings(&play->config, &play->trust);
	assert_int_equal(open_room(&settings, NULL, &play->room, NULL), 0);
}

static void end(struct play **play)
{
	if ((*play)->room != NULL)
		close_room(&(*play)->room);
	trust_free(&(*play)->trust);
	trust_free(&(*play)->next);
	free(*play);
}

static struct play *new_play(void)
{
	struct play *play = calloc(1, sizeof(*play));

	assert_non_null(play);
	begin(play);
	return play;
}

static void the_former_room_is_gone_before_the_next_is_there(void **state)
{
	own(end) struct play *play = new_play();
	const struct room_time now = {0};

	(void)state;
	assert_int_equal(renewal_take(&play->renewal, &play->next, &now, &play->fault), 0);
	assert_string_equal(seen.closed, "one");
	assert_string_equal(play->room->text, "two");
	assert_ptr_equal(play->room->text, play->trust.programme_text.data);
	assert_string_equal(play->next.programme_text.data, "one");
}

static void the_former_version_goes_on_when_the_next_cannot_be_opened(void **state)
{
	own(end) struct play *play = new_play();
	const struct room_time now = {0};

	(void)state;
	seen.refused[0] = "two";
	assert_int_equal(renewal_take(&play->renewal, &play->next, &now, &play->fault), -EBADMSG);
	assert_string_equal(play->fault.code, "S011");
	assert_string_equal(play->room->text, "one");
	assert_ptr_equal(play->room->text, play->trust.programme_text.data);
	assert_int_equal(seen.opened_n, 3);
}

static void no_room_is_left_when_neither_can_be_opened(void **state)
{
	own(end) struct play *play = new_play();
	const struct room_time now = {0};

	(void)state;
	seen.refused[0] = "two";
	seen.refused[1] = "one";
	assert_int_equal(renewal_take(&play->renewal, &play->next, &now, &play->fault), -EBADMSG);
	assert_null(play->room);
	assert_string_equal(play->fault.reason, "not this: two");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_former_room_is_gone_before_the_next_is_there),
		cmocka_unit_test(the_former_version_goes_on_when_the_next_cannot_be_opened),
		cmocka_unit_test(no_room_is_left_when_neither_can_be_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
