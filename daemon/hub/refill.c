#include "daemon/hub/refill.h"

#include "daemon/hub/ledger_read.h"

#include <string.h>

/* What the ledger tells the county; fault says what could not be read. */
struct filling {
	const struct versions *versions;
	struct county *county;
	struct fault *fault;
};

static int no_figures(const struct filling *filling, enum release_fault what, const char *site,
		      uint64_t n)
{
	bool is_other = what == RELEASE_OTHER_PROGRAMME;

	return fault_set(filling->fault, is_other ? "H002" : "H001", site,
			 is_other ? "Start the hub with the programme it was made by, or approve "
				    "that with mia programme approve FILE --former."
				  : "Keep the ledger for inspection and restore a backup.",
			 "release %llu: %s", (unsigned long long)n, release_fault_name(what));
}

static int take_stored(void *context, const char *site, const struct release *release,
		       int64_t at_received)
{
	const struct filling *filling = context;
	struct county *county = filling->county;
	struct county_head head = {.n = release->n, .at_received = at_received};
	struct release_body body;
	int index = programme_site_index(county_programme(county), site);
	enum release_fault what = versions_unpack(filling->versions, release->payload.data,
						  release->payload.n, &body);

	if (what != RELEASE_FINE || index < 0)
		return no_figures(filling, index < 0 ? RELEASE_OTHER_PROGRAMME : what, site,
				  release->n);
	memcpy(head.hash, release->hash, sizeof(head.hash));
	memcpy(head.signature, release->signature, sizeof(head.signature));
	head.period = body.period;
	county_set_head(county, (size_t)index, &head);
	return county_set(county, body.period, (size_t)index, &body.figures, at_received);
}

int refill_county(struct ledger *ledger, const struct versions *versions, struct county *county,
		  struct fault *fault)
{
	struct filling filling = {versions, county, fault};

	return ledger_walk(ledger, take_stored, &filling);
}
