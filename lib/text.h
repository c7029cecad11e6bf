/*
 * Text: UTF-8 validity, folding for comparison, width on a terminal, whole-number parsing, the
 * nearest known word, hex and escaping. Unicode is utf8proc's; Windows-1252 is iconv's.
 */
#ifndef MIA_LIB_TEXT_H
#define MIA_LIB_TEXT_H

#include "lib/buf.h"

#include <stdbool.h>

/* Whether n bytes are well-formed UTF-8 without NUL. */
bool text_is_utf8(const char *text, size_t n);

/* Appends text folded for comparing words: NFC, case folded, outer white space cut, inner runs one
 * space. -EILSEQ on bad UTF-8. */
int text_fold(const char *text, size_t n, struct buf *ret_folded);

/* Whether two strings are the same word after text_fold(); false on bad UTF-8. */
bool text_same_word(const char *a, const char *b);

/* Columns on a terminal of a NUL-terminated UTF-8 string. */
size_t text_width(const char *text);

/* Parses the whole of text as a decimal number in [min, max]: 0, or -EINVAL / -ERANGE with *ret
 * untouched. No sign +, no spaces. */
int text_to_i64(const char *text, int64_t min, int64_t max, int64_t *ret_value);
int text_to_u64(const char *text, uint64_t max, uint64_t *ret_value);

/*
 * Index of the word in words[n] nearest to text (Damerau-Levenshtein over folded code points, at
 * most a third of the length away), or -1. For "did you mean"; never for acting.
 */
int text_nearest(const char *text, const char *const words[], size_t n);

/* Appends n bytes of Windows-1252 as UTF-8. The five undefined bytes are -EILSEQ. */
int text_from_cp1252(const char *bytes, size_t n, struct buf *ret_utf8);

/* Lower-case hex of n bytes with NUL into hex[2 n + 1]. */
void text_hex(const uint8_t *bytes, size_t n, char *ret_hex);
/* Parses exactly 2 n hex digits and nothing more: 0 or -EINVAL. */
int text_unhex(const char *hex, uint8_t *ret_bytes, size_t n);

/* Appends text with control characters, ESC and bad UTF-8 as \xNN: safe for logs, terminals and
 * errors. */
void text_escape(const char *text, size_t n, struct buf *ret_safe);

/* Copies text into to[size], cut at a whole character, always NUL-terminated. */
void text_copy(char *to, size_t size, const char *text);

#endif
