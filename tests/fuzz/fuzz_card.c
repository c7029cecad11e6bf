/* Any bytes as a card that somebody brought: read and written again to the same card, or refused.
 */
#include "lib/own.h"
#include "proto/welcome.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	own(buf_free) struct buf text = {0};
	struct welcome_card card, again;
	struct fault fault = {0};
	int error = welcome_card_read("fuzz", data, n, &card, &fault);

	if (error != 0) {
		assert(error != -EBADMSG || fault.reason[0] != '\0');
		return 0;
	}
	welcome_card_add(&text, &card);
	assert(welcome_card_read("again", text.data, text.n, &again, &fault) == 0);
	assert(memcmp(&card.member.sign, &again.member.sign, 32) == 0);
	return 0;
}
