#include "proto/define_terms.h"

#include "proto/sheet.h"
#include "proto/worded.h"

#include <string.h>

static const struct programme_span always = {INT32_MIN, INT32_MAX};

bool define_is_part(enum define_what what)
{
	return what == DEFINE_CELL || what == DEFINE_GROUP || what == DEFINE_CODE;
}

const char *define_name(enum define_what what)
{
	static const char *const names[DEFINE_N] = {
		[DEFINE_MEASURE] = N_("measure"),     [DEFINE_CELL] = N_("cell"),
		[DEFINE_GOAL] = N_("goal"),           [DEFINE_PACK] = N_("pack"),
		[DEFINE_INDICATOR] = N_("indicator"), [DEFINE_TABLE] = N_("table"),
		[DEFINE_VARIABLE] = N_("variable"),   [DEFINE_GROUP] = N_("group"),
		[DEFINE_LIST] = N_("list"),           [DEFINE_CODE] = N_("code"),
		[DEFINE_FIELD] = N_("field"),         [DEFINE_QUESTION] = N_("question"),
		[DEFINE_SITE] = N_("site"),
	};

	return (unsigned)what < DEFINE_N ? names[what] : "?";
}

/* ---- the walk ---- */

struct walk {
	const struct programme *programme;
	define_visit_fn *visit;
	void *context;
	int status;
};

static void tell(struct walk *walk, const struct define_term *term)
{
	if (walk->status == 0)
		walk->status = walk->visit(walk->context, term);
}

static void tell_measures(struct walk *walk)
{
	for (size_t m = 0; m < walk->programme->measures_n; m++) {
		const struct programme_measure *row = &walk->programme->measures[m];

		tell(walk, &(struct define_term){DEFINE_MEASURE, NULL, row->id, row->label,
						 row->span, m, 0});
		for (size_t c = 0; c < row->cells_n && row->cells_n > 1; c++)
			tell(walk, &(struct define_term){DEFINE_CELL, row->id, row->cells[c].id,
							 row->cells[c].label, always, m, c});
	}
}

static void tell_goals(struct walk *walk)
{
	for (size_t i = 0; i < walk->programme->goals_n; i++)
		tell(walk, &(struct define_term){DEFINE_GOAL, NULL, walk->programme->goals[i].id,
						 walk->programme->goals[i].label, always, i, 0});
}

static void tell_indicators(struct walk *walk)
{
	const struct programme *programme = walk->programme;

	for (size_t i = 0; i < programme->packs_n; i++)
		tell(walk, &(struct define_term){DEFINE_PACK, NULL, programme->packs[i].id,
						 programme->packs[i].label,
						 programme->packs[i].span, i, 0});
	for (size_t i = 0; i < programme->indicators_n; i++) {
		const struct programme_indicator *row = &programme->indicators[i];

		tell(walk, &(struct define_term){DEFINE_INDICATOR, programme->packs[row->pack].id,
						 row->id, row->label, row->span, i, 0});
	}
	for (size_t i = 0; i < programme->tables_n; i++)
		tell(walk, &(struct define_term){DEFINE_TABLE, NULL, programme->tables[i].id,
						 programme->tables[i].label,
						 programme->tables[i].span, i, 0});
}

/* A coded field is a variable of its own id, and told as a field. */
static bool is_field(const struct programme_variable *variable)
{
	return !variable->has_groups && strcmp(variable->id, variable->field) == 0;
}

static void tell_variables(struct walk *walk)
{
	for (size_t v = 0; v < walk->programme->variables_n; v++) {
		const struct programme_variable *row = &walk->programme->variables[v];

		if (is_field(row))
			continue;
		tell(walk, &(struct define_term){DEFINE_VARIABLE, NULL, row->id, row->label,
						 row->span, v, 0});
		for (size_t g = 0; g < row->groups_n && row->has_groups; g++)
			tell(walk, &(struct define_term){DEFINE_GROUP, row->id, row->groups[g].id,
							 row->groups[g].label, row->groups[g].span,
							 v, g});
	}
}

static void tell_lists(struct walk *walk)
{
	for (size_t i = 0; i < walk->programme->lists_n; i++) {
		const struct programme_list *row = &walk->programme->lists[i];

		tell(walk,
		     &(struct define_term){DEFINE_LIST, NULL, row->id, row->label, always, i, 0});
		for (size_t c = 0; c < row->codes_n; c++)
			tell(walk,
			     &(struct define_term){DEFINE_CODE, row->id, row->codes[c].id,
						   row->codes[c].label, row->codes[c].span, i, c});
	}
}

static void tell_fields(struct walk *walk)
{
	const struct programme *programme = walk->programme;

	for (size_t i = 0; i < programme->fields_n; i++)
		tell(walk, &(struct define_term){DEFINE_FIELD, NULL, programme->fields[i].id,
						 programme->fields[i].label, always, i, 0});
	for (size_t i = 0; i < programme->questions_n; i++)
		tell(walk, &(struct define_term){DEFINE_QUESTION,
						 programme->sites[programme->questions[i].site].id,
						 programme->questions[i].id,
						 programme->questions[i].label,
						 programme->questions[i].span, i, 0});
	for (size_t i = 0; i < programme->sites_n; i++)
		tell(walk, &(struct define_term){DEFINE_SITE, NULL, programme->sites[i].id,
						 programme->sites[i].label,
						 programme->sites[i].span, i, 0});
}

int define_walk(const struct programme *programme, define_visit_fn *visit, void *context)
{
	struct walk walk = {.programme = programme, .visit = visit, .context = context};

	tell_measures(&walk);
	tell_goals(&walk);
	tell_indicators(&walk);
	tell_variables(&walk);
	tell_lists(&walk);
	tell_fields(&walk);
	return walk.status;
}

/* ---- meanings ---- */

static const char *pick(const char *sv, const char *en, enum programme_language language)
{
	return programme_text((struct programme_label){sv, en}, language);
}

/* Kinds as the programme calls the first measure of theirs: data labels, so in both languages. */
static void add_counted(const struct programme *programme, enum programme_kind kind,
			enum programme_language language, struct buf *to)
{
	for (size_t m = 0; m < programme->measures_n; m++)
		if (programme->measures[m].kind == kind) {
			buf_add_text(to, programme_text(programme->measures[m].label, language));
			return;
		}
	buf_add_text(to, programme_kind_name(kind));
}

static void add_rules(const struct programme *programme, const struct programme_rule rules[],
		      size_t n, enum programme_language language, struct buf *to)
{
	if (n == 0)
		return;
	buf_add_text(to, ": ");
	worded_rules(programme, rules, n, language, to);
}

static void mean_goal(const struct programme *programme, const struct programme_goal *goal,
		      enum programme_language language, struct buf *to)
{
	const struct programme_measure *measure = &programme->measures[goal->measure];

	for (size_t c = 0; c < measure->cells_n && goal->cells != 0; c++)
		if ((goal->cells >> c & 1) != 0)
			buf_printf(to, "%s%s", to->n > 0 ? " + " : "",
				   programme_text(measure->cells[c].label, language));
	if (goal->cells == 0)
		buf_add_text(to, programme_text(measure->label, language));
	if (goal->per_mille == 0) {
		buf_add_text(to, pick(" mot målet i personer", " against the target in persons",
				      language));
		return;
	}
	buf_printf(to, "%s %u%s%u %%: %s", pick(", andel minst", ", a share of at least", language),
		   goal->per_mille / 10u, pick(",", ".", language), goal->per_mille % 10u,
		   programme_text(programme->measures[goal->base].label, language));
}

static void mean_table(const struct programme *programme, const struct programme_table *table,
		       enum programme_language language, struct buf *to)
{
	add_counted(programme, table->kind, language, to);
	for (size_t i = 0; i < table->dims_n; i++)
		buf_printf(to, "%s%s", i > 0 ? " x " : pick(" efter ", " by ", language),
			   programme_text(programme->variables[table->dims[i]].label, language));
	add_rules(programme, table->rules, table->rules_n, language, to);
}

static void mean_indicator(const struct programme *programme,
			   const struct programme_indicator *indicator,
			   enum programme_language language, struct buf *to)
{
	add_counted(programme, indicator->kind, language, to);
	add_rules(programme, indicator->rules, indicator->rules_n, language, to);
	if (indicator->source != NULL && indicator->source[0] != '\0')
		buf_printf(to, " (%s)", indicator->source);
}

static void mean_variable(const struct programme_variable *variable,
			  enum programme_language language, struct buf *to)
{
	static const struct programme_label units[] = {
		[LAPSE_YEARS] = {"år", "years"},
		[LAPSE_MONTHS] = {"månader", "months"},
		[LAPSE_DAYS] = {"dagar", "days"},
	};

	if (variable->shape == SHAPE_LAPSE)
		buf_printf(to, "%s → %s, %s", variable->field, variable->until,
			   programme_text(units[variable->unit], language));
	else
		buf_add_text(to, variable->field);
}

static void mean_site(const struct programme_site *site, enum programme_language language,
		      struct buf *to)
{
	for (size_t i = 0; i < site->municipalities_n; i++)
		buf_printf(to, "%s%s", i > 0 ? ", " : "",
			   programme_text(site->municipalities[i].label, language));
}

static void mean_cell(const struct programme *programme, const struct define_term *term,
		      enum programme_language language, struct buf *to)
{
	const struct programme_cell *cell = &programme->measures[term->index].cells[term->part];

	if (cell->rules_n == 0)
		buf_add_text(to, pick("alla övriga", "all others", language));
	worded_rules(programme, cell->rules, cell->rules_n, language, to);
}

static void mean_group(const struct programme *programme, const struct define_term *term,
		       enum programme_language language, struct buf *to)
{
	const struct programme_variable *variable = &programme->variables[term->index];

	worded_group(programme, variable, &variable->groups[term->part], language, to);
}

void define_meaning(const struct programme *programme, const struct define_term *term,
		    enum programme_language language, struct buf *ret_words)
{
	switch (term->what) {
	case DEFINE_CELL:
		mean_cell(programme, term, language, ret_words);
		return;
	case DEFINE_GOAL:
		mean_goal(programme, &programme->goals[term->index], language, ret_words);
		return;
	case DEFINE_INDICATOR:
		mean_indicator(programme, &programme->indicators[term->index], language, ret_words);
		return;
	case DEFINE_TABLE:
		mean_table(programme, &programme->tables[term->index], language, ret_words);
		return;
	case DEFINE_VARIABLE:
		mean_variable(&programme->variables[term->index], language, ret_words);
		return;
	case DEFINE_GROUP:
		mean_group(programme, term, language, ret_words);
		return;
	case DEFINE_SITE:
		mean_site(&programme->sites[term->index], language, ret_words);
		return;
	case DEFINE_FIELD:
		if (programme->fields[term->index].list != NULL)
			buf_add_text(ret_words, programme->fields[term->index].list);
		return;
	case DEFINE_QUESTION:
		buf_add_text(ret_words, programme->questions[term->index].list);
		return;
	case DEFINE_MEASURE:
	case DEFINE_PACK:
	case DEFINE_LIST:
	case DEFINE_CODE:
	case DEFINE_N:
		return;
	}
}
