#include "proto/answer.h"

#include "lib/own.h"
#include "lib/pack.h"
#include "proto/errors.h"
#include "proto/sheet_pack.h"

#include <errno.h>
#include <string.h>

#define FORMAT_VERSION 1
#define ANSWER_SHEETS_MAX 64

void answer_free(struct answer *answer)
{
	for (size_t i = 0; i < answer->sheets_n; i++)
		sheet_free(&answer->sheets[i]);
	free(answer->sheets);
	buf_wipe(&answer->attachment);
	*answer = (struct answer){0};
}

int answer_add(struct answer *answer, struct sheet **sheet)
{
	own(sheet_free) struct sheet *taken = take(*sheet);
	struct sheet **sheets;

	if (taken == NULL)
		return fail(-ENOMEM);
	if (taken->error < 0)
		return taken->error;
	if (answer->sheets_n == ANSWER_SHEETS_MAX)
		return fail(-EMSGSIZE);
	sheets = reallocarray(answer->sheets, answer->sheets_n + 1, sizeof(struct sheet *));
	if (sheets == NULL)
		return fail(-ENOMEM);
	answer->sheets = sheets;
	sheets[answer->sheets_n++] = take(taken);
	return 0;
}

int answer_line(struct answer *answer, const char *schema, const char *msgid, const char *first,
		const char *second)
{
	own(sheet_free) struct sheet *sheet = sheet_new(schema, SHEET_LINES);

	sheet_column(sheet, "line", SHEET_PHRASE, N_("Line"), false);
	sheet_add_phrase(sheet, msgid, first, second, NULL);
	return answer_add(answer, &sheet);
}

/* What the fault in hand says, else what is generally said about its code. */
static const char *either(const char *own_words, const char *general)
{
	if (own_words[0] != '\0')
		return own_words;
	return general[0] != '\0' ? general : NULL;
}

int answer_fault(struct answer *answer, const struct fault *fault)
{
	own(sheet_free) struct sheet *sheet = sheet_new("mia.error/1", SHEET_FORM);
	const struct error_row *row = error_find(fault->code);

	sheet_column(sheet, "code", SHEET_TEXT, N_("Code"), false);
	sheet_column(sheet, "place", SHEET_TEXT, N_("Where"), false);
	sheet_column(sheet, "reason", SHEET_PHRASE, N_("What"), false);
	sheet_column(sheet, "remedy", SHEET_PHRASE, N_("What to do"), false);
	sheet_add_text(sheet, fault->code);
	sheet_add_text(sheet, either(fault->place, ""));
	sheet_add_text(sheet, either(fault->reason, row != NULL ? row->en : ""));
	sheet_add_text(sheet, either(fault->remedy, row != NULL ? row->remedy_en : ""));
	answer_free(answer);
	answer->exit = (uint8_t)(row != NULL ? row->exit : EXIT_FAILED);
	return answer_add(answer, &sheet);
}

int answer_pack(const struct answer *answer, struct buf *ret_bytes)
{
	size_t start = ret_bytes->n;

	pack_array(ret_bytes, 4);
	pack_u64(ret_bytes, FORMAT_VERSION);
	pack_u64(ret_bytes, answer->exit);
	pack_array(ret_bytes, (uint32_t)answer->sheets_n);
	for (size_t i = 0; i < answer->sheets_n; i++) {
		int error = sheet_pack(answer->sheets[i], ret_bytes);

		if (error < 0)
			return error;
	}
	if (answer->attachment.error < 0)
		return answer->attachment.error;
	pack_bin(ret_bytes, answer->attachment.data, answer->attachment.n);
	if (ret_bytes->error == 0 && ret_bytes->n - start > ANSWER_BYTES_MAX)
		ret_bytes->error = fail(-EMSGSIZE);
	return ret_bytes->error;
}

static void unpack_sheets(struct unpack *in, struct answer *answer)
{
	uint32_t n = unpack_array(in, ANSWER_SHEETS_MAX);

	for (uint32_t i = 0; i < n && in->error == 0; i++) {
		own(sheet_free) struct sheet *sheet = NULL;
		int error = sheet_unpack(in, &sheet);

		if (error == 0)
			error = answer_add(answer, &sheet);
		if (in->error == 0)
			in->error = error;
	}
	unpack_leave(in);
}

int answer_unpack(const void *bytes, size_t n, struct answer *ret_answer)
{
	struct unpack in = unpack_start(bytes, n);
	own(answer_free) struct answer answer = {0};
	const uint8_t *attachment;
	size_t attachment_n;

	if (n > ANSWER_BYTES_MAX)
		return fail(-EMSGSIZE);
	unpack_array_of(&in, 4);
	if (unpack_u64(&in, FORMAT_VERSION) != FORMAT_VERSION && in.error == 0)
		in.error = fail(-EBADMSG);
	answer.exit = (uint8_t)unpack_u64(&in, UINT8_MAX);
	unpack_sheets(&in, &answer);
	attachment = unpack_bin(&in, ANSWER_BYTES_MAX, &attachment_n);
	unpack_leave(&in);
	if (unpack_end(&in) < 0)
		return in.error == -ENODATA ? fail(-EBADMSG) : in.error;
	buf_add(&answer.attachment, attachment, attachment_n);
	if (answer.attachment.error < 0)
		return answer.attachment.error;
	*ret_answer = answer;
	answer = (struct answer){0};
	return 0;
}
