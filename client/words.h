/*
 * Words for people: English msgids, translated by gettext from the catalogue that comes with mia.
 * Texts are UTF-8 whatever the machine's locale is, and numbers never depend on it (5-cli).
 */
#ifndef MIA_CLIENT_WORDS_H
#define MIA_CLIENT_WORDS_H

#include "lib/buf.h"
#include "proto/programme.h"
#include "proto/sheet.h"

#include <stdbool.h>

/*
 * Chooses the language: option ("sv", "en"; NULL not given), else `language` of [mia] in
 * /etc/mia/mia.conf (or the file MIA_CONF names), else LANGUAGE, LC_ALL, LC_MESSAGES, LANG, else
 * English; and opens the catalogue: in the folder MIA_LOCALE_DIR names, beside mia in a build tree,
 * or where it is installed. -EINVAL when option is neither.
 */
int words_start(const char *option, enum programme_language *ret_language);
/* Whether the terminal shows UTF-8: false only for a locale that says otherwise. */
bool words_are_utf8(void);

/* The msgid in the chosen language; a text that is not in the catalogue is given back as it is. */
const char *words(const char *msgid) __attribute__((format_arg(1)));
/*
 * As words(), for a text whose %s and %u are already filled in (a fault's reason): finds the msgid
 * it was made of, and appends its translation filled with the same words; the text itself when
 * there is none.
 */
void words_add_filled(struct buf *to, const char *text);

/* Appends the translated msgid with %1 %2 ... replaced by the arguments (NULL-terminated). */
void words_add(struct buf *to, const char *msgid, ...) __attribute__((sentinel));
/* The same of a phrase of a sheet; in English (is_translated false) for machines. */
void words_add_phrase(struct buf *to, const char *msgid, char *const arguments[],
		      size_t arguments_n, bool is_translated);

#endif
