#include "daemon/renewal.h"

#include "lib/own.h"

int renewal_look(const struct renewal *renewal, struct trust *next, bool *ret_is_due,
		 struct fault *fault)
{
	own(trust_free) struct trust read = {0};
	bool is_due = false;
	int status = trust_read_version(renewal->config, renewal->role, &read, fault);

	if (status == 0)
		status = renewal->face->judge_version(*renewal->room, read.programme, &is_due,
						      fault);
	if (status != 0)
		return status;
	if (is_due) {
		*next = read;
		read = (struct trust){0};
	}
	*ret_is_due = is_due;
	return 0;
}

static int open_room(const struct renewal *renewal, const struct room_time *now,
		     struct fault *fault)
{
	const struct room_settings settings = trust_room_settings(renewal->config, renewal->trust);

	return renewal->face->open(&settings, now, renewal->room, fault);
}

int renewal_take(const struct renewal *renewal, struct trust *next, const struct room_time *now,
		 struct fault *fault)
{
	struct fault former = {0};
	int status;

	renewal->face->close(renewal->room);
	trust_swap_version(renewal->trust, next);
	status = open_room(renewal, now, fault);
	if (status == 0)
		return 0;
	trust_swap_version(renewal->trust, next);
	(void)open_room(renewal, now, &former);
	return status;
}
