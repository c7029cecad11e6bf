#include "daemon/site/question.h"

#include "daemon/site/esf.h"
#include "daemon/site/quality.h"
#include "daemon/site/retention.h"
#include "daemon/site/soundness.h"
#include "daemon/site/todo.h"
#include "daemon/site/truth_sheet.h"
#include "lib/own.h"

#include <errno.h>

static const struct sweep_row rows[] = {
	{COMMAND_TOTALS, truth_sheet_begin, truth_sheet_visit, NULL, truth_sheet_finish,
	 truth_sheet_drop},
	{COMMAND_QUALITY, quality_begin, quality_visit, NULL, quality_finish, quality_drop},
	{COMMAND_TODO, todo_begin, todo_visit, NULL, todo_finish, todo_drop},
	{COMMAND_RETENTION_LIST, retention_begin, retention_visit, NULL, retention_finish,
	 retention_drop},
	{COMMAND_ESF_EXPORT, esf_begin, esf_visit, NULL, esf_finish, esf_drop},
	{COMMAND_ESF_PLAN, esf_begin, esf_visit, NULL, esf_finish, esf_drop},
	{COMMAND_AUDIT_VERIFY, soundness_begin, NULL, soundness_step, soundness_finish,
	 soundness_drop},
	{COMMAND_RETENTION_RUN, retention_begin, retention_visit, NULL, retention_finish,
	 retention_drop},
};

static bool is_long(enum command command)
{
	for (size_t i = 0; i < array_n(rows); i++)
		if (rows[i].command == command)
			return true;
	return false;
}

int question_ask(struct sweep **under_way, const struct sweep_ask *ask, struct answer *ret_answer)
{
	own(sweep_free) struct sweep *sweep = NULL;
	struct fault fault = {0};
	int error;

	if (!is_long(ask->request->command))
		return -ENOENT;
	error = sweep_begin(rows, array_n(rows), ask, &sweep, &fault);
	if (error == 0 && *under_way != NULL)
		error = fault_set(&fault, "X008", command_row(ask->request->command)->words,
				  "Wait a moment and try again.",
				  "another question that looks at everybody is being answered");
	if (error == -EBADMSG && fault.code[0] != '\0')
		return answer_fault(ret_answer, &fault);
	if (error != 0)
		return error;
	*under_way = take(sweep);
	return -EINPROGRESS;
}

int question_go_on(struct sweep **under_way, int64_t mono_ms, struct answer *ret_answer)
{
	int error = sweep_go_on(*under_way, mono_ms, ret_answer);

	if (error != -EINPROGRESS)
		sweep_free(under_way);
	return error;
}
