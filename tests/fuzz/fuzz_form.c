#include "client/form_json.h"
#include "client/form_reply.h"
#include "client/form_show.h"
#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 1024
#define TODAY 17722 /* 2018-07-10 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct form *form; /* the one in hand; too large for a stack that is checked */
static struct request *request;

static void check_value(const struct form_field *field, const char *value)
{
	char again[REQUEST_FIELD_BYTES] = "";
	struct fault fault = {0};

	assert(strlen(value) < REQUEST_FIELD_BYTES && text_is_utf8(value, strlen(value)));
	/* An empty set is what is left of signs with nothing between them. */
	if (value[0] == '\0')
		return;
	assert(form_reply(form, field, value, TODAY, again, &fault) == REPLY_VALUE);
	assert(strcmp(again, value) == 0);
}

/* What is understood is understood in the same way when it is typed again. */
static void check_reply(const struct form_field *field, const char *line)
{
	char value[REQUEST_FIELD_BYTES] = "";
	struct fault fault = {0};

	switch (form_reply(form, field, line, TODAY, value, &fault)) {
	case REPLY_VALUE:
		check_value(field, value);
		break;
	case REPLY_WRONG:
		assert(fault.code[0] == 'X' && fault.reason[0] != '\0' && fault.remedy[0] != '\0');
		break;
	case REPLY_GO:
		assert(form_reply_place(form, 0, value) < form->fields_n);
		break;
	case REPLY_KEEP:
	case REPLY_EMPTY:
	case REPLY_HELP:
	case REPLY_BACK:
	case REPLY_REST:
		break;
	}
}

/* A question of each type, asked with three codes. */
static void make_form(void)
{
	static const char *const codes[][2] = {{"work", "Arbete"},
					       {"studies", "Studier, heltid"},
					       {"unit", "Kommun, enhet"}};

	*form = (struct form){.fields_n = FORM_TYPE_N, .choices_n = array_n(codes)};
	for (size_t i = 0; i < array_n(codes); i++)
		form->choices[i] = (struct form_choice){codes[i][0], codes[i][1]};
	for (size_t i = 0; i < FORM_TYPE_N; i++)
		form->fields[i] = (struct form_field){.id = "field",
						      .label = "Field",
						      .value = "",
						      .type = (enum form_type)i,
						      .choices_n = array_n(codes)};
}

static void check_lines(const uint8_t *data, size_t n)
{
	char line[LINE_BYTES];

	make_form();
	while (n > 0) {
		const uint8_t *end = memchr(data, '\n', n);
		size_t line_n = end != NULL ? (size_t)(end - data) : n;
		size_t kept = line_n < LINE_BYTES - 1 ? line_n : LINE_BYTES - 1;

		memcpy(line, data, kept);
		line[kept] = '\0';
		for (size_t i = 0; i < form->fields_n; i++)
			check_reply(&form->fields[i], line);
		data += line_n + (end != NULL ? 1 : 0);
		n -= line_n + (end != NULL ? 1 : 0);
	}
}

static void check_json(const uint8_t *data, size_t n)
{
	own(buf_free) struct buf text = {0};
	own(buf_free) struct buf packet = {0};
	struct fault fault = {0};
	int status;

	buf_add(&text, data, n);
	*request = (struct request){.command = COMMAND_PERSON_ADD};
	if (form_json_take("fuzz", &text, request, &fault) != 0) {
		assert(strcmp(fault.code, "X014") == 0);
		return;
	}
	assert(request->fields_n <= REQUEST_FIELDS_MAX);
	status = request_pack(request, &packet);
	assert(status == 0 || status == -EMSGSIZE);
}

/* Whatever a daemon sends for a form can be shown, or is told. */
static void check_answer(const uint8_t *data, size_t n)
{
	own(answer_free) struct answer answer = {0};
	struct paper paper = {.language = LANGUAGE_EN, .width = 60, .is_utf8 = true};
	struct fault fault = {0};

	if (answer_unpack(data, n, &answer) != 0)
		return;
	if (form_read(&answer, form, &fault) != 0) {
		assert(strcmp(fault.code, "X010") == 0);
		return;
	}
	paper.to = fopen("/dev/null", "w");
	assert(paper.to != NULL);
	for (size_t i = 0; i < form->fields_n; i++) {
		form_show_question(form, i, &paper);
		form_show_help(form, &form->fields[i], &paper);
	}
	(void)fclose(paper.to);
}

/* Bytes as what is typed at every kind of question, as a file of answers, and as a daemon's form.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (form == NULL) {
		form = calloc(1, sizeof(*form));
		request = calloc(1, sizeof(*request));
	}
	assert(form != NULL && request != NULL);
	check_lines(data, n);
	check_json(data, n);
	check_answer(data, n);
	return 0;
}
