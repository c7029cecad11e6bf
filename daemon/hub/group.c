#include "daemon/hub/group.h"

#include "lib/fail.h"

#include <errno.h>
#include <stdlib.h>

void group_free(struct group *group)
{
	group_drop(group);
	free(group->accepted);
	*group = (struct group){0};
}

static int make_room(struct group *group)
{
	size_t capacity = group->capacity == 0 ? 16 : 2 * group->capacity;
	struct accepted *accepted = group->accepted;

	if (group->n < group->capacity)
		return 0;
	accepted = reallocarray(accepted, capacity, sizeof(*accepted));
	if (accepted == NULL)
		return fail(-ENOMEM);
	group->accepted = accepted;
	group->capacity = capacity;
	return 0;
}

int group_add(struct group *group, size_t site, const struct county_head *head,
	      const struct release_figures *figures)
{
	struct release_figures *copy;
	int status = make_room(group);

	if (status != 0)
		return status;
	copy = malloc(sizeof(*copy));
	if (copy == NULL)
		return fail(-ENOMEM);
	*copy = *figures;
	group->accepted[group->n++] = (struct accepted){site, *head, copy};
	return 0;
}

const uint8_t *group_hash(const struct group *group, size_t site, uint64_t n)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->accepted[i].site == site && group->accepted[i].head.n == n)
			return group->accepted[i].head.hash;
	return NULL;
}

int group_publish(const struct group *group, struct county *county)
{
	int status = 0;

	for (size_t i = 0; i < group->n && status == 0; i++) {
		const struct accepted *accepted = &group->accepted[i];

		status = county_set(county, accepted->head.period, accepted->site,
				    accepted->figures, accepted->head.at_received);
		if (status == 0)
			county_set_head(county, accepted->site, &accepted->head);
	}
	return status;
}

void group_drop(struct group *group)
{
	for (size_t i = 0; i < group->n; i++)
		free(group->accepted[i].figures);
	group->n = 0;
}
