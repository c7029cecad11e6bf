#include "daemon/hub/doubt.h"

#include <stdio.h>

bool doubt_look(struct doubt *doubt, const struct county *county, struct ledger *ledger,
		size_t site, int64_t at_now)
{
	const struct county_head *head = county_head(county, site);
	enum consistency found = consistency_of(county, site, head->period);
	char text[128];

	if (found == doubt->of[site])
		return false;
	doubt->of[site] = found;
	if (found == CONSISTENCY_HOLDS)
		return false;
	(void)snprintf(text, sizeof(text), "figures_doubtful site=%s check=%s",
		       county_programme(county)->sites[site].id, consistency_id(found));
	ledger_audit(ledger, at_now, text);
	return true;
}
