#include "daemon/site/desk_change.h"

#include "daemon/site/access.h"
#include "daemon/site/desk_event.h"
#include "daemon/site/desk_say.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

#define MORE_BYTES 80

static bool is_form(const struct request *request)
{
	return request_option(request, "form") != NULL;
}

/* The day whose codes are offered: that of the event where it was typed already, else today. */
static int32_t day_of(const struct desk_case *of, enum record_field field)
{
	const char *text =
		field == FIELD_N ? NULL : request_field(of->request, record_row(field)->id);
	int32_t day = of->today;

	if (text == NULL || date_parse_any(text, DATE_ORDER_REFUSED, of->today, &day) != 0)
		return of->today;
	return day;
}

static int answer_form(struct desk_case *of, int32_t day, struct answer *ret_answer,
		       struct fault *fault)
{
	int error = desk_case_read(of, fault);

	return error != 0 ? error : desk_say_form(of, day, ret_answer);
}

/* The rest of a change, once its fields were read and it had its effect. */
static int settle(struct desk_case *of, bool is_correction)
{
	int error = 0;

	if (of->act == ACT_MISREGISTERED)
		return desk_case_store(of);
	if (!of->is_apart)
		desk_case_identify(of);
	if (!of->findings.has_error)
		error = desk_case_check_known(of);
	if (error == 0 && !of->findings.has_error)
		desk_case_judge(of, is_correction);
	if (error == 0 && of->person.id != 0 && (is_correction || desk_event_is_correction(of)))
		of->act = ACT_CORRECTED;
	return error != 0 ? error : desk_case_store(of);
}

/* An event of the case, asked for in whatever words. */
static int tell(struct desk_case *of, enum life_event event, const char *id,
		struct answer *ret_answer, struct fault *fault)
{
	enum record_field day_field = life_row(event)->day;
	int32_t day = day_of(of, day_field);
	int error;

	desk_ask_event(&of->words, event,
		       desk_ask_is_anonymous(&of->words, &of->after, of->request), day,
		       &of->questions);
	desk_event_check(of, event);
	if (of->findings.has_error)
		return desk_say_findings(of, ret_answer);
	if (is_form(of->request))
		return answer_form(of, day, ret_answer, fault);
	error = desk_case_read(of, fault);
	if (error != 0)
		return error;
	desk_ask_missing(&of->questions, &of->after, &of->findings);
	if (!of->findings.has_error)
		desk_event_apply(of, event);
	error = settle(of, false);
	if (error != 0)
		return error;
	return desk_say_done(of, id, life_row(event)->sentence, ret_answer);
}

/* A new case is audited once it has its number. */
static int note_new(const struct desk_case *of, const char *event)
{
	const struct access access = {.event = event,
				      .more = "",
				      .number = of->person.id,
				      .operator_name = of->desk->operator_name,
				      .at = of->desk->at_now};
	bool is_stored = !of->findings.has_error && !desk_case_is_dry_run(of) &&
			 !is_form(of->request) && of->person.id != 0;

	return is_stored ? access_note(of->desk->store, &access) : 0;
}

int desk_change_add(const struct desk *desk, const struct request *request,
		    struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	int error;

	desk_case_new(desk, request, &of);
	error = tell(&of, LIFE_add, "add", ret_answer, fault);
	return error != 0 ? error : note_new(&of, "person_added");
}

int desk_change_deviation(const struct desk *desk, const struct request *request,
			  struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;

	desk_case_new(desk, request, &of);
	of.is_apart = true;
	of.act = ACT_ANSWERED;
	return tell(&of, LIFE_deviate, "deviation", ret_answer, fault);
}

/* ---- an event ---- */

/* What may be told of the person now. */
static int list_events(const struct desk_case *of, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.lives/1", SHEET_TABLE);
	enum life_state state = desk_case_state(of);

	sheet_title(sheet, N_("What may be recorded now"), NULL);
	sheet_column(sheet, "event", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "alias", SHEET_TEXT, N_("In Swedish"), false);
	sheet_column(sheet, "means", SHEET_PHRASE, N_("The person"), false);
	for (int event = 0; event < LIFE_EVENT_N; event++) {
		const struct life_row *row = life_row((enum life_event)event);
		char alias[MORE_BYTES];

		if (row->word[0] == '\0' || (row->follows & (unsigned)state) == 0)
			continue;
		text_copy(alias, sizeof(alias), row->alias);
		alias[strcspn(alias, ",")] = '\0';
		sheet_add_text(sheet, row->word);
		sheet_add_text(sheet, alias);
		sheet_add_phrase(sheet, row->sentence, NULL);
	}
	return answer_add(ret_answer, &sheet);
}

static int find_event(const struct request *request, enum life_event *ret_event,
		      struct fault *fault)
{
	const char *words[LIFE_EVENT_N];
	char remedy[160];
	int event = life_find(request->arguments[1]);
	int nearest;

	if (event >= 0) {
		*ret_event = (enum life_event)event;
		return 0;
	}
	for (int i = 0; i < LIFE_EVENT_N; i++)
		words[i] = life_row((enum life_event)i)->word;
	nearest = text_nearest(request->arguments[1], words, LIFE_EVENT_N);
	if (nearest < 0)
		return fault_set(fault, "X002", "EVENT",
				 N_("`mia person event CASE` lists what may be recorded."),
				 N_("there is no such event"));
	(void)snprintf(remedy, sizeof(remedy), N_("Did you mean `%s`?"), words[nearest]);
	return fault_set(fault, "X002", "EVENT", remedy, N_("there is no such event"));
}

int desk_change_event(const struct desk *desk, const struct request *request,
		      struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	enum life_event event = LIFE_EVENT_N;
	char more[MORE_BYTES] = "";
	int error = 0;

	desk_case_new(desk, request, &of);
	if (request->arguments_n > 1)
		error = find_event(request, &event, fault);
	if (error == 0 && event != LIFE_EVENT_N)
		(void)snprintf(more, sizeof(more), "event=%s", life_row(event)->word);
	if (error == 0)
		error = desk_case_open(desk, request, 0,
				       event == LIFE_EVENT_N || is_form(request) ? "person_asked"
										 : "person_event",
				       more, &of, fault);
	if (error != 0)
		return error;
	if (event == LIFE_EVENT_N)
		return list_events(&of, ret_answer);
	return tell(&of, event, life_row(event)->word, ret_answer, fault);
}

/* ---- a correction ---- */

static void remove_item(struct desk_case *of)
{
	if (of->typed.remove < 0)
		return;
	if (item_remove(&of->after, (enum record_part)of->typed.remove) == 0)
		return;
	validate_add(&of->findings, "D007", VALIDATE_ERROR,
		     item_day_field((enum record_part)of->typed.remove), "");
}

static int correct(struct desk_case *of, struct answer *ret_answer, struct fault *fault)
{
	int error;

	desk_ask_all(&of->words, desk_ask_is_anonymous(&of->words, &of->after, of->request),
		     of->today, &of->questions);
	if (desk_case_state(of) == LIFE_MISREGISTERED) {
		validate_add(&of->findings, "D002", VALIDATE_ERROR, FIELD_N,
			     life_state_name(LIFE_MISREGISTERED));
		return desk_say_findings(of, ret_answer);
	}
	if (is_form(of->request))
		return answer_form(of, of->today, ret_answer, fault);
	error = desk_case_read(of, fault);
	if (error != 0)
		return error;
	remove_item(of);
	error = settle(of, true);
	return error != 0 ? error : desk_say_done(of, "correct", N_("is corrected"), ret_answer);
}

int desk_change_correct(const struct desk *desk, const struct request *request,
			struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	int error = desk_case_open(desk, request, 0,
				   is_form(request) ? "person_asked" : "person_corrected", "", &of,
				   fault);

	return error != 0 ? error : correct(&of, ret_answer, fault);
}

/* ---- a move ---- */

static int receive(const struct desk *desk, const struct request *request,
		   struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	int error;

	desk_case_new(desk, request, &of);
	error = tell(&of, LIFE_transfer_in, life_row(LIFE_transfer_in)->word, ret_answer, fault);
	return error != 0 ? error : note_new(&of, "person_received");
}

int desk_change_move(const struct desk *desk, const struct request *request,
		     struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	bool is_in = request_option(request, "in") != NULL;
	int error;

	desk_case_new(desk, request, &of);
	if (is_in == (request->arguments_n > 0))
		return fault_set(
			fault, "X002", "CASE",
			N_("`mia person move CASE` hands over, `mia person move --in` receives."),
			N_("give a case, or --in, and not both"));
	if (is_in)
		return receive(desk, request, ret_answer, fault);
	error = desk_case_open(desk, request, 0, is_form(request) ? "person_asked" : "person_moved",
			       "", &of, fault);
	return error != 0 ? error
			  : tell(&of, LIFE_transfer_out, life_row(LIFE_transfer_out)->word,
				 ret_answer, fault);
}
