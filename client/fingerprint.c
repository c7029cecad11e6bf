#include "client/fingerprint.h"

#include "client/words.h"
#include "lib/own.h"
#include "lib/sign.h"
#include "proto/errors.h"

#include <stdio.h>
#include <string.h>

int fingerprint_ask(const struct call *call, const char *who,
		    char ret_typed[static FINGERPRINT_TYPED_BYTES], struct fault *fault)
{
	own(buf_free) struct buf question = {0};
	char typed[FINGERPRINT_TYPED_BYTES] = "";

	words_add(&question, N_("The fingerprint of %1, as it is read to you:"), who, NULL);
	paper_text(&call->talk, PAINT_STRONG,
		   buf_text(&question) != NULL ? buf_text(&question) : "");
	(void)fputs("\n  ", call->talk.to); /* thirty digits have a line of their own */
	(void)fflush(call->talk.to);
	if (fgets(typed, sizeof(typed), stdin) == NULL) {
		typed[0] = '\0';
		(void)fputc('\n', call->talk.to); /* what comes next begins on its own line */
	}
	typed[strcspn(typed, "\r\n")] = '\0';
	if (typed[strspn(typed, " ")] == '\0')
		return fault_set(fault, "J001", who, error_find("J001")->remedy_en,
				 N_("the fingerprint was not typed"));
	memcpy(ret_typed, typed, sizeof(typed));
	return 0;
}

void fingerprint_wrong(const struct call *call, unsigned tries_left)
{
	own(buf_free) struct buf line = {0};
	char count[16];

	(void)snprintf(count, sizeof(count), "%u", tries_left);
	words_add(&line, N_("That is another fingerprint. Tries left: %1."), count, NULL);
	paper_paragraph(&call->talk, 0, 0, buf_text(&line) != NULL ? buf_text(&line) : "");
}

int fingerprint_check(const struct call *call, const char *who,
		      const uint8_t pk[static SIGN_PUBLIC_BYTES], struct fault *fault)
{
	for (unsigned left = FINGERPRINT_TRIES; left > 0; left--) {
		char typed[FINGERPRINT_TYPED_BYTES];
		int status = fingerprint_ask(call, who, typed, fault);

		if (status != 0 || sign_fingerprint_matches(pk, typed))
			return status;
		if (left > 1)
			fingerprint_wrong(call, left - 1);
	}
	return fault_set(fault, "J002", who, error_find("J002")->remedy_en,
			 N_("what was typed is another fingerprint"));
}
