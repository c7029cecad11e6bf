#include "proto/consistency.h"

#include "lib/own.h"
#include "proto/coverage.h"
#include "proto/figure.h"

#define BIT(kind) (1u << (kind))

/* Of the kinds in later there are never more than of those in earlier. */
static const struct row {
	const char *id, *sentence;
	unsigned later, earlier;
} rows[CONSISTENCY_N] = {
	[CONSISTENCY_HOLDS] = {"", "", 0, 0},
	[CONSISTENCY_FOLLOWED_UP] = {"followed_up",
				     N_("%1: more have been followed up than have left. Telephone "
					"the site."),
				     BIT(KIND_FOLLOWED_UP), BIT(KIND_LEFT)},
	[CONSISTENCY_LEFT] = {"left",
			      N_("%1: more have left than have entered. Telephone the site."),
			      BIT(KIND_LEFT) | BIT(KIND_TRANSFERRED_OUT),
			      BIT(KIND_ENTERED) | BIT(KIND_TRANSFERRED_IN)},
	[CONSISTENCY_STARTED] = {"started",
				 N_("%1: more have begun an activity than have entered. Telephone "
				    "the site."),
				 BIT(KIND_SPELL_STARTED),
				 BIT(KIND_ENTERED) | BIT(KIND_TRANSFERRED_IN)},
	[CONSISTENCY_ENDED] = {"ended",
			       N_("%1: more activities have ended than have begun. Telephone the "
				  "site."),
			       BIT(KIND_SPELL_ENDED), BIT(KIND_SPELL_STARTED)},
};

/* Every cell of a kind may hold back up to k - 1 persons, and as many corrections. */
static int64_t held_back(const struct programme *programme, unsigned kinds)
{
	int64_t cells = 0;

	for (size_t i = 0; i < programme->measures_n; i++)
		if ((kinds & BIT(programme->measures[i].kind)) != 0)
			cells += (int64_t)programme->measures[i].cells_n;
	return cells * (programme->policy.k - 1);
}

/* Published of the kinds; false when any of it is not known. Who is never counted is nobody. */
static bool sum_of(const struct county *county, const struct county_ask *ask, unsigned kinds,
		   int64_t *ret_sum)
{
	bool is_counted = false;

	*ret_sum = 0;
	for (int kind = 0; kind < KIND_N; kind++) {
		struct county_sum sum;

		if ((kinds & BIT(kind)) == 0)
			continue;
		sum = figure_of_kind(county, ask, (enum programme_kind)kind);
		if (sum.state == CELL_NOT_COLLECTED)
			continue;
		if (sum.state != CELL_VALUE || sum.reported < sum.expected)
			return false;
		is_counted = true;
		*ret_sum += sum.value;
	}
	return is_counted;
}

static bool does_hold(const struct county *county, const struct county_ask *ask,
		      const struct row *row)
{
	const struct programme *programme = county_programme(county);
	int64_t later, earlier;

	return !sum_of(county, ask, row->later, &later) ||
	       !sum_of(county, ask, row->earlier, &earlier) ||
	       later <= earlier + held_back(programme, row->later) +
				held_back(programme, row->earlier);
}

enum consistency consistency_of(const struct county *county, size_t site, uint32_t until)
{
	const struct county_ask ask = {
		.range = {coverage_start(county_programme(county)), until},
		.site = (int)site,
		.measure = -1,
		.cell = -1,
		.until = until,
	};

	for (int i = CONSISTENCY_HOLDS + 1; i < CONSISTENCY_N && until >= ask.range.first; i++)
		if (!does_hold(county, &ask, &rows[i]))
			return (enum consistency)i;
	return CONSISTENCY_HOLDS;
}

const char *consistency_id(enum consistency consistency)
{
	return rows[consistency].id;
}

void consistency_note(const struct county *county, uint32_t until, enum programme_language language,
		      struct sheet *sheet)
{
	const struct programme *programme = county_programme(county);

	for (size_t site = 0; site < programme->sites_n; site++) {
		enum consistency consistency = consistency_of(county, site, until);

		if (consistency != CONSISTENCY_HOLDS)
			sheet_note(sheet, rows[consistency].sentence,
				   programme_text(programme->sites[site].label, language), NULL);
	}
}
