/*
 * A small programme by hand, so that tests of figures do not hang on the details of mia.ini: two
 * sites from January 2018 and a third from April; measures that stand in another order than their
 * numbers, one by quarter, one that ends in February.
 */
#ifndef MIA_TESTS_FIXTURE_COUNTY_H
#define MIA_TESTS_FIXTURE_COUNTY_H

#include "lib/own.h"
#include "proto/programme.h"
#include "proto/release.h"

enum { NORTH, SOUTH, EAST };
enum { LEFT, ENTERED, ANSWERED, ENDED };

#define MONTH(year, month) ((year)*12u + (month)-1)
#define DAY_2018 17532 /* 1 January */

static const struct programme_target north_targets[] = {{DAY_2018, 20}, {DAY_2018 + 181, 10}};
static const struct programme_target county_targets[] = {{DAY_2018, 100}};

static const struct programme_site fixture_sites[] = {
	[NORTH] = {.id = "north",
		   .label = {"Norr", "North"},
		   .span = {DAY_2018, INT32_MAX},
		   .targets = north_targets,
		   .targets_n = 2},
	[SOUTH] = {.id = "south", .label = {"Söder", "South"}, .span = {DAY_2018, INT32_MAX}},
	[EAST] = {.id = "east", .label = {"Öster", "East"}, .span = {DAY_2018 + 90, INT32_MAX}},
};

static const struct programme_cell left_cells[] = {
	{.id = "work", .label = {"Arbete", "Work"}},
	{.id = "af", .label = {"AF", "AF"}},
	{.id = "other", .label = {"Annat", "Other"}},
};
static const struct programme_cell total_cell[] = {{.id = "total", .label = {"Totalt", "Total"}}};
static const struct programme_cell answered_cells[] = {
	{.id = "agree", .label = {"Instämmer", "Agree"}},
	{.id = "rest", .label = {"Övriga", "Rest"}},
};

static const struct programme_measure fixture_measures[] = {
	[LEFT] = {.number = 3,
		  .id = "left",
		  .label = {"Avslutade", "Left"},
		  .kind = KIND_LEFT,
		  .cadence = CADENCE_MONTH,
		  .span = {INT32_MIN, INT32_MAX},
		  .cells = left_cells,
		  .cells_n = 3},
	[ENTERED] = {.number = 2,
		     .id = "entered",
		     .label = {"Inskrivna", "Entered"},
		     .kind = KIND_ENTERED,
		     .cadence = CADENCE_MONTH,
		     .span = {INT32_MIN, INT32_MAX},
		     .cells = total_cell,
		     .cells_n = 1},
	[ANSWERED] = {.number = 8,
		      .id = "answered",
		      .label = {"Svar", "Answers"},
		      .kind = KIND_ANSWERED,
		      .cadence = CADENCE_QUARTER,
		      .span = {INT32_MIN, INT32_MAX},
		      .cells = answered_cells,
		      .cells_n = 2},
	[ENDED] = {.number = 300,
		   .id = "ended",
		   .label = {"Avslutat mått", "Ended"},
		   .kind = KIND_APPLIED,
		   .cadence = CADENCE_MONTH,
		   .span = {INT32_MIN, DAY_2018 + 58},
		   .cells = total_cell,
		   .cells_n = 1},
};

static const struct programme_goal fixture_goals[] = {
	{.id = "work",
	 .label = {"Till arbete", "To work"},
	 .measure = LEFT,
	 .cells = 1,
	 .base = LEFT,
	 .has_second = true,
	 .second = ENTERED,
	 .per_mille = 300},
	{.id = "power",
	 .label = {"Ökad makt", "More power"},
	 .measure = ANSWERED,
	 .cells = 1,
	 .base = ANSWERED,
	 .base_cells = 3,
	 .has_second = true,
	 .second = ENTERED,
	 .per_mille = 600},
	{.id = "participants", .label = {"Deltagare", "Participants"}, .measure = ENTERED},
};

static const struct programme fixture_programme = {
	.id = "test",
	.name = {"Prov", "Test"},
	.version = 1,
	.operation = {DAY_2018, DAY_2018 + 1095},
	.hash = {0xaa, 0xbb, 0xcc},
	.policy = {.k = 5, .cutoff_days = 10, .on_time_days = 28},
	.sites = fixture_sites,
	.sites_n = array_n(fixture_sites),
	.targets = county_targets,
	.targets_n = 1,
	.measures = fixture_measures,
	.measures_n = array_n(fixture_measures),
	.goals = fixture_goals,
	.goals_n = array_n(fixture_goals),
};

/* Figures of a month with every due cell a true zero. */
static inline struct release_figures fixture_figures(uint32_t period)
{
	struct release_figures figures = {0};

	for (size_t m = 0; m < fixture_programme.measures_n; m++)
		figures.is_due[m] = programme_is_due(&fixture_programme.measures[m], period);
	return figures;
}

static inline struct release_body fixture_body(uint32_t period)
{
	struct release_body body = {
		.site = "south",
		.n = 1,
		.period = period,
		.audit_head = {1, 2, 3},
		.at_closed = 1525910400,
		.figures = fixture_figures(period),
	};

	for (size_t i = 0; i < sizeof(body.programme); i++)
		body.programme[i] = fixture_programme.hash[i];
	return body;
}

#endif
