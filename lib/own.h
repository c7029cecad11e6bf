/*
 * Ownership. Every owner names its drop function, which is NULL-safe and leaves NULL, so that the
 * same function serves by hand and as a cleanup attribute:
 * - own(foo_free) struct foo *foo = NULL;
 * - *ret_foo = take(foo);
 */
#ifndef MIA_LIB_OWN_H
#define MIA_LIB_OWN_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define own(drop) __attribute__((cleanup(drop)))

/* Hands an owned pointer over: gives its value and leaves NULL behind. */
#define take(pointer)                                                                              \
	__extension__({                                                                            \
		__auto_type taken_ = (pointer);                                                    \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

/* Hands an owned descriptor over: gives its number and leaves -1 behind. */
#define take_fd(descriptor)                                                                        \
	__extension__({                                                                            \
		int taken_ = (descriptor);                                                         \
		(descriptor) = -1;                                                                 \
		taken_;                                                                            \
	})

#define array_n(array) (sizeof(array) / sizeof((array)[0]))

/* own(mem_free) for anything from malloc: takes the address of the pointer. */
static inline void mem_free(void *pointer)
{
	void **owned = pointer;

	free(*owned);
	*owned = NULL;
}

/* own(fd_close): closes a descriptor unless it is -1, and leaves -1. */
static inline void fd_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* own(stream_close): closes a stdio stream opened for reading. */
static inline void stream_close(FILE **stream)
{
	if (*stream != NULL)
		(void)fclose(*stream);
	*stream = NULL;
}

#endif
