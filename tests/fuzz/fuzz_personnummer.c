/* Any text: what parses is a canonical number that parses to itself and never shows its last
 * digits. */
#include "daemon/site/person.h"

#include "lib/date.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int32_t today = date_from_civil(2018, 7, 1);
	char text[128] = {0};
	char masked[PERSON_MASKED_BYTES];
	struct person_number number, again;

	memcpy(text, data, n < sizeof(text) ? n : sizeof(text) - 1);
	if (person_parse(text, today, &number) != PERSON_FINE)
		return 0;
	assert(strlen(number.digits) == PERSON_NUMBER_BYTES - 1);
	assert(number.birth_date == DATE_NONE || number.birth_date <= today);
	assert(person_parse(number.digits, today, &again) == PERSON_FINE);
	assert(strcmp(number.digits, again.digits) == 0);
	assert(number.birth_date == again.birth_date && number.is_woman == again.is_woman);
	person_mask(&number, masked);
	assert(strlen(masked) == PERSON_MASKED_BYTES - 1 && strcmp(masked + 11, "**") == 0);
	return 0;
}
