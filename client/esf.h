/*
 * `mia esf export`: the daemon gives the months' sheets, and they are written here, into a folder
 * that nobody else may enter: each a new file of its own, 0600, never over another one and never to
 * the screen.
 */
#ifndef MIA_CLIENT_ESF_H
#define MIA_CLIENT_ESF_H

#include "client/call.h"

/* A call_fn. Fault X027 when the folder is not one's own, closed to others, and no link. */
int esf_export(const struct call *call, struct answer *ret_answer, struct fault *fault);

/* Opens the folder, making it if need be: 0 and a descriptor; X027; -errno. */
int esf_open_folder(const char *path, int *ret_fd, struct fault *fault);
/* Writes one file under the name, or under NAME-2 ... NAME-99 when it is taken, which ret_name then
 * says. -EBADMSG for a name that is none; -errno: nothing of it is left. */
int esf_write(int folder, const char *name, const void *bytes, size_t n, char ret_name[static 128]);

#endif
