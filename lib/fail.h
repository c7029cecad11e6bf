/*
 * Failures, in two of the three kinds of 6-style: the world (memory, disk, peer) is an int, 0 or
 * -errno, born with fail(-errno) and forwarded unchanged; a fault in what somebody gave us is a
 * struct fault, which names the place, the reason and the remedy in words. The third kind, a bug,
 * is assert().
 */
#ifndef MIA_LIB_FAIL_H
#define MIA_LIB_FAIL_H

#include <assert.h>
#include <stddef.h>

/* Remembers where the youngest failure of this thread was born; fail() calls it. */
void fail_remember(const char *file, int line);

/* Gives birth to a failure: remembers where (per thread) and returns code, which must be negative.
 * Inline, so that a compiler or analyser at the caller knows that it is. */
#undef fail /* tests include cmocka.h, which has one of its own */
#define fail(code) fail_at((code), __FILE__, __LINE__)
static inline int fail_at(int code, const char *file, int line)
{
	assert(code < 0);
	fail_remember(file, line);
	return code;
}

/* "lib/kv.c:120" of the youngest failure of this thread, "" when there was none. Valid until the
 * next failure. */
const char *fail_origin(void);

/* The system's text for a failure code (0 or -errno), e.g. "No space left on device". Static or
 * thread-local storage. */
const char *fail_text(int code);

/*
 * What is wrong with something a person wrote. place is "file:line" or "field of message"; code is
 * a row of proto/errors.def (e.g. "P014"); reason says what is wrong and remedy what to do. All are
 * English msgids already filled in.
 */
struct fault {
	char code[8];
	char place[256];
	char reason[384];
	char remedy[256];
};

/* Fills fault (may be NULL) and returns -EBADMSG, so that a parser writes `return fault_set(...)`.
 * Cuts at whole UTF-8 characters. */
int fault_set(struct fault *fault, const char *code, const char *place, const char *remedy,
	      const char *reason_format, ...) __attribute__((format(printf, 5, 6)));

#endif
