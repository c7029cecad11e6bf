#include "client/fingerprint.h"

#include "client/words.h"
#include "lib/own.h"
#include "lib/sign.h"
#include "proto/errors.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* n stands for %1. */
static void say(const struct call *call, const char *sentence, size_t n)
{
	own(buf_free) struct buf line = {0};
	char count[24];

	(void)snprintf(count, sizeof(count), "%zu", n);
	words_add(&line, sentence, count, NULL);
	paper_paragraph(&call->talk, 0, 0, buf_text(&line) != NULL ? buf_text(&line) : "");
}

/* A line without its end; what is over its length is not taken for the next one. */
static void read_line(const struct call *call, char ret_typed[static FINGERPRINT_TYPED_BYTES])
{
	bool is_there = fgets(ret_typed, FINGERPRINT_TYPED_BYTES, stdin) != NULL;
	int sign = is_there ? '\0' : EOF;

	if (!is_there)
		ret_typed[0] = '\0';
	if (!is_there || isatty(STDIN_FILENO) == 0) /* nobody's Enter ended the line there */
		(void)fputc('\n', call->talk.to);
	if (strchr(ret_typed, '\n') == NULL)
		while (sign != EOF && sign != '\n')
			sign = fgetc(stdin);
	ret_typed[strcspn(ret_typed, "\r\n")] = '\0';
}

static size_t count_signs(const char *typed)
{
	size_t n = 0;

	for (; *typed != '\0'; typed++)
		n += *typed != ' ';
	return n;
}

/* What cannot be a fingerprint is a slip, and no try: it is asked for again. */
int fingerprint_ask(const struct call *call, const char *who,
		    char ret_typed[static FINGERPRINT_TYPED_BYTES], struct fault *fault)
{
	own(buf_free) struct buf question = {0};
	char typed[FINGERPRINT_TYPED_BYTES] = "";
	size_t n;

	words_add(&question, N_("The fingerprint of %1, as it is read to you:"), who, NULL);
	for (;;) {
		paper_text(&call->talk, PAINT_STRONG,
			   buf_text(&question) != NULL ? buf_text(&question) : "");
		(void)fputs("\n  ", call->talk.to); /* thirty digits have a line of their own */
		(void)fflush(call->talk.to);
		read_line(call, typed);
		n = count_signs(typed);
		if (n == 0)
			return fault_set(fault, "J001", who, error_find("J001")->remedy_en,
					 N_("the fingerprint was not typed"));
		if (n == SIGN_FINGERPRINT_DIGITS)
			break;
		say(call, N_("A fingerprint has thirty digits; that was %1."), n);
	}
	memcpy(ret_typed, typed, sizeof(typed));
	return 0;
}

void fingerprint_wrong(const struct call *call)
{
	say(call, N_("That is another fingerprint. After the third the key is locked for an hour."),
	    0);
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
			say(call, N_("That is another fingerprint. Tries left: %1."), left - 1);
	}
	return fault_set(fault, "J002", who, error_find("J002")->remedy_en,
			 N_("what was typed is another fingerprint"));
}
