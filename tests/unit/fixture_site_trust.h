/*
 * A site of fixture_site.h in a county of three: its own key, two others (2 and 3) and the hub's;
 * and its administrator, with what was answered.
 */
#ifndef MIA_TESTS_FIXTURE_SITE_TRUST_H
#define MIA_TESTS_FIXTURE_SITE_TRUST_H

#include "daemon/site/vouch.h"
#include "fixture_site.h"
#include "fixture_trust.h"
#include "proto/errors.h"

struct desk {
	struct stage *stage;
	struct request request;
	struct answer answer;
	int64_t at;
};

/* Two others, whose word counts. */
static inline void add_others(struct roster *roster)
{
	for (size_t i = 0; i < roster->members_n; i++)
		memset(roster->members[i].link, 100 + (int)i, 32);
	roster->members[roster->members_n++] = trust_member("varna", 2);
	roster->members[roster->members_n++] = trust_member("suv", 3);
	trust_pass(roster);
}

static inline int make_desk(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	assert_int_equal(make_bare_stage((void **)&desk->stage), 0);
	add_others(&desk->stage->roster);
	assert_int_equal(parts_create(&desk->stage->settings, BEGIN, NULL), 0);
	open_stage(desk->stage);
	desk->at = BEGIN;
	*state = desk;
	return 0;
}

static inline int strike_desk(void **state)
{
	struct desk *desk = *state;

	answer_free(&desk->answer);
	(void)strike_stage((void **)&desk->stage);
	free(desk);
	return 0;
}

static inline void ask_for(struct desk *desk, enum command command, const char *argument)
{
	desk->request = (struct request){.command = command};
	text_copy(desk->request.arguments[0], sizeof(desk->request.arguments[0]), argument);
	desk->request.arguments_n = 1;
}

static inline void carry_out(struct desk *desk)
{
	const struct room_time now = {.at = desk->at};
	const struct room_operator who = {.name = "anna"};

	answer_free(&desk->answer);
	desk->answer = (struct answer){0};
	assert_int_equal(vouch_carry_out(&desk->stage->parts, &now, &who, &desk->request,
					 &desk->answer),
			 0);
}

static inline const char *code_of(const struct desk *desk)
{
	return desk->answer.exit == EXIT_GOOD ? "" : desk->answer.sheets[0]->cells[0].text;
}

/* The next roster with these steps, signed by both others. */
static inline struct roster *next_of(const struct desk *desk, const struct roster_step *steps,
				     size_t n)
{
	struct roster *next = trust_next(&desk->stage->roster, steps, n);

	trust_sign(next, 2);
	trust_sign(next, 3);
	return next;
}

#endif
