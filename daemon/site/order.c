#include "daemon/site/order.h"

#include "daemon/site/reconcile_sheet.h"
#include "daemon/site/store_batch_row.h"
#include "daemon/site/store_invite.h"
#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <string.h>

static bool is_dry_run(const struct request *request)
{
	return request_option(request, "dry-run") != NULL;
}

/* ---- close ---- */

/* The month named must be the one whose turn it is. */
static int check_period(const struct closing *closing, const struct request *request,
			struct fault *fault)
{
	uint32_t next = book_next(store_book(closing->store));
	struct period_range named;
	char month[PERIOD_TEXT_BYTES];

	if (request->arguments_n == 0)
		return 0;
	if (period_parse(request->arguments[0], &named) != 0 || named.first != named.last)
		return fault_set(fault, "X002", "PERIOD", "Write it as 2018-06.",
				 "\"%s\" is no month", request->arguments[0]);
	period_format_month(next, month);
	if (named.first < next)
		return fault_set(fault, "X020", request->arguments[0],
				 "Leave it: what comes later is booked in the next month.",
				 "that month is closed, and the next is %s", month);
	if (named.first > next)
		return fault_set(fault, "X020", request->arguments[0],
				 "Close the months before it first.", "the next month is %s",
				 month);
	return 0;
}

static int close_month(const struct order *order, const struct request *request,
		       struct answer *ret_answer, struct fault *fault)
{
	const struct closing *closing = &order->parts->closing;
	uint32_t period = book_next(store_book(closing->store));
	char month[PERIOD_TEXT_BYTES];
	char minutes[24];
	int error = check_period(closing, request, fault);

	if (error == 0)
		error = closing_check(closing, order->at_now, fault);
	if (error != 0)
		return error;
	period_format_month(period, month);
	(void)snprintf(minutes, sizeof(minutes), "%u",
		       closing->programme->policy.send_spread_s / 60);
	if (is_dry_run(request))
		return answer_line(
			ret_answer, "mia.close/1",
			N_("%1 can be closed; its report would leave within %2 minutes. Nothing "
			   "was changed."),
			month, minutes);
	error = closing_close(closing, order->at_now, order->random, &period);
	if (error != 0)
		return error;
	return answer_line(ret_answer, "mia.close/1",
			   N_("%1 is closed; its report leaves within %2 minutes."), month,
			   minutes);
}

/* ---- import undo ---- */

static int read_batch(const struct request *request, uint64_t *ret_batch, struct fault *fault)
{
	if (text_to_u64(request->arguments[0], UINT64_MAX, ret_batch) != 0 || *ret_batch == 0)
		return fault_set(fault, "X002", "BATCH", "Give the number that `mia import` told.",
				 "\"%s\" is no number of a batch", request->arguments[0]);
	return 0;
}

static int batch_fault(struct fault *fault, const struct request *request, int error)
{
	const char *name = request->arguments[0];

	if (error == -ENOENT)
		return fault_set(fault, "X009", name, "`mia events` lists the batches.",
				 "there is no batch %s", name);
	if (error == -EALREADY)
		return fault_set(fault, "X021", name, "Import the file again if it should hold.",
				 "batch %s was taken back already, or took one back itself", name);
	if (error == -ESTALE)
		return fault_set(fault, "X021", name,
				 "Take the later batches back first, the latest one first.",
				 "persons of batch %s were changed again later", name);
	if (error == -ENODATA)
		return fault_set(fault, "X021", name,
				 "Correct the others one by one, with `mia person correct`.",
				 "what was known of a person of batch %s is destroyed: they were "
				 "erased, or took their consent back",
				 name);
	return error;
}

/* What a dry run can say without a write. */
static int look_at_batch(const struct store_batch_row *row, const struct request *request,
			 struct answer *ret_answer)
{
	unsigned long long acts_n = row->registered + row->changed;
	char acts[24];

	(void)snprintf(acts, sizeof(acts), "%llu", acts_n);
	return answer_line(
		ret_answer, "mia.undo/1",
		acts_n == 1 ? N_("Batch %1 would be taken back: %2 record. Nothing was changed.")
			    : N_("Batch %1 would be taken back: %2 records. Nothing was changed."),
		request->arguments[0], acts);
}

static int undo(const struct order *order, const struct request *request, struct answer *ret_answer,
		struct fault *fault)
{
	struct store *store = order->parts->closing.store;
	const struct store_origin origin = {.at = order->at_now,
					    .operator_name = order->operator_name};
	struct store_batch_row row;
	uint64_t batch = 0, acts_n = 0;
	char acts[24];
	int error = read_batch(request, &batch, fault);

	if (error != 0)
		return error;
	error = store_batch_row_get(store, batch, &row);
	if (error == 0 && (row.undoes != 0 || row.undone_by != 0))
		error = -EALREADY;
	if (error == 0 && is_dry_run(request))
		return look_at_batch(&row, request, ret_answer);
	if (error == 0)
		error = store_batch_undo(store, &origin, batch, &acts_n);
	if (error != 0)
		return batch_fault(fault, request, error);
	(void)snprintf(acts, sizeof(acts), "%llu", (unsigned long long)acts_n);
	return answer_line(ret_answer, "mia.undo/1",
			   acts_n == 1 ? N_("Batch %1 is taken back: %2 record is as before.")
				       : N_("Batch %1 is taken back: %2 records are as before."),
			   request->arguments[0], acts);
}

/* ---- confirm ---- */

static int refuse_confirm(struct fault *fault, const char *place, const char *remedy,
			  const char *reason)
{
	return fault_set(fault, "X022", place, remedy, "%s", reason);
}

/* What must be so before anybody's number counts. */
static int check_confirm(const struct order *order, struct fault *fault)
{
	const struct closing *closing = &order->parts->closing;
	struct courier_view view;

	courier_view(order->parts->courier, &view);
	if (outbox_halt(closing->outbox)[0] != '\0')
		return closing_check(closing, order->at_now, fault);
	if (closing->mark == MARK_HELD)
		return refuse_confirm(fault, "confirm", N_("Nothing is to be done."),
				      N_("this store was not put back from a backup"));
	if (closing->mark == MARK_OTHER)
		return refuse_confirm(fault, "STATE/mark",
				      N_("Wait for the hub to give our later reports back; if it "
					 "does not have them, telephone the programme owner."),
				      N_("the mark says that there were other reports"));
	if (view.state != COURIER_STREAMING ||
	    outbox_received(closing->outbox) != outbox_last(closing->outbox))
		return refuse_confirm(fault, "confirm", N_("Wait for contact and try again."),
				      N_("the hub has not yet told what it has from us"));
	return 0;
}

static int confirm(const struct order *order, const struct request *request,
		   struct answer *ret_answer, struct fault *fault)
{
	uint64_t own_n = outbox_last(order->parts->closing.outbox);
	uint64_t told = 0;
	int error = check_confirm(order, fault);

	if (error != 0)
		return error;
	if (text_to_u64(request->arguments[0], UINT64_MAX, &told) != 0)
		return fault_set(fault, "X002", "N", "Give the number of reports.",
				 "\"%s\" is no number", request->arguments[0]);
	if (told > own_n)
		return fault_set(
			fault, "X022", request->arguments[0],
			"Do not go on. Telephone the programme owner: the hub keeps reports "
			"of ours from us, or has lost them.",
			"this store has %llu reports, fewer than were made",
			(unsigned long long)own_n);
	if (told < own_n)
		return fault_set(fault, "X022", request->arguments[0],
				 "Ask again when the other association has heard from the hub.",
				 "this store has %llu reports, and the hub has them all",
				 (unsigned long long)own_n);
	error = closing_confirm(&order->parts->closing, order->at_now);
	if (error != 0)
		return error;
	return answer_line(ret_answer, "mia.confirm/1",
			   N_("%1 reports, and no more: months close again."),
			   request->arguments[0], NULL);
}

/* ---- reconcile ---- */

/* The sheets of what is, or of what an acknowledgement would make of it, which is then taken back.
 */
static int show_reconciled(const struct order *order, const struct request *request,
			   const struct reconcile *reconcile, struct answer *ret_answer,
			   struct fault *fault)
{
	const struct reconcile_show show = {
		.reconcile = reconcile,
		.programme = order->parts->closing.programme,
		.site = order->parts->closing.site,
		.mark = order->parts->closing.mark,
		.language = request->language,
	};
	bool is_trial = outbox_halt(reconcile->outbox)[0] != '\0';
	int error = is_trial ? reconcile_adopt(reconcile, fault) : 0;

	if (error != 0)
		return error;
	error = reconcile_sheets(&show, ret_answer);
	if (is_trial)
		store_revert(reconcile->store);
	return error;
}

static int acknowledge(const struct order *order, const struct reconcile *reconcile,
		       struct fault *fault)
{
	int error = reconcile_acknowledge(reconcile, order->operator_name, order->at_now, fault);

	if (error != 0)
		return error;
	courier_take_roster(order->parts->courier, order->parts->signer.roster);
	return closing_go_on(&order->parts->closing);
}

static int reconcile(const struct order *order, const struct request *request,
		     struct answer *ret_answer, struct fault *fault)
{
	const struct reconcile reconcile = {order->parts->closing.store,
					    order->parts->closing.outbox,
					    order->parts->closing.versions};
	bool is_meant = request_option(request, "acknowledge") != NULL;
	int error = 0;

	if (is_meant && outbox_halt(reconcile.outbox)[0] == '\0')
		return fault_set(fault, "X029", "reconcile", "`mia reconcile` shows how it stands.",
				 "nothing came back that was not acknowledged already");
	if (is_meant && !is_dry_run(request))
		error = acknowledge(order, &reconcile, fault);
	return error != 0 ? error : show_reconciled(order, request, &reconcile, ret_answer, fault);
}

/* ---- survey invite ---- */

static int show_codes(size_t n, char (*codes)[INVITATION_BYTES], struct answer *ret_answer)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.invitations/1", SHEET_TABLE);
	char shown[INVITATION_SHOWN_BYTES];

	sheet_title(sheet, N_("Invitation codes, shown only now"), NULL);
	sheet_column(sheet, "invitation_code", SHEET_TEXT, N_("Invitation code"), false);
	for (size_t i = 0; i < n; i++) {
		invitation_show(codes[i], shown);
		sheet_add_text(sheet, shown);
	}
	sheet_note(sheet, N_("Each brings one answer. Nothing tells whose it was."), NULL);
	return answer_add(ret_answer, &sheet);
}

static int invite(const struct order *order, const struct request *request,
		  struct answer *ret_answer, struct fault *fault)
{
	const struct store_origin origin = {.at = order->at_now,
					    .operator_name = order->operator_name};
	char codes[STORE_INVITE_MAX][INVITATION_BYTES];
	uint64_t n = 0;
	int error;

	if (text_to_u64(request->arguments[0], STORE_INVITE_MAX, &n) != 0 || n == 0)
		return fault_set(fault, "X002", "N", "Give a number from 1 to 1000.",
				 "\"%s\" is no such number of codes", request->arguments[0]);
	error = store_invite(order->parts->closing.store, &origin, (size_t)n, codes);
	if (error == 0)
		error = show_codes((size_t)n, codes, ret_answer);
	explicit_bzero(codes, sizeof(codes));
	return error;
}

/* ---- the whole ---- */

static const struct row {
	enum command command;
	int (*carry_out)(const struct order *order, const struct request *request,
			 struct answer *ret_answer, struct fault *fault);
} rows[] = {
	{COMMAND_CLOSE, close_month},   {COMMAND_IMPORT_UNDO, undo},     {COMMAND_CONFIRM, confirm},
	{COMMAND_RECONCILE, reconcile}, {COMMAND_SURVEY_INVITE, invite},
};

int order_carry_out(const struct order *order, const struct request *request,
		    struct answer *ret_answer)
{
	const struct row *row = NULL;
	struct fault fault = {0};
	int error;

	for (size_t i = 0; i < array_n(rows); i++)
		if (rows[i].command == request->command)
			row = &rows[i];
	if (row == NULL)
		return -ENOENT;
	if (order->is_importing)
		error = fault_set(&fault, "X008", command_row(request->command)->words,
				  "Wait for it to end and try again.", "an import is running");
	else
		error = row->carry_out(order, request, ret_answer, &fault);
	return fault.code[0] != '\0' ? answer_fault(ret_answer, &fault) : error;
}
