#include "client/survey.h"

#include "client/remote.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct sheet *codes_of(const struct answer *answer)
{
	const struct sheet *sheet = answer->sheets_n == 0 ? NULL : answer->sheets[0];

	if (sheet == NULL || strcmp(sheet->schema, "mia.invitations/1") != 0 ||
	    sheet->columns_n != 1)
		return NULL;
	return sheet;
}

static int write_codes(const struct sheet *sheet, const char *path)
{
	own(buf_wipe) struct buf text = {0};

	buf_printf(&text, "%s\n", words(sheet->columns[0].heading));
	for (size_t i = 0; i < sheet->cells_n; i++)
		buf_printf(&text, "%s\n", sheet->cells[i].text);
	return text.error != 0 ? text.error : file_create(path, text.data, text.n, 0600);
}

/* What is left to say when the codes are in the file. */
static int say_where(size_t n, const char *path, struct answer *answer)
{
	char count[24];

	(void)snprintf(count, sizeof(count), "%zu", n);
	answer_free(answer);
	return answer_line(answer, "mia.written/1",
			   N_("%1 codes are in %2. They are nowhere else."), count, path);
}

int survey_invite(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = options_value(call->options, "out");
	const struct sheet *sheet;
	int status;

	if (path != NULL && access(path, F_OK) == 0)
		return fault_set(fault, "X002", "--out", N_("Name a file that is not there yet."),
				 N_("%s is there already"), path);
	status = remote_ask(call, ret_answer, fault);
	sheet = codes_of(ret_answer);
	if (status != 0 || path == NULL || sheet == NULL)
		return status;
	status = write_codes(sheet, path);
	if (status != 0)
		return 0; /* the answer still has them, and shows them */
	return say_where(sheet->cells_n, path, ret_answer);
}
