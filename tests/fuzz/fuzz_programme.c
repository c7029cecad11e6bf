/* Any bytes as a programme file: read whole and used, or refused with a place and a reason. */
#include "lib/own.h"
#include "proto/programme_budget.h"
#include "proto/programme_find.h"
#include "proto/programme_read.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Of variables, tables, packs and questions. */
static void check_figures(const struct programme *programme)
{
	for (size_t i = 0; i < programme->variables_n; i++) {
		const struct programme_variable *variable = &programme->variables[i];

		assert(programme_variable_index(programme, variable->id) == (int)i);
		for (size_t j = 0; j < variable->groups_n; j++)
			assert(programme_group(variable, variable->groups[j].number) ==
			       &variable->groups[j]);
	}
	for (size_t i = 0; i < programme->tables_n; i++) {
		const struct programme_table *table = &programme->tables[i];
		const int32_t day = programme->operation.from;

		assert(table->dims_n >= 1 && table->dims[0] < programme->variables_n);
		assert(table->cadence != CADENCE_MONTH);
		if (table->scope == SCOPE_COUNTY && programme_holds(table->span, day))
			assert(programme_table_noise(programme, table,
						     programme_sites_on(programme, day)) > 0);
	}
	for (size_t i = 0; i < programme->indicators_n; i++)
		assert(programme->indicators[i].pack < programme->packs_n);
	for (size_t i = 0; i < programme->questions_n; i++)
		assert(programme_question(programme, programme->questions[i].site,
					  programme->questions[i].slot) ==
		       &programme->questions[i]);
}

/* What the rest of the daemon takes for granted of a programme that was read. */
static void check(const struct programme *programme)
{
	uint32_t persons;

	assert(programme->policy.k >= 3);
	assert(programme->sites_n >= 1 && programme->sites_n <= PROGRAMME_SITES_MAX);
	assert(programme->measures_n >= 1 && programme->measures_n <= PROGRAMME_MEASURES_MAX);
	for (size_t i = 0; i < programme->sites_n; i++) {
		const struct programme_site *site = &programme->sites[i];

		assert(programme_site_index(programme, site->id) == (int)i);
		assert(site->age_min <= site->age_max);
		(void)programme_site_takes_part(site, 2018 * 12);
		(void)programme_target_on(site->targets, site->targets_n, 17000, &persons);
	}
	for (size_t i = 0; i < programme->lists_n; i++) {
		const struct programme_list *list = &programme->lists[i];

		for (size_t j = 0; j < list->codes_n; j++) {
			assert(programme_code(list, list->codes[j].number) == &list->codes[j]);
			assert(programme_code_by_word(list, list->codes[j].id) == &list->codes[j]);
		}
	}
	for (size_t i = 0; i < programme->measures_n; i++) {
		const struct programme_measure *measure = &programme->measures[i];

		assert(measure->cells_n >= 1 && measure->cells_n <= PROGRAMME_CELLS_MAX);
		assert(measure->cells[measure->cells_n - 1].rules_n == 0);
		assert(programme_measure_by_number(programme, measure->number) == (int)i);
		(void)programme_is_due(measure, 2018 * 12 + 11);
	}
	for (size_t i = 0; i < programme->goals_n; i++) {
		assert(programme->goals[i].measure < programme->measures_n);
		assert(programme->goals[i].base < programme->measures_n);
		assert(programme->goals[i].cells != 0 && programme->goals[i].base_cells != 0);
		assert(programme->goals[i].second < programme->measures_n);
	}
	check_figures(programme);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(programme_free) struct programme *programme = NULL;
	struct fault fault = {0};
	int error = programme_read("fuzz", data, n, &programme, &fault);

	if (error == 0)
		check(programme);
	else
		assert(programme == NULL && (error != -EBADMSG || fault.reason[0] != '\0'));
	return 0;
}
