/*
 * A body is, in canonical MessagePack:
 *   [1, programme bin32, period uint, at_made int, [site...]]
 *   site = [id str, n uint, hash bin32, signature bin64, last period uint (0 none),
 *           at_received int, nil | [at_received of this period's release int, tables]]
 * with the sites in the programme's order and tables as in a release.
 */
#include "proto/county_result.h"

#include "lib/fail.h"
#include "lib/own.h"
#include "lib/pack.h"

#include <errno.h>
#include <string.h>

#define FORMAT_VERSION 1

static int pack_site(const struct county *county, uint32_t period, size_t site, struct buf *buf)
{
	const struct programme *programme = county_programme(county);
	const struct county_head *head = county_head(county, site);
	const struct release_figures *figures = county_figures(county, period, site);

	pack_array(buf, 7);
	pack_str(buf, programme->sites[site].id);
	pack_u64(buf, head->n);
	pack_bin(buf, head->hash, sizeof(head->hash));
	pack_bin(buf, head->signature, sizeof(head->signature));
	pack_u64(buf, head->period);
	pack_i64(buf, head->at_received);
	if (figures == NULL) {
		pack_nil(buf);
		return buf->error;
	}
	pack_array(buf, 2);
	pack_i64(buf, county_received(county, period, site));
	return release_pack_tables(figures, programme, period, buf);
}

int county_pack_result(const struct county *county, uint32_t period, int64_t at_made,
		       struct buf *ret_body)
{
	const struct programme *programme = county_programme(county);
	int error = 0;

	pack_array(ret_body, 5);
	pack_u64(ret_body, FORMAT_VERSION);
	pack_bin(ret_body, programme->hash, sizeof(programme->hash));
	pack_u64(ret_body, period);
	pack_i64(ret_body, at_made);
	pack_array(ret_body, (uint32_t)programme->sites_n);
	for (size_t site = 0; site < programme->sites_n && error == 0; site++)
		error = pack_site(county, period, site, ret_body);
	return error;
}

static void refuse(struct unpack *in)
{
	if (in->error == 0)
		in->error = fail(-EBADMSG);
}

static uint32_t unpack_period(struct unpack *in)
{
	uint32_t period = (uint32_t)unpack_u64(in, RELEASE_PERIOD_MAX);

	if (period != 0 && period < RELEASE_PERIOD_MIN)
		refuse(in);
	return period;
}

static void unpack_figures(struct unpack *in, uint32_t period, size_t site, struct county *into)
{
	struct release_figures figures = {0};
	int64_t at_received;
	int error;

	if (unpack_nil(in))
		return;
	unpack_array_of(in, 2);
	at_received = unpack_i64(in, 0, INT64_MAX);
	if (release_unpack_tables(in, county_programme(into), period, &figures) != RELEASE_FINE)
		refuse(in);
	unpack_leave(in);
	if (in->error != 0)
		return;
	error = county_set(into, period, site, &figures, at_received);
	if (error < 0)
		in->error = error;
}

/* Reads one site's head and figures; sites come in the programme's order. Gives its index. */
static size_t unpack_site(struct unpack *in, uint32_t period, size_t least, struct county *into)
{
	char id[PROGRAMME_ID_BYTES] = "";
	struct county_head head = {0};
	int site;

	unpack_array_of(in, 7);
	unpack_str(in, id, sizeof(id));
	head.n = unpack_u64(in, UINT64_MAX);
	unpack_bin_of(in, head.hash, sizeof(head.hash));
	unpack_bin_of(in, head.signature, sizeof(head.signature));
	head.period = unpack_period(in);
	head.at_received = unpack_i64(in, 0, INT64_MAX);
	site = programme_site_index(county_programme(into), id);
	if (site < (int)least)
		refuse(in);
	if (in->error != 0)
		return least;
	county_set_head(into, (size_t)site, &head);
	unpack_figures(in, period, (size_t)site, into);
	unpack_leave(in);
	return (size_t)site;
}

/* Reads a whole result into an empty county. */
static int unpack_result(const void *body, size_t n, struct county *into, uint32_t *ret_period,
			 int64_t *ret_at_made)
{
	struct unpack in = unpack_start(body, n);
	uint8_t hash[PROGRAMME_HASH_BYTES] = {0};
	uint32_t sites_n;
	size_t least = 0;

	unpack_array_of(&in, 5);
	if (unpack_u64(&in, FORMAT_VERSION) != FORMAT_VERSION)
		refuse(&in);
	unpack_bin_of(&in, hash, sizeof(hash));
	if (memcmp(hash, county_programme(into)->hash, sizeof(hash)) != 0)
		refuse(&in);
	*ret_period = unpack_period(&in);
	if (*ret_period == 0)
		refuse(&in);
	*ret_at_made = unpack_i64(&in, 0, INT64_MAX);
	sites_n = unpack_array(&in, PROGRAMME_SITES_MAX);
	for (uint32_t i = 0; i < sites_n && in.error == 0; i++)
		least = unpack_site(&in, *ret_period, least, into) + 1;
	unpack_leave(&in);
	unpack_leave(&in);
	if (unpack_end(&in) == 0 || in.error == -ENOMEM)
		return in.error;
	return fail(-EBADMSG);
}

/* Sets what came; heads never go back, because results may come in any order. */
static int merge(struct county *county, const struct county *came, uint32_t period)
{
	size_t sites_n = county_programme(county)->sites_n;
	int error = 0;

	for (size_t site = 0; site < sites_n && error == 0; site++) {
		const struct release_figures *figures = county_figures(came, period, site);
		const struct county_head *head = county_head(came, site);

		if (figures != NULL)
			error = county_set(county, period, site, figures,
					   county_received(came, period, site));
		if (head->n > county_head(county, site)->n)
			county_set_head(county, site, head);
	}
	return error;
}

int county_take_result(struct county *county, const void *body, size_t n, uint32_t *ret_period,
		       int64_t *ret_at_made)
{
	own(county_free) struct county *came = NULL;
	uint32_t period = 0;
	int64_t at_made = 0;
	int error = county_new(county_programme(county), &came);

	if (error == 0)
		error = unpack_result(body, n, came, &period, &at_made);
	if (error == 0)
		error = merge(county, came, period);
	if (error < 0)
		return error;
	*ret_period = period;
	*ret_at_made = at_made;
	return 0;
}
