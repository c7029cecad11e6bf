#include "proto/programme_site.h"

#include "proto/programme_value.h"
#include "proto/programme_word.h"

#include <errno.h>
#include <string.h>

#define MUNICIPALITY "municipality"
#define SITE_HUB "hub" /* the roster's name for the hub */
#define SITE_COUNTY "county" /* the row of all sites in a sheet */

static int build_municipality(const struct programme_source *source,
			      const struct programme_entry *entry,
			      struct programme_municipality *municipality)
{
	uint32_t number;

	if (strlen(entry->parts[0]) != 4 || strspn(entry->parts[0], "0123456789") != 4)
		return programme_complain(source, entry->line, "P007",
					  "\"%s\" is not a municipality code of four digits",
					  entry->parts[0]);
	if (strcmp(entry->parts[0], "0000") == 0)
		return programme_value_number(source, entry, 0, 1, 9999, &number);
	municipality->code = entry->parts[0];
	municipality->label = (struct programme_label){entry->parts[1], entry->parts[2]};
	municipality->span = (struct programme_span){INT32_MIN, INT32_MAX};
	return entry->parts_n < 4 ? 0 : programme_value_span(source, entry, 3, &municipality->span);
}

static int build_municipalities(const struct programme_source *source,
				const struct programme_section *section,
				struct programme_site *site)
{
	const size_t n = programme_entries(section, MUNICIPALITY);
	struct programme_municipality *municipalities =
		arena_take(source->arena, n, sizeof(*municipalities));
	const struct programme_entry *entry = NULL;

	if (municipalities == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < n; i++) {
		int error;

		entry = programme_entry(section, MUNICIPALITY, entry);
		error = build_municipality(source, entry, &municipalities[i]);
		if (error != 0)
			return error;
	}
	site->municipalities = municipalities;
	site->municipalities_n = n;
	return 0;
}

static int build_site(const struct programme_source *source,
		      const struct programme_section *section, struct programme_site *site)
{
	const struct programme_entry *ages = programme_entry(section, "ages", NULL);
	int error;

	if (strcmp(section->id, SITE_HUB) == 0 || strcmp(section->id, SITE_COUNTY) == 0)
		return programme_complain(source, section->line, "P011",
					  "\"%s\" is not a name for a site", section->id);
	site->id = section->id;
	site->label = programme_value_label(section);
	error = programme_value_valid(source, section, &site->span);
	if (error == 0 && ages != NULL)
		error = programme_value_ages(source, ages, &site->age_min, &site->age_max);
	if (error == 0)
		error = programme_word_flag(source, programme_entry(section, "small", NULL),
					    &site->is_small);
	if (error == 0)
		error = programme_value_targets(source, section, &site->targets, &site->targets_n);
	if (error == 0)
		error = build_municipalities(source, section, site);
	return error;
}

static struct programme_span both(struct programme_span a, struct programme_span b)
{
	return (struct programme_span){a.from > b.from ? a.from : b.from,
				       a.to < b.to ? a.to : b.to};
}

/* One municipality of one site for a while: its days are those of both. */
struct claim {
	const struct programme_site *site;
	const struct programme_municipality *municipality;
	struct programme_span span;
};

/* The claims of all sites, in the order of the file. */
static struct claim *claims_of(const struct programme_source *source,
			       const struct programme *programme, size_t *ret_n)
{
	struct claim *claims;
	size_t n = 0;

	for (size_t i = 0; i < programme->sites_n; i++)
		n += programme->sites[i].municipalities_n;
	claims = arena_take(source->arena, n, sizeof(*claims));
	*ret_n = n;
	n = 0;
	for (size_t i = 0; i < programme->sites_n && claims != NULL; i++) {
		const struct programme_site *site = &programme->sites[i];

		for (size_t j = 0; j < site->municipalities_n; j++)
			claims[n++] = (struct claim){
				site,
				&site->municipalities[j],
				both(site->span, site->municipalities[j].span),
			};
	}
	return claims;
}

/* The line on which a site names a municipality for a span. */
static unsigned line_of(const struct programme_source *source, const struct claim *claim)
{
	const struct programme_section *section = NULL;
	const struct programme_entry *entry = NULL;

	do
		section = programme_section(source, "site", section);
	while (section->id != claim->site->id);
	do
		entry = programme_entry(section, MUNICIPALITY, entry);
	while (entry->parts[0] != claim->municipality->code);
	return entry->line;
}

static int check_claims(const struct programme_source *source, const struct programme *programme)
{
	size_t n;
	const struct claim *claims = claims_of(source, programme, &n);

	if (claims == NULL)
		return fail(-ENOMEM);
	for (size_t i = 0; i < n; i++) {
		const struct claim *claim = &claims[i];

		if (claim->span.from > claim->span.to)
			return programme_complain(source, line_of(source, claim), "P009",
						  "%s has no day within the site's own",
						  claim->municipality->code);
		for (const struct claim *other = claims; other < claim; other++)
			if (strcmp(other->municipality->code, claim->municipality->code) == 0 &&
			    programme_spans_meet(other->span, claim->span))
				return programme_complain(
					source, line_of(source, claim), "P010",
					"%s is with %s already on some of these days",
					claim->municipality->code, other->site->id);
	}
	return 0;
}

int programme_build_sites(const struct programme_source *source, struct programme *programme)
{
	const size_t n = programme_sections(source, "site");
	struct programme_site *sites = arena_take(source->arena, n, sizeof(*sites));
	const struct programme_section *section = NULL;

	if (sites == NULL)
		return fail(-ENOMEM);
	if (n == 0 || n > PROGRAMME_SITES_MAX)
		return programme_complain(source, 1, n == 0 ? "P004" : "P016",
					  "%zu sites: there are 1 to %d", n, PROGRAMME_SITES_MAX);
	for (size_t i = 0; i < n; i++) {
		int error;

		section = programme_section(source, "site", section);
		sites[i].age_min = programme->age_min;
		sites[i].age_max = programme->age_max;
		error = build_site(source, section, &sites[i]);
		if (error != 0)
			return error;
	}
	programme->sites = sites;
	programme->sites_n = n;
	return check_claims(source, programme);
}
