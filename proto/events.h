/*
 * The question `mia events` and its sheet: what happened in the house, from the audit chain. Hub
 * and site answer it in the same way.
 */
#ifndef MIA_PROTO_EVENTS_H
#define MIA_PROTO_EVENTS_H

#include "proto/command.h"
#include "proto/sheet.h"

/* since: UTC seconds, INT64_MIN for all; last: at most so many. */
struct events_ask {
	int64_t since;
	uint64_t last;
};

/* Options since and last (50 unless either is told): -EBADMSG with fault X002. */
int events_read(const struct request *request, struct events_ask *ret_ask, struct fault *fault);
/* The first of events_n (from 1) that may be shown. */
uint64_t events_first(const struct events_ask *ask, uint64_t events_n);

/* "mia.events/1": number, at, event, details. NULL when memory is out. */
struct sheet *events_sheet(void);
/* Adds one, unless it is older than asked for. text is "event key=value ...". */
void events_add(struct sheet *sheet, const struct events_ask *ask, uint64_t number, int64_t at,
		const char *text);

#endif
