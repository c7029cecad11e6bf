#include "proto/roster_next.h"

#include "lib/text.h"

#include <errno.h>
#include <string.h>

void roster_next_start(const struct roster *roster, struct roster *ret_next)
{
	*ret_next = *roster;
	ret_next->epoch++;
	ret_next->signatures = (struct signatures){0};
}

static int keep_former(struct roster *next, const struct roster_member *before,
		       const struct roster_step *step)
{
	struct roster_former *former = &next->formers[next->formers_n];

	if (memcmp(before->sign, step->member.sign, sizeof(before->sign)) == 0)
		return 0;
	if (next->formers_n == ROSTER_FORMERS_MAX)
		return fail(-ENOSPC);
	*former = (struct roster_former){.last_n = step->last_n, .is_lost = step->is_lost};
	text_copy(former->name, sizeof(former->name), before->name);
	memcpy(former->sign, before->sign, sizeof(former->sign));
	next->formers_n++;
	return 0;
}

int roster_next_take(struct roster *next, const struct roster_step *step)
{
	const struct roster_member *known = roster_find(next, step->member.name);
	size_t place = known == NULL ? next->members_n : (size_t)(known - next->members);
	int status = known == NULL ? 0 : keep_former(next, known, step);

	if (place == ROSTER_MEMBERS_MAX)
		return fail(-ENOSPC);
	if (status != 0)
		return status;
	next->members[place] = step->member;
	next->members_n += place == next->members_n;
	return 0;
}

bool roster_next_is_done(const struct roster *roster, const struct roster_member *member)
{
	const struct roster_member *known = roster_find(roster, member->name);

	return known != NULL && known->status == member->status &&
	       memcmp(known->sign, member->sign, sizeof(known->sign)) == 0 &&
	       memcmp(known->link, member->link, sizeof(known->link)) == 0;
}
