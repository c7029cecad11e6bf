#include "proto/worded.h"

#include "lib/date.h"
#include "proto/programme_find.h"
#include "proto/sheet.h"

#include <inttypes.h>

const char *worded_kind(enum programme_kind kind)
{
	static const char *const words[KIND_N] = {
		[KIND_APPLIED] = N_("%1 counts who applied, by the day of interest."),
		[KIND_DECLINED] = N_("%1 counts who declined or was declined, by that day."),
		[KIND_ENTERED] = N_("%1 counts who entered, by the day of entry."),
		[KIND_REENTERED] = N_("%1 counts who came back, by the day of return."),
		[KIND_TRANSFERRED_IN] =
			N_("%1 counts who came from another site, by the day of transfer."),
		[KIND_TRANSFERRED_OUT] =
			N_("%1 counts who went to another site, by the day of transfer."),
		[KIND_SPELL_STARTED] = N_("%1 counts who began an activity, by the day it began."),
		[KIND_SPELL_ENDED] = N_("%1 counts who ended an activity, by the day it ended."),
		[KIND_HOURS] = N_("%1 counts hours of activity, by the month."),
		[KIND_LEFT] = N_("%1 counts who left, by the day of leaving."),
		[KIND_FOLLOWED_UP] = N_("%1 counts who was followed up, by the day of it."),
		[KIND_ANSWERED] = N_("%1 counts answers to the survey, by the day of answering."),
		[KIND_DEVIATION] = N_("%1 counts deviations, by the day they were noted."),
	};

	return (unsigned)kind < KIND_N ? words[kind] : "%1";
}

const char *worded_cadence(enum programme_cadence cadence)
{
	switch (cadence) {
	case CADENCE_MONTH:
		break;
	case CADENCE_QUARTER:
		return N_("The report of a quarter's last month has it, for the quarter.");
	case CADENCE_YEAR:
		return N_("The report of December has it, for the year.");
	}
	return N_("Every month's report has it.");
}

void worded_span(struct programme_span span, struct buf *ret_words)
{
	char day[DATE_TEXT_BYTES];

	if (span.from == INT32_MIN && span.to == INT32_MAX)
		return;
	if (span.from != INT32_MIN) {
		date_format(span.from, day);
		buf_add_text(ret_words, day);
	}
	buf_add_text(ret_words, "..");
	if (span.to != INT32_MAX) {
		date_format(span.to, day);
		buf_add_text(ret_words, day);
	}
}

/* ---- rules ---- */

static const char *word(const char *sv, const char *en, enum programme_language language)
{
	return programme_text((struct programme_label){sv, en}, language);
}

static void add_test(const struct programme *programme, const struct programme_test *test,
		     enum programme_language language, struct buf *to)
{
	const struct programme_variable *variable = &programme->variables[test->variable];

	buf_printf(to, "%s:%s", programme_text(variable->label, language),
		   test->is_not ? word(" inte", " not", language) : "");
	for (size_t i = 0; i < test->groups_n; i++) {
		const struct programme_group *group = programme_group(variable, test->groups[i]);

		buf_printf(to, "%s %s", i > 0 ? "," : "",
			   group != NULL ? programme_text(group->label, language) : "?");
	}
}

void worded_rules(const struct programme *programme, const struct programme_rule rules[], size_t n,
		  enum programme_language language, struct buf *ret_words)
{
	for (size_t i = 0; i < n; i++) {
		buf_add_text(ret_words, i > 0 ? word("; eller ", "; or ", language) : "");
		for (size_t t = 0; t < rules[i].tests_n; t++) {
			buf_add_text(ret_words, t > 0 ? word(" och ", " and ", language) : "");
			add_test(programme, &rules[i].tests[t], language, ret_words);
		}
	}
}

/* ---- groups ---- */

static void add_codes(const struct programme *programme, const struct programme_variable *variable,
		      const struct programme_group *group, enum programme_language language,
		      struct buf *to)
{
	const struct programme_list *list =
		variable->list != NULL ? programme_list(programme, variable->list) : NULL;

	for (size_t i = 0; i < group->codes_n && list != NULL; i++) {
		const struct programme_code *code = programme_code(list, group->codes[i]);

		buf_printf(to, "%s%s", i > 0 ? ", " : "",
			   code != NULL ? programme_text(code->label, language) : "?");
	}
}

void worded_group(const struct programme *programme, const struct programme_variable *variable,
		  const struct programme_group *group, enum programme_language language,
		  struct buf *ret_words)
{
	bool is_open_below = group->low <= INT32_MIN + 1, is_open_above = group->high == INT32_MAX;

	if (variable->shape == SHAPE_CODE || variable->shape == SHAPE_SET) {
		add_codes(programme, variable, group, language, ret_words);
		return;
	}
	if (!is_open_below)
		buf_printf(ret_words, "%" PRId32, group->low);
	buf_add_text(ret_words, "-");
	if (!is_open_above)
		buf_printf(ret_words, "%" PRId32, group->high);
}
