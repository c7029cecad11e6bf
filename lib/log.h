/*
 * The log, for conductors, control and main only (tests/PLAN). One line, one event, key=value; to
 * the journal with fields when stderr is the journal (JOURNAL_STREAM), else to stderr. Never a
 * value from a record, at any level, and never a secret.
 */
#ifndef MIA_LIB_LOG_H
#define MIA_LIB_LOG_H

#include <syslog.h>

/* Priorities above max (LOG_INFO unless told) are not written. */
void log_limit(int max_priority);

/*
 * Writes "event key=value ..." at a syslog priority. event is a bare word such as "release_sent";
 * the format gives the pairs, e.g. log_event(LOG_INFO, "release_sent", "site=%s n=%llu", site, n).
 * Control characters are escaped; never fails.
 */
void log_event(int priority, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Logs a failure (0 or -errno) as error="text" origin=file:line after the given pairs. */
void log_failure(const char *event, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
