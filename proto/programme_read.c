#include "proto/programme_read.h"

#include "lib/file.h"
#include "lib/own.h"
#include "proto/errors.h"
#include "proto/programme_budget.h"
#include "proto/programme_build.h"
#include "proto/programme_cut.h"
#include "proto/programme_demand.h"
#include "proto/programme_goal.h"
#include "proto/programme_indicator.h"
#include "proto/programme_measure.h"
#include "proto/programme_pack.h"
#include "proto/programme_privacy.h"
#include "proto/programme_export.h"
#include "proto/programme_question.h"
#include "proto/programme_required.h"
#include "proto/programme_site.h"
#include "proto/programme_table.h"
#include "proto/programme_value.h"
#include "proto/signature.h"

#include <errno.h>
#include <string.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define K_LEAST 3

/* What a reader does with one of the numbers of [policy]. */
struct number_rule {
	const char *key;
	uint32_t min, max;
};

static int read_policy(const struct programme_source *source,
		       const struct programme_section *section, struct programme_policy *policy)
{
	static const struct number_rule rules[] = {
		{"k", 0, 1000},
		{"cutoff_days", 1, 60},
		{"on_time_days", 1, 120},
		{"outcome_days", 0, 120},
		{"send_spread_s", 0, 86400},
		{"epsilon_year", 1, 100000},
		{"collude", 0, PROGRAMME_SITES_MAX},
		{"retention_months", 12, 600},
		{"followup_months", 2, 60},
		{"active_months", 1, 240},
		{"queue_days", 1, 3650},
	};
	uint32_t *const numbers[] = {
		&policy->k,
		&policy->cutoff_days,
		&policy->on_time_days,
		&policy->outcome_days,
		&policy->send_spread_s,
		&policy->epsilon_year,
		&policy->collude,
		&policy->retention_months,
		&policy->followup_months,
		&policy->active_months,
		&policy->queue_days,
	};

	for (size_t i = 0; i < array_n(rules); i++) {
		const struct programme_entry *entry = programme_entry(section, rules[i].key, NULL);
		int error = entry == NULL ? 0
					  : programme_value_number(source, entry, 0, rules[i].min,
								   rules[i].max, numbers[i]);

		if (error != 0)
			return error;
	}
	if (policy->k < K_LEAST)
		return programme_complain(source, programme_entry(section, "k", NULL)->line, "P017",
					  "k = %u: in a figure of two, each of the two knows the "
					  "other's answer",
					  policy->k);
	if (policy->cutoff_days > policy->on_time_days)
		return programme_complain(source, section->line, "P026",
					  "a month closes %u days after its end, but is late after "
					  "%u",
					  policy->cutoff_days, policy->on_time_days);
	return 0;
}

static int read_head(const struct programme_source *source, const struct programme_section *section,
		     struct programme *programme)
{
	const struct programme_entry *id = programme_entry(section, "id", NULL);
	int error;

	if (!programme_is_id(id->parts[0]))
		return programme_complain(source, id->line, "P011", "\"%s\" cannot be an id",
					  id->parts[0]);
	programme->id = id->parts[0];
	programme->name = programme_value_label(section);
	programme->case_number = programme_entry(section, "case", NULL)->parts[0];
	error = programme_value_number(source, programme_entry(section, "version", NULL), 0, 1,
				       UINT32_MAX, &programme->version);
	if (error == 0)
		error = programme_value_valid(source, section, &programme->operation);
	if (error == 0)
		error = programme_value_ages(source, programme_entry(section, "ages", NULL),
					     &programme->age_min, &programme->age_max);
	if (error == 0)
		error = programme_value_targets(source, section, &programme->targets,
						&programme->targets_n);
	return error;
}

/* The one section of a kind without id. */
static int only_section(const struct programme_source *source, const char *kind,
			const struct programme_section **ret_section)
{
	*ret_section = programme_section(source, kind, NULL);
	if (*ret_section != NULL)
		return 0;
	return programme_complain(source, 1, "P004", "there is no section [%s]", kind);
}

/* What is counted beside the headlines, and what is made of them. */
static int build_figures(const struct programme_source *source, struct programme *programme)
{
	int error = programme_build_cell_variables(source, programme);

	if (error == 0)
		error = programme_build_packs(source, programme);
	if (error == 0)
		error = programme_build_indicators(source, programme);
	if (error == 0)
		error = programme_build_checks(source, programme);
	if (error == 0)
		error = programme_build_tables(source, programme);
	if (error == 0)
		error = programme_build_questions(source, programme);
	if (error == 0)
		error = programme_build_exports(source, programme);
	if (error == 0)
		error = programme_build_demands(source, programme);
	if (error == 0)
		error = programme_check_privacy(source, programme);
	if (error == 0)
		error = programme_check_budget(source, programme);
	return error == 0 ? programme_build_goals(source, programme) : error;
}

static int build(const struct programme_source *source, struct programme *programme)
{
	const struct programme_section *head, *policy;
	int error = only_section(source, "programme", &head);

	if (error == 0)
		error = only_section(source, "policy", &policy);
	if (error == 0)
		error = read_head(source, head, programme);
	if (error == 0)
		error = read_policy(source, policy, &programme->policy);
	if (error == 0)
		error = programme_build_sites(source, programme);
	if (error == 0)
		error = programme_build_lists(source, programme);
	if (error == 0)
		error = programme_build_fields(source, programme);
	if (error == 0)
		error = programme_check_required(source, programme);
	if (error == 0)
		error = programme_build_variables(source, programme);
	if (error == 0)
		error = programme_build_measures(source, programme);
	return error == 0 ? build_figures(source, programme) : error;
}

int programme_read(const char *name, const void *bytes, size_t n, struct programme **ret_programme,
		   struct fault *fault)
{
	own(arena_free) struct arena *arena = arena_new();
	struct programme_source source = {.name = name, .fault = fault, .arena = arena};
	struct programme *programme;
	int error;

	programme = arena == NULL ? NULL : arena_take(arena, 1, sizeof(*programme));
	if (programme == NULL)
		return fail(-ENOMEM);
	error = programme_source_read(&source, bytes, n);
	if (error == 0)
		error = build(&source, programme);
	if (error != 0)
		return error;
	memcpy(programme->hash, source.hash, sizeof(programme->hash));
	programme->memory = take(arena);
	*ret_programme = programme;
	return 0;
}

int programme_open(const char *path, const uint8_t *key, struct programme **ret_programme,
		   struct fault *fault)
{
	own(buf_free) struct buf content = {0};
	own(programme_free) struct programme *programme = NULL;
	int error = file_read(path, FILE_BYTES_MAX, &content);

	if (error == -ENOMEM)
		return error;
	if (error != 0)
		return fault_set(fault, "P024", path, error_find("P024")->remedy_en,
				 "the file cannot be read: %s", fail_text(error));
	error = programme_read(path, content.data, content.n, &programme, fault);
	if (error == 0 && key != NULL)
		error = signature_verify(path, SIGNATURE_PROGRAMME, programme->hash, key, fault);
	if (error == 0)
		*ret_programme = take(programme);
	return error;
}
