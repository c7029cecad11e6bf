#include "daemon/site/token.h"

#include "lib/vault.h"

#include <string.h>

#define DIGITS (RECORD_TOKEN_BYTES - 1)
#define DRAWN (DIGITS - 2)
#define FAIR 250 /* bytes under it are digits, all alike */

/* The number that n digits are, modulo 97; 97 when one is none. */
static unsigned remainder_of(const char *digits, size_t n)
{
	unsigned rest = 0;

	for (size_t i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return 97;
		rest = (rest * 10 + (unsigned)(digits[i] - '0')) % 97;
	}
	return rest;
}

bool token_is_good(const char *text)
{
	return strlen(text) == DIGITS && remainder_of(text, DIGITS) == 1;
}

void token_new(char ret_token[static RECORD_TOKEN_BYTES])
{
	size_t n = 0;
	unsigned check;

	while (n < DRAWN) {
		uint8_t byte = 0;

		secret_random(&byte, sizeof(byte));
		if (byte < FAIR)
			ret_token[n++] = (char)('0' + byte % 10);
	}
	check = 98 - remainder_of(ret_token, DRAWN) * 100 % 97;
	ret_token[DRAWN] = (char)('0' + check / 10);
	ret_token[DRAWN + 1] = (char)('0' + check % 10);
	ret_token[DIGITS] = '\0';
}
