#include "proto/errors.h"

#include "lib/own.h"

#include <string.h>

static const struct error_row rows[] = {
#define ERROR(code_, exit_, en_, sv_, remedy_en_, remedy_sv_)                                      \
	{.code = (code_),                                                                          \
	 .exit = (exit_),                                                                          \
	 .en = (en_),                                                                              \
	 .sv = (sv_),                                                                              \
	 .remedy_en = (remedy_en_),                                                                \
	 .remedy_sv = (remedy_sv_)},
#include "proto/errors.def"
#undef ERROR
};

const struct error_row *error_find(const char *code)
{
	for (size_t i = 0; i < array_n(rows); i++)
		if (strcmp(rows[i].code, code) == 0)
			return &rows[i];
	return NULL;
}

const struct error_row *error_rows(size_t *ret_n)
{
	*ret_n = array_n(rows);
	return rows;
}
