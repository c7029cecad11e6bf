/*
 * The county's figures: for each month, site and measure the cells of the site's release, as far as
 * it is known here. The hub fills it from its ledger, a site from the hub's signed results, so that
 * totals and goals are one piece of arithmetic and answer at a site, offline too. Never
 * incremented: setting a release again changes nothing.
 */
#ifndef MIA_PROTO_COUNTY_H
#define MIA_PROTO_COUNTY_H

#include "proto/programme.h"
#include "proto/release.h"

#define COUNTY_STAYS UINT32_MAX

struct county;

/* The signed head of a site's chain, as the hub knew it. n 0: nothing yet. */
struct county_head {
	uint64_t n;
	uint8_t hash[SIGN_HASH_BYTES];
	uint8_t signature[SIGN_BYTES];
	uint32_t period; /* last period reported; 0 none */
	int64_t at_received; /* of the last release, UTC seconds */
};

/* Borrows the programme. */
int county_new(const struct programme *programme, struct county **ret_county);
void county_free(struct county **county);
const struct programme *county_programme(const struct county *county);

/* Sets a site's figures of a period. at_received is when the release came. -ENOMEM. */
int county_set(struct county *county, uint32_t period, size_t site,
	       const struct release_figures *figures, int64_t at_received);
void county_set_head(struct county *county, size_t site, const struct county_head *head);
const struct county_head *county_head(const struct county *county, size_t site);
/* A site has left (3.5): no report is expected after the last of its that is known here, or last if
 * that is later. COUNTY_STAYS: it has not. */
void county_set_last(struct county *county, size_t site, uint32_t last);
/* The last month a report is expected of, COUNTY_STAYS unless the site has left; 0 it never
 * reported. */
uint32_t county_last(const struct county *county, size_t site);
/* The link of the site's chain that reported the period, where it has been its head here; NULL
 * where that is not known. */
const struct county_head *county_link(const struct county *county, uint32_t period, size_t site);
/* The figures, or NULL where no release is known. */
const struct release_figures *county_figures(const struct county *county, uint32_t period,
					     size_t site);
/* When that release came; 0 none. */
int64_t county_received(const struct county *county, uint32_t period, size_t site);
/* First and last period any site reported; {0, 0} none. */
struct period_range county_range(const struct county *county);

#endif
