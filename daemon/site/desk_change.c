#include "daemon/site/desk_change.h"

#include "daemon/site/desk_event.h"
#include "daemon/site/desk_item.h"
#include "daemon/site/desk_say.h"
#include "daemon/site/lookup.h"
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

/* How a change is audited and answered. */
struct telling {
	const char *access; /* event of the audit chain */
	const char *more;
	const char *id, *sentence;
};

/* The rest of a change, once its fields were read and it had its effect. */
static int settle(struct desk_case *of, bool is_correction, const struct telling *telling)
{
	int error = 0;

	if (of->act == ACT_MISREGISTERED)
		return desk_case_store(of, telling->access, telling->more);
	if (!of->is_apart)
		desk_case_identify(of);
	if (!of->findings.has_error)
		error = desk_case_check_known(of);
	if (error == 0 && !of->findings.has_error)
		desk_case_judge(of, is_correction);
	if (error == 0 && of->person.id != 0 && (is_correction || desk_event_is_correction(of)))
		of->act = ACT_CORRECTED;
	return error != 0 ? error : desk_case_store(of, telling->access, telling->more);
}

static int say(struct desk_case *of, const struct telling *telling, struct answer *ret_answer)
{
	return desk_say_done(of, telling->id, telling->sentence, ret_answer);
}

static int tell_now(struct desk_case *of, enum life_event event, const struct telling *telling,
		    struct answer *ret_answer, struct fault *fault)
{
	int error = desk_case_read(of, fault);

	if (error != 0)
		return error;
	desk_ask_missing(&of->questions, &of->after, &of->findings);
	if (!of->findings.has_error)
		desk_event_apply(of, event);
	error = settle(of, false, telling);
	return error != 0 ? error : say(of, telling, ret_answer);
}

/* An event of the case, asked for in whatever words. */
static int tell(struct desk_case *of, enum life_event event, const struct telling *telling,
		struct answer *ret_answer, struct fault *fault)
{
	int32_t day = day_of(of, life_row(event)->day);

	desk_event_ask(of, event, day);
	desk_event_check(of, event);
	if (of->findings.has_error)
		return desk_say_findings(of, ret_answer);
	if (is_form(of->request))
		return answer_form(of, day, ret_answer, fault);
	return tell_now(of, event, telling, ret_answer, fault);
}

/* Whatever became of it, nothing is shown of a person whose opening is not audited. */
static int conclude(struct desk_case *of, int error, const char *more)
{
	int noted = desk_case_note(of, "person_asked", more);

	return error != 0 ? error : noted;
}

static struct telling telling_of(enum life_event event, const char *access, const char *more)
{
	return (struct telling){.access = access,
				.more = more,
				.id = life_row(event)->word,
				.sentence = life_row(event)->sentence};
}

int desk_change_add(const struct desk *desk, const struct request *request,
		    struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	struct telling telling = telling_of(LIFE_add, "person_added", "");
	int error;

	telling.id = "add";
	desk_case_new(desk, request, &of);
	error = tell(&of, LIFE_add, &telling, ret_answer, fault);
	return conclude(&of, error, "");
}

int desk_change_deviation(const struct desk *desk, const struct request *request,
			  struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	struct telling telling = telling_of(LIFE_deviate, "", "");

	telling.id = "deviation";
	desk_case_new(desk, request, &of);
	of.is_apart = true;
	of.act = ACT_ANSWERED;
	return tell(&of, LIFE_deviate, &telling, ret_answer, fault);
}

/* ---- an event ---- */

/* What may be told of the person now. */
static int list_events(struct desk_case *of, struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.lives/1", SHEET_TABLE);
	bool is_any = false;

	sheet_title(sheet, N_("What may be recorded now"), NULL);
	sheet_column(sheet, "event", SHEET_TEXT, N_("Event"), false);
	sheet_column(sheet, "alias", SHEET_TEXT, N_("In Swedish"), false);
	sheet_column(sheet, "means", SHEET_PHRASE, N_("The person"), false);
	for (int event = 0; event < LIFE_EVENT_N; event++) {
		const struct life_row *row = life_row((enum life_event)event);
		char alias[MORE_BYTES];

		if (row->word[0] == '\0' || !desk_event_is_open(of, (enum life_event)event))
			continue;
		text_copy(alias, sizeof(alias), row->alias);
		alias[strcspn(alias, ",")] = '\0';
		sheet_add_text(sheet, row->word);
		sheet_add_text(sheet, alias);
		sheet_add_phrase(sheet, row->sentence, NULL);
		is_any = true;
	}
	if (!is_any)
		sheet_note(sheet, N_("Nothing more can be recorded of this case."), NULL);
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
	struct telling telling;
	int error = 0;

	desk_case_new(desk, request, &of);
	if (request->arguments_n > 1)
		error = find_event(request, &event, fault);
	if (error == 0)
		error = desk_case_open(desk, request, 0, &of, fault);
	if (error != 0)
		return error;
	if (event == LIFE_EVENT_N)
		return conclude(&of, list_events(&of, ret_answer), "");
	(void)snprintf(more, sizeof(more), "event=%s", life_row(event)->word);
	telling = telling_of(event, "person_event", more);
	return conclude(&of, tell(&of, event, &telling, ret_answer, fault), more);
}

/* ---- a correction ---- */

static int correct(struct desk_case *of, struct answer *ret_answer, struct fault *fault)
{
	const struct telling telling = {"person_corrected", "", "correct", N_("is corrected")};
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
	desk_item_remove(of);
	desk_item_replace(of);
	error = settle(of, true, &telling);
	return error != 0 ? error : say(of, &telling, ret_answer);
}

int desk_change_correct(const struct desk *desk, const struct request *request,
			struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	int error = desk_case_open(desk, request, 0, &of, fault);

	return error != 0 ? error : conclude(&of, correct(&of, ret_answer, fault), "");
}

/* ---- a move ---- */

/* Who comes to where they were handed over from, known by who they are or by the token that they
 * were given here; 0: somebody else. What is wrong with what was typed is told by others. */
static int find_returned(struct desk_case *of, uint64_t *ret_id, struct fault *fault)
{
	uint64_t id = 0;
	int verdict;
	int error;

	desk_event_ask(of, LIFE_transfer_in, of->today);
	error = desk_case_read(of, fault);
	if (error != 0 || of->findings.has_error)
		return error;
	desk_case_identify(of);
	verdict = store_who(of->desk->store, &of->after, &id);
	if (verdict != LOOKUP_SOMEBODY)
		return verdict < 0 ? verdict : 0;
	error = store_load(of->desk->store, id, &of->known);
	if (error == 0 && !of->known.is_misregistered &&
	    life_state(of->desk->programme, &of->known.record, of->today) == LIFE_TRANSFERRED)
		*ret_id = id;
	return error == -ENOENT ? 0 : error;
}

/* The same case goes on, by a re-entry on the day of coming: the first entry and its data stay. */
static int take_back(const struct desk_case *found, uint64_t id, struct answer *ret_answer)
{
	own(desk_case_wipe) struct desk_case of;
	const struct telling telling = telling_of(LIFE_reentry, "person_received", "");
	int error;

	desk_case_new(found->desk, found->request, &of);
	error = store_load(found->desk->store, id, &of.person);
	if (error != 0)
		return error;
	of.act = ACT_CHANGED;
	record_copy(&of.person.record, &of.after);
	of.after.value[FIELD_return_date] = found->after.value[FIELD_transfer_in_date];
	of.typed = (struct desk_typed){.remove = -1, .replaces = RECORD_MISSING};
	of.typed.has[FIELD_return_date] = true;
	validate_add(&of.findings, "D011", VALIDATE_INFORM, FIELD_return_date, "");
	desk_event_apply(&of, LIFE_reentry);
	error = settle(&of, false, &telling);
	return conclude(&of, error != 0 ? error : say(&of, &telling, ret_answer), "");
}

static int receive(const struct desk *desk, const struct request *request,
		   struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case found, of;
	const struct telling telling = telling_of(LIFE_transfer_in, "person_received", "");
	uint64_t id = 0;
	int error = 0;

	desk_case_new(desk, request, &found);
	desk_case_new(desk, request, &of);
	if (!is_form(request))
		error = find_returned(&found, &id, fault);
	if (error == 0 && id != 0 && found.after.value[FIELD_transfer_in_date] != RECORD_MISSING)
		return take_back(&found, id, ret_answer);
	if (error == 0)
		error = tell(&of, LIFE_transfer_in, &telling, ret_answer, fault);
	return conclude(&of, error, "");
}

static int hand_over(const struct desk *desk, const struct request *request,
		     struct answer *ret_answer, struct fault *fault)
{
	own(desk_case_wipe) struct desk_case of;
	const struct telling telling = telling_of(LIFE_transfer_out, "person_moved", "");
	int error = desk_case_open(desk, request, 0, &of, fault);

	if (error != 0)
		return error;
	error = tell(&of, LIFE_transfer_out, &telling, ret_answer, fault);
	return conclude(&of, error, "");
}

int desk_change_move(const struct desk *desk, const struct request *request,
		     struct answer *ret_answer, struct fault *fault)
{
	bool is_in = request_option(request, "in") != NULL;

	if (is_in == (request->arguments_n > 0))
		return fault_set(
			fault, "X002", "CASE",
			N_("`mia person move CASE` hands over, `mia person move --in` receives."),
			N_("give a case, or --in, and not both"));
	return (is_in ? receive : hand_over)(desk, request, ret_answer, fault);
}
