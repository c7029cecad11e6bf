/* A programme file with a few edits, and what is said of it. */
#ifndef MIA_TESTS_FIXTURE_PROGRAMME_H
#define MIA_TESTS_FIXTURE_PROGRAMME_H

#include "lib/buf.h"
#include "lib/file.h"
#include "lib/own.h"
#include "proto/errors.h"
#include "proto/programme_read.h"

#include <errno.h>
#include <string.h>

#define SECOND_PROGRAMME "tests/data/programme/unga-vidare.ini"

/* The first from after the line that begins with section is replaced by to. */
struct fixture_slip {
	const char *section, *from, *to, *code, *said;
};

static inline void fixture_edit(const struct buf *file, const struct fixture_slip *slip,
				struct buf *ret_text)
{
	const char *text = (const char *)file->data, *at = strstr(text, slip->section);

	assert_non_null(at);
	at = strstr(at, slip->from);
	assert_non_null(at);
	buf_add(ret_text, text, (size_t)(at - text));
	buf_add_text(ret_text, slip->to);
	buf_add_text(ret_text, at + strlen(slip->from));
	assert_int_equal(ret_text->error, 0);
}

static inline void fixture_file(const char *path, struct buf *ret_file)
{
	assert_int_equal(file_read(path, 1 << 20, ret_file), 0);
	buf_add(ret_file, "", 1);
	assert_int_equal(ret_file->error, 0);
}

/* Every slip is refused with its code, by line, with the table's remedy. */
static inline void fixture_refused(const char *path, const struct fixture_slip *slips, size_t n)
{
	own(buf_free) struct buf file = {0};

	fixture_file(path, &file);
	for (size_t i = 0; i < n; i++) {
		own(buf_free) struct buf text = {0};
		struct programme *programme = NULL;
		struct fault fault = {0};

		fixture_edit(&file, &slips[i], &text);
		assert_int_equal(programme_read("slip.ini", text.data, text.n, &programme, &fault),
				 -EBADMSG);
		assert_null(programme);
		if (strcmp(fault.code, slips[i].code) != 0 ||
		    strstr(fault.reason, slips[i].said) == NULL)
			fail_msg("slip %zu: %s %s \"%s\" is not %s \"%s\"", i, fault.code,
				 fault.place, fault.reason, slips[i].code, slips[i].said);
		assert_memory_equal(fault.place, "slip.ini:", 9);
		assert_string_equal(fault.remedy, error_find(fault.code)->remedy_en);
	}
}

/* Every slip is taken. */
static inline void fixture_taken(const char *path, const struct fixture_slip *slips, size_t n)
{
	own(buf_free) struct buf file = {0};

	fixture_file(path, &file);
	for (size_t i = 0; i < n; i++) {
		own(buf_free) struct buf text = {0};
		own(programme_free) struct programme *programme = NULL;
		struct fault fault = {0};

		fixture_edit(&file, &slips[i], &text);
		if (programme_read("slip.ini", text.data, text.n, &programme, &fault) != 0)
			fail_msg("slip %zu: %s %s \"%s\"", i, fault.code, fault.place,
				 fault.reason);
	}
}

#endif
