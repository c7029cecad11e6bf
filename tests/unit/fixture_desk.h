/*
 * Somebody at the desk of a stage (fixture_site.h): a command with arguments, options and fields
 * typed, and what is answered.
 */
#ifndef MIA_TESTS_FIXTURE_DESK_H
#define MIA_TESTS_FIXTURE_DESK_H

#include "daemon/site/desk.h"
#include "fixture_site.h"
#include "proto/errors.h"

/* Skatteverket's test numbers, women of 1976, 1986 and 1996. */
#define ANNA "197603122388"
#define BRITA "198603122386"
#define NOW date_to_moment(date_from_civil(2018, 2, 1))

/* What was asked and answered last; free_talk() between. */
struct talk {
	struct request request;
	struct answer answer;
	int64_t at;
	bool is_importing;
};

static inline struct talk *new_talk(void)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	assert_non_null(talk);
	talk->at = NOW;
	return talk;
}

static inline void free_talk(struct talk **talk)
{
	answer_free(&(*talk)->answer);
	free(*talk);
	*talk = NULL;
}

static inline void put_option(struct talk *talk, const char *name, const char *value)
{
	struct request *request = &talk->request;

	(void)snprintf(request->options[request->options_n].name, sizeof(request->options[0].name),
		       "%s", name);
	(void)snprintf(request->options[request->options_n].value,
		       sizeof(request->options[0].value), "%s", value);
	request->options_n++;
}

static inline void put_field(struct talk *talk, const char *id, const char *text)
{
	struct request *request = &talk->request;

	(void)snprintf(request->fields[request->fields_n].id, sizeof(request->fields[0].id), "%s",
		       id);
	(void)snprintf(request->fields[request->fields_n].text, sizeof(request->fields[0].text),
		       "%s", text);
	request->fields_n++;
}

/* "entry_date=2018-01-01 education=upper3": fields without blanks in them. */
static inline void put_fields(struct talk *talk, const char *fields)
{
	char copy[1024];
	char *rest = copy;

	(void)snprintf(copy, sizeof(copy), "%s", fields);
	for (char *field = strsep(&rest, " "); field != NULL; field = strsep(&rest, " ")) {
		char *text = strchr(field, '=');

		if (text == NULL)
			continue;
		*text = '\0';
		put_field(talk, field, text + 1);
	}
}

static inline void put_argument(struct talk *talk, const char *argument)
{
	(void)snprintf(talk->request.arguments[talk->request.arguments_n++], COMMAND_TEXT_BYTES,
		       "%s", argument);
}

/* Asks what was put; the request is forgotten, the answer kept until the next. */
static inline void carry_out(struct stage *stage, struct talk *talk, enum command command)
{
	const struct desk desk = {
		.programme = stage->mia,
		.site = stage->parts.site,
		.store = stage->parts.store,
		.operator_name = "anna",
		.at_now = talk->at,
		.is_importing = talk->is_importing,
	};

	answer_free(&talk->answer);
	talk->answer = (struct answer){0};
	talk->request.command = command;
	talk->request.language = LANGUAGE_EN;
	assert_int_equal(desk_carry_out(&desk, &talk->request, &talk->answer), 0);
	memset(&talk->request, 0, sizeof(talk->request));
}

static inline void tell(struct stage *stage, struct talk *talk, const char *number,
			const char *event, const char *fields)
{
	put_argument(talk, number);
	put_argument(talk, event);
	put_fields(talk, fields);
	carry_out(stage, talk, COMMAND_PERSON_EVENT);
}

static inline void add_person(struct stage *stage, struct talk *talk, const char *fields)
{
	put_fields(talk, fields);
	carry_out(stage, talk, COMMAND_PERSON_ADD);
}

#define WHOLE                                                                                      \
	"consent=given consent_date=2017-05-01 entry_date=2017-05-02 education=compulsory "        \
	"labour=inactive income=assistance municipality=0126"

/* ---- the answer ---- */

static inline const struct sheet *sheet_of(const struct talk *talk, const char *schema)
{
	for (size_t i = 0; i < talk->answer.sheets_n; i++)
		if (strcmp(talk->answer.sheets[i]->schema, schema) == 0)
			return talk->answer.sheets[i];
	return NULL;
}

static inline const struct sheet_cell *cell_of(const struct talk *talk, const char *schema,
					       const char *column, size_t row)
{
	const struct sheet *sheet = sheet_of(talk, schema);

	if (sheet == NULL)
		fail_msg("no sheet %s", schema);
	for (size_t i = 0; i < sheet->columns_n; i++)
		if (strcmp(sheet->columns[i].id, column) == 0 && row < sheet->rows_n)
			return &sheet->cells[row * sheet->columns_n + i];
	fail_msg("%s has no %s in row %zu", schema, column, row);
	return NULL;
}

/* The text or id of a cell, "" when it is empty. */
static inline const char *text_of(const struct talk *talk, const char *schema, const char *column,
				  size_t row)
{
	const struct sheet_cell *cell = cell_of(talk, schema, column, row);

	return cell->is_empty || cell->text == NULL ? "" : cell->text;
}

/* The row whose column says text, or -1. */
static inline int row_with(const struct talk *talk, const char *schema, const char *column,
			   const char *text)
{
	const struct sheet *sheet = sheet_of(talk, schema);

	for (size_t row = 0; sheet != NULL && row < sheet->rows_n; row++)
		if (strcmp(text_of(talk, schema, column, row), text) == 0)
			return (int)row;
	return -1;
}

static inline void assert_done(const struct talk *talk, const char *state)
{
	if (talk->answer.exit != 0 || sheet_of(talk, "mia.case/1") == NULL)
		fail_msg("exit %d, %s %s", talk->answer.exit,
			 sheet_of(talk, "mia.findings/1") == NULL
				 ? ""
				 : text_of(talk, "mia.findings/1", "code", 0),
			 sheet_of(talk, "mia.error/1") == NULL
				 ? ""
				 : text_of(talk, "mia.error/1", "reason", 0));
	assert_string_equal(text_of(talk, "mia.case/1", "state", 0), state);
}

/* Refused by that finding, and nothing else was answered. */
static inline void assert_refused(const struct talk *talk, const char *code)
{
	assert_int_equal(talk->answer.exit, EXIT_INPUT_FAULTS);
	assert_null(sheet_of(talk, "mia.case/1"));
	if (row_with(talk, "mia.findings/1", "code", code) < 0)
		fail_msg("no %s but %s", code, text_of(talk, "mia.findings/1", "code", 0));
}

static inline void assert_fault(const struct talk *talk, const char *code, int exit)
{
	assert_int_equal(talk->answer.exit, exit);
	assert_string_equal(text_of(talk, "mia.error/1", "code", 0), code);
}

/* ---- the store ---- */

static inline void load_person(struct stage *stage, uint64_t id, struct store_person *ret_person)
{
	store_person_clear(ret_person);
	assert_int_equal(store_load(stage->parts.store, id, ret_person), 0);
}

static inline int64_t waiting(struct stage *stage, const char *measure)
{
	struct book_balance balance;
	size_t index = (size_t)programme_measure_index(stage->mia, measure);
	int64_t sum = 0;

	for (size_t cell = 0; cell < stage->mia->measures[index].cells_n; cell++) {
		book_balance(store_book(stage->parts.store), index, cell, &balance);
		sum += balance.waiting;
	}
	return sum;
}

/* Every event of the chain as one text. */
static inline void all_events(struct stage *stage, struct buf *ret_text)
{
	for (uint64_t n = 1; n <= store_audit_count(stage->parts.store); n++) {
		struct store_event event;

		assert_int_equal(store_audit_read(stage->parts.store, n, &event, ret_text), 0);
		buf_add_byte(ret_text, '\n');
	}
}

#endif
