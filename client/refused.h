/*
 * The file of refused rows: the rows as they stand in the original, in its own bytes and encoding,
 * under its own headings, with one more column MIA that names what is wrong. It is opened in Excel,
 * mended and imported again; the importer knows no heading MIA and does not read it.
 */
#ifndef MIA_CLIENT_REFUSED_H
#define MIA_CLIENT_REFUSED_H

#include "lib/buf.h"
#include "lib/fail.h"

#define REFUSED_PATH_BYTES 4096

struct refused {
	int fd; /* the original, seekable; borrowed */
	const char *path; /* its path */
	const char *wanted; /* --rejects, NULL: april.refused.csv beside april.csv */
	char delimiter;
};

/*
 * Writes it (0600: it holds personal data) from the byte ranges an import gave as attachment. A
 * file of that name with other content may hold somebody's mending: then the next free
 * april.refused-2.csv is taken, unless the name was asked for. -EBADMSG with fault X010 (a
 * malformed attachment), -EIO when the original has changed, -errno.
 */
int refused_write(const struct refused *refused, const struct buf *attachment,
		  char ret_path[static REFUSED_PATH_BYTES], struct fault *fault);

#endif
