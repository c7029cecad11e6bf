/* Forms and lines for people: label and value a line, sentences a line; and what stands round every
 * sheet, its title, its legend and its notes. */
#ifndef MIA_CLIENT_RENDER_FORM_H
#define MIA_CLIENT_RENDER_FORM_H

#include "client/paper.h"
#include "proto/sheet.h"

void render_title(const struct sheet *sheet, const struct paper *paper);
/* Every row of a sheet as label and value, a line each. -ENOMEM. */
int render_form(const struct sheet *sheet, const struct paper *paper);
/* As render_form(), of a form in which what is empty goes without saying. */
int render_form_said(const struct sheet *sheet, const struct paper *paper);
int render_lines(const struct sheet *sheet, const struct paper *paper);
/* What the signs for unknown figures mean, where there are any, and the sheet's notes. */
void render_notes(const struct sheet *sheet, const struct paper *paper);

#endif
