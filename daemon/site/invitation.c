#include "daemon/site/invitation.h"

#include "lib/vault.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define DRAWN 12
#define CHECK_BASE 37

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static unsigned check_of(const uint8_t values[static DRAWN])
{
	unsigned rest = 0;

	for (int i = 0; i < DRAWN; i++)
		rest = (rest * 32 + values[i]) % CHECK_BASE;
	return rest;
}

void invitation_make(char ret_code[static INVITATION_BYTES])
{
	uint8_t values[DRAWN];
	unsigned check;

	do {
		secret_random(values, sizeof(values));
		for (int i = 0; i < DRAWN; i++)
			values[i] &= 31;
		check = check_of(values);
	} while (check >= 32);
	for (int i = 0; i < DRAWN; i++)
		ret_code[i] = symbols[values[i]];
	ret_code[DRAWN] = symbols[check];
	ret_code[DRAWN + 1] = '\0';
	explicit_bzero(values, sizeof(values));
}

/* The value of a character, -1 when it is none of them. */
static int value_of(char letter)
{
	const char *at;

	if (letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	if (letter == 'O')
		letter = '0';
	if (letter == 'I' || letter == 'L')
		letter = '1';
	at = letter == '\0' ? NULL : strchr(symbols, letter);
	return at == NULL ? -1 : (int)(at - symbols);
}

bool invitation_read(const char *text, char ret_code[static INVITATION_BYTES])
{
	uint8_t values[DRAWN + 1];
	int n = 0;

	for (; *text != '\0'; text++) {
		int value = value_of(*text);

		if (*text == ' ' || *text == '-')
			continue;
		if (value < 0 || n > DRAWN)
			return false;
		values[n++] = (uint8_t)value;
	}
	if (n != DRAWN + 1 || check_of(values) != values[DRAWN])
		return false;
	for (int i = 0; i <= DRAWN; i++)
		ret_code[i] = symbols[values[i]];
	ret_code[DRAWN + 1] = '\0';
	return true;
}

void invitation_show(const char code[static INVITATION_BYTES],
		     char ret_shown[static INVITATION_SHOWN_BYTES])
{
	(void)snprintf(ret_shown, INVITATION_SHOWN_BYTES, "%.4s-%.4s-%.4s-%.1s", code, code + 4,
		       code + 8, code + 12);
}
