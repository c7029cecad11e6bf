#include "proto/tries.h"

#include "lib/date.h"
#include "lib/own.h"
#include "lib/pack.h"
#include "lib/text.h"
#include "proto/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- the row ---- */

void tries_pack(const struct tries *tries, struct buf *ret_row)
{
	pack_array(ret_row, (uint32_t)tries->n);
	for (size_t i = 0; i < tries->n; i++) {
		const struct tried *row = &tries->rows[i];

		pack_array(ret_row, 4);
		pack_str(ret_row, row->name);
		pack_bin(ret_row, row->sign, sizeof(row->sign));
		pack_u64(ret_row, row->wrong);
		pack_i64(ret_row, row->at);
	}
}

static void unpack_one(struct unpack *in, struct tried *ret_row)
{
	unpack_array_of(in, 4);
	unpack_str(in, ret_row->name, sizeof(ret_row->name));
	unpack_bin_of(in, ret_row->sign, sizeof(ret_row->sign));
	ret_row->wrong = (uint32_t)unpack_u64(in, TRIES_MAX);
	ret_row->at = unpack_i64(in, INT64_MIN, INT64_MAX);
	unpack_leave(in);
}

int tries_unpack(const struct buf *row, struct tries *ret_tries)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	struct unpack in = unpack_start(row->data, row->n);

	if (tries == NULL)
		return fail(-ENOMEM);
	tries->n = unpack_array(&in, ROSTER_MEMBERS_MAX);
	for (size_t i = 0; i < tries->n; i++)
		unpack_one(&in, &tries->rows[i]);
	unpack_leave(&in);
	if (unpack_end(&in) != 0)
		return fail(-EBADMSG);
	*ret_tries = *tries;
	return 0;
}

/* ---- the count ---- */

static bool is_of(const struct tried *row, const struct roster_member *member)
{
	return strcmp(row->name, member->name) == 0 &&
	       memcmp(row->sign, member->sign, sizeof(row->sign)) == 0;
}

/* Each key has its own count: a try at another one of the same member does not end it. */
static size_t place_of(const struct tries *tries, const struct roster_member *member)
{
	size_t place = 0;

	while (place < tries->n && !is_of(&tries->rows[place], member))
		place++;
	return place;
}

/* A clock that was set back ends a lock rather than stretching it. */
static bool is_recent(const struct tried *row, int64_t at_now)
{
	return row->at <= at_now && at_now - row->at < TRIES_LOCK_S;
}

int tries_check(const struct tries *tries, const struct roster_member *member, int64_t at_now,
		struct fault *fault)
{
	size_t place = place_of(tries, member);
	const struct tried *row = &tries->rows[place];
	char until[DATE_MOMENT_BYTES];

	if (place == tries->n || row->wrong < TRIES_MAX || !is_recent(row, at_now))
		return 0;
	date_format_moment(row->at + TRIES_LOCK_S, until);
	return fault_set(fault, "J008", member->name, error_find("J008")->remedy_en,
			 N_("another fingerprint was typed three times; locked until %s"), until);
}

static size_t oldest(const struct tries *tries)
{
	size_t place = 0;

	for (size_t i = 1; i < tries->n; i++)
		if (tries->rows[i].at < tries->rows[place].at)
			place = i;
	return place;
}

const struct tried *tries_add(struct tries *tries, const struct roster_member *member,
			      int64_t at_now)
{
	size_t place = place_of(tries, member);
	struct tried *row;

	if (place == ROSTER_MEMBERS_MAX)
		place = oldest(tries);
	tries->n += place == tries->n;
	row = &tries->rows[place];
	if (!is_of(row, member) || row->wrong >= TRIES_MAX)
		*row = (struct tried){0};
	text_copy(row->name, sizeof(row->name), member->name);
	memcpy(row->sign, member->sign, sizeof(row->sign));
	row->wrong++;
	row->at = at_now;
	return row;
}

void tries_forget(struct tries *tries, const char *name)
{
	size_t place = 0;

	while (place < tries->n) {
		if (strcmp(tries->rows[place].name, name) != 0) {
			place++;
			continue;
		}
		tries->rows[place] = tries->rows[--tries->n];
		tries->rows[tries->n] = (struct tried){0}; /* or its count would go on */
	}
}

void tries_event(const struct tried *tried, const char *operator_name,
		 char ret_text[static TRIES_EVENT_BYTES])
{
	bool is_locked = tried->wrong >= TRIES_MAX;

	(void)snprintf(ret_text, TRIES_EVENT_BYTES, "%s member=%s operator=%s tries=%u%s",
		       is_locked ? "fingerprint_locked" : "fingerprint_wrong", tried->name,
		       operator_name, tried->wrong, is_locked ? " code=J008" : "");
}
