#include "daemon/site/desk.h"
#include "lib/date.h"
#include "lib/fail.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/errors.h"
#include "proto/programme_read.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SITE "hbs"
#define STORIES 64 /* told to one store */
#define REQUESTS_MAX 16 /* of one story */
#define LINES_MAX 64
#define DIGITS_TELLING 9 /* in a row: a case number has fewer, a personnummer more */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct stage {
	char dir[64];
	struct programme *programme;
	struct store *store;
	size_t stories;
} stage;

/* ---- the store ---- */

static struct store_settings settings(void)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {1};

	return (struct store_settings){
		.dir = stage.dir,
		.owner = SITE,
		.vault_key = key,
		.index_key = key,
		.programme = stage.programme,
		.map_bytes = 1 << 20,
		.is_rehearsal = true,
	};
}

static void remove_store(void)
{
	static const char *const files[] = {"records/data.mdb", "records/lock.mdb",
					    "records/lock",     "records",
					    "keys/data.mdb",    "keys/lock.mdb",
					    "keys/lock",        "keys",
					    "erased",           ""};
	char path[128];

	store_close(&stage.store);
	for (size_t i = 0; i < array_n(files) && stage.dir[0] != '\0'; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", stage.dir, files[i]);
		(void)remove(path);
	}
}

static void make_store(void)
{
	struct store_settings of;
	struct fault fault = {0};
	own(buf_free) struct buf text = {0};

	if (stage.programme == NULL) {
		assert(vault_start() == 0);
		assert(file_read("proto/programme/mia.ini", 1 << 20, &text) == 0);
		assert(programme_read("mia.ini", text.data, text.n, &stage.programme, NULL) == 0);
		(void)atexit(remove_store);
	}
	remove_store();
	(void)snprintf(stage.dir, sizeof(stage.dir), "/tmp/fuzz_desk.XXXXXX");
	assert(mkdtemp(stage.dir) != NULL);
	of = settings();
	assert(store_create(&of, (uint32_t)(2017 * 12 + 3), &fault) == 0);
	assert(store_open(&of, &stage.store, &fault) == 0);
	stage.stories = 0;
}

/* ---- a request as text: words of the command, options and arguments; then lines FIELD=TEXT ----
 */

static void put_word(struct request *request, const char *word)
{
	if (strncmp(word, "--", 2) == 0 && request->options_n < COMMAND_OPTIONS_MAX) {
		char *value;

		(void)snprintf(request->options[request->options_n].name,
			       sizeof(request->options[0].name), "%s", word + 2);
		value = strchr(request->options[request->options_n].name, '=');
		if (value != NULL) {
			*value = '\0';
			(void)snprintf(request->options[request->options_n].value,
				       sizeof(request->options[0].value), "%s", value + 1);
		}
		request->options_n++;
	} else if (request->arguments_n < array_n(request->arguments)) {
		(void)snprintf(request->arguments[request->arguments_n++], COMMAND_TEXT_BYTES, "%s",
			       word);
	}
}

/* False when the line begins with no command of the desk, or has not enough words. */
static bool read_command(char *line, struct request *request)
{
	const char *words[LINES_MAX];
	size_t n = 0, taken = 0;
	char *rest = line;
	int command;

	for (char *word = strsep(&rest, " "); word != NULL && n < LINES_MAX;
	     word = strsep(&rest, " "))
		if (word[0] != '\0')
			words[n++] = word;
	command = command_find(words, n, &taken);
	if (command < 0)
		return false;
	request->command = (enum command)command;
	for (size_t i = taken; i < n; i++)
		put_word(request, words[i]);
	return request->arguments_n >= command_row(request->command)->arguments_least &&
	       request->arguments_n <= command_row(request->command)->arguments_most;
}

static void read_field(const char *line, struct request *request)
{
	const char *text = strchr(line, '=');

	if (text == NULL || request->fields_n == REQUEST_FIELDS_MAX)
		return;
	(void)snprintf(request->fields[request->fields_n].id, sizeof(request->fields[0].id), "%.*s",
		       (int)(text - line), line);
	(void)snprintf(request->fields[request->fields_n].text, sizeof(request->fields[0].text),
		       "%s", text + 1);
	request->fields_n++;
}

/* ---- what must hold ---- */

static const char *code_of(const struct answer *answer, const char *schema)
{
	for (size_t i = 0; i < answer->sheets_n; i++)
		if (strcmp(answer->sheets[i]->schema, schema) == 0)
			return answer->sheets[i]->cells[0].text;
	return NULL;
}

/* No event of the chain since then has digits enough for a number. */
static void check_events(uint64_t since)
{
	for (uint64_t n = since + 1; n <= store_audit_count(stage.store); n++) {
		own(buf_free) struct buf text = {0};
		struct store_event event;
		size_t run = 0;

		assert(store_audit_read(stage.store, n, &event, &text) == 0);
		for (size_t i = 0; i < text.n; i++) {
			run = text.data[i] >= '0' && text.data[i] <= '9' ? run + 1 : 0;
			assert(run <= DIGITS_TELLING);
		}
	}
}

static void check_answer(const struct request *request, const struct answer *answer, uint64_t head)
{
	own(buf_free) struct buf bytes = {0};
	const char *fault = code_of(answer, "mia.error/1");
	const char *finding = code_of(answer, "mia.findings/1");
	bool is_asking = request_option(request, "form") != NULL ||
			 request_option(request, "dry-run") != NULL;

	assert(answer_pack(answer, &bytes) == 0);
	assert(fault == NULL || error_find(fault) != NULL);
	assert(finding == NULL || error_find(finding) != NULL);
	assert(fault == NULL || answer->exit != EXIT_GOOD);
	assert(answer->exit != EXIT_INPUT_FAULTS || finding != NULL);
	if (fault != NULL || answer->exit != EXIT_GOOD || is_asking)
		assert(store_head(stage.store) == head);
}

static void ask(const struct request *request)
{
	const struct desk desk = {
		.programme = stage.programme,
		.site = &stage.programme->sites[programme_site_index(stage.programme, SITE)],
		.store = stage.store,
		.operator_name = "anna",
		.at_now = date_to_moment(date_from_civil(2018, 2, 1)),
	};
	own(answer_free) struct answer answer = {0};
	uint64_t head = store_head(stage.store);
	uint64_t events_n = store_audit_count(stage.store);
	int error = desk_carry_out(&desk, request, &answer);

	if (error == -ENOENT)
		return;
	if (error != 0)
		(void)fprintf(stderr, "%s at %s\n", fail_text(error), fail_origin());
	assert(error == 0);
	check_answer(request, &answer, head);
	check_events(events_n);
}

/* A story of requests, an empty line between them: every one is answered, and what is refused or
 * only asked leaves the store as it was. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(mem_free) char *text = calloc(1, n + 1);
	own(mem_free) struct request *request = calloc(1, sizeof(*request));
	char *rest = text;
	bool is_good = false, is_begun = false;
	size_t requests = 0;

	assert(text != NULL && request != NULL);
	if (stage.store == NULL || ++stage.stories == STORIES)
		make_store();
	for (size_t i = 0; i < n; i++)
		text[i] = data[i] == '\0' ? ' ' : (char)data[i];
	for (char *line = strsep(&rest, "\n"); requests < REQUESTS_MAX;
	     line = strsep(&rest, "\n")) {
		if ((line == NULL || line[0] == '\0') && is_good) {
			ask(request);
			requests++;
		}
		if (line == NULL)
			break;
		if (line[0] == '\0') {
			is_begun = is_good = false;
			continue;
		}
		if (is_begun) {
			read_field(line, request);
			continue;
		}
		memset(request, 0, sizeof(*request));
		is_begun = true;
		is_good = read_command(line, request);
	}
	return 0;
}
