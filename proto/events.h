/*
 * The question `mia events` and its sheet: what happened in the house, from the audit chain. Hub
 * and site answer it in the same way.
 */
#ifndef MIA_PROTO_EVENTS_H
#define MIA_PROTO_EVENTS_H

#include "lib/sign.h"
#include "proto/command.h"
#include "proto/sheet.h"

#define EVENTS_VALUE_BYTES 96

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

/* The value of key in an event's text, "event key=value key=\"several words\" ...": whether it is
 * there, else ret_value is "". What is too long is cut. */
bool events_value(const char *text, const char *key, char ret_value[static EVENTS_VALUE_BYTES]);
/* Adds a line, SHEET_PHRASE: whether a chain of events_n events with this head holds. broken is the
 * first that is not as it was written, 0: none. */
void events_add_verdict(struct sheet *sheet, uint64_t events_n, uint64_t broken,
			const uint8_t head[static SIGN_HASH_BYTES]);

#endif
