#include "daemon/hub/ledger_known.h"

#include "daemon/hub/ledger_read.h"
#include "lib/own.h"

#include <errno.h>
#include <string.h>

int ledger_known_load(struct ledger *ledger, struct verified_list *ret_list)
{
	own(buf_free) struct buf row = {0};
	int status = ledger_row(ledger, VERIFIED_ROW, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	return verified_unpack(&row, ret_list);
}

static int load_tries(struct ledger *ledger, struct tries *ret_tries)
{
	own(buf_free) struct buf row = {0};
	int status = ledger_row(ledger, TRIES_ROW, &row);

	if (status != 0)
		return status == -ENOENT ? 0 : status;
	return tries_unpack(&row, ret_tries);
}

static int put_tries(struct ledger *ledger, const struct tries *tries)
{
	own(buf_free) struct buf row = {0};

	tries_pack(tries, &row);
	if (row.error == 0)
		ledger_put_row(ledger, TRIES_ROW, row.data, row.n);
	return row.error;
}

static int put_list(struct ledger *ledger, const struct verified_list *list)
{
	own(buf_free) struct buf row = {0};

	verified_pack(list, &row);
	if (row.error == 0)
		ledger_put_row(ledger, VERIFIED_ROW, row.data, row.n);
	return row.error;
}

int ledger_known_put(struct ledger *ledger, const struct verified *one)
{
	own(mem_free) struct verified_list *list = calloc(1, sizeof(*list));
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	char event[VERIFIED_EVENT_BYTES];
	int status =
		list == NULL || tries == NULL ? fail(-ENOMEM) : ledger_known_load(ledger, list);

	if (status == 0)
		status = load_tries(ledger, tries);
	if (status == 0)
		status = verified_add(list, one);
	if (status != 0)
		return status;
	tries_forget(tries, one->name);
	status = put_list(ledger, list);
	if (status == 0)
		status = put_tries(ledger, tries);
	verified_event(one, event);
	ledger_audit(ledger, one->at, event);
	return status;
}

/* ---- what was typed ---- */

static int keep_wrong(struct ledger *ledger, const struct verifier *by,
		      const struct roster_member *member, struct tries *tries)
{
	char event[TRIES_EVENT_BYTES];
	int status;

	tries_event(tries_add(tries, member, by->at_now), by->operator_name, event);
	status = put_tries(ledger, tries);
	ledger_audit(ledger, by->at_now, event);
	return status != 0 ? status : ledger_commit(ledger);
}

int ledger_known_type(struct ledger *ledger, const struct request *request,
		      const struct verifier *by, const struct roster_member *member,
		      struct verified *ret_one, struct fault *fault)
{
	own(mem_free) struct tries *tries = calloc(1, sizeof(*tries));
	int typed, status = tries == NULL ? fail(-ENOMEM) : load_tries(ledger, tries);

	if (status == 0)
		status = tries_check(tries, member, by->at_now, fault);
	if (status != 0)
		return status;
	typed = verified_type(request, by, member, ret_one, fault);
	if (typed == 0 || strcmp(fault->code, TRIES_WRONG) != 0)
		return typed;
	status = keep_wrong(ledger, by, member, tries);
	if (status == 0)
		status = tries_check(tries, member, by->at_now, fault);
	return status != 0 ? status : typed;
}
