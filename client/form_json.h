/*
 * Answers of a form from a file, for scripts: {"field": value, ...}. A string or whole number is
 * what would be typed, null empties, true and false are yes and no, an array is a set.
 */
#ifndef MIA_CLIENT_FORM_JSON_H
#define MIA_CLIENT_FORM_JSON_H

#include "client/form.h"

#define FORM_JSON_BYTES_MAX ((size_t)256 * 1024)

/* Puts the fields of a file ("-" is standard input) into a request, after those it has. -EBADMSG
 * with fault X009 (cannot be read), X014 (no such object, too long, too many): no value of the file
 * is ever repeated; -ENOMEM. */
int form_json_read(const char *path, struct request *request, struct fault *fault);
/* The same of text that was read; place is what a fault calls it. */
int form_json_take(const char *place, const struct buf *text, struct request *request,
		   struct fault *fault);
/* Whether the form asks for every field of the request: 0, or -EBADMSG with fault X014 and the
 * nearest name proposed. */
int form_json_check(const struct request *request, const struct form *form, struct fault *fault);

#endif
