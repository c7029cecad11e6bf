/*
 * What mia writes on: a terminal or a file, its width, whether it has colour and which language is
 * spoken. Colour is never alone in saying something (5-cli); NO_COLOR and TERM=dumb turn it off.
 */
#ifndef MIA_CLIENT_PAPER_H
#define MIA_CLIENT_PAPER_H

#include "proto/programme.h"

#include <stdbool.h>
#include <stdio.h>

struct paper {
	FILE *to;
	enum programme_language language;
	size_t width; /* columns; 0: no end */
	bool has_colour;
	bool is_utf8; /* else bars are drawn in ASCII */
};

enum paint { PAINT_NONE, PAINT_STRONG, PAINT_FAINT, PAINT_GOOD, PAINT_BAD };

/* The width is COLUMNS, else the terminal's, else without end. */
struct paper paper_start(FILE *to, enum programme_language language);
bool paper_is_terminal(const struct paper *paper);
/* The text as it is. */
void paper_text(const struct paper *paper, enum paint paint, const char *text);
void paper_spaces(const struct paper *paper, size_t n);
/* Text broken between words at the width, its further lines indented by indent columns; at is the
 * column the first line begins in. Ends the line. */
void paper_paragraph(const struct paper *paper, size_t at, size_t indent, const char *text);

#endif
