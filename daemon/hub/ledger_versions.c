#include "daemon/hub/ledger_versions.h"

#include "lib/own.h"
#include "lib/text.h"

#include <errno.h>
#include <stdio.h>

static void audit(struct ledger *ledger, const char *event, const struct programme *programme,
		  const char *operator_name, int64_t at_now)
{
	char hex[2 * PROGRAMME_HASH_BYTES + 1];
	char text[LEDGER_TEXT_BYTES];

	text_hex(programme->hash, PROGRAMME_HASH_BYTES, hex);
	(void)snprintf(text, sizeof(text), "%s version=%u hash=%s%s%s", event, programme->version,
		       hex, operator_name[0] == '\0' ? "" : " operator=", operator_name);
	ledger_audit(ledger, at_now, text);
}

/* Opens a group when memory for the row was there: what fails before it changes nothing. */
static int put_version(struct ledger *ledger, const struct version_row *row)
{
	own(buf_free) struct buf bytes = {0};
	char key[VERSION_KEY_BYTES];

	version_row_key(row->hash, key);
	version_row_pack(row, &bytes);
	if (bytes.error == 0)
		ledger_put_row(ledger, key, bytes.data, bytes.n);
	return bytes.error;
}

static int put_pin(struct ledger *ledger, const struct programme *programme, int64_t at_now)
{
	own(buf_free) struct buf bytes = {0};

	version_row_pack_pin(programme->hash, &bytes);
	if (bytes.error != 0)
		return bytes.error;
	ledger_put_row(ledger, VERSION_PIN_KEY, bytes.data, bytes.n);
	audit(ledger, "programme_in_force", programme, "", at_now);
	return 0;
}

/* What an approval wrote of it stays: who did it, and when. */
static int keep_text(struct ledger *ledger, const struct room_settings *settings, int64_t at_now)
{
	own(buf_free) struct buf bytes = {0};
	struct version_row row = {0};
	int status = version_row_find(ledger_safe(ledger), settings->programme->hash, &bytes, &row);

	if (status != -ENOENT || settings->programme_text == NULL)
		return status == -ENOENT ? 0 : status;
	version_row_fill(settings->programme, settings->programme_text, settings->programme_text_n,
			 at_now, &row);
	return put_version(ledger, &row);
}

int ledger_versions_open(struct ledger *ledger, const struct room_settings *settings,
			 int64_t at_now, struct versions *ret_versions, struct fault *fault)
{
	own(versions_free) struct versions versions = {0};
	enum approval_step step = APPROVAL_NOTHING;
	struct ledger_about about;
	int status;

	ledger_about(ledger, &about);
	status = approval_open(ledger_safe(ledger), settings->programme, about.state->sites_n == 0,
			       &versions, &step, fault);
	if (status == 0 && step != APPROVAL_NOTHING)
		status = keep_text(ledger, settings, at_now);
	if (status == 0 && step == APPROVAL_PIN)
		status = put_pin(ledger, settings->programme, at_now);
	if (status == 0)
		status = ledger_commit(ledger);
	if (status != 0)
		return status;
	*ret_versions = versions;
	versions = (struct versions){0};
	return 0;
}

int ledger_versions_judge(struct ledger *ledger, const struct versions *versions,
			  const struct programme *next, bool *ret_is_due, struct fault *fault)
{
	struct ledger_about about;

	ledger_about(ledger, &about);
	return approval_again(ledger_safe(ledger), versions, next, about.state->sites_n == 0,
			      ret_is_due, fault);
}

int ledger_versions_approve(struct ledger *ledger, const struct versions *versions,
			    const struct approval_offer *offer, const char *operator_name,
			    int64_t at_now, struct answer *ret_answer)
{
	struct fault fault = {0};
	struct version_row row;
	int status = approval_judge(ledger_safe(ledger), versions, offer, &fault);

	if (status == -EBADMSG)
		return answer_fault(ret_answer, &fault);
	if (status == 0 && !offer->is_dry_run) {
		version_row_fill(offer->programme, offer->text, offer->n, at_now, &row);
		text_copy(row.operator_name, sizeof(row.operator_name), operator_name);
		status = put_version(ledger, &row);
	}
	if (status == 0 && !offer->is_dry_run) {
		audit(ledger, offer->is_former ? "programme_kept" : "programme_approved",
		      offer->programme, operator_name, at_now);
		status = ledger_commit(ledger);
	}
	return status != 0 ? status
			   : approval_answer(ledger_safe(ledger), versions, offer, ret_answer);
}
