/*
 * Faults travel as English sentences that are already filled in ("there is no option --perod
 * here"). This finds the msgid such a sentence was made of ("there is no option --%s here") in a
 * catalogue file, and gives its translation filled with the same words, so that Swedish errors are
 * Swedish to the end.
 */
#ifndef MIA_CLIENT_WORDS_FILLED_H
#define MIA_CLIENT_WORDS_FILLED_H

#include "lib/buf.h"

#include <stdbool.h>

/* Looks in the catalogue (path of a .mo file; "" none) and appends the translation of text: true,
 * or false with nothing appended. Of several msgids that fit, the one with most fixed text is
 * taken. Format: GNU gettext manual, "The Format of GNU MO Files". */
bool words_filled_add(struct buf *to, const char *catalogue, const char *text);

/* Whether text is msgid with its conversions (%s %u %zu %d ...) filled in, and how: up to most
 * filled words as views into text. Gives the number of fixed bytes, or 0 when it is not. */
struct words_view {
	const char *text;
	size_t n;
};
size_t words_filled_match(const char *msgid, const char *text, struct words_view views[],
			  size_t most, size_t *ret_n);

#endif
