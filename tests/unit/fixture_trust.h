/*
 * Members of a roster with known keys, what an operator types about them, and files inside
 * requests.
 */
#ifndef MIA_TESTS_FIXTURE_TRUST_H
#define MIA_TESTS_FIXTURE_TRUST_H

#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/roster_next.h"
#include "proto/verified.h"
#include "proto/welcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WRONG "00000 00000 00000 00000 00000 00000"

static inline struct sign_key *trust_key(uint8_t number)
{
	uint8_t seed[SIGN_SEED_BYTES] = {number};
	struct sign_key *key = NULL;

	assert_int_equal(sign_key_new(seed, &key), 0);
	return key;
}

static inline struct roster_member trust_member(const char *name, uint8_t number)
{
	own(sign_key_free) struct sign_key *key = trust_key(number);
	struct roster_member member = {0};

	text_copy(member.name, sizeof(member.name), name);
	memcpy(member.sign, sign_key_public(key), sizeof(member.sign));
	memset(member.link, number, sizeof(member.link));
	return member;
}

/* typed NULL: nothing yet; "right": the key's own fingerprint. */
static inline void trust_type(struct request *request, const struct roster_member *member,
			      const char *typed)
{
	char right[SIGN_FINGERPRINT_BYTES];
	size_t at = 0;

	if (typed == NULL)
		return;
	sign_fingerprint(member->sign, right);
	while (at < request->fields_n && strcmp(request->fields[at].id, member->name) != 0)
		at++;
	request->fields_n += at == request->fields_n;
	text_copy(request->fields[at].id, sizeof(request->fields[at].id), member->name);
	text_copy(request->fields[at].text, sizeof(request->fields[at].text),
		  strcmp(typed, "right") == 0 ? right : typed);
}

static inline void trust_carry(struct request *request, const struct buf *text)
{
	assert_int_equal(text->error, 0);
	assert_int_equal(carried_add(request, text), 0);
}

/* A card of a member with key number; former 0: nobody vouches. */
static inline struct buf trust_card(const char *name, uint8_t number, uint8_t former,
				    const char *code)
{
	own(sign_key_free) struct sign_key *key = trust_key(number), *before = trust_key(former);
	struct welcome_card card = {.member = trust_member(name, number)};
	struct buf text = {0};

	text_copy(card.code, sizeof(card.code), code);
	welcome_card_sign(&card, key);
	if (former != 0)
		welcome_card_vouch(&card, before);
	welcome_card_add(&text, &card);
	return text;
}

/* As a file that is opened again: sorted and hashed, with no signature yet. */
static inline void trust_pass(struct roster *roster)
{
	own(buf_free) struct buf text = {0};
	struct fault fault = {0};

	roster_add_all(&text, roster);
	if (roster_read("roster", text.data, text.n, roster, &fault) != 0)
		fail_msg("%s %s", fault.code, fault.reason);
	roster->signatures = (struct signatures){0};
}

/* Key number signs the roster. */
static inline void trust_sign(struct roster *roster, uint8_t number)
{
	own(sign_key_free) struct sign_key *key = trust_key(number);
	struct signature_pair *pair = &roster->signatures.pairs[roster->signatures.n++];

	sign_fingerprint(sign_key_public(key), pair->key);
	sign_make(key, SIGNATURE_ROSTER, roster->hash, sizeof(roster->hash), pair->signature);
}

/* The roster after this one, with these steps; signed by nobody yet. To be freed. */
static inline struct roster *trust_next(const struct roster *roster,
					const struct roster_step *steps, size_t n)
{
	struct roster *next = calloc(1, sizeof(*next));

	assert_non_null(next);
	roster_next_start(roster, next);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(roster_next_take(next, &steps[i]), 0);
	trust_pass(next);
	return next;
}

#endif
