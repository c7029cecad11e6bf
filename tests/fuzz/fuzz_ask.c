#include "lib/date.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/ask.h"
#include "tests/unit/fixture_words.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const enum command commands[] = {
	COMMAND_TOTALS, COMMAND_GOALS,   COMMAND_TARGETS, COMMAND_TREND,  COMMAND_FLOW,
	COMMAND_SITES,  COMMAND_COMPARE, COMMAND_WHY,     COMMAND_DEFINE,
};

static void copy(char *to, const char *text, size_t n)
{
	memcpy(to, text, n);
	to[n] = '\0';
}

/* A line "-name value" is an option, another an argument. */
static void take_line(struct request *request, const char *line, size_t n)
{
	const char *blank = memchr(line, ' ', n);
	size_t name_n = blank != NULL ? (size_t)(blank - line) : n;
	size_t at;

	if (n == 0 || n >= COMMAND_TEXT_BYTES || name_n > sizeof(request->options[0].name))
		return;
	if (line[0] != '-' && request->arguments_n < array_n(request->arguments))
		copy(request->arguments[request->arguments_n++], line, n);
	if (line[0] != '-' || request->options_n == COMMAND_OPTIONS_MAX)
		return;
	at = request->options_n++;
	copy(request->options[at].name, line + 1, name_n - 1);
	if (blank != NULL)
		copy(request->options[at].value, blank + 1, n - name_n - 1);
}

/* Arguments that the command's row would have refused never come here. */
static bool read_request(struct request *request, const uint8_t *data, size_t n)
{
	const struct command_row *row;

	request->command = commands[data[0] % array_n(commands)];
	request->language = data[0] & 0x80 ? LANGUAGE_EN : LANGUAGE_SV;
	for (size_t at = 1; at < n;) {
		const uint8_t *end = memchr(data + at, '\n', n - at);
		size_t line_n = end != NULL ? (size_t)(end - data) - at : n - at;

		/* A request is text before it is a question (request_unpack). */
		if (text_is_utf8((const char *)data + at, line_n))
			take_line(request, (const char *)data + at, line_n);
		at += line_n + 1;
	}
	row = command_row(request->command);
	return request->arguments_n >= row->arguments_least &&
	       request->arguments_n <= row->arguments_most;
}

static struct county *half_a_year(const struct programme *programme)
{
	const struct county_head head = {.n = 6, .period = MONTH(2018, 6), .at_received = 1};
	struct release_figures figures = {0};
	struct county *county = NULL;

	assert(county_new(programme, &county) == 0);
	for (uint32_t p = MONTH(2018, 1); p <= MONTH(2018, 6); p++)
		for (size_t site = NORTH; site <= SOUTH; site++) {
			figures.is_due[0] = figures.is_due[1] = true;
			figures.cells[0][0].value = p % 9 + 5;
			figures.cells[1][0].value = site == NORTH ? 7 : 0;
			assert(county_set(county, p, site, &figures,
					  date_to_moment(period_last_day(p) + 10)) == 0);
		}
	county_set_head(county, NORTH, &head);
	return county;
}

/* Whatever is asked is answered, and the answer can be sent. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct programme programme = words_programme();
	own(county_free) struct county *county = NULL;
	own(answer_free) struct answer answer = {0};
	own(buf_free) struct buf packed = {0};
	struct request request = {0};

	if (n == 0 || !read_request(&request, data, n))
		return 0;
	county = half_a_year(&programme);
	assert(ask_figures(county, &request, date_to_moment(DAY_2018 + 200), &answer) == 0);
	assert(answer.sheets_n > 0);
	assert(answer_pack(&answer, &packed) == 0);
	return 0;
}
