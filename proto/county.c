#include "proto/county.h"

#include "lib/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What one site said about one month. */
struct entry {
	uint32_t period;
	uint32_t site;
	int64_t at_received;
	struct release_figures *figures; /* owned */
	struct county_head link; /* n 0: not known */
};

struct county {
	const struct programme *programme; /* borrowed */
	struct county_head heads[PROGRAMME_SITES_MAX];
	uint32_t staying[PROGRAMME_SITES_MAX]; /* what county_set_last() said, the other way round:
						  0 stays */
	struct entry *entries; /* sorted by period, then site */
	size_t entries_n, entries_capacity;
};

int county_new(const struct programme *programme, struct county **ret_county)
{
	struct county *county = calloc(1, sizeof(*county));

	assert(programme->sites_n <= PROGRAMME_SITES_MAX);
	if (county == NULL)
		return fail(-ENOMEM);
	county->programme = programme;
	*ret_county = county;
	return 0;
}

void county_free(struct county **county)
{
	if (*county == NULL)
		return;
	for (size_t i = 0; i < (*county)->entries_n; i++)
		free((*county)->entries[i].figures);
	free((*county)->entries);
	free(*county);
	*county = NULL;
}

const struct programme *county_programme(const struct county *county)
{
	return county->programme;
}

/* Where the entry of a month and site is, or would go. */
static size_t place_of(const struct county *county, uint32_t period, size_t site)
{
	size_t low = 0, high = county->entries_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct entry *entry = &county->entries[middle];

		if (entry->period < period || (entry->period == period && entry->site < site))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct entry *entry_at(const struct county *county, size_t place, uint32_t period,
			      size_t site)
{
	struct entry *entry;

	if (place == county->entries_n)
		return NULL;
	entry = &county->entries[place];
	return entry->period == period && entry->site == site ? entry : NULL;
}

static const struct entry *find(const struct county *county, uint32_t period, size_t site)
{
	return entry_at(county, place_of(county, period, site), period, site);
}

static int reserve(struct county *county)
{
	size_t capacity = county->entries_capacity == 0 ? 64 : 2 * county->entries_capacity;
	struct entry *entries;

	if (county->entries_n < county->entries_capacity)
		return 0;
	entries = reallocarray(county->entries, capacity, sizeof(*entries));
	if (entries == NULL)
		return fail(-ENOMEM);
	county->entries = entries;
	county->entries_capacity = capacity;
	return 0;
}

/* A new entry at place; takes its figures over. */
static int insert(struct county *county, size_t place, const struct entry *entry)
{
	struct entry *at;

	if (reserve(county) < 0) {
		free(entry->figures);
		return fail(-ENOMEM);
	}
	at = &county->entries[place];
	memmove(at + 1, at, (county->entries_n - place) * sizeof(*at));
	*at = *entry;
	county->entries_n++;
	return 0;
}

int county_set(struct county *county, uint32_t period, size_t site,
	       const struct release_figures *figures, int64_t at_received)
{
	size_t place = place_of(county, period, site);
	struct entry *known = entry_at(county, place, period, site);
	struct entry fresh = {.period = period, .site = (uint32_t)site, .at_received = at_received};

	assert(site < county->programme->sites_n);
	if (known != NULL) {
		known->at_received = at_received;
		*known->figures = *figures;
		return 0;
	}
	fresh.figures = malloc(sizeof(*fresh.figures));
	if (fresh.figures == NULL)
		return fail(-ENOMEM);
	*fresh.figures = *figures;
	return insert(county, place, &fresh);
}

void county_set_head(struct county *county, size_t site, const struct county_head *head)
{
	struct entry *entry =
		entry_at(county, place_of(county, head->period, site), head->period, site);

	assert(site < county->programme->sites_n);
	county->heads[site] = *head;
	if (entry != NULL)
		entry->link = *head;
}

const struct county_head *county_link(const struct county *county, uint32_t period, size_t site)
{
	const struct entry *entry = find(county, period, site);

	return entry != NULL && entry->link.n > 0 ? &entry->link : NULL;
}

const struct county_head *county_head(const struct county *county, size_t site)
{
	assert(site < county->programme->sites_n);
	return &county->heads[site];
}

void county_set_last(struct county *county, size_t site, uint32_t last)
{
	assert(site < county->programme->sites_n);
	county->staying[site] = COUNTY_STAYS - last;
}

uint32_t county_last(const struct county *county, size_t site)
{
	uint32_t least = COUNTY_STAYS - county->staying[site];

	assert(site < county->programme->sites_n);
	return county->heads[site].period > least ? county->heads[site].period : least;
}

const struct release_figures *county_figures(const struct county *county, uint32_t period,
					     size_t site)
{
	const struct entry *entry = find(county, period, site);

	return entry != NULL ? entry->figures : NULL;
}

int64_t county_received(const struct county *county, uint32_t period, size_t site)
{
	const struct entry *entry = find(county, period, site);

	return entry != NULL ? entry->at_received : 0;
}

struct period_range county_range(const struct county *county)
{
	if (county->entries_n == 0)
		return (struct period_range){0, 0};
	return (struct period_range){
		county->entries[0].period,
		county->entries[county->entries_n - 1].period,
	};
}
