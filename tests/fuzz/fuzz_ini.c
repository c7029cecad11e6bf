/*
 * Any bytes as a settings file: read or refused with a fault that names a line of it, and every
 * pair that is handed out stands in the file as it is.
 */
#include "lib/ini.h"
#include "lib/text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct source {
	const uint8_t *data;
	size_t n;
	unsigned line;
};

static int check_pair(void *context, const struct ini_line *line, struct fault *fault)
{
	struct source *source = context;

	(void)fault;
	assert(line->line > source->line);
	assert(line->section[0] != '\0' && strlen(line->section) <= 49);
	assert(line->key[0] != '\0' && strlen(line->key) + strlen(line->value) < 199);
	assert(text_is_utf8(line->section, strlen(line->section)));
	assert(text_is_utf8(line->key, strlen(line->key)));
	assert(text_is_utf8(line->value, strlen(line->value)));
	assert(memmem(source->data, source->n, line->section, strlen(line->section)) != NULL);
	assert(memmem(source->data, source->n, line->key, strlen(line->key)) != NULL);
	assert(memmem(source->data, source->n, line->value, strlen(line->value)) != NULL);
	source->line = line->line;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct source source = {.data = data, .n = n};
	struct fault fault = {0};
	int error = ini_read_bytes("x.ini", data, n, check_pair, &source, &fault);

	assert(error == 0 || error == -EBADMSG);
	assert((error == 0) == (fault.code[0] == '\0'));
	assert(error == 0 || strncmp(fault.place, "x.ini:", 6) == 0);
	return 0;
}
