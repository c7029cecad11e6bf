#include "daemon/site/desk_case.h"

#include "daemon/site/access.h"
#include "daemon/site/change.h"
#include "daemon/site/condense.h"
#include "daemon/site/import_settle.h"
#include "daemon/site/lookup.h"
#include "daemon/site/store_forget.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

void desk_case_new(const struct desk *desk, const struct request *request,
		   struct desk_case *ret_case)
{
	*ret_case = (struct desk_case){
		.desk = desk,
		.request = request,
		.words = {desk->programme, desk->site, request->language},
		.today = date_of_moment(desk->at_now),
		.act = ACT_REGISTERED,
	};
	store_person_clear(&ret_case->person);
	store_person_clear(&ret_case->known);
	record_clear(&ret_case->after);
}

void desk_case_wipe(struct desk_case *of)
{
	explicit_bzero(of, sizeof(*of));
}

static int refuse_case(struct fault *fault, const char *remedy, const char *reason)
{
	return fault_set(fault, "X009", N_("case number"), remedy, "%s", reason);
}

static int read_number(const struct request *request, size_t argument, uint64_t *ret_id,
		       struct fault *fault)
{
	const char *text = argument < request->arguments_n ? request->arguments[argument] : "";

	/* The text is not repeated: it may be a personnummer. Cases are counted from 1. */
	if (strlen(text) > 9 || text_to_u64(text, UINT32_MAX, ret_id) != 0 || *ret_id == 0)
		return fault_set(fault, "X002", N_("case number"),
				 N_("Find it with `mia person find`, which asks for the number."),
				 N_("that is not the number of a case"));
	return 0;
}

static int load(struct desk_case *of, uint64_t id, struct fault *fault)
{
	int error = store_load(of->desk->store, id, &of->person);

	if (error == -ENOENT || (error == 0 && of->person.is_answer))
		return refuse_case(fault, N_("Find it with `mia person find`."),
				   N_("there is no such case, or it is erased"));
	return error;
}

int desk_case_open(const struct desk *desk, const struct request *request, size_t argument,
		   struct desk_case *ret_case, struct fault *fault)
{
	uint64_t id = 0;
	int error = read_number(request, argument, &id, fault);

	desk_case_new(desk, request, ret_case);
	if (error == 0)
		error = load(ret_case, id, fault);
	if (error != 0)
		return error;
	ret_case->act = ACT_CHANGED;
	record_copy(&ret_case->person.record, &ret_case->after);
	return 0;
}

int desk_case_note(struct desk_case *of, const char *event, const char *more)
{
	const struct access access = {.event = event,
				      .more = more,
				      .number = of->person.id,
				      .operator_name = of->desk->operator_name,
				      .at = of->desk->at_now};
	int error = 0;

	if (!of->is_noted && of->person.id != 0)
		error = access_note(of->desk->store, &access);
	of->is_noted = of->is_noted || (error == 0 && of->person.id != 0);
	return error;
}

enum life_state desk_case_state(const struct desk_case *of)
{
	if ((of->person.is_misregistered && !of->is_again) || of->act == ACT_MISREGISTERED)
		return LIFE_MISREGISTERED;
	return life_state(of->desk->programme, &of->after, of->today);
}

bool desk_case_is_dry_run(const struct desk_case *of)
{
	return request_option(of->request, "dry-run") != NULL;
}

bool desk_case_is_same(const struct desk_case *of)
{
	return of->person.id != 0 && !of->is_apart && !of->is_again &&
	       of->act != ACT_MISREGISTERED && !change_differs(&of->person.record, &of->after);
}

/* ---- reading ---- */

int desk_case_read(struct desk_case *of, struct fault *fault)
{
	const struct desk_reading reading = {.words = &of->words,
					     .questions = &of->questions,
					     .request = of->request,
					     .today = of->today,
					     .findings = &of->findings};

	return desk_ask_read(&reading, &of->after, &of->typed, fault);
}

/* By the law of files: what was typed are the columns. */
static void identify_new(struct desk_case *of)
{
	own(mem_free) struct import_columns *columns = calloc(1, sizeof(*columns));
	struct validate_result unheard = {0};
	const struct validate_context context = {.programme = of->desk->programme,
						 .site = of->desk->site,
						 .today = of->today};

	if (columns == NULL) {
		validate_add(&of->findings, "X006", VALIDATE_ERROR, FIELD_N, "");
		return;
	}
	memcpy(columns->has, of->typed.has_text, sizeof(columns->has));
	/* A file must find its row again and so wants a local id (I034): a form need not. */
	import_settle_identity(columns, of->typed.has_number ? &of->typed.number : NULL, &of->after,
			       &unheard);
	import_settle_known(columns, &context, &of->after, &of->findings);
}

/* The ninth digit is the sex of a personnummer; of a coordination number it promises nothing. */
static void derive(struct desk_case *of)
{
	const struct person_number *number = &of->typed.number;
	int32_t *value = of->after.value;

	if (value[FIELD_birth_date] == RECORD_MISSING && number->birth_date != DATE_NONE)
		value[FIELD_birth_date] = number->birth_date;
	if (value[FIELD_sex] == RECORD_MISSING && !number->is_coordination)
		value[FIELD_sex] = number->is_woman ? RECORD_SEX_WOMAN : RECORD_SEX_MAN;
}

static enum record_id_type type_of(const struct desk_case *of)
{
	enum record_id_type type = of->after.identity.type;

	if (of->after.value[FIELD_protected] == 1 ||
	    record_has_code(&of->after, FIELD_consent, RECORD_CONSENT_REFUSED))
		return ID_ANONYMOUS;
	if (of->typed.has_number)
		return of->typed.number.is_coordination ? ID_COORDINATION : ID_PERSONNUMMER;
	if (of->after.identity.number[0] != '\0' || type == ID_ANONYMOUS)
		return type;
	return of->after.identity.local_id[0] != '\0' ? ID_LOCAL : ID_NONE;
}

void desk_case_identify(struct desk_case *of)
{
	if (of->person.id == 0) {
		identify_new(of);
		return;
	}
	of->after.identity.type = type_of(of);
	if (of->typed.has_number)
		derive(of);
}

/* ---- whether somebody is known ---- */

static void refuse_known(struct desk_case *of, const char *code)
{
	enum record_field field =
		of->after.identity.number[0] != '\0' ? FIELD_person_number : FIELD_local_id;
	char number[24] = "";

	if (of->known.id != 0)
		(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)of->known.id);
	validate_add(&of->findings, code, VALIDATE_ERROR, field, number);
}

/* The rules' own words where they have them: active here, or here earlier and perhaps back. */
static const char *code_of_known(const struct desk_case *of)
{
	enum life_state state = life_state(of->desk->programme, &of->known.record, of->today);

	if ((state & (LIFE_ACTIVE | LIFE_PAUSED)) != 0)
		return "V043";
	return (state & (LIFE_LEFT | LIFE_TRANSFERRED)) != 0 ? "V044" : "D004";
}

/* Somebody is: who was registered by mistake is registered anew, anybody else stands in the way. */
static int meet(struct desk_case *of, uint64_t id)
{
	const struct access access = {.event = "person_found",
				      .more = "",
				      .number = id,
				      .operator_name = of->desk->operator_name,
				      .at = of->desk->at_now};
	int error = store_load(of->desk->store, id, &of->known);

	if (error == -ENOENT) { /* erased: the look-up led nowhere */
		store_person_clear(&of->known);
		return 0;
	}
	if (error != 0)
		return error;
	if (of->person.id == 0 && of->known.is_misregistered) {
		of->person = of->known;
		of->is_again = true;
		store_person_wipe(&of->known);
		return 0;
	}
	refuse_known(of, code_of_known(of));
	return access_note(of->desk->store, &access);
}

int desk_case_check_known(struct desk_case *of)
{
	uint64_t id = 0;
	int verdict = store_who(of->desk->store, &of->after, &id);

	if (verdict < 0)
		return verdict;
	if (verdict == LOOKUP_TWO)
		refuse_known(of, "D005");
	else if (verdict == LOOKUP_TOKEN_TAKEN)
		validate_add(&of->findings, "V056", VALIDATE_ERROR, FIELD_transfer_in_token, "");
	else if (verdict == LOOKUP_SOMEBODY && id != of->person.id)
		return meet(of, id);
	return 0;
}

/* ---- judging ---- */

/* An item that was typed without its day is left where the rules complain of it. */
static void settle_items(struct desk_case *of)
{
	if (item_settle_all(&of->after) < 0)
		validate_add(&of->findings, "I037", VALIDATE_ERROR, FIELD_spell_start, "");
}

static const struct record *known_of(const struct desk_case *of)
{
	if (of->person.id != 0 && !of->person.is_misregistered)
		return &of->person.record;
	return of->known.id != 0 ? &of->known.record : NULL;
}

static void judge_apart(struct desk_case *of, const struct validate_context *context)
{
	struct validate_result found;

	validate_deviation(&of->after, context, &found);
	for (size_t i = 0; i < found.findings_n; i++)
		validate_add(&of->findings, found.findings[i].code, found.findings[i].severity,
			     found.findings[i].field, found.findings[i].detail);
}

void desk_case_judge(struct desk_case *of, bool is_correction)
{
	struct validate_context context = {
		.programme = of->desk->programme,
		.site = of->desk->site,
		.today = of->today,
		.known = known_of(of),
		.is_new = of->person.id == 0,
		.is_correction = is_correction,
	};
	struct validate_result found;
	struct record kept;

	if (of->is_apart) {
		judge_apart(of, &context);
		return;
	}
	settle_items(of);
	record_copy(&of->after, &kept);
	/* What will be kept of someone who must be forgotten is judged, not what goes. */
	if (store_must_forget(&of->after))
		condense_record(of->desk->programme, &of->person, &of->after, &kept);
	validate_record(&kept, &context, &found);
	for (size_t i = 0; i < found.findings_n; i++)
		validate_add(&of->findings, found.findings[i].code, found.findings[i].severity,
			     found.findings[i].field, found.findings[i].detail);
	record_wipe(&kept);
}

/* ---- storing ---- */

static int put(struct desk_case *of)
{
	const struct store_origin origin = {.at = of->desk->at_now,
					    .operator_name = of->desk->operator_name};
	uint64_t id = of->person.id;
	int error = store_act(of->desk->store, &origin, of->person.id, of->act, &of->after, &id);

	if (error == -EEXIST) {
		refuse_known(of, "D004");
		return 0;
	}
	if (error == 0)
		of->person.id = id;
	return error;
}

/* Who is changed is audited before, somebody new when they have their number. */
int desk_case_store(struct desk_case *of, const char *event, const char *more)
{
	int error = 0;

	if (of->findings.has_error || desk_case_is_dry_run(of) || desk_case_is_same(of))
		return desk_case_note(of, "person_asked", more);
	if (!of->is_apart)
		error = desk_case_note(of, event, more);
	if (error == 0)
		error = put(of);
	if (error == 0 && !of->is_apart && !of->findings.has_error)
		error = desk_case_note(of, event, more);
	return error;
}
