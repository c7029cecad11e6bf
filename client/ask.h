/*
 * Asking a daemon over its control socket: one request, perhaps the file that follows it in pieces
 * under credit, one answer (proto/README.md, section 9).
 */
#ifndef MIA_CLIENT_ASK_H
#define MIA_CLIENT_ASK_H

#include "client/options.h"
#include "proto/answer.h"

#include <stdint.h>

#define ASK_PATH_BYTES 108 /* of an AF_UNIX address */

/* The file that follows a request. told is called as the daemon takes it in (bytes of it, rows as
 * far as known), and with done true when all was sent and the answer is due. */
struct ask_stream {
	int fd; /* borrowed, read from where it stands */
	uint64_t bytes;
	void (*told)(void *context, uint64_t bytes, uint64_t rows);
	void *context;
};

/* The socket meant: --socket or MIA_SOCKET, --at or MIA_AT, or the only one under /run/mia.
 * -EBADMSG with fault X003 when there is none, X002 when there are several. */
int ask_find_socket(const struct options *options, char ret_path[static ASK_PATH_BYTES],
		    struct fault *fault);
/* What goes to the daemon of a command line: arguments, and the command's own options. -EBADMSG
 * with fault X002 when something is too long. */
int ask_request(const struct options *options, enum programme_language language,
		struct request *ret_request, struct fault *fault);
/* Adds a switch that is not there yet. */
void ask_add_switch(struct request *request, const char *name);
/* What is typed for a request lies in no core, and waits in no buffer of standard input. */
void ask_in_private(void);
/*
 * Asks and waits, as long as no silence exceeds timeout_ms. stream is NULL without a file.
 * -EBADMSG with fault: X003 no daemon or it went away, X004 no right to open the socket, X005
 * silence, X010 not this protocol, X006 the file cannot be read on; -ENOMEM.
 */
int ask_daemon(const char *path, int timeout_ms, const struct request *request,
	       const struct ask_stream *stream, struct answer *ret_answer, struct fault *fault);

#endif
