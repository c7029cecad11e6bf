#include "client/merge.h"

#include "client/ask.h"
#include "client/cell.h"
#include "client/form_json.h"
#include "client/form_walk.h"
#include "client/remote.h"
#include "client/words.h"
#include "lib/own.h"

#include <string.h>

#define SIDES "mia.merge/1"
#define OPEN "to be settled"

/* What is asked, and the request as it was last tried. */
struct merge {
	const struct call *call;
	struct request *request;
	const struct answer *compared;
};

static const char *text_of(const struct sheet *sheet, size_t row, const char *id)
{
	const struct sheet_cell *cell = cell_find(sheet, row, id);

	return cell != NULL && cell->text != NULL ? cell->text : "";
}

static bool is_open(const struct sheet *sheet, size_t row)
{
	return strcmp(text_of(sheet, row, "state"), OPEN) == 0;
}

/* ---- questions ---- */

/* A number is shown masked, so it is typed, and not chosen. */
static void add_question(const struct sheet *differences, size_t row, struct sheet *questions)
{
	const struct sheet_cell *field = cell_find(differences, row, "field");
	const char *id = text_of(differences, row, "field");
	bool is_number = strchr(text_of(differences, row, "keep"), '*') != NULL;

	sheet_add_code(questions, id,
		       field != NULL && field->arguments_n > 0 ? field->arguments[0] : id, NULL);
	sheet_add_text(questions, is_number ? "number" : "code");
	sheet_add_phrase(questions, "yes", NULL);
	sheet_add_empty(questions);
	sheet_add_empty(questions);
}

static void add_choices(const struct sheet *differences, size_t row, struct sheet *choices)
{
	static const char *const sides[] = {"keep", "drop"};

	for (size_t i = 0; i < array_n(sides); i++) {
		sheet_add_text(choices, text_of(differences, row, "field"));
		sheet_add_text(choices, text_of(differences, row, sides[i]));
		sheet_add_text(choices, text_of(differences, row, sides[i]));
	}
}

static struct sheet *new_questions(void)
{
	struct sheet *sheet = sheet_new("mia.form/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_CODE, N_("Field"), false);
	sheet_column(sheet, "type", SHEET_TEXT, N_("Type"), false);
	sheet_column(sheet, "required", SHEET_PHRASE, N_("Required"), false);
	sheet_column(sheet, "value", SHEET_TEXT, N_("Known"), false);
	sheet_column(sheet, "hint", SHEET_PHRASE, N_("Hint"), false);
	return sheet;
}

static struct sheet *new_choices(void)
{
	struct sheet *sheet = sheet_new("mia.choices/1", SHEET_TABLE);

	sheet_column(sheet, "field", SHEET_TEXT, N_("Field"), false);
	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "label", SHEET_TEXT, N_("Means"), false);
	return sheet;
}

int merge_questions(const struct answer *compared, struct answer *ret_form)
{
	const struct sheet *differences = form_sheet(compared, SIDES);
	own(sheet_free) struct sheet *questions = new_questions();
	own(sheet_free) struct sheet *choices = new_choices();
	bool has_open = false;
	int status;

	for (size_t row = 0; differences != NULL && row < differences->rows_n; row++) {
		if (!is_open(differences, row))
			continue;
		has_open = true;
		add_question(differences, row, questions);
		if (strchr(text_of(differences, row, "keep"), '*') == NULL)
			add_choices(differences, row, choices);
	}
	if (!has_open)
		return 0;
	status = answer_add(ret_form, &questions);
	return status == 0 ? answer_add(ret_form, &choices) : status;
}

/* form_ask_fn: what was tried last is what is sent afterwards. */
static int ask(void *context, enum form_step step, const struct form *typed,
	       struct answer *ret_answer, struct fault *fault)
{
	struct merge *merge = context;
	own(request_wipe) struct request request = {0};
	int status;

	if (step == FORM_ASK)
		return merge_questions(merge->compared, ret_answer);
	request_wipe(merge->request);
	status = form_put(typed, merge->request);
	request = *merge->request;
	ask_add_switch(&request, "dry-run");
	return status == 0 ? remote_exchange(merge->call, &request, ret_answer, fault) : status;
}

/* ---- the command ---- */

static bool is_asked(const struct call *call)
{
	return remote_has_person() && options_value(call->options, "from") == NULL &&
	       options_value(call->options, "dry-run") == NULL &&
	       options_value(call->options, "yes") == NULL;
}

/* Without the findings: what they ask for is asked for next. */
static int show_sides(const struct answer *compared, const struct paper *paper)
{
	for (size_t i = 0; i < compared->sheets_n; i++) {
		const struct answer sides = {.sheets = &compared->sheets[i], .sheets_n = 1};

		if (strcmp(compared->sheets[i]->schema, SIDES) == 0)
			return render_answer(&sides, RENDER_TABLE, paper);
	}
	return 0;
}

/* Shows both sides, and asks for what differs; a refusal that no answer mends is the answer. */
static int settle(const struct call *call, struct request *request, struct answer *ret_refusal,
		  struct fault *fault)
{
	own(answer_free) struct answer compared = {0}, questions = {0}, settled = {0};
	struct merge merge = {.call = call, .request = request, .compared = &compared};
	const struct form_walk walk = {
		.ask = ask,
		.context = &merge,
		.keys = stdin,
		.paper = &call->talk,
		.is_dry_run = true,
	};
	own(request_wipe) struct request tried = *request;
	int status;

	ask_add_switch(&tried, "dry-run");
	status = remote_exchange(call, &tried, &compared, fault);
	if (status == 0)
		status = merge_questions(&compared, &questions);
	if (status != 0 || questions.sheets_n == 0)
		return status;
	status = show_sides(&compared, &call->talk);
	if (status == 0)
		status = form_walk(&walk, &settled, fault);
	if (status != 0 || !render_is_error(&settled))
		return status;
	*ret_refusal = settled;
	settled = (struct answer){0};
	return 0;
}

int merge_cases(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	own(request_wipe) struct request request = {0};
	const char *path = options_value(call->options, "from");
	int status = ask_request(call->options, call->language, &request, fault);

	ask_in_private();
	if (status == 0 && path != NULL)
		status = form_json_read(path, &request, fault);
	if (status == 0 && is_asked(call))
		status = settle(call, &request, ret_answer, fault);
	if (status == 0 && ret_answer->sheets_n == 0)
		status = remote_exchange(call, &request, ret_answer, fault);
	return status;
}
