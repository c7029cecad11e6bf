#include "proto/programme_required.h"

#include "lib/own.h"
#include "proto/programme_find.h"
#include "proto/programme_word.h"

#include <string.h>

/* number is 0 where any will do: the code is looked up by its id. */
static const struct required {
	const char *field, *code;
	uint16_t number;
} required[] = {
	{"sex", "woman", 1},       {"sex", "man", 2},           {"consent", "given", 1},
	{"consent", "refused", 2}, {"consent", "withdrawn", 3}, {"exit_reason", "misregistered", 0},
	{"protected", "no", 1},    {"protected", "yes", 2},
};

/* Local questions are each site's own: a programme that knew the field could count it. */
static bool is_slot(const char *id)
{
	static const char prefix[] = "question_";

	return strncmp(id, prefix, sizeof(prefix) - 1) == 0;
}

static int check_code(const struct programme_source *source, const struct programme *programme,
		      const struct programme_field *field, const struct required *row)
{
	const unsigned line = programme_word_section(source, "field", field->id)->line;
	const struct programme_code *code = NULL;

	if (field->list != NULL)
		code = programme_code_by_id(programme_list(programme, field->list), row->code);
	if (code == NULL)
		return programme_complain(source, line, "P040", "%s needs a list with the code %s",
					  field->id, row->code);
	if (row->number != 0 && code->number != row->number)
		return programme_complain(source, line, "P040", "code %s of %s must have number %u",
					  row->code, field->list, row->number);
	return 0;
}

int programme_check_required(const struct programme_source *source,
			     const struct programme *programme)
{
	int error = 0;

	for (size_t i = 0; i < programme->fields_n && error == 0; i++) {
		const struct programme_field *field = &programme->fields[i];

		if (is_slot(field->id))
			return programme_complain(
				source, programme_word_section(source, "field", field->id)->line,
				"P042", "%s is for the sites' own questions", field->id);
		for (size_t r = 0; r < array_n(required) && error == 0; r++)
			if (strcmp(required[r].field, field->id) == 0)
				error = check_code(source, programme, field, &required[r]);
	}
	return error;
}
