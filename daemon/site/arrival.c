#include "daemon/site/arrival.h"

#include "daemon/site/published.h"

#include <errno.h>
#include <string.h>

int arrival_has_reached(const struct parts *parts, int64_t at_now, bool is_closing_due,
			const char *state, bool *ret_is_reached)
{
	struct courier_view view;

	courier_view(parts->courier, &view);
	if (strcmp(state, "ready") == 0)
		*ret_is_reached = true;
	else if (strcmp(state, "contact") == 0)
		*ret_is_reached = view.state == COURIER_STREAMING;
	else if (strcmp(state, "received") == 0)
		*ret_is_reached = parts->closing.mark == MARK_HELD && !is_closing_due &&
				  outbox_halt(parts->outbox)[0] == '\0' &&
				  outbox_received(parts->outbox) == outbox_last(parts->outbox);
	else if (strcmp(state, "complete") == 0)
		*ret_is_reached = published_is_complete(parts->county, at_now);
	else
		return fail(-EINVAL);
	return 0;
}
