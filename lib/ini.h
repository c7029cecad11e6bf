/*
 * Settings files on inih's ini_parse_stream, with a reader that counts lines and refuses what inih
 * would silently cut or misread: lines over 199 bytes, section names over 49, ` ;` in a value, NUL,
 * bad UTF-8, a key before any section, text behind a section's bracket. Ours are ini_read_*: inih
 * itself owns ini_parse_file and its kin.
 */
#ifndef MIA_LIB_INI_H
#define MIA_LIB_INI_H

#include "lib/fail.h"

#include <stdint.h>

/* One `key = value` (value may be ""); all texts valid UTF-8, trimmed, valid until the call
 * returns. */
struct ini_line {
	unsigned line; /* from 1 */
	const char *section;
	const char *key;
	const char *value;
};

/* 0 to go on; anything else stops and is returned. Use fault_set() for a complaint: ini_place()
 * writes "file:line". */
typedef int ini_fn(void *context, const struct ini_line *line, struct fault *fault);

/* Parses n bytes known as name (for messages). 0, -EBADMSG with fault filled, -ENOMEM, or what fn
 * returned. Faults: C001 line too long, C002 section too long, C003 ` ;`, C004 not UTF-8 or NUL,
 * C005 neither [section] nor key = value, C006 key outside a section. */
int ini_read_bytes(const char *name, const void *bytes, size_t n, ini_fn *fn, void *context,
		   struct fault *fault);

/* Reads a file of at most 1 MiB and parses it; C007 when it cannot be read. */
int ini_read_file(const char *path, ini_fn *fn, void *context, struct fault *fault);

/* "name:line" for a fault's place. */
void ini_place(char ret_place[static 256], const char *name, unsigned line);

#endif
