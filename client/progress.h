/* How far long work is, on a terminal only: a bar, the share, the rate and the time left. Nothing
 * is shown when talk is not a terminal (5-cli). */
#ifndef MIA_CLIENT_PROGRESS_H
#define MIA_CLIENT_PROGRESS_H

#include "client/paper.h"

#include <stdint.h>

struct progress {
	const struct paper *paper;
	const char *name; /* of the file */
	uint64_t total; /* bytes */
	int64_t started_ms, shown_ms; /* monotonic */
	bool is_shown;
};

struct progress progress_start(const struct paper *paper, const char *name, uint64_t total);
/* As ask_stream's told: at most ten times a second. */
void progress_told(void *context, uint64_t bytes, uint64_t rows);
/* Takes the bar away. */
void progress_end(struct progress *progress);

#endif
