#include "daemon/errand.h"

#include "lib/date.h"

#include <errno.h>

static void add_setting(struct sheet *sheet, const struct config *config, enum config_field field)
{
	const struct config_row *row = config_row(field);
	char text[CONFIG_TEXT_BYTES];

	(void)snprintf(text, sizeof(text), "[%s] %s", row->section, row->key);
	sheet_add_text(sheet, text);
	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)config->number[field]);
	sheet_add_text(sheet, row->type == CONFIG_NUMBER ? text : config->text[field]);
	(void)snprintf(text, sizeof(text), "%u", config->line[field]);
	if (config->line[field] == 0)
		sheet_add_phrase(sheet, N_("default"), NULL);
	else
		sheet_add_phrase(sheet, N_("line %1"), text, NULL);
}

int errand_config(const struct config *config, enum config_role role, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.config/1", SHEET_TABLE);

	sheet_title(sheet, N_("Settings from %1"), config->path, NULL);
	sheet_column(sheet, "setting", SHEET_TEXT, N_("SETTING"), false);
	sheet_column(sheet, "value", SHEET_TEXT, N_("VALUE"), false);
	sheet_column(sheet, "source", SHEET_PHRASE, N_("FROM"), false);
	for (int field = 0; field < CONFIG_FIELDS_N; field++)
		if ((config_row((enum config_field)field)->roles & role) != 0)
			add_setting(sheet, config, (enum config_field)field);
	return answer_add(ret_answer, &sheet);
}

int errand_moment(const struct request *request, bool is_rehearsal, int64_t *ret_at,
		  struct fault *fault)
{
	if (!is_rehearsal)
		return fault_set(fault, "X007", "clock set",
				 "Make a rehearsal with `mia init --rehearsal`.",
				 "this store is real: its clock is the machine's");
	if (date_parse_moment(request->arguments[0], ret_at) != 0)
		return fault_set(fault, "X002", "MOMENT",
				 "Give 2018-07-11 or 2018-07-11T06:00:00Z.", "\"%s\" is no moment",
				 request->arguments[0]);
	return 0;
}

int errand_reload(const struct errand_reloaded *reloaded, struct answer *ret_answer)
{
	struct sheet *sheet = sheet_new("mia.reload/1", SHEET_LINES);
	char number[16];

	sheet_column(sheet, "line", SHEET_PHRASE, "", false);
	(void)snprintf(number, sizeof(number), "%u", reloaded->epoch);
	sheet_add_phrase(sheet, N_("The roster of epoch %1 is in force."), number, NULL);
	(void)snprintf(number, sizeof(number), "%u", reloaded->version);
	if (reloaded->version != 0)
		sheet_add_phrase(sheet, N_("Version %1 of the programme is in force."), number,
				 NULL);
	if (reloaded->is_version_awaited)
		sheet_add_phrase(sheet,
				 N_("An import or a long question is running: the other version of "
				    "the programme comes into force when it has ended."),
				 NULL);
	return answer_add(ret_answer, &sheet);
}
