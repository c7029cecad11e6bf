#include "client/trust.h"

#include "client/ask.h"
#include "client/cell.h"
#include "client/fingerprint.h"
#include "client/remote.h"
#include "client/words.h"
#include "lib/file.h"
#include "lib/own.h"
#include "lib/text.h"
#include "proto/carried.h"
#include "proto/errors.h"
#include "proto/roster.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1024 * 1024)
#define CARD_BYTES_MAX 8192
#define INVITATION_MODE 0600
#define DRAFT_MODE 0644

/* ---- files ---- */

/* Asked before the daemon is, so that nothing is decided there that cannot be written here. */
static int need_folder(const char *out, struct fault *fault)
{
	char folder[PATH_MAX];
	char *end;

	text_copy(folder, sizeof(folder), out);
	end = strrchr(folder, '/');
	if (end == NULL)
		text_copy(folder, sizeof(folder), ".");
	else
		end[end == folder] = '\0'; /* "/x" is in "/" */
	if (access(folder, W_OK | X_OK) != 0)
		return fault_set(fault, "X006", out, N_("Name a file where you may write."), "%s",
				 fail_text(-errno));
	return 0;
}

static int need_out(const struct call *call, bool may_be_there, struct fault *fault)
{
	const char *out = options_value(call->options, "out");

	if (out == NULL)
		return fault_set(fault, "X002", "--out", N_("Give --out FILE."),
				 N_("the file to write is missing"));
	if (!may_be_there && access(out, F_OK) == 0)
		return fault_set(fault, "X002", "--out", N_("Name a file that is not there yet."),
				 N_("%s is there already"), out);
	return need_folder(out, fault);
}

/* What the daemon wrote for us goes into the file, and is nowhere else. */
static int put_file(const struct call *call, mode_t mode, struct answer *answer)
{
	const char *out = options_value(call->options, "out");

	if (answer->exit != EXIT_GOOD || answer->attachment.n == 0)
		return 0;
	return file_write(out, answer->attachment.data, answer->attachment.n, mode);
}

static int make_request(const struct call *call, struct request *ret_request, struct fault *fault)
{
	int status = ask_request(call->options, call->language, ret_request, fault);
	size_t kept = 0;

	if (status != 0)
		return status;
	/* Paths of ours mean nothing to the daemon. */
	for (size_t i = 0; i < ret_request->options_n; i++)
		if (strcmp(ret_request->options[i].name, "out") != 0 &&
		    strcmp(ret_request->options[i].name, "card") != 0)
			ret_request->options[kept++] = ret_request->options[i];
	ret_request->options_n = kept;
	return 0;
}

/* ---- the exchange ---- */

static const char *word_of(const struct answer *answer, const char *column)
{
	const struct sheet_cell *cell =
		answer->sheets_n == 0 ? NULL : cell_find(answer->sheets[0], 0, column);

	return cell == NULL || cell->text == NULL ? "" : cell->text;
}

static int put_typed(const struct call *call, const char *who, struct request *request,
		     struct fault *fault)
{
	char typed[FINGERPRINT_TYPED_BYTES];
	size_t at = 0;
	int status = fingerprint_ask(call, who, typed, fault);

	if (status != 0)
		return status;
	while (at < request->fields_n && strcmp(request->fields[at].id, who) != 0)
		at++;
	if (at == REQUEST_FIELDS_MAX)
		return fail(-EMSGSIZE);
	request->fields_n += at == request->fields_n;
	text_copy(request->fields[at].id, sizeof(request->fields[at].id), who);
	text_copy(request->fields[at].text, sizeof(request->fields[at].text), typed);
	return 0;
}

/* Asks the daemon until it has every fingerprint it wants, or will not hear another: it counts. */
static int exchange(const struct call *call, struct request *request, struct answer *ret_answer,
		    struct fault *fault)
{
	for (;;) {
		own(answer_free) struct answer answer = {0};
		own(request_wipe) struct request sent = *request;
		char who[PROGRAMME_ID_BYTES];
		int status = remote_exchange(call, &sent, &answer, fault);
		bool is_wrong = strcmp(word_of(&answer, "code"), "J002") == 0;

		if (status != 0)
			return status;
		text_copy(who, sizeof(who), word_of(&answer, "place"));
		if (!is_wrong && strcmp(word_of(&answer, "code"), "J001") != 0) {
			*ret_answer = answer;
			answer = (struct answer){0};
			return 0;
		}
		if (is_wrong)
			fingerprint_wrong(call);
		status = put_typed(call, who, request, fault);
		if (status != 0)
			return status;
	}
}

/* ---- the commands ---- */

int trust_invite(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	int status = need_out(call, false, fault);

	if (status == 0)
		status = make_request(call, &request, fault);
	if (status == 0)
		status = remote_exchange(call, &request, ret_answer, fault);
	return status != 0 ? status : put_file(call, INVITATION_MODE, ret_answer);
}

int trust_accept(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = options_value(call->options, "card");
	own(buf_free) struct buf card = {0};
	struct request request;
	int status = need_out(call, true, fault);

	if (status == 0 && path == NULL)
		return fault_set(fault, "X002", "--card", N_("Give --card FILE."),
				 N_("the card that mia join wrote is missing"));
	if (status == 0)
		status = make_request(call, &request, fault);
	if (status != 0)
		return status;
	status = file_read(path, CARD_BYTES_MAX, &card);
	if (status == 0)
		status = carried_add(&request, &card);
	if (status != 0)
		return fault_set(fault, "J004", path, error_find("J004")->remedy_en, "%s",
				 fail_text(status));
	status = exchange(call, &request, ret_answer, fault);
	return status != 0 ? status : put_file(call, DRAFT_MODE, ret_answer);
}

int trust_verify(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	int status = make_request(call, &request, fault);

	return status != 0 ? status : exchange(call, &request, ret_answer, fault);
}

int trust_draft(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	struct request request;
	int status = need_out(call, true, fault);

	if (status == 0)
		status = make_request(call, &request, fault);
	if (status == 0)
		status = remote_exchange(call, &request, ret_answer, fault);
	return status != 0 ? status : put_file(call, DRAFT_MODE, ret_answer);
}

/* The signature that came is put beside the others. */
static int keep_signature(const char *path, const struct answer *answer, struct fault *fault)
{
	own(buf_free) struct buf text = {0};

	if (answer->exit != EXIT_GOOD || answer->attachment.n == 0)
		return 0;
	buf_add(&text, answer->attachment.data, answer->attachment.n);
	if (buf_text(&text) == NULL)
		return text.error;
	return signature_keep(path, buf_text(&text), fault);
}

int trust_sign(const struct call *call, struct answer *ret_answer, struct fault *fault)
{
	const char *path = call->options->arguments[0];
	own(mem_free) struct roster *roster = calloc(1, sizeof(*roster));
	own(buf_free) struct buf text = {0};
	struct request request;
	int status = roster == NULL ? fail(-ENOMEM) : roster_open(path, NULL, roster, fault);

	if (status == 0)
		status = make_request(call, &request, fault);
	if (status != 0)
		return status;
	roster_add_all(&text, roster);
	status = text.error != 0 ? text.error : carried_add(&request, &text);
	if (status == 0)
		status = exchange(call, &request, ret_answer, fault);
	return status != 0 ? status : keep_signature(path, ret_answer, fault);
}
