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

/* The head of a result, up to its sites. */
struct result_head {
	uint8_t programme[PROGRAMME_HASH_BYTES];
	uint32_t period;
	int64_t at_made;
};

static void unpack_head(struct unpack *in, struct result_head *ret_head)
{
	unpack_array_of(in, 5);
	if (unpack_u64(in, FORMAT_VERSION) != FORMAT_VERSION)
		refuse(in);
	unpack_bin_of(in, ret_head->programme, sizeof(ret_head->programme));
	ret_head->period = unpack_period(in);
	if (ret_head->period == 0)
		refuse(in);
	ret_head->at_made = unpack_i64(in, 0, INT64_MAX);
}

/* Reads a whole result into an empty county of the version it was made under. */
static int unpack_result(const void *body, size_t n, struct county *into)
{
	struct unpack in = unpack_start(body, n);
	struct result_head head = {.period = 0};
	uint32_t sites_n;
	size_t least = 0;

	unpack_head(&in, &head);
	sites_n = unpack_array(&in, PROGRAMME_SITES_MAX);
	for (uint32_t i = 0; i < sites_n && in.error == 0; i++)
		least = unpack_site(&in, head.period, least, into) + 1;
	unpack_leave(&in);
	unpack_leave(&in);
	if (unpack_end(&in) == 0 || in.error == -ENOMEM)
		return in.error;
	return fail(-EBADMSG);
}

static int set_figures(struct county *county, const struct county *came, uint32_t period,
		       size_t from, size_t to)
{
	const struct release_figures *figures = county_figures(came, period, from);
	const int64_t at_received = county_received(came, period, from);
	struct release_figures translated;

	if (figures == NULL)
		return 0;
	if (county_programme(came) == county_programme(county))
		return county_set(county, period, to, figures, at_received);
	versions_translate(county_programme(came), county_programme(county), period, figures,
			   &translated);
	return county_set(county, period, to, &translated, at_received);
}

/* Sets what came; heads never go back, because results may come in any order. */
static int merge(struct county *county, const struct county *came, uint32_t period)
{
	const struct programme *made = county_programme(came);
	int error = 0;

	for (size_t site = 0; site < made->sites_n && error == 0; site++) {
		const struct county_head *head = county_head(came, site);
		const int to = programme_site_index(county_programme(county), made->sites[site].id);

		if (to < 0)
			continue;
		error = set_figures(county, came, period, site, (size_t)to);
		if (head->n > county_head(county, (size_t)to)->n)
			county_set_head(county, (size_t)to, head);
	}
	return error;
}

int county_take_result_of(struct county *county, const struct versions *versions, const void *body,
			  size_t n, uint32_t *ret_period, int64_t *ret_at_made)
{
	own(county_free) struct county *came = NULL;
	struct unpack in = unpack_start(body, n);
	struct result_head head = {.period = 0};
	const struct programme *made;
	int error = 0;

	unpack_head(&in, &head);
	if (in.error != 0)
		return fail(-EBADMSG);
	made = versions_find(versions, head.programme);
	if (made != NULL) {
		error = county_new(made, &came);
		if (error == 0)
			error = unpack_result(body, n, came);
		if (error == 0)
			error = merge(county, came, head.period);
	}
	if (error < 0)
		return error;
	*ret_period = head.period;
	*ret_at_made = head.at_made;
	return made == NULL ? fail(-EPROTONOSUPPORT) : 0;
}

int county_take_result(struct county *county, const void *body, size_t n, uint32_t *ret_period,
		       int64_t *ret_at_made)
{
	const struct versions only = {.now = county_programme(county)};
	uint32_t period = 0;
	int64_t at_made = 0;
	int error = county_take_result_of(county, &only, body, n, &period, &at_made);

	if (error != 0)
		return error == -EPROTONOSUPPORT ? fail(-EBADMSG) : error;
	*ret_period = period;
	*ret_at_made = at_made;
	return 0;
}
