/*
 * The hub of fixture_hub.h with an administrator at it: commands about who is trusted, and what was
 * answered. North, south and east have the keys 1, 2 and 3, the hub 99.
 */
#ifndef MIA_TESTS_FIXTURE_HUB_TRUST_H
#define MIA_TESTS_FIXTURE_HUB_TRUST_H

#include "daemon/hub/draft.h"
#include "daemon/hub/invite.h"
#include "daemon/hub/usher.h"
#include "fixture_hub.h"
#include "fixture_trust.h"
#include "proto/errors.h"
#include "proto/tries.h"

#define HUB_NUMBER 99
#define CODE "0123456789abcdef0123"

struct desk {
	struct stage *stage;
	struct suspensions suspensions;
	struct request request;
	struct answer answer;
	int64_t at;
};

static inline int make_desk(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	assert_int_equal(make_stage((void **)&desk->stage), 0);
	desk->at = NOW;
	for (size_t i = 0; i < desk->stage->roster.members_n; i++)
		memset(desk->stage->roster.members[i].link, 100 + (int)i, 32);
	trust_pass(&desk->stage->roster);
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

typedef int carry_out_fn(const struct warden *warden, const struct request *request,
			 struct answer *ret_answer);

/* A new request; whoever carries it out is asked for the rest. */
static inline void ask_for(struct desk *desk, enum command command, const char *argument)
{
	desk->request = (struct request){.command = command};
	if (argument != NULL)
		text_copy(desk->request.arguments[desk->request.arguments_n++],
			  sizeof(desk->request.arguments[0]), argument);
}

static inline void carry_out_by(struct desk *desk, carry_out_fn *carry_out)
{
	const struct warden warden = {
		.programme = &desk->stage->programme,
		.roster = &desk->stage->roster,
		.programme_key = desk->stage->programme.hash,
		.key = desk->stage->hub_key,
		.ledger = desk->stage->ledger,
		.door = desk->stage->door,
		.suspensions = &desk->suspensions,
		.county = desk->stage->county,
		.operator_name = "anna",
		.at_now = desk->at,
	};

	answer_free(&desk->answer);
	desk->answer = (struct answer){0};
	assert_int_equal(carry_out(&warden, &desk->request, &desk->answer), 0);
}

static inline const char *code_of(const struct desk *desk)
{
	return desk->answer.exit == EXIT_GOOD ? "" : desk->answer.sheets[0]->cells[0].text;
}

/* accept NAME with a card of key number, the fingerprint typed right. */
static inline void accept_card(struct desk *desk, const char *name, uint8_t number, uint8_t former,
			       const char *code)
{
	own(buf_free) struct buf card = trust_card(name, number, former, code);
	const struct roster_member member = trust_member(name, number);

	ask_for(desk, COMMAND_ACCEPT, name);
	trust_carry(&desk->request, &card);
	trust_type(&desk->request, &member, "right");
	carry_out_by(desk, usher_carry_out);
}

/* The draft that was answered. */
static inline struct roster *drafted(const struct desk *desk)
{
	struct roster *roster = calloc(1, sizeof(*roster));
	struct fault fault = {0};

	assert_non_null(roster);
	if (roster_read("draft", desk->answer.attachment.data, desk->answer.attachment.n, roster,
			&fault) != 0)
		fail_msg("%s: %s %s", code_of(desk), fault.code, fault.reason);
	return roster;
}

static inline void invite(struct desk *desk, const char *site, const char *code, int32_t last_day)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));
	struct invite row = {.last_day = last_day};

	assert_non_null(invites);
	text_copy(row.site, sizeof(row.site), site);
	invite_hash(code, row.code);
	assert_int_equal(invite_load(desk->stage->ledger, invites), 0);
	assert_int_equal(invite_put(invites, &row, desk->stage->ledger), 0);
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
}

static inline size_t invited_n(const struct desk *desk)
{
	own(mem_free) struct invites *invites = calloc(1, sizeof(*invites));

	assert_non_null(invites);
	assert_int_equal(invite_load(desk->stage->ledger, invites), 0);
	return invites->n;
}

/* Months that a site reported, one after another from January 2018 on. */
static inline void report(struct desk *desk, size_t site, uint32_t months)
{
	uint8_t prev[SIGN_HASH_BYTES];
	uint64_t n;

	ledger_head(desk->stage->ledger, fixture_sites[site].id, &n, prev);
	for (uint32_t i = 0; i < months; i++) {
		struct release release = {0};

		n++;
		make_release(desk->stage, site, n, MONTH(2018, 1) + (uint32_t)n - 1, 7, prev,
			     &release);
		ledger_add(desk->stage->ledger, fixture_sites[site].id, &release, NOW);
		memcpy(prev, release.hash, sizeof(prev));
		release_free(&release);
	}
	assert_int_equal(ledger_commit(desk->stage->ledger), 0);
	reopen_stage(desk->stage);
}

#endif
